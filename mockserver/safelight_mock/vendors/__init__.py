"""The vendors that are served: a folder each, which imports no other vendor, or no code at all.

A folder has the tables, state names and bodies of its vendor. What vendors share is in `wire/vendor.py`.

- `topaz`, `claid`: vendors with code of their own
- `generic`: vendors without: any document and its lifecycles; `described` makes built-in ones by it (Tengr)
"""

from collections.abc import Iterator, Mapping
from functools import cache

from safelight_mock.vendors.claid import CLAID
from safelight_mock.vendors.topaz import TOPAZ
from safelight_mock.wire.vendor import Vendor

DESCRIBED = ("tengr",)
WRITTEN: Mapping[str, Vendor] = {vendor.slug: vendor for vendor in (TOPAZ, CLAID)}


class BuiltInVendors(Mapping[str, Vendor]):
    """The vendors by name; one that is described is made when it is first looked up."""

    def __getitem__(self, slug: str) -> Vendor:
        """Return a vendor; raises KeyError."""
        return _described(slug) if slug in DESCRIBED else WRITTEN[slug]

    def __contains__(self, slug: object) -> bool:
        """Whether there is such a vendor, which is not made for it."""
        return slug in WRITTEN or slug in DESCRIBED

    def __iter__(self) -> Iterator[str]:
        return iter((*WRITTEN, *DESCRIBED))

    def __len__(self) -> int:
        return len(WRITTEN) + len(DESCRIBED)


@cache
def _described(slug: str) -> Vendor:
    from safelight_mock.vendors.described import described_vendor  # noqa: PLC0415 - the first request pays 20 ms

    return described_vendor(slug)


VENDORS: Mapping[str, Vendor] = BuiltInVendors()
