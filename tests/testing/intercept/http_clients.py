"""HTTP clients of many libraries behind one function: what unmodified programs use.

Standard library only at import: in an environment of other versions, clients of libraries that are missing
are left out. Each client keeps connections open between two calls, if its library can.
"""

import asyncio
import http.client
import importlib.util
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AsyncExitStack, closing, contextmanager
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import urlsplit

TIMEOUT = 0.4  # seconds that a client waits for a connection or for bytes

Untyped: TypeAlias = Any
"""What a library gives that may not be installed."""

Headers = Mapping[str, str]
NONE: Headers = MappingProxyType({})


class Reply(NamedTuple):
    """Status and body of a response."""

    status: int
    body: bytes


Call = Callable[..., Reply]
"""Sends a request: `call(method, url, headers, body)`."""

Client = Callable[[float], Untyped]
"""Returns a context manager that gives a `Call`, for a timeout in seconds."""


@contextmanager
def http_client_connection(timeout: float) -> Iterator[Call]:
    connections: dict[str, http.client.HTTPConnection] = {}

    def call(method: str, url: str, headers: Headers = NONE, body: bytes | None = None) -> Reply:
        parts = urlsplit(url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        made = connections.setdefault(
            f"{parts.scheme} {parts.netloc}", kind(parts.hostname or "", parts.port, timeout=timeout)
        )
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        made.request(method, target, body, dict(headers))
        response = made.getresponse()
        return Reply(response.status, response.read())

    yield call
    for one in connections.values():
        one.close()


@contextmanager
def urllib_opener(timeout: float) -> Iterator[Call]:
    def call(method: str, url: str, headers: Headers = NONE, body: bytes | None = None) -> Reply:
        request = urllib.request.Request(url, body, dict(headers), method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=timeout) as response:  # noqa: S310
                return Reply(response.status, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, error.read())

    yield call


@contextmanager
def urllib3_pool(timeout: float, package: str = "urllib3") -> Iterator[Call]:
    pool = importlib.import_module(package).PoolManager(retries=False, timeout=timeout)

    def call(method: str, url: str, headers: Headers = NONE, body: bytes | None = None) -> Reply:
        response = pool.request(method, url, headers=dict(headers), body=body)
        return Reply(response.status, response.data)

    yield call
    pool.clear()


@contextmanager
def requests_session(timeout: float) -> Iterator[Call]:
    requests = importlib.import_module("requests")

    with requests.Session() as session:

        def call(method: str, url: str, headers: Headers = NONE, body: bytes | None = None) -> Reply:
            response = session.request(method, url, headers=headers, data=body, timeout=timeout)
            return Reply(response.status_code, response.content)

        yield call


@contextmanager
def httpx_client(timeout: float, package: str = "httpx") -> Iterator[Call]:
    with importlib.import_module(package).Client(timeout=timeout) as client:

        def call(method: str, url: str, headers: Headers = NONE, body: bytes | None = None) -> Reply:
            response = client.request(method, url, headers=headers, content=body)
            return Reply(response.status_code, response.content)

        yield call


@contextmanager
def httplib2_http(timeout: float) -> Iterator[Call]:
    client = importlib.import_module("httplib2").Http(timeout=timeout)

    def call(method: str, url: str, headers: Headers = NONE, body: bytes | None = None) -> Reply:
        response, content = client.request(url, method, body=body, headers=dict(headers))
        return Reply(response.status, content)

    with closing(client):
        yield call


@contextmanager
def botocore_session(timeout: float) -> Iterator[Call]:
    awsrequest = importlib.import_module("botocore.awsrequest")
    session = importlib.import_module("botocore.httpsession").URLLib3Session(timeout=timeout)

    def call(method: str, url: str, headers: Headers = NONE, body: bytes | None = None) -> Reply:
        request = awsrequest.AWSRequest(method=method, url=url, headers=dict(headers), data=body)
        response = session.send(request.prepare())
        return Reply(response.status_code, response.content)

    with closing(session):
        yield call


@contextmanager
def in_a_loop(
    new_loop: Callable[[], Untyped], opened: Callable[..., Untyped], timeout: float
) -> Iterator[Call]:
    """Run the calls of an asynchronous client on one event loop of asyncio's kind."""
    with asyncio.Runner(loop_factory=new_loop) as runner:
        stack = AsyncExitStack()
        send = runner.run(_entered(stack, opened(timeout)))

        def call(method: str, url: str, headers: Headers = NONE, body: bytes | None = None) -> Reply:
            reply: Reply = runner.run(send(method, url, headers, body))
            return reply

        yield call
        runner.run(stack.aclose())


async def _entered(stack: AsyncExitStack, opened: Untyped) -> Untyped:
    client, send = opened
    return partial(send, await stack.enter_async_context(client()))


def aiohttp_session(timeout: float) -> Untyped:
    aiohttp = importlib.import_module("aiohttp")

    async def send(session: Untyped, method: str, url: str, headers: Headers, body: bytes | None) -> Reply:
        async with session.request(method, url, headers=headers, data=body) as response:
            return Reply(response.status, await response.read())

    def client() -> Untyped:
        resolver = aiohttp.ThreadedResolver()  # the other one asks name servers without Python
        limits = aiohttp.ClientTimeout(sock_connect=timeout, sock_read=timeout)
        return aiohttp.ClientSession(connector=aiohttp.TCPConnector(resolver=resolver), timeout=limits)

    return client, send


def httpx_async_client(timeout: float, package: str = "httpx") -> Untyped:
    module = importlib.import_module(package)

    async def send(client: Untyped, method: str, url: str, headers: Headers, body: bytes | None) -> Reply:
        response = await client.request(method, url, headers=headers, content=body)
        return Reply(response.status_code, response.content)

    return lambda: module.AsyncClient(timeout=timeout), send


@contextmanager
def httpx_in_trio(timeout: float) -> Iterator[Call]:
    """Run each call in a run of its own: a client of trio does not outlive it."""
    trio = importlib.import_module("trio")
    client, send = httpx_async_client(timeout)

    async def main(*arguments: Untyped) -> Reply:
        async with client() as made:
            reply: Reply = await send(made, *arguments)
            return reply

    def call(method: str, url: str, headers: Headers = NONE, body: bytes | None = None) -> Reply:
        reply: Reply = trio.run(main, method, url, headers, body)
        return reply

    yield call


def _uvloop() -> Untyped:
    return importlib.import_module("uvloop").new_event_loop()


# By name: the package that has to be there, and the client.
ALL: Mapping[str, tuple[str, Client]] = {
    "http.client": ("http", http_client_connection),
    "urllib": ("urllib", urllib_opener),
    "urllib3": ("urllib3", urllib3_pool),
    "requests": ("requests", requests_session),
    "pip's urllib3": ("pip", partial(urllib3_pool, package="pip._vendor.urllib3")),
    "botocore": ("botocore", botocore_session),
    "httplib2": ("httplib2", httplib2_http),
    "httpx": ("httpx", httpx_client),
    "httpx2": ("httpx2", partial(httpx_client, package="httpx2")),
    "aiohttp": ("aiohttp", partial(in_a_loop, asyncio.new_event_loop, aiohttp_session)),
    "aiohttp, uvloop": ("aiohttp", partial(in_a_loop, _uvloop, aiohttp_session)),
    "httpx, asyncio": ("httpx", partial(in_a_loop, asyncio.new_event_loop, httpx_async_client)),
    "httpx, uvloop": ("httpx", partial(in_a_loop, _uvloop, httpx_async_client)),
    "httpx, trio": ("trio", httpx_in_trio),
    "httpx2, asyncio": (
        "httpx2",
        partial(in_a_loop, asyncio.new_event_loop, partial(httpx_async_client, package="httpx2")),
    ),
    "httpx2, uvloop": (
        "httpx2",
        partial(in_a_loop, _uvloop, partial(httpx_async_client, package="httpx2")),
    ),
}
WITHOUT_POOL = ("urllib", "httpx, trio")
RESOLVING = ("httplib2",)  # by the system, behind every patch

CLIENTS: Mapping[str, Client] = {
    name: client for name, (package, client) in ALL.items() if importlib.util.find_spec(package) is not None
}
POOLING: Mapping[str, Client] = {name: client for name, client in CLIENTS.items() if name not in WITHOUT_POOL}
