"""Test kit: respx routes made from vendors' documents, and a guard against real connections.

`respx_routes` answers requests of httpx in a test. It comes with the extra `testing`. This package alone may
import both the client and the mock server. `coverage` is a plugin for pytest.

Names are imported on first use (PEP 562). Modules: `_routes`, `_request_validator` and `_example_responses`
for requests and responses; `_network_guard` and `_network_hooks` for connections.
"""

from importlib import import_module

TYPE_CHECKING = False  # as type checkers know it; importing it from typing takes most of the time

if TYPE_CHECKING:
    from safelight_testing._network_guard import RefusedConnectionError
    from safelight_testing._request_validator import WrongRequestError
    from safelight_testing._routes import respx_routes

__all__ = ["RefusedConnectionError", "WrongRequestError", "respx_routes"]

_MODULES = {
    "RefusedConnectionError": "safelight_testing._network_guard",
    "WrongRequestError": "safelight_testing._request_validator",
    "respx_routes": "safelight_testing._routes",
}

if not TYPE_CHECKING:  # a type checker would accept any misspelled name

    def __getattr__(name: str) -> object:
        if name == "__version__":
            return import_module("importlib.metadata").version("safelight")
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        try:
            return getattr(import_module(_MODULES[name]), name)
        except ModuleNotFoundError as missing:
            if missing.name is None or missing.name.startswith("safelight"):
                raise
            reason = f"{__name__} needs {missing.name}; run: pip install 'safelight[testing]'"
            raise ModuleNotFoundError(reason, name=missing.name) from missing

    def __dir__() -> list[str]:
        return [*__all__, "__version__"]
