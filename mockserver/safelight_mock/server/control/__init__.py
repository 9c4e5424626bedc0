"""The twin's own API under `/_safelight/`: what no vendor offers and a test needs."""

from safelight_mock.server.control.plane import Plane

__all__ = ["Plane"]
