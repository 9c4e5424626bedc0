"""A vendor with its document: what a server is given to serve."""

from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache

import msgspec

from safelight_mock.wire.api import Api
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.vendor import Vendor


class DocumentFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a server has to know of a document before the first request to its vendor.

    `base` and `hosts` as `Api` has them; how many operations there are, and the names of its lifecycles,
    which may be inferred.
    """

    base: str
    hosts: frozenset[str]
    selects_by_query: bool
    operations: int
    lifecycles: tuple[str, ...]
    is_inferred: bool = False

    @classmethod
    def of(cls, api: Api, *, is_inferred: bool = False) -> "DocumentFacts":
        """Return the facts of a document."""
        return cls(
            base=api.base,
            hosts=api.hosts,
            selects_by_query=api.selects_by_query,
            operations=len(api.operations),
            is_inferred=is_inferred,
            lifecycles=tuple(api.document.get("x-async-jobs", {}).get("lifecycles", ())),
        )


class ServedVendor(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A vendor and its document, both made when they are first used.

    `document` returns the effective document (OpenAPI 3.1); with True, the strict one of what the
    vendor published, where there is another. `facts` are those of the document if they are known without it.
    """

    slug: str
    make: Callable[[], Vendor]
    document: Callable[[bool], Mapping[str, JSON]]
    facts: DocumentFacts | None = None

    @cached_property
    def vendor(self) -> Vendor:
        """The vendor."""
        return self.make()

    @cached_property
    def api(self) -> Callable[[bool], Api]:
        """What returns the parsed document, or the strict one; servers share it, and none changes it."""
        return lru_cache(maxsize=2)(self._api)

    def _api(self, strict: bool) -> Api:  # noqa: FBT001 - as `document`
        return Api(document=self.document(strict), strict=strict, framework=self.vendor.framework)
