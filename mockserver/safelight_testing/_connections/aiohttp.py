"""Connections of aiohttp."""

import functools
import socket
from contextlib import suppress
from functools import partial
from types import ModuleType
from typing import Any
from weakref import WeakKeyDictionary

from safelight_testing._network_guard import Connector, Watch
from safelight_testing._patches import Function, Patches

Made = WeakKeyDictionary[Any, Any]
"""The client's ends of connections by the protocols that have them."""


def patch_aiohttp(module: ModuleType, watch: Watch, patches: Patches) -> None:
    """Replace how connectors connect, and have their pools drop connections to hosts that are served."""
    made: Made = WeakKeyDictionary()
    connector = module.TCPConnector
    patches.replace(connector, "connect", partial(_connect, watch=watch, made=made))
    create = partial(_create_connection, module=module, watch=watch, made=made)
    patches.replace(connector, "_create_connection", create)
    patches.at_end(partial(_close_all, made))


def _connect(original: Function, *, watch: Watch, made: Made) -> Function:
    @functools.wraps(original)
    async def connect(pool: Any, request: Any, *rest: Any, **named: Any) -> Any:  # noqa: ANN401
        connector = watch.connector(request.url.host)
        if connector is not None:
            _drop(pool, request.connection_key, connector, made)
        return await original(pool, request, *rest, **named)

    return connect


def _drop(pool: Any, key: object, connector: Connector, made: Made) -> None:  # noqa: ANN401 - TCPConnector
    """Close pooled connections that were not made by the connector: they lead to the real host."""
    for protocol, _ in list(pool._conns.get(key, ())):  # noqa: SLF001 - it has no public name
        if not connector.has_made(made.get(protocol)):
            protocol.close()


def _close_all(made: Made) -> None:
    """Have event loops close connections in pools: they have not noticed yet that the server did."""
    for protocol in list(made):
        with suppress(RuntimeError):  # the loop is closed
            protocol._loop.call_soon_threadsafe(protocol.close)  # noqa: SLF001 - it has no public name


def _create_connection(original: Function, *, module: ModuleType, watch: Watch, made: Made) -> Function:
    @functools.wraps(original)
    async def create_connection(pool: Any, request: Any, *rest: Any, **named: Any) -> Any:  # noqa: ANN401
        url = request.url
        connector = watch.connector(url.host)
        if connector is None:
            return await original(pool, request, *rest, **named)
        scheme = "https" if url.scheme in ("https", "wss") else "http"
        try:
            sock = connector.connect(url.host, url.port, scheme)
        except TimeoutError:  # aiohttp itself turns it into one of its own
            raise
        except OSError as error:
            raise _in_own_words(module, request, error) from error
        sock.settimeout(0)
        try:
            _, protocol = await pool._loop.create_connection(pool._factory, sock=sock)  # noqa: SLF001 - as above
        except BaseException:  # the program has given up
            sock.close()
            raise
        made[protocol] = sock
        return protocol

    return create_connection


def _in_own_words(module: ModuleType, request: Any, error: OSError) -> Exception:  # noqa: ANN401
    """Return what a connector raises for a connection that fails."""
    kind = module.ClientConnectorError
    if isinstance(error, socket.gaierror):
        kind = getattr(module, "ClientConnectorDNSError", kind)
    made: Exception = kind(request.connection_key, error)
    return made
