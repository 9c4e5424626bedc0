"""Mock server for asynchronous APIs: real job lifecycles, real images, no credits.

`MockServer` runs it on a loopback port for a test; `TwinTransport` and `AsyncTwinTransport` put it inside an
httpx client without a socket; `App` is the ASGI application. All serve a `Twin`, the server without a
network, which tests control in Python: it advances clocks, and saves, restores and forks sandboxes.

Names are imported on first use (PEP 562), so that the command starts without what only tests need.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from safelight_mock.adapters.asgi import App
    from safelight_mock.adapters.httpx_transports import AsyncTwinTransport, TwinTransport
    from safelight_mock.adapters.server import MockServer
    from safelight_mock.config.settings import DataDirError, Durability, Settings
    from safelight_mock.core.clock import Mode
    from safelight_mock.core.job import State
    from safelight_mock.core.webhook import TimelineEvent
    from safelight_mock.storage.archive import SnapshotError
    from safelight_mock.twin import Twin
    from safelight_mock.wire.credential_leak import CredentialLeak

__all__ = [
    "App",
    "AsyncTwinTransport",
    "CredentialLeak",
    "DataDirError",
    "Durability",
    "MockServer",
    "Mode",
    "Settings",
    "SnapshotError",
    "State",
    "TimelineEvent",
    "Twin",
    "TwinTransport",
]

_HOMES = {
    "App": "adapters.asgi",
    "AsyncTwinTransport": "adapters.httpx_transports",
    "CredentialLeak": "wire.credential_leak",
    "DataDirError": "config.settings",
    "Durability": "config.settings",
    "MockServer": "adapters.server",
    "Mode": "core.clock",
    "Settings": "config.settings",
    "SnapshotError": "storage.archive",
    "State": "core.job",
    "TimelineEvent": "core.webhook",
    "Twin": "twin",
    "TwinTransport": "adapters.httpx_transports",
}


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415 - takes 20 ms, and few ask for it

        return version("safelight")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        home = import_module(f"{__name__}.{_HOMES[name]}")
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.partition(".")[0] == __name__:
            raise
        reason = f"{__name__} needs {missing.name}; run: pip install 'safelight[mock]'"
        raise ModuleNotFoundError(reason, name=missing.name) from missing
    value = globals()[name] = getattr(home, name)
    return value
