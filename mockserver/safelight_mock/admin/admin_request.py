"""A request to the control plane in its types, and the parts of the server that its handler may use."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from safelight_mock.app.request_log import Journal
from safelight_mock.app.snapshots import Snapshots
from safelight_mock.config.base_urls import BaseUrls
from safelight_mock.config.engines import Engines
from safelight_mock.config.services import Service
from safelight_mock.config.settings import Settings
from safelight_mock.core.engine import Engine
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import Happening
from safelight_mock.storage.access import Sandboxes
from safelight_mock.storage.blobs import Store
from safelight_mock.storage.sandboxes import Crowd
from safelight_mock.storage.transaction import Desk
from safelight_mock.webhooks.dispatcher import Dispatcher
from safelight_mock.wire.messages import JSON, Call, Presign
from safelight_mock.wire.problem import Kind, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """The parts of a server that the control plane shows and changes."""

    settings: Settings
    served: Mapping[str, Service]
    sandboxes: Sandboxes
    engines: Engines
    blobs: Store
    request_log: Journal
    dispatcher: Dispatcher
    snapshots: Snapshots
    base_urls: BaseUrls
    presign: Callable[[Call, Sandbox], Presign]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request in the types its document gives it, on working copies of its own.

    `happened` is what came to pass while a clock was advanced for it, () once a task was run for it, and None
    before either.
    """

    backend: Backend
    desk: Desk
    parameters: Mapping[str, JSON]
    values: JSON
    document: Mapping[str, JSON]
    call: Call
    happened: tuple[Happening, ...] | None = None

    @property
    def at(self) -> float:
        """Real Unix time in seconds."""
        return self.call.at

    @property
    def is_done(self) -> bool:
        """Whether what had to come before the answer has: an advance of a clock, or a task."""
        return self.happened is not None

    @property
    def registry(self) -> Crowd:
        """All sandboxes, to look at."""
        return self.backend.sandboxes.registry

    def sandboxes(self) -> list[Sandbox]:
        """Return the sandboxes that the query allows, to look at; raises Problem for an unknown one."""
        name, vendor = self.parameters["sandbox"], self.parameters["vendor"]
        named = self.registry if name is None else [self.sandbox(name)]
        return [found for found in named if vendor in (None, found.vendor)]

    def sandbox(self, name: str) -> Sandbox:
        """Return a copy of the sandbox of that name or label; raises Problem when there is none."""
        labelled = self.registry.labelled(name)
        found = self.desk.named(name) or (labelled and self.desk.named(labelled.name))
        if found is None:
            raise Problem(Kind.UNKNOWN_ROUTE, why=f"No sandbox is called {name}.")
        return found

    def engine(self, sandbox: Sandbox, lifecycle: str, origin: str = "") -> Engine:
        """Open a copy of a sandbox under one of its vendor's lifecycles."""
        return self.backend.engines.open(
            sandbox, lifecycle, sandbox.now(self.at), origin, make_room=self.desk.make_room
        )

    def engines(self, sandbox: Sandbox) -> Iterator[Engine]:
        """Open a copy of a sandbox under each of its vendor's lifecycles."""
        for name in self.backend.served[sandbox.vendor].api.lifecycles:
            yield self.engine(sandbox, name)
