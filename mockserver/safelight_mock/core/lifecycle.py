"""The lifecycle an API declares under `x-async-jobs`, as far as the twin reads it."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from math import inf
from typing import Literal

import msgspec

from safelight_lifecycle import evaluate_expression
from safelight_mock.core.job import Job, State
from safelight_mock.core.webhook import RetryPolicy, Webhook


class AllowedIn(msgspec.Struct, frozen=True, kw_only=True):
    """What is allowed only while a job is in one of these states; without an operation, part of the read.

    Of a result, `within` is how long after the job's end new links are made; None: while the job is kept.
    """

    operation: str = ""
    allowed: frozenset[State] = msgspec.field(name="while", default=frozenset(State))
    expires: timedelta | None = None
    within: timedelta | None = None


class JobIdRef(msgspec.Struct, frozen=True, kw_only=True):
    """The place of the id in the response to a submission, and the parameter that takes it."""

    parameter: str
    place: str = msgspec.field(name="from", default="")

    def of(self, told: object) -> str:
        """Return the id in a response body; empty if that place has none."""
        found = evaluate_expression(self.place, body=told) if self.place else None
        return str(found) if isinstance(found, str | int) else ""


class OperationRef(msgspec.Struct, frozen=True, kw_only=True):
    """An operation."""

    operation: str


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """The operation that reads a job, and the place of its state in the response."""

    operation: str
    state: str = ""

    def vendor_state(self, told: object) -> str:
        """Return the vendor's word for the state in a response body; empty if that place has none."""
        found = evaluate_expression(self.state, body=told) if self.state else None
        return found if isinstance(found, str) else ""


class Retry(msgspec.Struct, frozen=True, kw_only=True):
    """Which outcomes are retried, after which waits and how often; `total` is set by a setting only."""

    on: frozenset[str] = frozenset()
    waits: tuple[timedelta, ...] = ()
    first: timedelta = timedelta()
    factor: float = 1.0
    ceiling: timedelta = timedelta.max
    timeout: timedelta = timedelta(seconds=30)
    total: float = inf
    attempts: int = 0

    @property
    def schedule(self) -> RetryPolicy:
        """The same in seconds; of listed waits, one attempt follows each."""
        return RetryPolicy(
            retried=self.on,
            waits=tuple(wait.total_seconds() for wait in self.waits),
            first=self.first.total_seconds(),
            factor=self.factor,
            ceiling=self.ceiling.total_seconds(),
            total=self.total,
            attempts=self.attempts or len(self.waits) + 1,
            timeout=self.timeout.total_seconds(),
        )


class SignatureHeader(msgspec.Struct, frozen=True, kw_only=True):
    """The header a signature comes in, and how that is written."""

    header: str
    algorithm: Literal["hmac-sha256"] = "hmac-sha256"
    format: str


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Where the webhook's URL comes from: a field of the submission, or the account."""

    field: str = ""
    account: bool = False


class Deliver(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The webhook: its key in the document, its target, the states that it is sent for, and how."""

    webhook: str
    target: Target
    on: frozenset[State]
    sign: SignatureHeader | Literal["none", "unverified"]
    retry: Retry = Retry()

    def address(self, job: Job, account: Webhook) -> str:
        """Return the webhook URL of a job; empty if it has none."""
        return account.url if self.target.account else str(job.details.get(self.target.field) or "")

    @cached_property
    def schedule(self) -> RetryPolicy:
        """When a delivery is tried again."""
        return self.retry.schedule


class Lifecycle(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Which operations act on a kind of job, in which states, and how long things last."""

    submit: tuple[str, ...]
    sync: tuple[str, ...] = ()
    id: JobIdRef
    states: Mapping[str, State]
    read: Read
    listing: OperationRef | None = msgspec.field(name="list", default=None)
    cancel: AllowedIn | None = None
    forget: AllowedIn | None = msgspec.field(name="delete", default=None)
    forget_all: OperationRef | None = msgspec.field(name="delete_all", default=None)
    result: AllowedIn | None = None
    input: AllowedIn | None = None
    retention: timedelta | None = None
    deliver: Deliver | None = None

    def vendor_state(self, state: State) -> str:
        """Return the vendor's first word for a state."""
        return self.words[state]

    def meaning(self, word: str) -> State:
        """Return the state that a word of the vendor's, or the state's own name, means."""
        if word in self.states:
            return self.states[word]
        if word in set(State):
            return State(word)
        known = ", ".join(dict.fromkeys([*self.states, *State]))
        raise ValueError(f"no state is called {word!r}; there are {known}")

    @cached_property
    def words(self) -> Mapping[State, str]:
        """The vendor's first word for each state."""
        return {meaning: word for word, meaning in reversed([*self.states.items()])}

    @cached_property
    def kept_for(self) -> float:
        """How many seconds after its end a job is kept; infinity, if no end is declared."""
        return inf if self.retention is None else self.retention.total_seconds()

    @cached_property
    def writers(self) -> frozenset[str]:
        """The operations that change jobs."""
        others = (self.cancel, self.forget, self.forget_all)
        return frozenset((*self.submit, *self.sync, *(other.operation for other in others if other)))

    @property
    def operations(self) -> frozenset[str]:
        """Every operation of this lifecycle."""
        others = (self.listing, self.cancel, self.forget, self.forget_all, self.result, self.input)
        named = (other.operation for other in others if other is not None)
        return frozenset((*self.submit, *self.sync, self.read.operation, *named))
