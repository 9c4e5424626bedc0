"""A lifecycle as the server plays it: what the document declares, and what settings make of it.

`described` has all of it; beside it are the values that the server looks up for each request, computed once.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from math import inf

import msgspec

from safelight_lifecycle import (
    DeliveryRule,
    ExpressionSource,
    JobMove,
    Lifecycle,
    Removal,
    ResponseParts,
    RetryRule,
    Signature,
    StateSet,
    WordState,
    find_job_id,
    format_pointer,
)
from safelight_mock.core.job import Job, State, Status
from safelight_mock.core.script import Script, script_of
from safelight_mock.core.webhook import RetryPolicy, Webhook


class Deliver(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A webhook: as described, and with the settings for its states, signature and retries."""

    described: DeliveryRule
    on: StateSet
    sign: Signature | None
    retry_policy: RetryPolicy

    @classmethod
    def of(cls, described: DeliveryRule) -> "Deliver":
        """Return a webhook without settings."""
        sign = described.sign if isinstance(described.sign, Signature) else None
        return cls(described=described, on=described.on, sign=sign, retry_policy=policy_of(described.retry))

    def notified(self, changes: Iterable[Status]) -> list[Status]:
        """Return those changes of a job that it is sent for."""
        return [change for change in changes if change.word_state in self.on]

    def address(self, job: Job, account: Webhook) -> str:
        """Return the webhook URL of a job; empty if it has none."""
        return account.url if self.is_of_account else str(job.details.get(self.field) or "")

    @property
    def is_of_account(self) -> bool:
        """Whether the URL is a setting of the account, and not in the submission."""
        return self.described.target is None

    @cached_property
    def field(self) -> str:
        """The detail of a job with the URL: the name of a field or parameter, or the pointer of a field."""
        target = self.described.target
        if target is None or target.part is not ExpressionSource.BODY:
            return "" if target is None else target.name
        return target.pointer[0] if len(target.pointer) == 1 else format_pointer(target.pointer)


class ServedLifecycle(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Which operations act on a kind of job, in which states, and how long things last.

    Jobs are kept for `kept_for` seconds after their end, and new links to their results are made for
    `linked_for` seconds, None for as long as jobs are kept.
    """

    described: Lifecycle
    kept_for: float = inf
    linked_for: float | None = None
    deliveries: tuple[Deliver, ...] = ()

    @classmethod
    def of(cls, described: Lifecycle) -> "ServedLifecycle":
        """Return a lifecycle without settings."""
        return cls(
            described=described,
            kept_for=inf if described.retention is None else described.retention,
            linked_for=None if described.result is None else described.result.within,
            deliveries=tuple(map(Deliver.of, described.deliver)),
        )

    @cached_property
    def deliver(self) -> Deliver | None:
        """The first webhook."""
        return self.deliveries[0] if self.deliveries else None

    def vendor_state(self, state: State) -> str:
        """Return the vendor's usual word for a state."""
        return self.words[state]

    def meaning(self, word: str) -> State:
        """Return the state that a word of the vendor's, or the state's own name, means."""
        return self.described.words.reference(word).state

    def check_word(self, name: str) -> None:
        """Raise ValueError for what is neither a word nor a state, and for a state without a word."""
        words = self.described.words
        to = words.reference(name)
        if words.listed and to.word not in words.by_name:
            raise ValueError(f"this API has no word for {name!r}; use one of {', '.join(words.by_name)}")

    @cached_property
    def words(self) -> Mapping[State, str]:
        """The vendor's usual word for each state."""
        return self.described.words.usual

    @cached_property
    def script(self) -> Script | None:
        """How jobs pass through the words; None if they are queued, work and end."""
        return script_of(self.described)

    @cached_property
    def submits(self) -> frozenset[str]:
        """The operations that create jobs."""
        return frozenset((*self.described.submissions, *self.described.sync))

    @cached_property
    def writers(self) -> frozenset[str]:
        """The operations that change jobs."""
        return self.submits | {move.operation for move in self.described.moves}

    @cached_property
    def read_operation(self) -> str:
        """The operation that reads a job; empty if none does."""
        return "" if self.described.read is None else self.described.read.operation

    @cached_property
    def list_operation(self) -> str:
        """The operation that lists jobs; empty if none does."""
        return "" if self.described.listing is None else self.described.listing.operation

    @cached_property
    def moves(self) -> Mapping[str, Sequence[JobMove]]:
        """The moves of each operation that changes jobs, in the order in which they are tried."""
        moves: dict[str, list[JobMove]] = {}
        for move in self.described.moves:
            moves.setdefault(move.operation, []).append(move)
        return moves

    @cached_property
    def sweeps(self) -> frozenset[str]:
        """The operations that change every job that they may."""
        return frozenset(move.operation for move in self.described.moves if move.every)

    @cached_property
    def cancel(self) -> JobMove | None:
        """The operation that cancels a job."""
        return self._first(State.CANCELLED)

    @cached_property
    def forget(self) -> JobMove | None:
        """The operation that deletes a job."""
        return self._first(Removal.DELETED)

    def _first(self, to: State | Removal) -> JobMove | None:
        moves = (move for move in self.described.moves if not move.every)
        return next((move for move in moves if _target(move) == to), None)

    def has_address(self, job: Job, account: Webhook) -> bool:
        """Return whether any webhook of a job has a URL."""
        return any(rule.address(job, account) for rule in self.deliveries)

    def states_of(self, rule: Deliver) -> frozenset[State]:
        """Return the states of which a webhook notifies, also those with some words only."""
        return self.described.words.meant_by(rule.on)

    def job_id(self, operation: str, body: object, headers: Mapping[str, str]) -> str:
        """Return the id in a response to a submission; empty if it has none."""
        response = ResponseParts(body=body, headers=headers)
        return find_job_id(self.described.ids_of(operation), response.value)

    def word_in(self, body: object) -> str:
        """Return the vendor's word in a body like that of the read operation; empty without one."""
        state = self.described.state_in(ResponseParts(body=body).value, 0)
        return state.word if state is not None and state.word in self.described.words.by_name else ""


def policy_of(rule: RetryRule | None) -> RetryPolicy:
    """Return which attempts to deliver a webhook are followed by another, and when."""
    if rule is None:
        return RetryPolicy()
    return RetryPolicy(
        retried=rule.on,
        waits=rule.waits,
        first=rule.first,
        factor=rule.factor,
        max_delay=inf if rule.ceiling is None else rule.ceiling,
        attempts=rule.attempts,
        timeout=RetryPolicy().timeout if rule.timeout is None else rule.timeout,
    )


def _target(move: JobMove) -> State | Removal:
    return move.to.state if isinstance(move.to, WordState) else move.to
