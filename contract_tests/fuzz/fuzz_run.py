"""The parameters of a run of schemathesis: vendor, document, transport, seed, and how long."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from safelight_mock.adapters.asgi import Scope
from safelight_mock.adapters.faulty_sending import Send
from safelight_mock.adapters.held_requests import Receive

Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
Spoil = Callable[[Asgi], Asgi]

LINK_SEQUENCES: Final = frozenset({"stateful"})
CALLS: Final = frozenset({"examples", "coverage", "fuzzing"})
PHASES: Final = CALLS | LINK_SEQUENCES
IN_PROCESS, SOCKET = "in process", "socket"
SHELLS: Final = (IN_PROCESS, SOCKET)


@dataclass(frozen=True, slots=True, kw_only=True)
class FuzzRun:
    """A run generates `cases` requests for each operation and phase; with `seconds`, as many as fit.

    `spoil` wraps the in-process application with a defect, to test that it is detected.
    """

    vendor: str
    strict: bool
    seed: str
    shell: str = IN_PROCESS
    cases: int = 100
    seconds: int = 0
    phases: frozenset[str] = PHASES
    spoil: Spoil | None = None

    def __str__(self) -> str:
        """Return a short name for reports."""
        document = "strict" if self.strict else "lenient"
        return f"{self.vendor}, {document} document, {self.shell}, seed {self.seed}"
