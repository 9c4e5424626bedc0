"""One attempt at a delivery: to an inbox of this server, or over HTTP."""

from collections.abc import Mapping
from types import TracebackType
from typing import NamedTuple, Protocol, Self

from safelight_mock.core.webhook import Attempt, Delivery, Outcome, RetryPolicy
from safelight_mock.webhooks.inbox import CapturedRequest, Inboxes, InboxResponse, outcome_of


class Sender(Protocol):
    """Makes one attempt over HTTP."""

    def post(self, target: str, headers: Mapping[str, str], body: bytes) -> tuple[Outcome, int]:
        """Return the outcome, and the status of the response or 0; blocks, for a bounded time."""

    def close(self) -> None:
        """Close connections."""


class Due(NamedTuple):
    """A delivery, when it is tried, and by what policy it is tried again."""

    delivery: Delivery
    at: float
    policy: RetryPolicy

    @property
    def is_local(self) -> bool:
        """Whether an attempt does not leave the process: to an inbox, or with a body that may not be sent."""
        return bool(self.delivery.inbox or self.delivery.error)

    def post(self, sender: Sender) -> Attempt:
        """Try once over HTTP; blocks, and is called with no sandbox locked."""
        delivery = self.delivery
        outcome, status = sender.post(delivery.target, delivery.headers, delivery.body.encode())
        return delivery.attempt(self.at, outcome, status, self.policy.timeout)


class LocalAttempts:
    """Local attempts in one transaction. Their messages show after a `with` block that stores them.

    If that raises, nothing was sent: the responses that were drawn go to the next messages.
    """

    def __init__(self, inboxes: Inboxes, sandbox: str) -> None:
        self._inboxes = inboxes
        self._sandbox = sandbox
        self._messages: list[tuple[str, CapturedRequest]] = []
        self._drawn: list[tuple[str, InboxResponse]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            for name, message in self._messages:
                self._inboxes.add(name, message)
        else:
            for name, response in reversed(self._drawn):
                self._inboxes.give_back(name, response)

    def make(self, due: Due) -> Attempt:
        """Try once; does not block."""
        delivery = due.delivery
        if delivery.error:
            return delivery.attempt(due.at, Outcome.INVALID_PAYLOAD, 0, due.policy.timeout)
        response, is_drawn = self._inboxes.draw(delivery.inbox)
        if is_drawn:
            self._drawn.append((delivery.inbox, response))
        message = CapturedRequest(
            at=due.at,
            sandbox=self._sandbox,
            headers=delivery.headers,
            body=delivery.body.encode(),
            response=response,
        )
        self._messages.append((delivery.inbox, message))
        outcome, status = outcome_of(response)
        return delivery.attempt(due.at, outcome, status, due.policy.timeout)
