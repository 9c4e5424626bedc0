"""The functions by which Python programs connect to a host, as a table to patch.

Name look-up, connect and TLS cover every library that uses Python's sockets. What they do not cover,
connections from a pool and through a proxy, the modules of single HTTP libraries do, in `_connections`.
"""

import functools
import socket
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from inspect import isawaitable
from types import ModuleType
from typing import Any

from safelight_testing._network_guard import Watch
from safelight_testing._patches import Function, Patches

INTERNET = (socket.AF_INET, socket.AF_INET6)


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
)


def patch_hooks(module: ModuleType, watch: Watch, patches: Patches) -> None:
    """Patch all HOOKS of a module."""
    for hook in HOOKS:
        if hook.module == module.__name__:
            owner = _owner(module, hook.owner) if hook.owner else module
            patches.replace(owner, hook.name, partial(_checked, hook=hook, watch=watch))


def _owner(module: ModuleType, name: str) -> object:
    """Return a class of a module: its own, even if a tool such as pytest-socket has put a subclass there."""
    bases = getattr(getattr(module, name, None), "__mro__", ())
    return next((base for base in bases if base.__module__ == module.__name__), bases[0] if bases else None)


def _checked(original: Function, *, hook: Hook, watch: Watch) -> Function:
    @functools.wraps(original)
    def checked(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the original takes and returns
        for host in hook.hosts(*arguments, **named):
            watch.check(host)
        result = original(*arguments, **named)
        return _learned(result, watch) if hook.resolves else result

    return checked


def _learned(result: object, watch: Watch) -> object:
    if isawaitable(result):
        return _learned_later(result, watch)
    watch.learn(result)
    return result


async def _learned_later(result: Awaitable[object], watch: Watch) -> object:
    addresses = await result
    watch.learn(addresses)
    return addresses
