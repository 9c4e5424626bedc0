"""Connections of `http.client` and of every library whose connections are subclasses of it."""

import functools
import socket
import sys
from collections.abc import Iterator
from functools import partial
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from safelight_testing._network_guard import Watch
from safelight_testing._patches import Function, Patches

HTTPS = 443
TARGET = "_safelight_target"  # attribute of a connection: host and port of a URL in absolute form


def patch_http_client(module: ModuleType, watch: Watch, patches: Patches) -> None:
    """Replace `connect` in HTTPConnection and its subclasses, present and future ones."""
    base: type = module.HTTPConnection
    connect = partial(_connect, watch=watch)
    for one in _subclasses(base):
        if "connect" in vars(one):
            patches.replace(one, "connect", connect)
    patches.replace(base, "__init_subclass__", partial(_init_subclass, connect=connect, patches=patches))
    patches.replace(base, "putrequest", partial(_putrequest, base=base, watch=watch))
    patches.replace(base, "set_tunnel", partial(_set_tunnel, watch=watch))


def _subclasses(base: Any) -> Iterator[Any]:  # noqa: ANN401 - a class
    yield base
    for one in base.__subclasses__():
        yield from _subclasses(one)


def _init_subclass(original: Function, *, connect: Any, patches: Patches) -> object:  # noqa: ANN401 - as `replace` takes it
    def init_subclass(cls: type, /, **named: Any) -> None:  # noqa: ANN401 - of any class statement
        getattr(original, "__func__", lambda _, **rest: original(**rest))(cls, **named)
        if "connect" in vars(cls):
            patches.replace(cls, "connect", connect)

    return classmethod(init_subclass)


def _connect(original: Function, *, watch: Watch) -> Function:
    @functools.wraps(original)
    def connect(connection: Any) -> Any:  # noqa: ANN401 - of any subclass
        host, port, is_proxied = _target(connection)
        connector = watch.connector(host)
        if connector is None:
            return original(connection)
        try:
            connection.sock = connector.connect(host, port, _scheme(connection))
        except OSError as error:
            own = _in_own_words(connection, error)
            if own is None:
                raise
            raise own  # noqa: B904 - urllib3 1 gives no cause
        _configure(connection, is_proxied=is_proxied)
        return None

    return connect


def _putrequest(original: Function, *, base: Any, watch: Watch) -> Function:  # noqa: ANN401 - HTTPConnection
    @functools.wraps(original)
    def putrequest(connection: Any, method: str, url: str, *rest: Any, **named: Any) -> Any:  # noqa: ANN401 - as above
        setattr(connection, TARGET, _absolute(url))
        host, _, is_proxied = _target(connection)
        connector = watch.connector(host)
        if connector is None:
            watch.check(connection.host if is_proxied else None)
        elif connection.sock is not None and not connector.has_made(connection.sock):
            # Pooled before the block, and connected to the real host. The connection opens a new socket.
            base.close(connection)
        return original(connection, method, url, *rest, **named)

    return putrequest


def _set_tunnel(original: Function, *, watch: Watch) -> Function:
    @functools.wraps(original)
    def set_tunnel(connection: Any, host: str, *rest: Any, **named: Any) -> Any:  # noqa: ANN401 - as above
        watch.check(host, is_replaced=True)
        return original(connection, host, *rest, **named)

    return set_tunnel


def _target(connection: Any) -> tuple[str, int, bool]:  # noqa: ANN401 - of any subclass
    """Return the host and port of a request, and whether the connection is one to a proxy."""
    tunnel = getattr(connection, "_tunnel_host", None)
    if tunnel:
        return tunnel, connection._tunnel_port or HTTPS, True  # noqa: SLF001 - http.client has no public name
    absolute = getattr(connection, TARGET, None)
    return (*absolute, True) if absolute else (connection.host, connection.port, False)


def _absolute(url: str) -> tuple[str, int | None] | None:
    """Return host and port of a URL in absolute form, which a proxy gets; None for a path."""
    parts = urlsplit(url) if "://" in url and not url.startswith("/") else None
    return (parts.hostname, parts.port or 80) if parts and parts.hostname else None


def _scheme(connection: Any) -> str:  # noqa: ANN401 - of any subclass
    is_secure = connection.default_port == HTTPS or getattr(connection, "_tunnel_host", None)
    return "https" if is_secure and not getattr(connection, TARGET, None) else "http"


def _configure(connection: Any, *, is_proxied: bool) -> None:  # noqa: ANN401 - of any subclass
    """Do what the replaced `connect` would have done beside connecting."""
    timeout = connection.timeout
    connection.sock.settimeout(
        timeout if timeout is None or isinstance(timeout, int | float) else socket.getdefaulttimeout()
    )
    for name in ("is_verified", "proxy_is_verified"):  # of urllib3, which warns of connections that are not
        if hasattr(connection, name):
            setattr(connection, name, True)
    if is_proxied and hasattr(connection, "_has_connected_to_proxy"):
        connection._has_connected_to_proxy = True  # noqa: SLF001 - else urllib3 blames the proxy for errors


def _in_own_words(connection: Any, error: OSError) -> Exception | None:  # noqa: ANN401 - of any subclass
    """Return the error that urllib3's own `connect` raises for this one; None for other libraries."""
    words = next((found for one in type(connection).__mro__ if (found := _urllib3(one)) is not None), None)
    if words is None:
        return None
    own: Exception
    is_second = hasattr(words, "NameResolutionError")  # urllib3 2
    if isinstance(error, socket.gaierror) and is_second:
        own = words.NameResolutionError(connection.host, connection, error)
    elif isinstance(error, TimeoutError):
        limit = f"Connection to {connection.host} timed out. (connect timeout={connection.timeout})"
        own = words.ConnectTimeoutError(connection, limit)
    else:
        own = words.NewConnectionError(connection, f"Failed to establish a new connection: {error}")
    if is_second:
        own.__cause__ = error
    return own


def _urllib3(one: type) -> Any:  # noqa: ANN401 - a module, or None
    """Return the module of a connection's class if it is one of urllib3 or of a copy of it."""
    module = sys.modules.get(one.__module__)
    return (
        module if hasattr(module, "NewConnectionError") and hasattr(module, "ConnectTimeoutError") else None
    )
