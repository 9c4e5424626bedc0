"""Sums over many jobs that change with time, without a look at all of them for each question."""

from collections.abc import Callable, Iterable, Mapping
from math import inf

import msgspec

from safelight_mock.core.changes import Changes
from safelight_mock.core.job import Inspect, InspectionKey, Job, NotInspectedError, Status, next_move, status
from safelight_mock.core.overlay_mapping import DueIndex

Amounts = tuple[int, ...]


def _all(_: Job) -> bool:
    return True


class Total(msgspec.Struct, frozen=True, kw_only=True):
    """What to sum up: `of` returns what a job's status adds to each sum; `zero` are the sums of no jobs.

    Jobs that `includes` is false for add nothing, and their inputs need no inspection.
    """

    zero: Amounts
    of: Callable[[Status], Amounts]
    includes: Callable[[Job], bool] = _all


def totals(total: Total, jobs: Iterable[Job], now: float, inspect: Inspect) -> Amounts:
    """Sum up jobs by a look at each of them."""
    amounts = (total.of(status(job, now, inspect)) for job in jobs if total.includes(job))
    return tuple(map(sum, zip(total.zero, *amounts, strict=True)))


class RunningTotals:
    """The sums over a mapping of jobs, carried on; `put` and `drop` have to be called for each change to it.

    A job is measured after it was put, when its state changes by plan, and when an inspection of one of its
    inputs has changed. A question costs O(log n) for each job to measure since the last one, however many
    there are. The first question, one with another `inspect` and one for an earlier moment measure all.
    """

    def __init__(self, total: Total, jobs: Mapping[str, Job]) -> None:
        self._total = total
        self._jobs = jobs
        self._inspect: Inspect | None = None
        self._changes: Changes | None = None
        self._position = 0
        self._until = -inf
        self._sums: list[int] = []
        self._begin()

    def put(self, job: Job) -> None:
        """Take in a job whose id is not there."""
        if self._total.includes(job):
            self._due[job.id] = -inf  # it is measured at the next question: only then the time is known
            self._index(job)

    def drop(self, job: Job) -> None:
        """Forget a job."""
        if self._total.includes(job):
            self._due.pop(job.id, None)
            self._take_back(job.id)
            self._unindex(job)

    def at(self, now: float, inspect: Inspect, changes: Changes) -> Amounts:
        """Return the sums at a moment; raises NotInspectedError with all inspections to make first.

        `changes` has the digests of inputs of which `inspect` sees something else than it did before.
        """
        if now < self._until or inspect is not self._inspect or changes is not self._changes:
            self._begin()  # the last question was that of a copy that was dropped, or of another inspector
            self._inspect, self._changes, self._position = inspect, changes, changes.position
        elif changes.position != self._position:
            self._measure_again(changes)
        self._until = now
        self._measure_due(now, inspect)
        return tuple(self._sums)

    @property
    def next_change(self) -> float:
        """When the sums can change next by the passage of time; infinity if they cannot."""
        return self._due.first

    def _begin(self) -> None:
        self._sums = [*self._total.zero]
        self._amounts: dict[str, Amounts] = {}  # what was added for a job, where that is not zero
        self._due = DueIndex()
        self._by_input: dict[str, dict[str, None]] = {}  # ids by digest, from the first change on
        self._is_indexed = False
        for job in self._jobs.values():
            self.put(job)

    def _measure_again(self, changes: Changes) -> None:
        """Have the jobs measured whose inputs were inspected with another result."""
        self._position, digests = changes.since(self._position)
        if digests is None:
            self._begin()
            return
        if not self._is_indexed:
            self._is_indexed = True
            for job in filter(self._total.includes, self._jobs.values()):
                self._index(job)
        for digest in digests:
            for job_id in self._by_input.get(digest, ()):
                self._due[job_id] = -inf

    def _index(self, job: Job) -> None:
        for digest in job.inputs if self._is_indexed else ():
            self._by_input.setdefault(digest, {})[job.id] = None

    def _unindex(self, job: Job) -> None:
        for digest in job.inputs if self._is_indexed else ():
            del self._by_input[digest][job.id]
            if not self._by_input[digest]:
                del self._by_input[digest]

    def _measure_due(self, now: float, inspect: Inspect) -> None:
        uninspected = set[InspectionKey]()
        for job_id in [*self._due.due(now)]:
            try:
                self._note(status(self._jobs[job_id], now, inspect), now)
            except NotInspectedError as error:
                uninspected |= error.keys
        if uninspected:
            raise NotInspectedError(frozenset(uninspected))

    def _note(self, measured: Status, now: float) -> None:
        job = measured.job
        self._take_back(job.id)
        amounts = self._total.of(measured)
        if any(amounts):
            self._amounts[job.id] = amounts
            self._sums = [*map(int.__add__, self._sums, amounts)]
        due = None if measured.state.is_over else next_move(job, now)
        del self._due[job.id]
        if due is not None:
            self._due[job.id] = due

    def _take_back(self, job_id: str) -> None:
        amounts = self._amounts.pop(job_id, None)
        if amounts is not None:
            self._sums = [*map(int.__sub__, self._sums, amounts)]
