"""What a vendor's effective spec promises of requests: whether one that is about to be sent keeps to it."""

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

BODY = 500_000_000  # bytes; what is too large is for a service to say


class WrongRequestError(AssertionError):
    """A request that is not as its vendor's spec describes it: the test, or what it tests, is wrong."""


@dataclass(frozen=True, kw_only=True)
class RequestValidator:
    """A vendor's spec; `prefix` is the path before the vendor's own: `/topaz` at a twin, nothing there."""

    vendor: str
    api: Api
    prefix: str = ""

    @classmethod
    def of(cls, vendor: str, *, prefix: str = "", strict: bool = False) -> "RequestValidator":
        """Read a vendor's spec; raises LookupError for a vendor that has none."""
        return cls(vendor=vendor, api=_api(vendor, strict=strict), prefix=prefix)

    def path(self, request: httpx.Request) -> str:
        """Return a request's path as the vendor has it."""
        return request.url.path.removeprefix(self.prefix)

    def operation(self, request: httpx.Request) -> Operation | None:
        """Find the operation a request is for, if there is one."""
        try:
            return self.api.route(request.method, self.path(request))[0]
        except Problem:
            return None

    def fault(self, request: httpx.Request) -> str:
        """Say which operation a request is for, and what is wrong with it; nothing, if it is as described."""
        call = Request(
            method=request.method,
            path=self.path(request),
            query=request.url.query.decode(),
            headers={name.lower(): value for name, value in request.headers.items()},
            at=0,
        )
        try:
            operation, in_path = self.api.route(call.method, call.path)
        except Problem as problem:
            return _sentence(problem)
        try:
            fault = self._head(operation, in_path, call) or _body(operation, call, request.read())
        except Problem as problem:
            fault = _sentence(problem)
        return fault and f"{operation.id} ({request.method} {call.path}): {fault}"

    def _head(self, operation: Operation, in_path: Mapping[str, str], call: Request) -> str:
        """Read every parameter, which raises Problem, and say what else is wrong before the body."""
        parameters = operation.parameters(in_path, call.query)
        for name in parameters:
            parameters[name]
        surplus = [
            name for name, _ in parse_qsl(call.query, keep_blank_values=True) if name not in parameters
        ]
        if surplus:
            return f"no parameter is called {surplus[0]}"
        return "" if self._keys & call.headers.keys() else f"no key in {' or '.join(sorted(self._keys))}"

    @cached_property
    def _keys(self) -> frozenset[str]:
        """The headers a key may come in, in lower case."""
        schemes = self.api.document["components"]["securitySchemes"].values()
        return frozenset(scheme.get("name", "authorization").lower() for scheme in schemes)


def place(vendor: str, base_url: str | None = None) -> tuple[str, str]:
    """Return the origin of a base URL, and the path in it before the vendor's own.

    None is the vendor's published address. Raises LookupError for an unknown vendor and ValueError for what
    is no base URL of it.
    """
    api = RequestValidator.of(vendor).api
    if base_url is None and not api.host:
        raise ValueError(f"{vendor} publishes no host: say by base_url where the program under test calls it")
    parts = urlsplit(base_url or f"https://{api.host}{api.base}")
    path = parts.path.rstrip("/")
    if not parts.netloc or not path.endswith(api.base):
        raise ValueError(
            f"{base_url!r} is no base URL of {vendor}: such a one ends with {api.base or 'a host'}"
        )
    return f"{parts.scheme}://{parts.netloc}", path.removesuffix(api.base)


@cache
def _api(vendor: str, *, strict: bool) -> Api:
    """Read a spec once: many tests ask for the same, and its schemas are compiled as they are used."""
    return Api.from_json(spec_bytes(vendor, strict=strict), strict=strict)


def _sentence(problem: Problem) -> str:
    """Say what kind of problem it is, with what, and why."""
    why = str(problem).removeprefix(problem.kind).removeprefix(": ")
    return ": ".join(dict.fromkeys(filter(None, (problem.kind, problem.place, why))))


def _body(operation: Operation, call: Request, content: bytes) -> str:
    """Read a body as a twin does, which raises Problem."""
    if not operation.media_types:
        return "a body, where none is described" if content else ""
    with (
        closing(BlobStore(BODY, frozenset)) as store,
        closing(reader_for(call, operation, store, BODY)) as reader,
    ):
        reader.feed(content)
        operation.read_body(msgspec.structs.replace(call, body=reader.finish()))
    return ""
