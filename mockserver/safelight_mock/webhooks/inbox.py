"""Inboxes inside the twin: point a webhook at one to see what arrives, and choose what it answers."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock

from safelight_mock.core.webhook import Outcome

HANG, REFUSE = "hang", "refuse"  # never answer; take no connection
MOST = 1_000  # inboxes, and letters in each; the oldest go first
ROOM = 64 * 1024 * 1024  # bytes of all letters together; the fullest inbox gives up its oldest

Told = int | str
"""How a letter is answered: with a status, or by hanging or refusing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedRequest:
    """What arrived: headers and body as they came, when by its sandbox's clock, and how it was answered."""

    at: float
    sandbox: str
    headers: Mapping[str, str]
    body: bytes
    answer: Told = 200

    @property
    def size(self) -> int:
        """How many bytes arrived."""
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers.items())


@dataclass(slots=True)
class Inbox:
    """Letters as they came. The next ones are answered with `answers`, one each, and then with `rest`."""

    answers: deque[Told] = field(default_factory=deque)
    rest: Told = 200
    letters: deque[CapturedRequest] = field(default_factory=deque)
    size: int = 0

    def take(self, letter: CapturedRequest) -> tuple[Outcome, int]:
        """Put a letter in; return what its answer means to the sender, and its status."""
        answer = self.answers.popleft() if self.answers else self.rest
        self.letters.append(replace(letter, answer=answer))
        self.size += letter.size
        if len(self.letters) > MOST:
            self.drop()
        if isinstance(answer, int):
            return Outcome.of(answer), answer
        return (Outcome.TIMEOUT if answer == HANG else Outcome.NETWORK), 0

    def drop(self) -> None:
        """Forget the oldest letter."""
        self.size -= self.letters.popleft().size


class Inboxes:
    """All inboxes of a server, by name; each exists for whoever names it. May be used from any thread."""

    def __init__(self) -> None:
        self._named: dict[str, Inbox] = {}
        self._lock = Lock()

    def __getitem__(self, name: str) -> Inbox:
        """Return a copy of an inbox; an unused one is empty, and not kept."""
        with self._lock:
            box = self._named.get(name) or Inbox()
            return replace(box, answers=deque(box.answers), letters=deque(box.letters))

    def configure(self, name: str, answers: Iterable[Told], rest: Told) -> None:
        """Set how the next letters of an inbox are answered, one each, and how all later ones are."""
        with self._lock:
            box = self._use(name)
            box.answers, box.rest = deque(answers), rest

    def take(self, name: str, letter: CapturedRequest) -> tuple[Outcome, int]:
        """Put a letter in an inbox; return what its answer means to the sender, and its status."""
        with self._lock:
            answer = self._use(name).take(letter)
            while sum(box.size for box in self._named.values()) > ROOM:
                max(self._named.values(), key=lambda box: box.size).drop()
            return answer

    def empty(self, name: str) -> None:
        """Forget an inbox, its letters and its answers."""
        self._named.pop(name, None)

    def _use(self, name: str) -> Inbox:
        """Return an inbox to change."""
        box = self._named.setdefault(name, Inbox())
        while len(self._named) > MOST:
            del self._named[next(iter(self._named))]
        return box
