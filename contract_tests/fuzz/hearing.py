"""What is put before the judge: whose twin, by which way, with which seed, and for how long."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from safelight_mock.adapters.asgi import Scope, Send
from safelight_mock.adapters.held_requests import Receive

Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
Spoil = Callable[[Asgi], Asgi]

LINK_SEQUENCES: Final = frozenset({"stateful"})
CALLS: Final = frozenset({"examples", "coverage", "fuzzing"})
PHASES: Final = CALLS | LINK_SEQUENCES
IN_PROCESS, SOCKET = "in process", "socket"
SHELLS: Final = (IN_PROCESS, SOCKET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """`cases` are made up for each operation and phase; with `seconds`, as many as fit.

    `spoil` stands between an application in this process and who calls it: so it is tried out whether
    anything would be found.
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
        """Name it."""
        document = "strict" if self.strict else "lenient"
        return f"{self.vendor}, {document} document, {self.shell}, seed {self.seed}"
