"""Routes for respx made from a vendor's document: one for each operation, by its operationId."""

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import partial
from urllib.parse import urlsplit

import httpx
from respx import MockRouter, Route

from safelight_mock import Twin, TwinTransport
from safelight_mock.config.base_urls import BaseUrls
from safelight_mock.vendors import VENDORS
from safelight_mock.wire.listener import SINGLE_PORT
from safelight_mock.wire.messages import Request
from safelight_mock.wire.operation import Operation
from safelight_mock.wire.presigned_links import PREFIX
from safelight_testing._active_guards import refuse_hosts
from safelight_testing._example_responses import ExampleResponses, picture
from safelight_testing._request_validator import RequestValidator, WrongRequestError, split_base_url

INSTEAD = "respx_routes serves httpx only; give other clients the base URL of a MockServer, or allow the host"
CHECK, FILES = "check", "files"  # names of the routes beside those of operations

Responder = Callable[[httpx.Request], httpx.Response]


@contextmanager
def respx_routes(  # noqa: PLR0913 - each is a choice of its own
    vendor: str,
    *,
    base_url: str | None = None,
    twin: Twin | None = None,
    strict: bool = False,
    check: bool = True,
    assert_all_called: bool = False,
    allow: Collection[str] = (),
) -> Iterator[MockRouter]:
    """Serve all requests of httpx to a vendor while the context is open; yields the router.

    Each operation is a route of its operationId, as `routes["getStatus"]`: check whether it was called, or
    set another response. The route `files` serves links to images. Responses are the document's examples, in
    which every job has succeeded, or those of a `twin`, which the caller closes.

    - `base_url`: the one that the program under test uses; None: the vendor's published one.
    - `check`: raise WrongRequestError for a request that the document does not allow; `strict`: by the
      vendor's own document, strictly.
    - `allow`: hosts that other libraries may connect to, such as your own storage.
    - `assert_all_called`: as respx has it.

    A connection of another library to a host of any vendor, or of its files, raises RefusedConnectionError
    before anything is sent. Raises LookupError for an unknown vendor, ValueError for an invalid `base_url`.
    """
    origin, prefix = split_base_url(vendor, base_url)
    validator = RequestValidator.of(vendor, prefix=prefix, strict=strict)
    router = MockRouter(base_url=origin, assert_all_called=assert_all_called)
    if check:
        _add_check(router, validator)
    files_url = _files_url(validator, origin, twin)
    files = _files_route(router, {origin, files_url})
    if twin is None:
        _add_examples(router, validator, ExampleResponses(validator.api, f"{files_url}{PREFIX}sample.png"))
        files.respond(200, content_type="image/png", content=picture())
    else:
        files.mock(side_effect=_add_twin(router, validator, TwinTransport(twin)))
    hosts = _hosts(twin, urlsplit(origin).hostname or "")
    with refuse_hosts(hosts, instead=INSTEAD, allow=allow), router:
        yield router


def _hosts(twin: Twin | None, host: str) -> Iterator[str]:
    """Yield the hosts of every vendor, and the one of the base URL."""
    yield host
    for slug, vendor in VENDORS.items():
        yield from (*RequestValidator.of(slug).api.hosts, *vendor.file_hosts)
    if twin is not None:
        yield from (host for service in twin.served.values() for host in service.hosts)


def _add_check(router: MockRouter, validator: RequestValidator) -> None:
    """Add a route that validates every request and returns None, so that respx tries the next route."""

    def validate(request: httpx.Request, route: Route) -> None:
        route.calls.record(request, None)
        if not validator.path(request).startswith(PREFIX):
            violation = validator.violation(request)
            if violation:
                raise WrongRequestError(violation)

    router.route(path__startswith="/", name=CHECK).mock(side_effect=validate)


def _add_examples(router: MockRouter, validator: RequestValidator, examples: ExampleResponses) -> None:
    """Respond with examples, each made on the first request: a test needs few of them."""

    def respond(operation: Operation, _: httpx.Request) -> httpx.Response:
        response = examples.response(operation)
        content = response.content if isinstance(response.content, bytes) else b""
        return httpx.Response(response.status, headers=dict(response.headers), content=content)

    for operation in validator.api.operations.values():
        _route(router, validator, operation).mock(side_effect=partial(respond, operation))


def _add_twin(router: MockRouter, validator: RequestValidator, transport: TwinTransport) -> Responder:
    """Have a mock server respond to every operation; return the function that passes requests to it."""

    def respond(request: httpx.Request) -> httpx.Response:
        path = validator.path(request)
        slug = "" if path.startswith(PREFIX) else f"/{validator.vendor}"
        url = request.url.copy_with(path=f"{slug}{path}")
        headers = {name: value for name, value in request.headers.items() if name != "transfer-encoding"}
        return transport.handle_request(
            httpx.Request(request.method, url, headers=headers, content=request.read())
        )

    for operation in validator.api.operations.values():
        _route(router, validator, operation).mock(side_effect=respond)
    return respond


def _files_url(validator: RequestValidator, origin: str, twin: Twin | None) -> str:
    """Return the base URL of links to files for a program that uses this origin."""
    vendor, api = VENDORS[validator.vendor], validator.api
    urls = twin.base_urls if twin else BaseUrls.of_hosts([(vendor, {api.host})])
    request = Request(method="GET", path="", at=0, origin=origin)
    return urls.files(vendor.slug, "", request, SINGLE_PORT)


def _files_route(router: MockRouter, urls: set[str]) -> Route:
    """Add the route for files. If they are on another host, it is not bound to the router's base URL."""
    hosts = tuple(sorted({urlsplit(url).hostname or "" for url in urls}))
    pattern = {"host__in": hosts} if hosts[1:] else {}
    return router.route(path__startswith=PREFIX, name=FILES, **pattern)


def _route(router: MockRouter, validator: RequestValidator, operation: Operation) -> Route:
    whole = "|".join(_pattern(validator.prefix + path) for path in operation.paths)
    return router.route(method=operation.method, path__regex=f"^(?:{whole})$", name=operation.id)


def _pattern(path: str) -> str:
    return re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(path))
