"""A request to the control plane in its types, and the parts of the server that its handler may use."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from safelight_mock.app.deletion import Deletion
from safelight_mock.app.request_log import RequestLog
from safelight_mock.app.snapshots import Snapshots
from safelight_mock.config.base_urls import BaseUrls
from safelight_mock.config.engines import Engines
from safelight_mock.config.services import Service
from safelight_mock.config.settings import Settings
from safelight_mock.core.engine import Engine
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import TimelineEvent
from safelight_mock.coverage.report import Coverage
from safelight_mock.scenarios.reading import StoreBytes
from safelight_mock.scenarios.registry import ScenarioRegistry
from safelight_mock.storage.blobs import BlobStore
from safelight_mock.storage.port import SandboxStore
from safelight_mock.storage.transaction import Sandboxes, Transaction
from safelight_mock.webhooks.dispatcher import Dispatcher
from safelight_mock.wire.messages import JSON, Presign, Request
from safelight_mock.wire.problem import Kind, Problem


class Backend(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of a server that the control plane shows and changes."""

    settings: Settings
    served: Mapping[str, Service]
    sandboxes: Sandboxes
    engines: Engines
    blobs: BlobStore
    request_log: RequestLog
    dispatcher: Dispatcher
    snapshots: Snapshots
    deletion: Deletion
    base_urls: BaseUrls
    presign: Callable[[Request, Sandbox], Presign]
    scenarios: ScenarioRegistry
    coverage: Callable[[], Coverage]


class AdminRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A validated request, with its own transaction.

    `store_file` stores a file by its name, and returns its digest: it is kept if a job or rule refers to it
    when the request has been answered. `events` is what happened while a clock was advanced for it, () once
    a blocking task was run for it, and None before either.
    """

    backend: Backend
    transaction: Transaction
    parameters: Mapping[str, JSON]
    values: JSON
    document: Mapping[str, JSON]
    http_request: Request
    store_file: StoreBytes
    events: tuple[TimelineEvent, ...] | None = None

    @property
    def at(self) -> float:
        """Real Unix time in seconds."""
        return self.http_request.at

    @property
    def is_done(self) -> bool:
        """Whether the clock was advanced, or the task run, that the response needs."""
        return self.events is not None

    @property
    def store(self) -> SandboxStore:
        """All sandboxes."""
        return self.backend.sandboxes.store

    def names(self) -> list[str]:
        """Return the names of the sandboxes that the query allows; raises Problem for an unknown one."""
        only = self.parameters["sandbox"]
        return [*self.allowed(self.store.names() if only is None else [self.name(only)])]

    def allowed(self, names: Iterable[str]) -> Iterator[str]:
        """Yield those of some names that the query allows; raises Problem for an unknown one in the query."""
        sandbox, vendor = self.parameters["sandbox"], self.parameters["vendor"]
        only = None if sandbox is None else self.name(sandbox)
        for name in names:
            about = self.store.about(name)
            if about is not None and only in (None, name) and vendor in (None, about.vendor):
                yield name

    def name(self, name: str) -> str:
        """Return the name of the sandbox with this name or label; raises Problem if it does not exist."""
        known = name if self.store.about(name) else self.store.labelled(name)
        if known is None:
            raise _unknown(name)
        return known

    def sandbox(self, name: str) -> Sandbox:
        """Return a working copy of the sandbox with this name or label; raises Problem without one."""
        copy = self.transaction.named(self.name(name))
        if copy is None:
            raise _unknown(name)
        return copy

    def engine(self, sandbox: Sandbox, lifecycle: str, origin: str = "") -> Engine:
        """Open a working copy under one of its vendor's lifecycles."""
        return self.backend.engines.open(sandbox, lifecycle, sandbox.now(self.at), origin)

    def engines(self, sandbox: Sandbox) -> Iterator[Engine]:
        """Open a working copy under each of its vendor's lifecycles."""
        for name in self.backend.served[sandbox.vendor].api.lifecycles:
            yield self.engine(sandbox, name)


def _unknown(name: str) -> Problem:
    detail = f"unknown sandbox {name!r}; GET /_safelight/sandboxes lists them"
    return Problem(Kind.UNKNOWN_ROUTE, detail=detail)
