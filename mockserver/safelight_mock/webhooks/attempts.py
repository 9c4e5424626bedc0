"""One attempt at a delivery: to an inbox of this server, or over HTTP."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

import msgspec

from safelight_mock.core.webhook import Attempt, Delivery, Outcome, RetryPolicy
from safelight_mock.webhooks.inbox import CapturedRequest, Inboxes, InboxResponse, outcome_of


class Sender(Protocol):
    """Makes one attempt over HTTP."""

    def post(
        self, target: str, headers: Mapping[str, str], body: bytes, method: str, *, within: float
    ) -> tuple[Outcome, int]:
        """Return the outcome, and the status of the response or 0; blocks, for a bounded time.

        `within`: seconds after which the API gives up waiting for a response.
        """

    def close(self) -> None:
        """Close connections."""


class Due(NamedTuple):
    """A delivery that is due: when it is attempted, and its retry policy."""

    delivery: Delivery
    at: float
    policy: RetryPolicy

    @property
    def is_local(self) -> bool:
        """Whether an attempt does not leave the process: to an inbox, or with a body that may not be sent."""
        return bool(self.delivery.inbox or self.delivery.error)

    def post(self, sender: Sender) -> Attempt:
        """Make one attempt over HTTP. Blocks; called while no sandbox is locked."""
        delivery = self.delivery
        outcome, status = sender.post(
            delivery.target,
            delivery.headers,
            delivery.body.encode(),
            delivery.method,
            within=self.policy.timeout,
        )
        return delivery.attempt(self.at, outcome, status, self.policy.timeout)


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

    def make(self, due: Due) -> Attempt:
        """Make one attempt; does not block."""
        delivery = due.delivery
        if delivery.error:
            return delivery.attempt(due.at, Outcome.INVALID_PAYLOAD, 0, due.policy.timeout)
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
