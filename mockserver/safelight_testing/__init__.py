"""What tests of programs that call image APIs need: routes for respx, made from the vendors' effective specs.

It comes with the extra `testing`. This is the only package that may know both the client and the twin.
"""

from safelight_testing.network_guard import RefusedConnectionError
from safelight_testing.promises import WrongRequestError
from safelight_testing.routes import respx_routes

__all__ = ["RefusedConnectionError", "WrongRequestError", "respx_routes"]
