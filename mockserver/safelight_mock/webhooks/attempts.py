"""A delivery that is due, and one attempt at it over HTTP; attempts at own inboxes are in `inbox`."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from safelight_mock.core.webhook import Attempt, Delivery, Outcome, RetryPolicy


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
