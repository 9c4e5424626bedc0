"""Mock server for asynchronous APIs: real job lifecycles, real images, no credits.

`MockServer` runs it on a loopback port for a test; `TwinTransport` and `AsyncTwinTransport` put it inside an
httpx client without a socket; `App` is the ASGI application. All serve a `Twin`, the server without a
network, which tests control in Python: it advances clocks, and saves, restores and forks sandboxes.

From the top, nothing imports what is listed before it (docs/architecture.md lists where to look for what):

- `adapters`: sockets, ASGI, httpx and the command (`__main__`)
- `twin`: assembles a server
- `admin`: the control plane; `recording`: what a session with a real service becomes
- `app`: from a request to its response
- `webhooks`: what is sent about jobs; `inputs`: what is fetched for them; `coverage`: what clients cover
- `storage`: what is kept
- `config`, `scenarios`: settings, and what goes wrong by design
- `vendors`: what is served
- `imaging`, `outgoing`: editing images; which hosts are reached
- `wire`: requests and responses; `core`: jobs and time

Names are imported on first use (PEP 562), so that the command starts without what only tests need.
"""

from importlib import import_module

TYPE_CHECKING = False  # as type checkers know it; importing it from typing takes most of the time

if TYPE_CHECKING:
    from safelight_mock.adapters.asgi import App
    from safelight_mock.adapters.httpx_transports import AsyncTwinTransport, TwinTransport
    from safelight_mock.adapters.server import MockServer
    from safelight_mock.app.conduct import Finding, Misconduct
    from safelight_mock.app.next_steps import JobSteps, NextStep, StepKind
    from safelight_mock.config.settings import DataDirError, Durability, Settings
    from safelight_mock.config.specs import InvalidSpecError, Spec
    from safelight_mock.core.clock import ClockMode
    from safelight_mock.core.job import State
    from safelight_mock.core.webhook import TimelineEvent
    from safelight_mock.coverage.junit import junit_properties
    from safelight_mock.coverage.report import (
        ApiCoverage,
        Coverage,
        InvalidCoverageError,
        LifecycleCoverage,
        OperationCoverage,
        merge_coverage,
        read_coverage,
    )
    from safelight_mock.coverage.writing import write_coverage
    from safelight_mock.scenarios.reading import InvalidScenarioError
    from safelight_mock.storage.archive import SnapshotError
    from safelight_mock.twin import Twin
    from safelight_mock.wire.credential_leak import CredentialLeak

__all__ = [
    "ApiCoverage",
    "App",
    "AsyncTwinTransport",
    "ClockMode",
    "Coverage",
    "CredentialLeak",
    "DataDirError",
    "Durability",
    "Finding",
    "InvalidCoverageError",
    "InvalidScenarioError",
    "InvalidSpecError",
    "JobSteps",
    "LifecycleCoverage",
    "Misconduct",
    "MockServer",
    "NextStep",
    "OperationCoverage",
    "Settings",
    "SnapshotError",
    "Spec",
    "State",
    "StepKind",
    "TimelineEvent",
    "Twin",
    "TwinTransport",
    "junit_properties",
    "merge_coverage",
    "read_coverage",
    "write_coverage",
]

_MODULES = {
    "junit_properties": "safelight_mock.coverage.junit",
    "write_coverage": "safelight_mock.coverage.writing",
    "ApiCoverage": "safelight_mock.coverage.report",
    "Coverage": "safelight_mock.coverage.report",
    "InvalidCoverageError": "safelight_mock.coverage.report",
    "LifecycleCoverage": "safelight_mock.coverage.report",
    "OperationCoverage": "safelight_mock.coverage.report",
    "merge_coverage": "safelight_mock.coverage.report",
    "read_coverage": "safelight_mock.coverage.report",
    "App": "safelight_mock.adapters.asgi",
    "AsyncTwinTransport": "safelight_mock.adapters.httpx_transports",
    "CredentialLeak": "safelight_mock.wire.credential_leak",
    "DataDirError": "safelight_mock.config.settings",
    "Durability": "safelight_mock.config.settings",
    "Finding": "safelight_mock.app.conduct",
    "JobSteps": "safelight_mock.app.next_steps",
    "Misconduct": "safelight_mock.app.conduct",
    "NextStep": "safelight_mock.app.next_steps",
    "StepKind": "safelight_mock.app.next_steps",
    "InvalidScenarioError": "safelight_mock.scenarios.reading",
    "InvalidSpecError": "safelight_mock.config.specs",
    "MockServer": "safelight_mock.adapters.server",
    "ClockMode": "safelight_mock.core.clock",
    "Settings": "safelight_mock.config.settings",
    "SnapshotError": "safelight_mock.storage.archive",
    "Spec": "safelight_mock.config.specs",
    "State": "safelight_mock.core.job",
    "TimelineEvent": "safelight_mock.core.webhook",
    "Twin": "safelight_mock.twin",
    "TwinTransport": "safelight_mock.adapters.httpx_transports",
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
            reason = f"{__name__} needs {missing.name}; run: pip install 'safelight[mock]'"
            raise ModuleNotFoundError(reason, name=missing.name) from missing

    def __dir__() -> list[str]:
        return [*__all__, "__version__"]
