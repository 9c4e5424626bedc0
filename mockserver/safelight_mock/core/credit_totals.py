"""What the jobs of a sandbox have cost and what is set aside for them, as sums that are carried on."""

from collections.abc import Iterable, Mapping
from heapq import heappop, heappush
from math import inf
from typing import NamedTuple

from safelight_mock.core.job import Eye, InspectionKey, Job, Status, UnjudgedError, status
from safelight_mock.core.ledger import charge, ledger


class Sums(NamedTuple):
    """Credits that jobs have paid, and that are set aside for others."""

    paid: int
    reserved: int


def sums(jobs: Iterable[Job], now: float, look: Eye) -> Sums:
    """Sum up jobs by a look at each."""
    whole = ledger(None, 0, (status(job, now, look) for job in jobs if job.price))
    return Sums(whole.paid, whole.reserved)


class Purse:
    """The sums over jobs, carried on as one is put in another's place, or removed.

    An ended job never changes, so it is looked at once, and one in progress not before it may be over. A
    question costs O(log n) for each job that has ended since the last one, however many there are.
    """

    __slots__ = ("_due", "_jobs", "_look", "_open", "_paid", "_reserved", "_settled", "_until")

    def __init__(self, jobs: Mapping[str, Job]) -> None:
        self._jobs = jobs
        self._paid = self._reserved = 0
        self._until = -inf
        self._look: Eye | None = None
        self._open: dict[str, tuple[float, Job]] = {}
        self._due: list[tuple[float, str]] = []  # when those may be over; some entries are out of date
        self._settled: dict[str, int] = {}
        self._begin()

    def put(self, job: Job) -> None:
        """Take a job in, or in the place of another with its id."""
        self.drop(job.id)
        if job.price:
            self._expect(job, -inf)  # at the next question: only then it is known what time it is
            self._reserved += job.price

    def drop(self, job_id: str) -> None:
        """Forget a job."""
        self._paid -= self._settled.pop(job_id, 0)
        opened = self._open.pop(job_id, None)
        self._reserved -= opened[1].price if opened else 0

    def sums(self, now: float, look: Eye) -> Sums:
        """Return the sums at a moment; raises UnjudgedError with all inputs to look at first."""
        if (
            now < self._until or look is not self._look
        ):  # who asked last had a copy that was dropped, or other eyes
            self._begin()
        self._until, self._look = now, look
        unjudged = set[InspectionKey]()
        for job in self._coming(now):
            try:
                self._note(status(job, now, look))
            except UnjudgedError as error:
                unjudged |= error.keys
                self._expect(job, -inf)
        if unjudged:
            raise UnjudgedError(frozenset(unjudged))
        return Sums(self._paid, self._reserved)

    def _begin(self) -> None:
        self._paid = self._reserved = 0
        for known in (self._open, self._due, self._settled):
            known.clear()
        for job in self._jobs.values():
            self.put(job)

    def _expect(self, job: Job, due: float) -> None:
        self._open[job.id] = (due, job)
        heappush(self._due, (due, job.id))

    def _coming(self, now: float) -> list[Job]:
        """Take out the jobs that may be over by now."""
        coming = []
        while self._due and self._due[0][0] <= now:
            due, job_id = heappop(self._due)
            if job_id in self._open and self._open[job_id][0] == due:
                coming.append(self._open.pop(job_id)[1])
        return coming

    def _note(self, found: Status) -> None:
        """Put a job that was taken out where it belongs now."""
        job = found.job
        if not found.state.is_over:
            self._expect(job, found.due)
            return
        self._reserved -= job.price
        self._settled[job.id] = charge(found)
        self._paid += self._settled[job.id]
