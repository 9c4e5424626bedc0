"""Webhook deliveries as values: when one is attempted, retried with back-off, and given up.

Nothing is sent here. Each transition of a job makes one delivery, with its body and signature. Its
outcome follows from the attempts recorded since and from the retry policy.
"""

from collections.abc import Mapping
from enum import StrEnum
from math import inf

import msgspec
from msgspec.structs import replace

from safelight_mock.core.job import State

FAMILIES = {2: "2xx", 3: "3xx", 4: "4xx", 5: "5xx"}


class Outcome(StrEnum):
    """The outcome of one attempt."""

    DELIVERED = "2xx"
    REDIRECTED = "3xx"
    REJECTED = "4xx"
    FAILED = "5xx"
    NETWORK = "network"  # no connection, or it was closed without a response
    TIMEOUT = "timeout"  # no response in time
    NOT_ALLOWED = "not-allowed"  # the host of the target is not allowed; no connection was made
    INVALID_PAYLOAD = "invalid-payload"  # the body does not match its schema: our bug, and it is not sent

    @classmethod
    def of(cls, status: int) -> "Outcome":
        """Return the outcome of a response; `network` for a status that HTTP does not define."""
        return cls(FAMILIES.get(status // 100, "network"))


class WebhookFault(StrEnum):
    """Faults that can be injected into a delivery."""

    DUPLICATE = "duplicate"
    LATE = "late"
    OUT_OF_ORDER = "out-of-order"
    NEVER = "never"
    WRONG_SIGNATURE = "wrong-signature"
    OLD_SECRET = "old-secret"  # noqa: S105 - the name of a fault


COPIES = 2  # times that a delivery with the fault `duplicate` is sent
FAULT_DELAY = 60.0  # seconds by which `late` and `out-of-order` deliveries are delayed


class RetryPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """Which attempts are retried, and after how many seconds: listed `waits`, or exponential back-off.

    Back-off begins with `first` and grows by `factor` up to `max_delay`. `attempts` is the greatest number of
    attempts, with the first. `total`: no attempt is made once all waits together would be longer than this
    many seconds. `timeout`: seconds a response may take.
    """

    retried: frozenset[str] = frozenset()
    waits: tuple[float, ...] = ()
    first: float = 0.0
    factor: float = 1.0
    max_delay: float = inf
    total: float = inf
    attempts: int = 1
    timeout: float = 30.0

    def retries(self, outcome: Outcome) -> bool:
        """Return whether an attempt with this outcome is retried; a time-out is if `network` is."""
        return outcome in self.retried or (outcome is Outcome.TIMEOUT and Outcome.NETWORK in self.retried)

    def wait(self, attempts_made: int) -> float | None:
        """Return the seconds to wait before the next attempt; None if there is none."""
        waited = sum(map(self._wait, range(1, attempts_made + 1)))
        return None if attempts_made >= self.attempts or waited > self.total else self._wait(attempts_made)

    def _wait(self, attempts_made: int) -> float:
        if self.waits:
            return self.waits[min(attempts_made, len(self.waits)) - 1]
        return min(self.max_delay, self.first * self.factor ** (attempts_made - 1))


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt: when and how long, by the sandbox's clock, and its outcome."""

    at: float
    outcome: Outcome
    status: int = 0
    duration: float = 0.0
    is_resend: bool = False


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One notification of a transition: its target and its attempts.

    - `first`: when it is first attempted, None: never; `copies`: how many attempts have to succeed
    - `resends`: the times at which one more attempt was requested
    - `trails`: it waits, so that the next delivery is sent first (`out-of-order`)
    - `inbox`: the server's own inbox that it goes to; `error`: why it is not sent
    """

    id: str
    job: str
    lifecycle: str
    state: State
    vendor_state: str
    at: float
    target: str
    headers: Mapping[str, str]
    body: str
    first: float | None
    method: str = "POST"
    copies: int = 1
    trails: bool = False
    inbox: str = ""
    fault: str = ""
    error: str = ""
    attempts: tuple[Attempt, ...] = ()
    resends: tuple[float, ...] = ()

    def attempt(self, at: float, outcome: Outcome, status: int, timeout: float) -> Attempt:
        """Return an attempt at it with this outcome; one that timed out took `timeout` seconds."""
        duration = timeout if outcome is Outcome.TIMEOUT else 0.0
        return Attempt(at=at, outcome=outcome, status=status, duration=duration, is_resend=self.is_resend_due)

    def tried(self, attempt: Attempt) -> "Delivery":
        """Return this delivery with one more attempt."""
        return replace(self, attempts=(*self.attempts, attempt))

    def after(self, attempt: Attempt, policy: RetryPolicy) -> "tuple[Delivery, float | None]":
        """Return this delivery with one more attempt, and when it is attempted next."""
        tried = self.tried(attempt)
        return tried, next_attempt_at(tried, policy)

    def event(self, attempt: Attempt) -> "TimelineEvent":
        """Return an attempt at it as an event."""
        return TimelineEvent(
            at=attempt.at,
            job=self.job,
            state=self.state,
            vendor_state=self.vendor_state,
            delivery=self.id,
            outcome=attempt.outcome,
            status=attempt.status,
        )

    def again(self, now: float) -> "Delivery":
        """Return this delivery, to be sent once more."""
        return replace(self, resends=(*self.resends, now))

    @property
    def is_resend_due(self) -> bool:
        """Whether a requested redelivery has not been attempted yet."""
        return len(self.resends) > sum(attempt.is_resend for attempt in self.attempts)


def next_attempt_at(delivery: Delivery, policy: RetryPolicy) -> float | None:
    """Return when a delivery is attempted next; None if it was delivered, given up, or is never sent."""
    if delivery.is_resend_due:
        return delivery.resends[sum(attempt.is_resend for attempt in delivery.attempts)]
    scheduled = [attempt for attempt in delivery.attempts if not attempt.is_resend]
    delivered = sum(attempt.outcome is Outcome.DELIVERED for attempt in delivery.attempts)
    if delivered >= delivery.copies:
        return None
    if not scheduled or delivery.first is None:
        return delivery.first
    ended = scheduled[-1].at + scheduled[-1].duration
    if scheduled[-1].outcome is Outcome.DELIVERED:
        return ended
    wait = policy.wait(len(scheduled)) if policy.retries(scheduled[-1].outcome) else None
    return None if wait is None else ended + wait


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """The webhook of an account: its URL, the states that it notifies of, and the signing secrets."""

    url: str = ""
    on: tuple[State, ...] = ()
    secret: str = ""
    old_secret: str = ""

    def __repr__(self) -> str:
        return f"Webhook(url={self.url!r}, on={self.on!r})"  # secrets stay out of logs

    def signed(self, secret: str) -> "Webhook":
        """Return it with another secret; the previous one is kept in `old_secret`."""
        return replace(self, secret=secret, old_secret=self.secret)


class TimelineEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event in a sandbox: a job's transition, or an attempt at a delivery."""

    at: float
    job: str
    state: State
    vendor_state: str
    delivery: str = ""
    outcome: str = ""
    status: int = 0
