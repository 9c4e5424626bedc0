"""Test kit: a mock server for each test, a pytest plugin, respx routes, and a guard against real connections.

It comes with the extra `testing`. This package alone may import both the client and the mock server.
`Safelight` is the mock server of a test, which the plugin gives as a fixture; `intercept` answers what
unmodified programs send to vendors' hosts, and `respx_routes` requests of httpx alone.

Names are imported on first use (PEP 562). Modules:

- `_safelight`, `_hosts`, `_control`, `_apps`, `_sleeps`: a test's mock server
- `_pytest_plugin`, `_coverage`: for pytest
- `_intercept`; `_connections`: the connections of HTTP libraries that it replaces
- `_active_guards`, `_network_guard`, `_network_hooks`, `_host_names`: connections that are rejected;
  `_call_sites`: where they were made; `_child_processes`: those of children
- `_patches`, `_late_imports`: how functions are patched, also of modules that are imported later
- `_routes`, `_request_validator`, `_example_responses`: requests and responses over respx
"""

from importlib import import_module

TYPE_CHECKING = False  # as type checkers know it; importing it from typing takes most of the time

if TYPE_CHECKING:
    from safelight_mock.adapters.connection_faults import ConnectionFault
    from safelight_testing._control.admin_client import ControlError
    from safelight_testing._control.faults import Faults
    from safelight_testing._control.jobs import Jobs
    from safelight_testing._control.ledger import Ledger
    from safelight_testing._control.records import (
        AttemptRecord,
        ConductRecord,
        DeliveryRecord,
        IgnoredFieldRecord,
        JobRecord,
        RequestRecord,
    )
    from safelight_testing._control.shared_clock import SharedClock
    from safelight_testing._control.timeline import Timeline, TimelineLine
    from safelight_testing._control.webhooks import Webhooks
    from safelight_testing._intercept import Intercept, Interception, intercept
    from safelight_testing._network_guard import RefusedConnectionError
    from safelight_testing._request_validator import WrongRequestError
    from safelight_testing._routes import respx_routes
    from safelight_testing._safelight import MisconductError, Safelight
    from safelight_testing._sleeps.sleep_schedule import EndlessSleepError

__all__ = [
    "AttemptRecord",
    "ConductRecord",
    "ConnectionFault",
    "ControlError",
    "DeliveryRecord",
    "EndlessSleepError",
    "Faults",
    "IgnoredFieldRecord",
    "Intercept",
    "Interception",
    "JobRecord",
    "Jobs",
    "Ledger",
    "MisconductError",
    "RefusedConnectionError",
    "RequestRecord",
    "Safelight",
    "SharedClock",
    "Timeline",
    "TimelineLine",
    "Webhooks",
    "WrongRequestError",
    "intercept",
    "respx_routes",
]

_MODULES = {
    "AttemptRecord": "safelight_testing._control.records",
    "ConductRecord": "safelight_testing._control.records",
    "ConnectionFault": "safelight_mock.adapters.connection_faults",
    "ControlError": "safelight_testing._control.admin_client",
    "DeliveryRecord": "safelight_testing._control.records",
    "EndlessSleepError": "safelight_testing._sleeps.sleep_schedule",
    "Faults": "safelight_testing._control.faults",
    "IgnoredFieldRecord": "safelight_testing._control.records",
    "Intercept": "safelight_testing._intercept",
    "Interception": "safelight_testing._intercept",
    "JobRecord": "safelight_testing._control.records",
    "Jobs": "safelight_testing._control.jobs",
    "Ledger": "safelight_testing._control.ledger",
    "MisconductError": "safelight_testing._safelight",
    "RefusedConnectionError": "safelight_testing._network_guard",
    "RequestRecord": "safelight_testing._control.records",
    "Safelight": "safelight_testing._safelight",
    "SharedClock": "safelight_testing._control.shared_clock",
    "Timeline": "safelight_testing._control.timeline",
    "TimelineLine": "safelight_testing._control.timeline",
    "Webhooks": "safelight_testing._control.webhooks",
    "WrongRequestError": "safelight_testing._request_validator",
    "intercept": "safelight_testing._intercept",
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
