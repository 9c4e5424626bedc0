"""Inboxes inside the twin: point a webhook at one to see what arrives, and choose what it answers."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from safelight_mock.core.webhook import Outcome

HANG, REFUSE = "hang", "refuse"  # never answer; take no connection
MOST = 1_000  # inboxes, and letters in each; the oldest go first

Told = int | str
"""How a letter is answered: with a status, or by hanging or refusing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What arrived: headers and body as they came, when by its sandbox's clock, and how it was answered."""

    at: float
    sandbox: str
    headers: Mapping[str, str]
    body: bytes
    answer: Told = 200


@dataclass(slots=True)
class Inbox:
    """Letters as they came. The next ones are answered with `answers`, one each, and then with `rest`."""

    answers: deque[Told] = field(default_factory=deque)
    rest: Told = 200
    letters: deque[Letter] = field(default_factory=lambda: deque(maxlen=MOST))

    def take(self, letter: Letter) -> tuple[Outcome, int]:
        """Put a letter in; return what its answer means to the sender, and its status."""
        answer = self.answers.popleft() if self.answers else self.rest
        self.letters.append(replace(letter, answer=answer))
        if isinstance(answer, int):
            return Outcome.of(answer), answer
        return (Outcome.TIMEOUT if answer == HANG else Outcome.NETWORK), 0


class Inboxes:
    """All inboxes of a twin, by name; one is there as soon as it is named. Asked under the twin's lock."""

    def __init__(self) -> None:
        self._named: dict[str, Inbox] = {}

    def __getitem__(self, name: str) -> Inbox:
        box = self._named.setdefault(name, Inbox())
        while len(self._named) > MOST:
            del self._named[next(name for name in self._named)]
        return box

    def empty(self, name: str) -> None:
        """Forget an inbox, its letters and its answers."""
        self._named.pop(name, None)
