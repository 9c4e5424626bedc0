"""The functions by which Python programs connect to a host, as a table to patch.

Name look-up, connect and TLS cover every library that uses Python's sockets. The entries of single HTTP
libraries cover what those do not: connections from a pool, and connections to a proxy.
"""

import functools
import importlib
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any, Protocol, TypeAlias
from urllib.parse import urlsplit

Function: TypeAlias = Callable[..., Any]

INTERNET = (socket.AF_INET, socket.AF_INET6)


class Watch(Protocol):
    """Receives the hosts of a patched function before it runs, and the addresses that a look-up returned."""

    def check(self, host: object) -> None:
        """Raise for a host (str or bytes) that must not be reached; None and empty ones pass."""

    def learn(self, addresses: object) -> None:
        """Receive the result of a look-up that passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A function to patch, and how to read hosts from its arguments.

    `owner`: a class of `module`; empty for a function of the module. `resolves`: the function returns the
    addresses of a name, or an awaitable of them.
    """

    module: str
    owner: str = ""
    name: str
    hosts: Callable[..., Iterator[object]]
    resolves: bool = False


def _name(host: object = None, *_: object, **__: object) -> Iterator[object]:
    yield host


def _name_of_method(_: object, host: object = None, *__: object, **___: object) -> Iterator[object]:
    yield host


def _endpoint(
    _: object,
    __: object = None,
    host: object = None,
    *___: object,
    server_hostname: object = None,
    **____: object,
) -> Iterator[object]:
    yield from (host, server_hostname)


def _address(sock: socket.socket, *arguments: object) -> Iterator[object]:
    # The address is the last argument of connect and of both forms of sendto.
    if sock.family in INTERNET and arguments and isinstance(arguments[-1], tuple):
        yield arguments[-1][0]


def _destination(_: object, dest_pair: Any = (), *__: object, **___: object) -> Iterator[object]:  # noqa: ANN401
    yield from dest_pair[:1]


def _tls_socket(*arguments: object, server_hostname: object = None, **_: object) -> Iterator[object]:
    yield from (server_hostname, *arguments[5:6])


def _tls_object(*arguments: object, server_hostname: object = None, **_: object) -> Iterator[object]:
    yield from (server_hostname, *arguments[4:5])


def _tls_peer(connection: Any, *_: object, **__: object) -> Iterator[object]:  # noqa: ANN401 - SSLSocket, SSLObject
    yield None if connection.server_side else connection.server_hostname


def _http_request(
    connection: Any,  # noqa: ANN401 - of any subclass
    _: str = "",
    url: str = "",
    *__: object,
    **___: object,
) -> Iterator[object]:
    # Through a proxy, plain http names its host in the URL, and https in the tunnel.
    yield from (connection.host, getattr(connection, "_tunnel_host", None))
    yield urlsplit(url).hostname if "://" in url else None


def _request_url(_: object, request: Any, *__: object, **___: object) -> Iterator[object]:  # noqa: ANN401
    yield request.url.host


HOOKS = (
    Hook(module="socket", name="getaddrinfo", hosts=_name, resolves=True),
    Hook(module="socket", name="gethostbyname", hosts=_name, resolves=True),
    Hook(module="socket", name="gethostbyname_ex", hosts=_name, resolves=True),
    Hook(module="socket", name="gethostbyaddr", hosts=_name, resolves=True),
    # The class object, not the name in the module, which other test tools replace.
    Hook(module="socket", owner="socket", name="connect", hosts=_address),
    Hook(module="socket", owner="socket", name="connect_ex", hosts=_address),
    Hook(module="socket", owner="socket", name="sendto", hosts=_address),
    # PySocks, used by requests and urllib3: the proxy would resolve the name and connect to it.
    Hook(module="socks", owner="socksocket", name="connect", hosts=_destination),
    Hook(module="ssl", owner="SSLContext", name="wrap_socket", hosts=_tls_socket),
    Hook(module="ssl", owner="SSLContext", name="wrap_bio", hosts=_tls_object),
    # Connections made before the patch: the host is that of their handshake.
    Hook(module="ssl", owner="SSLSocket", name="send", hosts=_tls_peer),
    Hook(module="ssl", owner="SSLSocket", name="write", hosts=_tls_peer),
    Hook(module="ssl", owner="SSLObject", name="write", hosts=_tls_peer),
    # Windows' proactor connects without socket.connect, uvloop without anything of the socket module.
    Hook(module="asyncio", owner="BaseEventLoop", name="create_connection", hosts=_endpoint),
    Hook(module="uvloop", owner="Loop", name="create_connection", hosts=_endpoint),
    Hook(module="uvloop", owner="Loop", name="getaddrinfo", hosts=_name_of_method, resolves=True),
    Hook(module="aiodns", owner="DNSResolver", name="query", hosts=_name_of_method),
    Hook(module="aiodns", owner="DNSResolver", name="query_dns", hosts=_name_of_method),
    Hook(module="aiodns", owner="DNSResolver", name="gethostbyname", hosts=_name_of_method),
    Hook(module="aiodns", owner="DNSResolver", name="getaddrinfo", hosts=_name_of_method),
    Hook(module="aiohttp", owner="AsyncResolver", name="resolve", hosts=_name_of_method, resolves=True),
    Hook(module="aiohttp", owner="TCPConnector", name="connect", hosts=_request_url),
    Hook(module="http.client", owner="HTTPConnection", name="putrequest", hosts=_http_request),
    Hook(module="http.client", owner="HTTPConnection", name="set_tunnel", hosts=_name_of_method),
    Hook(module="httpcore2", owner="ConnectionPool", name="handle_request", hosts=_request_url),
    Hook(module="httpcore2", owner="AsyncConnectionPool", name="handle_async_request", hosts=_request_url),
)
NEEDED = frozenset({"socket", "ssl", "asyncio", "http.client", "uvloop"})
LOADED_LATER = {"httpcore2": "httpx2"}  # by the first client of that library, which may be inside the block


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """A patched function. `own`: its owner defines it; otherwise it is inherited."""

    owner: Any
    name: str
    original: Function
    patched: Function
    own: bool

    def undo(self) -> None:
        """Restore the original, unless another tool has patched the function since."""
        if vars(self.owner).get(self.name) is not self.patched:
            return
        if self.own:
            setattr(self.owner, self.name, self.original)
        else:
            delattr(self.owner, self.name)


def patch(watch: Watch) -> list[Patch]:
    """Patch all HOOKS of the standard library and of other libraries that are already imported."""
    return [_patched(hook, owner, watch) for hook in HOOKS if (owner := _owner(hook)) is not None]


def _owner(hook: Hook) -> object | None:
    module = sys.modules.get(hook.module)
    is_needed = hook.module in NEEDED or LOADED_LATER.get(hook.module) in sys.modules
    if module is None and is_needed:
        try:
            module = importlib.import_module(hook.module)
        except ImportError:  # uvloop does not exist for Windows
            return None
    owner = getattr(module, hook.owner, None) if hook.owner else module
    return owner if hasattr(owner, hook.name) else None


def _patched(hook: Hook, owner: Any, watch: Watch) -> Patch:  # noqa: ANN401 - a module or a class
    original = getattr(owner, hook.name)

    @functools.wraps(original)
    def checked(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the original takes and returns
        for host in hook.hosts(*arguments, **named):
            watch.check(host)
        result = original(*arguments, **named)
        return _learned(result, watch) if hook.resolves else result

    own = hook.name in vars(owner)
    setattr(owner, hook.name, checked)
    return Patch(owner=owner, name=hook.name, original=original, patched=checked, own=own)


def _learned(result: object, watch: Watch) -> object:
    if isawaitable(result):
        return _learned_later(result, watch)
    watch.learn(result)
    return result


async def _learned_later(result: Awaitable[object], watch: Watch) -> object:
    addresses = await result
    watch.learn(addresses)
    return addresses
