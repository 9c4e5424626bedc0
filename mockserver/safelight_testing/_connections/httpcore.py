"""Connections of httpcore and httpcore2, which httpx and httpx2 are built on."""

import functools
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from importlib import import_module
from types import ModuleType
from typing import Any

from safelight_mock.adapters.own_sockets import own_sockets
from safelight_testing._network_guard import Watch
from safelight_testing._patches import Function, Patches

PROXIES = ("HTTPProxy", "AsyncHTTPProxy", "SOCKSProxy", "AsyncSOCKSProxy")
POOLS = {"ConnectionPool": "HTTPConnection", "AsyncConnectionPool": "AsyncHTTPConnection"}
POOLED = ("HTTP11Connection", "HTTP2Connection", "AsyncHTTP11Connection", "AsyncHTTP2Connection")


def patch_httpcore(module: ModuleType, watch: Watch, patches: Patches) -> None:
    """Replace how backends connect, and have pools drop connections to hosts that are served now."""
    patches.replace(module.SyncBackend, "connect_tcp", partial(_connect_tcp, module=module, watch=watch))
    for name, (wrap, failure) in BACKENDS.items():
        if hasattr(module, name):
            connect = partial(_connect_tcp_async, module=module, watch=watch, wrap=wrap, failure=failure)
            patches.replace(getattr(module, name), "connect_tcp", connect)
    patches.replace(module.ConnectionPool, "handle_request", partial(_checked, watch=watch))
    patches.replace(module.AsyncConnectionPool, "handle_async_request", partial(_checked_async, watch=watch))
    for name in POOLED:
        patches.replace(getattr(module, name, None), "has_expired", partial(_has_expired, watch=watch))
    _patch_proxies(module, watch, patches)


def _patch_proxies(module: ModuleType, watch: Watch, patches: Patches) -> None:
    """Have hosts that are served connected to directly, whatever proxy a pool has."""
    for name, direct in POOLS.items():
        create = partial(_create_connection, direct=getattr(module, direct), watch=watch)
        for pool in (
            name,
            *(proxy for proxy in PROXIES if proxy.startswith("Async") == name.startswith("Async")),
        ):
            if "create_connection" in vars(getattr(module, pool, object)):
                patches.replace(getattr(module, pool), "create_connection", create)


def _checked(original: Function, *, watch: Watch) -> Function:
    """Check the host of a request, which may take a connection from the pool."""

    @functools.wraps(original)
    def checked(pool: Any, request: Any) -> Any:  # noqa: ANN401 - of any pool
        _check(pool, request, watch)
        return original(pool, request)

    return checked


def _checked_async(original: Function, *, watch: Watch) -> Function:
    # A coroutine function, because respx asks the function that it mocks whether it is one.
    @functools.wraps(original)
    async def checked(pool: Any, request: Any) -> Any:  # noqa: ANN401 - of any pool
        _check(pool, request, watch)
        return await original(pool, request)

    return checked


def _check(pool: Any, request: Any, watch: Watch) -> None:  # noqa: ANN401 - of any pool
    if getattr(pool, "_uds", None) is None:  # a Unix socket: the host has no meaning
        watch.check(request.url.host, is_replaced=True)


def _has_expired(original: Function, *, watch: Watch) -> Function:
    """Let a pool close a connection that it made to a real host before that host was served."""

    @functools.wraps(original)
    def has_expired(connection: Any) -> Any:  # noqa: ANN401 - a bool
        connector = watch.connector(connection._origin.host)  # noqa: SLF001 - it has no public name
        if connector is not None:
            sock = getattr(connection._network_stream, "client_socket", None)  # noqa: SLF001 - as above
            if not connector.has_made(sock):
                return True
        return original(connection)

    return has_expired


def _create_connection(original: Function, *, direct: Function, watch: Watch) -> Function:
    @functools.wraps(original)
    def create_connection(pool: Any, origin: Any) -> Any:  # noqa: ANN401 - of any pool
        is_proxied = getattr(pool, "_proxy", None) is not None or hasattr(pool, "_proxy_url")
        if not is_proxied or watch.connector(origin.host) is None:
            return original(pool, origin)
        options = ("ssl_context", "keepalive_expiry", "http1", "http2", "retries", "network_backend")
        return direct(origin=origin, **{name: getattr(pool, f"_{name}") for name in options})

    return create_connection


def _connect_tcp(original: Function, *, module: ModuleType, watch: Watch) -> Function:
    @functools.wraps(original)
    def connect_tcp(backend: Any, host: str, port: int, *rest: Any, **named: Any) -> Any:  # noqa: ANN401
        connector = watch.connector(host)
        if connector is None:
            return original(backend, host, port, *rest, **named)
        with _in_own_words(module):
            sock = connector.connect(host, port, "http")
        stream = _stream_class(import_module(f"{module.__name__}._backends.sync").SyncStream)(sock)
        stream.client_socket, stream.begin_tls = sock, connector.begin_tls
        return stream

    return connect_tcp


def _connect_tcp_async(
    original: Function, *, module: ModuleType, watch: Watch, wrap: Callable[..., Any], failure: str
) -> Function:
    @functools.wraps(original)
    async def connect_tcp(backend: Any, host: str, port: int, *rest: Any, **named: Any) -> Any:  # noqa: ANN401
        connector = watch.connector(host)
        if connector is None:
            return await original(backend, host, port, *rest, **named)
        with _in_own_words(module, failure.format(host=host, port=port)):
            sock = connector.connect(host, port, "http")
        try:
            stream = await wrap(module, sock)
        except BaseException:
            sock.close()
            raise
        stream.client_socket, stream.begin_tls = sock, connector.begin_tls
        return stream

    return connect_tcp


async def _anyio_stream(module: ModuleType, sock: Any) -> Any:  # noqa: ANN401 - of a library's own types
    import anyio  # noqa: PLC0415 - httpcore needs it only here

    base = import_module(f"{module.__name__}._backends.anyio").AnyIOStream
    sock.settimeout(0)
    with own_sockets():  # it asks for the class that it finds
        wrapped = await anyio.abc.UNIXSocketStream.from_socket(sock)
    return _stream_class(base, is_async=True)(wrapped)


async def _trio_stream(module: ModuleType, sock: Any) -> Any:  # noqa: ANN401 - of a library's own types
    import trio  # noqa: PLC0415 - as above

    base = import_module(f"{module.__name__}._backends.trio").TrioStream
    with own_sockets():  # as above
        wrapped = trio.socket.from_stdlib_socket(sock)
    return _stream_class(base, is_async=True)(trio.SocketStream(wrapped))


# By name: what makes a stream of a socket, and the text of an error that stands for those of all addresses.
BACKENDS = {
    "AnyIOBackend": (_anyio_stream, "All connection attempts failed"),
    "TrioBackend": (_trio_stream, "all attempts to connect to {host}:{port} failed"),
}


@cache
def _stream_class(base: type, *, is_async: bool = False) -> Any:  # noqa: ANN401 - a subclass of `base`
    """Return a stream on which TLS is only noted: the server then answers as for https."""

    class PlainStream(base):  # type: ignore[misc] # a class of a library's own
        client_socket: Any
        begin_tls: Callable[[Any], None]

        def start_tls(self, *_: object, **__: object) -> Any:  # noqa: ANN401 - as the base
            self.begin_tls(self.client_socket)
            return self

    class AsyncPlainStream(PlainStream):
        async def start_tls(self, *_: object, **__: object) -> Any:  # noqa: ANN401 - as the base
            return super().start_tls()

    return AsyncPlainStream if is_async else PlainStream


@contextmanager
def _in_own_words(module: ModuleType, failure: str = "") -> Iterator[None]:
    """Raise what the library's own backend raises for a connection that fails.

    `failure`: the text of an error that stands for those of all addresses of a host.
    """
    try:
        yield
    except TimeoutError as error:
        raise module.ConnectTimeout(error) from error
    except OSError as error:
        if failure and not isinstance(error, socket.gaierror):
            combined = OSError(failure)
            combined.__cause__ = error
            raise module.ConnectError(combined) from combined
        raise module.ConnectError(error) from error
