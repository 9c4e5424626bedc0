"""What a call to the control plane asks, ready for the function that answers it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from safelight_mock.core.engine import Engine
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.storage.transaction import Desk
from safelight_mock.wire.messages import JSON, Call
from safelight_mock.wire.problem import Kind, Problem

if TYPE_CHECKING:
    from safelight_mock.app.twin import Twin


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A call in the types its document gives it."""

    twin: "Twin"
    desk: Desk
    parameters: Mapping[str, JSON]
    values: JSON
    document: Mapping[str, JSON]
    call: Call

    @property
    def at(self) -> float:
        """Real Unix time in seconds."""
        return self.call.at

    @property
    def is_done(self) -> bool:
        """Whether what had to come before the answer has: a passage of time, or an errand."""
        return self.call.passed is not None

    def sandboxes(self) -> list[Sandbox]:
        """Return the sandboxes that the query allows, to look at; raises Problem for an unknown one."""
        name, vendor = self.parameters["sandbox"], self.parameters["vendor"]
        named = self.twin.crowd if name is None else [self.sandbox(name)]
        return [found for found in named if vendor in (None, found.vendor)]

    def sandbox(self, name: str) -> Sandbox:
        """Return a copy of the sandbox of that name or label; raises Problem when there is none."""
        labelled = self.twin.crowd.labelled(name)
        found = self.desk.named(name) or (labelled and self.desk.named(labelled.name))
        if found is None:
            raise Problem(Kind.UNKNOWN_ROUTE, why=f"No sandbox is called {name}.")
        return found

    def engines(self, sandbox: Sandbox) -> Iterator[Engine]:
        """Look at a sandbox under each of its vendor's lifecycles."""
        for name in self.twin.served[sandbox.vendor].api.lifecycles:
            yield self.twin.engine(sandbox, name, self.at, desk=self.desk)
