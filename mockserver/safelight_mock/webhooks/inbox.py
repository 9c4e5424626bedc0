"""Inboxes of the mock server: webhook targets that capture messages and respond as configured."""

from collections import deque
from collections.abc import Iterable, Mapping
from threading import Lock

import msgspec
from msgspec.structs import replace

from safelight_mock.core.webhook import Attempt, Outcome
from safelight_mock.webhooks.attempts import Due

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


class LocalAttempts(msgspec.Struct, frozen=True):
    """Attempts at inboxes of this server, in one transaction; their messages are shown once it is stored.

    If it is not stored, nothing was sent, and the queued responses are given back to the inboxes.
    """

    inboxes: Inboxes
    sandbox: str
    messages: list[tuple[str, CapturedRequest]] = msgspec.field(default_factory=list)
    drawn: list[tuple[str, InboxResponse]] = msgspec.field(default_factory=list)

    def publish(self) -> None:
        """Add the messages to their inboxes."""
        for name, message in self.messages:
            self.inboxes.add(name, message)

    def roll_back(self) -> None:
        """Return the responses that were taken from the inboxes' queues."""
        for name, response in reversed(self.drawn):
            self.inboxes.give_back(name, response)

    def make(self, due: Due) -> Attempt | None:
        """Make one attempt, which does not block; return None if the delivery goes elsewhere."""
        delivery = due.delivery
        if delivery.error:
            return delivery.attempt(due.at, Outcome.INVALID_PAYLOAD, 0, due.policy.timeout)
        if not delivery.inbox:
            return None
        response, is_drawn = self.inboxes.draw(delivery.inbox)
        if is_drawn:
            self.drawn.append((delivery.inbox, response))
        message = CapturedRequest(
            at=due.at,
            sandbox=self.sandbox,
            headers=delivery.headers,
            body=delivery.body.encode(),
            response=response,
        )
        self.messages.append((delivery.inbox, message))
        outcome, status = outcome_of(response)
        return delivery.attempt(due.at, outcome, status, due.policy.timeout)


def outcome_of(response: InboxResponse) -> tuple[Outcome, int]:
    """Return what a response means to the sender, and its status, 0 for none."""
    if isinstance(response, int):
        return Outcome.of(response), response
    return (Outcome.TIMEOUT if response == HANG else Outcome.NETWORK), 0
