"""A faithful local twin of image-processing APIs: real job lives, real pictures, no credits.

`MockServer` runs it on a loopback port for a test; `TwinTransport` and `AsyncTwinTransport` put it inside an
httpx client without a socket; `App` is the ASGI application.
"""

from safelight_mock.server.asgi import App
from safelight_mock.server.serve import MockServer
from safelight_mock.server.settings import Settings
from safelight_mock.server.transports import AsyncTwinTransport, TwinTransport
from safelight_mock.server.twin import Twin

__all__ = ["App", "AsyncTwinTransport", "MockServer", "Settings", "Twin", "TwinTransport"]
