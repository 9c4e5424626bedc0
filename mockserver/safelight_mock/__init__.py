"""Mock server for asynchronous APIs: real job lifecycles, real images, no credits.

`MockServer` runs it on a loopback port for a test; `TwinTransport` and `AsyncTwinTransport` put it inside an
httpx client without a socket; `App` is the ASGI application. Each is imported when it is first asked for, so
that the command starts without what only tests need.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from safelight_mock.adapters.asgi import App
    from safelight_mock.adapters.httpx_transports import AsyncTwinTransport, TwinTransport
    from safelight_mock.adapters.server import MockServer
    from safelight_mock.config.settings import Settings
    from safelight_mock.core.clock import Mode
    from safelight_mock.storage.archive import SnapshotError
    from safelight_mock.twin import Twin

__all__ = [
    "App",
    "AsyncTwinTransport",
    "MockServer",
    "Mode",
    "Settings",
    "SnapshotError",
    "Twin",
    "TwinTransport",
]

_HOMES = {
    "App": "adapters.asgi",
    "AsyncTwinTransport": "adapters.httpx_transports",
    "MockServer": "adapters.server",
    "Mode": "core.clock",
    "Settings": "config.settings",
    "SnapshotError": "storage.archive",
    "Twin": "twin",
    "TwinTransport": "adapters.httpx_transports",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
