"""Inboxes of the mock server: webhook targets that capture messages and respond as configured."""

from collections import deque
from collections.abc import Iterable, Mapping
from threading import Lock

import msgspec
from msgspec.structs import replace

from safelight_mock.core.webhook import Outcome

HANG, REFUSE = "hang", "refuse"  # no response; no connection
MOST = 1_000  # inboxes, and messages in each; the oldest are dropped first
ROOM = 64 * 1024 * 1024  # bytes of all messages together; the largest inbox drops its oldest

InboxResponse = int | str
"""A status, HANG or REFUSE."""


class CapturedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A message: headers and body as received, when by the clock of its sandbox, and its response."""

    at: float
    sandbox: str
    headers: Mapping[str, str]
    body: bytes
    response: InboxResponse = 200

    @property
    def size(self) -> int:
        """Bytes of headers and body."""
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers.items())


class Inbox(msgspec.Struct):
    """Messages in order. The next ones get one of `responses` each, and later ones `default`."""

    responses: deque[InboxResponse] = msgspec.field(default_factory=deque)
    default: InboxResponse = 200
    messages: deque[CapturedRequest] = msgspec.field(default_factory=deque)
    size: int = 0

    def draw(self) -> tuple[InboxResponse, bool]:
        """Take the response to the next message; also return whether it was one of `responses`."""
        return (self.responses.popleft(), True) if self.responses else (self.default, False)

    def add(self, message: CapturedRequest) -> None:
        """Add a message with its response."""
        self.messages.append(message)
        self.size += message.size
        if len(self.messages) > MOST:
            self.drop()

    def drop(self) -> None:
        """Drop the oldest message."""
        self.size -= self.messages.popleft().size


class Inboxes:
    """All inboxes of a server by name, created on first use. Thread-safe."""

    def __init__(self) -> None:
        self._named: dict[str, Inbox] = {}
        self._lock = Lock()

    def __getitem__(self, name: str) -> Inbox:
        """Return a copy of an inbox; an unused one is empty, and not stored."""
        with self._lock:
            box = self._named.get(name) or Inbox()
            return replace(box, responses=deque(box.responses), messages=deque(box.messages))

    def configure(self, name: str, responses: Iterable[InboxResponse], default: InboxResponse) -> None:
        """Set the responses to the next messages of an inbox, one each, and that to all later ones."""
        with self._lock:
            box = self._use(name)
            box.responses, box.default = deque(responses), default

    def take(self, name: str, message: CapturedRequest) -> tuple[Outcome, int]:
        """Add a message to an inbox; return the outcome for the sender and the status, 0 for none."""
        response, _ = self.draw(name)
        self.add(name, replace(message, response=response))
        return outcome_of(response)

    def draw(self, name: str) -> tuple[InboxResponse, bool]:
        """Take the response to the next message; also return whether it is one to `give_back`."""
        with self._lock:
            return self._use(name).draw()

    def give_back(self, name: str, response: InboxResponse) -> None:
        """Give the next message a response that was drawn for one that was not sent."""
        with self._lock:
            self._use(name).responses.appendleft(response)

    def add(self, name: str, message: CapturedRequest) -> None:
        """Add a message, with its response, to an inbox."""
        with self._lock:
            self._use(name).add(message)
            while sum(box.size for box in self._named.values()) > ROOM:
                max(self._named.values(), key=lambda box: box.size).drop()

    def empty(self, name: str) -> None:
        """Delete an inbox with its messages and responses."""
        self._named.pop(name, None)

    def clear(self) -> None:
        """Delete all inboxes."""
        with self._lock:
            self._named.clear()

    def _use(self, name: str) -> Inbox:
        """Return the stored inbox, created if it does not exist; the oldest inbox beyond MOST is dropped."""
        box = self._named.setdefault(name, Inbox())
        while len(self._named) > MOST:
            del self._named[next(iter(self._named))]
        return box


def outcome_of(response: InboxResponse) -> tuple[Outcome, int]:
    """Return what a response means to the sender, and its status, 0 for none."""
    if isinstance(response, int):
        return Outcome.of(response), response
    return (Outcome.TIMEOUT if response == HANG else Outcome.NETWORK), 0
