"""The lifecycles of an API: `x-async-jobs`, version 2, as values. docs/lifecycles.md is the specification."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from safelight_lifecycle._places import Places, ValueReader, first_value
from safelight_lifecycle._record import EMPTY, Record
from safelight_lifecycle._states import State
from safelight_lifecycle._words import Words, WordState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from safelight_lifecycle._accepts import AcceptedInput
    from safelight_lifecycle._deliveries import DeliveryRule
    from safelight_lifecycle._expressions import Expression
    from safelight_lifecycle._ids import JobIds
    from safelight_lifecycle._limits import Concurrency, Deadline, Idempotency, Timing, Wait
    from safelight_lifecycle._operations import JobList, JobMove, JobRead, Removal, Submission
    from safelight_lifecycle._rates import RateHeaders
    from safelight_lifecycle._refusals import Refusals
    from safelight_lifecycle._results import JobInput, JobResult
    from safelight_lifecycle._streams import Stream
    from safelight_lifecycle._uploads import Upload
    from safelight_lifecycle._values import Value


class Lifecycle(Record):
    """How one kind of job is submitted, read, changed, delivered and removed.

    Durations are in seconds, places are parsed runtime expressions, operations are operationIds. None and
    empty values mean that the API does not offer it. `scale` is the place of the factor by which an image is
    wider and higher than the input. `reports` has what the server writes about a job, by place.
    """

    name: str
    submit: tuple[Submission, ...]
    ids: JobIds
    sync: tuple[str, ...] = ()
    read: JobRead | None = None
    listing: JobList | None = None
    words: Words = Words()
    moves: tuple[JobMove, ...] = ()
    result: JobResult | None = None
    results: Mapping[str, JobResult] = EMPTY
    input: JobInput | None = None
    accepts: AcceptedInput | None = None
    scale: Expression | None = None
    errors: Places = ()
    reports: Mapping[Expression, Value] = EMPTY
    wait: Wait | None = None
    deadline: Deadline | None = None
    concurrency: Concurrency | None = None
    retention: float | None = None
    timing: Timing | None = None
    price: float | None = None
    deliver: tuple[DeliveryRule, ...] = ()
    idempotency: Idempotency | None = None
    nonce: Expression | None = None
    stream: Stream | None = None

    @cached_property
    def submissions(self) -> Mapping[str, Submission]:
        """The operations of `submit` by name."""
        return {one.operation: one for one in self.submit}

    @cached_property
    def operations(self) -> frozenset[str]:
        """Every operation that starts, reads, lists or changes these jobs, or responds with their results."""
        results = (self.result, *(one.result for one in self.submit), *self.results.values())
        others = (self.read, self.listing, self.input, self.stream, *self.moves, *results)
        named = (one.operation for one in others if one is not None)
        return frozenset((*self.submissions, *self.sync, *named)) - {""}

    def operation_to(self, to: State | Removal) -> str | None:
        """Return the first operation that leads a job to a state, or removes it, or None."""
        moves = (move for move in self.moves if not move.every)
        targets = ((move, move.to.state if isinstance(move.to, WordState) else move.to) for move in moves)
        return next((move.operation for move, target in targets if target == to), None)

    def applied_move(self, operation: str, status: WordState) -> JobMove | None:
        """Return what an operation does with a job of this status: the first of its moves that allows it."""
        moves = (move for move in self.moves if move.operation == operation)
        return next((move for move in moves if status in move.allowed), None)

    def ids_of(self, operation: str) -> JobIds:
        """Return where the response of a submit operation has the id."""
        submission = self.submissions.get(operation)
        return self.ids if submission is None or submission.ids is None else submission.ids

    def result_of(self, operation: str) -> JobResult | None:
        """Return the result of the jobs that an operation starts."""
        submission = self.submissions.get(operation)
        return self.result if submission is None or submission.result is None else submission.result

    def timing_of(self, operation: str) -> Timing | None:
        """Return how long the jobs take that an operation starts."""
        submission = self.submissions.get(operation)
        return self.timing if submission is None or submission.timing is None else submission.timing

    def price_of(self, operation: str) -> float | None:
        """Return how many credits the jobs cost that an operation starts."""
        submission = self.submissions.get(operation)
        return self.price if submission is None or submission.price is None else submission.price

    def state_in(self, value: ValueReader, status: int) -> WordState | None:
        """Return word and state in a response of the read operation; None if it has neither.

        A word that the lifecycle lacks means `queued`, so that a client goes on waiting. Of a word or a
        status for several final states, it is the first one, or `failed` if the response has an error. The
        words of a boolean are `true` and `false`.
        """
        read = self.read
        word = first_value(read.state, value) if read else None
        if isinstance(word, bool):
            word = str(word).lower()
        if isinstance(word, str) and word:
            return self._chosen(word, self._means(word), value)
        states = read.by_status.get(status) if read and not read.state else None
        if states is None:
            return None
        means = [*states.states, *(state for name in states.words for state in self._means(name))]
        return self._chosen("", [state for state in State if state in means], value)

    def _means(self, word: str) -> tuple[State, ...]:
        known = self.words.by_name.get(word)
        return (State.QUEUED,) if known is None else known.means

    def _chosen(self, word: str, means: tuple[State, ...] | list[State], value: ValueReader) -> WordState:
        has_failed = State.FAILED in means and len(means) > 1 and first_value(self.errors, value)
        state = State.FAILED if has_failed else means[0]
        return WordState(word or self.words.usual.get(state, state), state)


class AsyncJobs(Record):
    """All of `x-async-jobs`: lifecycles by name, uploads, error responses, and headers of rate limits."""

    lifecycles: Mapping[str, Lifecycle]
    inputs: tuple[Upload, ...] = ()
    refusals: Refusals
    rate: RateHeaders

    def lifecycle_of(self, operation: str) -> Lifecycle | None:
        """Return the lifecycle that an operation belongs to; None if it belongs to none."""
        return self._by_operation.get(operation)

    @cached_property
    def _by_operation(self) -> Mapping[str, Lifecycle]:
        return {name: one for one in self.lifecycles.values() for name in one.operations}
