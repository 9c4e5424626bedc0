"""Validates requests against a vendor's document before they are sent."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cache, cached_property
from urllib.parse import parse_qsl, urlsplit

import httpx
import msgspec

from safelight_mock.storage.blobs import BlobStore
from safelight_mock.storage.body_readers import reader_for
from safelight_mock.wire.api import Api
from safelight_mock.wire.messages import Request
from safelight_mock.wire.operation import Operation
from safelight_mock.wire.problem import Problem
from safelight_specs import spec_bytes

BODY = 500_000_000  # bytes of a body; limits are for the service to enforce


class WrongRequestError(AssertionError):
    """A request that its vendor's document does not allow; the message names operation and violation."""


@dataclass(frozen=True, kw_only=True)
class RequestValidator:
    """Validator of one vendor. `prefix`: the path before the vendor's own, `/topaz` at a mock server."""

    vendor: str
    api: Api
    prefix: str = ""

    @classmethod
    def of(cls, vendor: str, *, prefix: str = "", strict: bool = False) -> "RequestValidator":
        """Read a vendor's document; raises LookupError for an unknown vendor."""
        return cls(vendor=vendor, api=_api(vendor, strict=strict), prefix=prefix)

    def path(self, request: httpx.Request) -> str:
        """Return the path of a request without the prefix."""
        return request.url.path.removeprefix(self.prefix)

    def operation(self, request: httpx.Request) -> Operation | None:
        """Return the operation of a request, None if no path and method match."""
        try:
            return self.api.route(request.method, self.path(request))[0]
        except Problem:
            return None

    def violation(self, request: httpx.Request) -> str:
        """Return the operation of a request and what is wrong with it; empty if it is valid."""
        sent = Request(
            method=request.method,
            path=self.path(request),
            query=request.url.query.decode(),
            headers={name.lower(): value for name, value in request.headers.items()},
            at=0,
        )
        try:
            operation, in_path = self.api.route(sent.method, sent.path)
        except Problem as problem:
            return _message(problem)
        try:
            violation = self._head(operation, in_path, sent) or _body(operation, sent, request.read())
        except Problem as problem:
            violation = _message(problem)
        return violation and f"{operation.id} ({request.method} {sent.path}): {violation}"

    def _head(self, operation: Operation, in_path: Mapping[str, str], sent: Request) -> str:
        """Validate parameters (raises Problem), unknown query names and the API key."""
        parameters = operation.parameters(in_path, sent.query)
        for name in parameters:
            parameters[name]
        unknown = [
            name for name, _ in parse_qsl(sent.query, keep_blank_values=True) if name not in parameters
        ]
        if unknown:
            return f"unknown query parameter {unknown[0]!r}; allowed: {', '.join(parameters) or 'none'}"
        names = " or ".join(sorted(self._key_headers))
        return "" if self._key_headers & sent.headers.keys() else f"no API key; send one in {names}"

    @cached_property
    def _key_headers(self) -> frozenset[str]:
        """Headers of API keys, in lower case."""
        schemes = self.api.document["components"]["securitySchemes"].values()
        return frozenset(scheme.get("name", "authorization").lower() for scheme in schemes)


def split_base_url(vendor: str, base_url: str | None = None) -> tuple[str, str]:
    """Return the origin of a base URL, and the path before the vendor's own.

    None: the vendor's published URL. Raises LookupError for an unknown vendor, ValueError for a URL that does
    not end with the vendor's path.
    """
    api = RequestValidator.of(vendor).api
    if base_url is None and not api.host:
        raise ValueError(
            f"{vendor} publishes no host; pass base_url=, the one that the program under test uses"
        )
    parts = urlsplit(base_url or f"https://{api.host}{api.base}")
    path = parts.path.rstrip("/")
    if not parts.netloc or not path.endswith(api.base):
        raise ValueError(
            f"{base_url!r} is not a base URL of {vendor}; it has to end with {api.base or 'a host'}"
        )
    return f"{parts.scheme}://{parts.netloc}", path.removesuffix(api.base)


@cache
def _api(vendor: str, *, strict: bool) -> Api:
    """Read a document once per process: its schemas are compiled on use, and many tests share it."""
    return Api.from_json(spec_bytes(vendor, strict=strict), strict=strict)


def _message(problem: Problem) -> str:
    """Return kind, field and reason of a problem."""
    why = str(problem).removeprefix(problem.kind).removeprefix(": ")
    return ": ".join(dict.fromkeys(filter(None, (problem.kind, problem.field, why))))


def _body(operation: Operation, sent: Request, content: bytes) -> str:
    """Read a body like the mock server; raises Problem."""
    if not operation.media_types:
        return "it has a body, but the operation takes none" if content else ""
    with (
        closing(BlobStore(BODY, frozenset())) as store,
        closing(reader_for(sent, operation.media_type(sent), operation, store, BODY)) as reader,
    ):
        reader.feed(content)
        operation.read_body(msgspec.structs.replace(sent, body=reader.finish()))
    return ""
