"""Routes for respx made from a vendor's effective spec: one for each operation, by its operationId."""

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
from safelight_mock.wire.listener import ONE_DOOR
from safelight_mock.wire.messages import Request
from safelight_mock.wire.operation import Operation
from safelight_mock.wire.presigned_links import PREFIX
from safelight_testing.example_responses import ExampleResponses, picture
from safelight_testing.network_guard import refuse_hosts
from safelight_testing.promises import RequestValidator, WrongRequestError, place

INSTEAD = "respx_routes answers httpx only; give others the base URL of a MockServer, or allow the host"
CHECK, FILES = "check", "files"  # routes that are no operation's

Answer = Callable[[httpx.Request], httpx.Response]


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
    """Answer every call to a vendor that httpx makes meanwhile, and give the router that does.

    What any other library sends meanwhile to a host of a vendor, or to one with its files, is refused before
    it leaves: see RefusedConnectionError. `allow` takes hosts out of that, such as a storage of your own.

    Each operation is a route of its name, `routes["getStatus"]`, to be asked whether it was called or given
    another answer; the route `files` is where links to pictures lead. Answers are the document's examples,
    in which every job has succeeded, or, with a `twin`, what that answers; it is yours to close.

    A request that is not as the spec describes it raises WrongRequestError, whoever answers, unless `check`
    is false; `strict` holds it against the letter of the vendor's document. `base_url` is where the program
    under test calls the vendor. Raises LookupError for an unknown vendor, ValueError for no such address.
    """
    origin, prefix = place(vendor, base_url)
    promises = RequestValidator.of(vendor, prefix=prefix, strict=strict)
    router = MockRouter(base_url=origin, assert_all_called=assert_all_called)
    if check:
        _add_check(router, promises)
    files_url = _files_url(promises, origin, twin)
    files = _files_route(router, {origin, files_url})
    if twin is None:
        _add_examples(router, promises, ExampleResponses(promises.api, f"{files_url}{PREFIX}sample.png"))
        files.respond(200, content_type="image/png", content=picture())
    else:
        files.mock(side_effect=_add_twin(router, promises, TwinTransport(twin)))
    refused = _hosts(twin, urlsplit(origin).hostname or "")
    with refuse_hosts(refused, instead=INSTEAD, allow=allow), router:
        yield router


def _hosts(twin: Twin | None, called: str) -> Iterator[str]:
    """Yield the hosts of every vendor, and the one that the program under test calls."""
    yield called
    for slug, vendor in VENDORS.items():
        yield from (*RequestValidator.of(slug).api.hosts, *vendor.file_hosts)
    if twin is not None:
        yield from (service.host for service in twin.served.values())


def _add_check(router: MockRouter, promises: RequestValidator) -> None:
    """Let every request go by a route that answers none, and so hands on to the next."""

    def look(request: httpx.Request, route: Route) -> None:
        route.calls.record(request, None)
        if not promises.path(request).startswith(PREFIX):
            fault = promises.fault(request)
            if fault:
                raise WrongRequestError(fault)

    router.route(path__startswith="/", name=CHECK).mock(side_effect=look)


def _add_examples(router: MockRouter, promises: RequestValidator, examples: ExampleResponses) -> None:
    """Answer by examples, each made at the first call: there are many, and a test calls few."""

    def answer(operation: Operation, _: httpx.Request) -> httpx.Response:
        reply = examples.reply(operation)
        content = reply.content if isinstance(reply.content, bytes) else b""
        return httpx.Response(reply.status, headers=dict(reply.headers), content=content)

    for operation in promises.api.operations.values():
        _route(router, promises, operation).mock(side_effect=partial(answer, operation))


def _add_twin(router: MockRouter, promises: RequestValidator, transport: TwinTransport) -> Answer:
    """Let a twin answer every operation, and return what does."""

    def answer(request: httpx.Request) -> httpx.Response:
        path = promises.path(request)
        slug = "" if path.startswith(PREFIX) else f"/{promises.vendor}"
        url = request.url.copy_with(path=f"{slug}{path}")
        headers = {name: value for name, value in request.headers.items() if name != "transfer-encoding"}
        return transport.handle_request(
            httpx.Request(request.method, url, headers=headers, content=request.read())
        )

    for operation in promises.api.operations.values():
        _route(router, promises, operation).mock(side_effect=answer)
    return answer


def _files_url(promises: RequestValidator, origin: str, twin: Twin | None) -> str:
    """Return the base URL of links to files for a program that calls the vendor at this origin."""
    vendor, api = VENDORS[promises.vendor], promises.api
    urls = twin.base_urls if twin else BaseUrls.of_hosts([(vendor, {api.host})])
    call = Request(method="GET", path="", at=0, origin=origin)
    return urls.files(vendor.slug, "", call, ONE_DOOR)


def _files_route(router: MockRouter, urls: set[str]) -> Route:
    """Add the route for files. One with hosts of its own is not bound to the router's base URL."""
    hosts = tuple(sorted({urlsplit(url).hostname or "" for url in urls}))
    apart = {"host__in": hosts} if hosts[1:] else {}
    return router.route(path__startswith=PREFIX, name=FILES, **apart)


def _route(router: MockRouter, promises: RequestValidator, operation: Operation) -> Route:
    whole = "|".join(_pattern(promises.prefix + path) for path in operation.paths)
    return router.route(method=operation.method, path__regex=f"^(?:{whole})$", name=operation.id)


def _pattern(path: str) -> str:
    return re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(path))
