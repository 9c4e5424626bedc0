"""Which ended jobs, and which idle sandboxes, make room for others: without a look at all of them.

Both keep candidates in heaps that are corrected lazily. A candidate that turns out to be in use is put aside
until the earliest moment at which that can be different: a moment of real time, or of its sandbox's, or the
next change of it. So each is looked at a bounded number of times for each change, however many there are.

Not safe for threads: the registry calls these under its own lock. The callbacks may try the lock of another
sandbox, but never wait for it.
"""

from collections.abc import Callable, Iterable, Sequence
from heapq import heapify, heappop, heappush
from math import inf
from typing import NamedTuple

from safelight_mock.core.clock import Clock
from safelight_mock.core.overlay_mapping import DueIndex

SLACK = (
    1_000  # entries out of date that may be left in a heap, so that a small one is not made anew all the time
)


class QueueEntry(NamedTuple):
    """A job among all: when it was submitted by its sandbox's clock, its place among all, and its id."""

    submitted: float
    place: int
    job: str


class QueuedJob(NamedTuple):
    """A job to put in the queue, in the place of one with its id.

    It may be over at `due` by its sandbox's clock: -inf: at once; infinity: not before it changes.
    """

    id: str
    submitted: float
    due: float


class Victim(NamedTuple):
    """A job that makes room for another."""

    sandbox: str
    entry: QueueEntry


class _Queue:
    """The jobs of one sandbox: those that may be over, those that are not before a time, those kept back."""

    __slots__ = ("awaited", "clock", "entries", "head", "kept_back", "latest", "ready", "waiting", "wake")

    def __init__(self) -> None:
        self.clock = Clock()
        self.latest = 0.0
        self.entries: dict[str, QueueEntry] = {}  # an entry in a heap counts while it is the one here
        self.ready: list[QueueEntry] = []
        self.waiting: list[tuple[float, QueueEntry]] = []  # by when they may be over, in the sandbox's time
        self.kept_back: dict[str, QueueEntry] = {}  # until their sandbox changes
        self.awaited: tuple[Clock, float] | None = None  # what `wake` was made of
        self.wake = inf  # when it is looked at by itself, in real time
        self.head: QueueEntry | None = None  # what stands for this queue among all

    def push(self, entry: QueueEntry, due: float) -> None:
        """Add an entry that may be over at a time of the sandbox; infinity: not before that changes."""
        if due == -inf:
            heappush(self.ready, entry)
        elif due < inf:
            heappush(self.waiting, (due, entry))
        else:
            self.kept_back[entry.job] = entry

    def put(self, entry: QueueEntry, due: float) -> None:
        """Add an entry in the place of the one of its job."""
        self.kept_back.pop(entry.job, None)
        self.entries[entry.job] = entry
        self.push(entry, due)
        if len(self.ready) + len(self.waiting) > 2 * len(self.entries) + SLACK:
            self._tidy()

    def drop(self, job: str) -> None:
        """Forget a job."""
        del self.entries[job]
        self.kept_back.pop(job, None)

    def ready_again(self, jobs: Iterable[str]) -> None:
        """Let those of some jobs be ready that were kept back."""
        for job in jobs if self.kept_back else ():
            entry = self.kept_back.pop(job, None)
            if entry is not None:
                self.push(entry, -inf)

    def is_current(self, entry: QueueEntry) -> bool:
        """Return whether an entry of a heap counts."""
        return self.entries.get(entry.job) is entry

    def first(self) -> QueueEntry | None:
        """Return the oldest job that may be over."""
        while self.ready and not self.is_current(self.ready[0]):
            heappop(self.ready)
        return self.ready[0] if self.ready else None

    def first_end(self) -> float:
        """Return the earliest time at which another job may be over; infinity if none will be."""
        while self.waiting and not self.is_current(self.waiting[0][1]):
            heappop(self.waiting)
        return self.waiting[0][0] if self.waiting else inf

    def promote(self, real: float) -> None:
        """Let the jobs be ready that may be over by now."""
        now = max(self.latest, self.clock.at(real))
        while self.first_end() <= now:
            heappush(self.ready, heappop(self.waiting)[1])

    def _tidy(self) -> None:
        """Make the heaps anew: most of their entries are out of date."""
        self.ready = [*filter(self.is_current, {*self.ready})]
        self.waiting = [pair for pair in {*self.waiting} if self.is_current(pair[1])]
        heapify(self.ready)
        heapify(self.waiting)


class OldestJobs:
    """All jobs, in the order in which they give way to others: those that were submitted first go first."""

    def __init__(self) -> None:
        self._queues: dict[str, _Queue] = {}
        self._heads: list[
            tuple[QueueEntry, str]
        ] = []  # one counts for each queue with a job that may be over
        self._wakes = DueIndex()  # real moments at which the first job that waits may be over, by sandbox
        self._past: dict[str, None] = {}  # sandboxes whose time has come to the first that waits
        self._places = 0

    def change(  # noqa: PLR0913 - whose, its time, and three kinds of change
        self,
        sandbox: str,
        clock: Clock,
        now: float,
        *,
        put: Sequence[QueuedJob] = (),
        dropped: Iterable[str] = (),
        again: Iterable[str] = (),
    ) -> None:
        """Note the clock of a sandbox that has changed, and what it shows, with jobs put and dropped.

        What kept jobs back may be over for those to look at `again`.
        """
        queue = self._queues.get(sandbox)
        if queue is None:
            if not put:
                return
            queue = self._queues[sandbox] = _Queue()
        for job in put:
            before = queue.entries.get(job.id)
            self._places += before is None
            queue.put(QueueEntry(job.submitted, before.place if before else self._places, job.id), job.due)
        for job_id in dropped:
            queue.drop(job_id)
        queue.ready_again(again)
        queue.clock, queue.latest = clock, now
        if queue.first_end() <= now:
            self._past[sandbox] = None
        self._show(sandbox, queue)
        self._wait(sandbox, queue)

    def drop_all(self, sandbox: str) -> None:
        """Forget the jobs of a sandbox."""
        self._queues.pop(sandbox, None)
        self._past.pop(sandbox, None)
        self._wakes.pop(sandbox, None)

    def recheck(self, sandbox: str, jobs: Iterable[str]) -> None:
        """Look again at jobs that were kept back, for what kept them may be over."""
        queue = self._queues.get(sandbox)
        if queue is not None:
            queue.ready_again(jobs)
            self._show(sandbox, queue)

    def pick(self, count: int, real: float, check: Callable[[str, str], float | None]) -> list[Victim]:
        """Return the oldest jobs that may go; they are out of the queue until they are dropped or put back.

        `check` returns -inf for one that may go, the time of its sandbox at which it may, infinity if that
        takes a change, and None if its sandbox is in use. May return fewer jobs than are wanted.
        """
        self._promote_all(real)
        victims: list[Victim] = []
        in_use: list[str] = []
        while self._heads and len(victims) < count:
            entry, sandbox = heappop(self._heads)
            queue = self._queues.get(sandbox)
            if queue is None or queue.head is not entry:
                continue
            queue.head = None
            if queue.first() is entry:
                due = check(sandbox, entry.job)
                if due is None:
                    in_use.append(sandbox)
                    continue
                heappop(queue.ready)
                if due == -inf:
                    victims.append(Victim(sandbox, entry))
                else:
                    queue.push(entry, due)
                    self._wait(sandbox, queue)
            self._show(sandbox, queue)
        for sandbox in in_use:
            self._show(sandbox, self._queues[sandbox])
        return victims

    def put_back(self, victims: Iterable[Victim]) -> None:
        """Return jobs to the queue that did not go after all."""
        for sandbox, entry in victims:
            queue = self._queues.get(sandbox)
            if queue is not None and queue.is_current(entry):
                queue.push(entry, -inf)
                self._show(sandbox, queue)

    def _promote_all(self, real: float) -> None:
        """Look at the sandboxes whose time has come to the end of a job."""
        for sandbox in [*self._wakes.due(real)]:
            del self._wakes[sandbox]
            self._queues[sandbox].awaited, self._queues[sandbox].wake = None, inf
            self._past[sandbox] = None
        for sandbox in self._past:
            queue = self._queues[sandbox]
            queue.promote(real)
            self._wait(sandbox, queue)
            self._show(sandbox, queue)
        self._past = {}

    def _wait(self, sandbox: str, queue: _Queue) -> None:
        """Have a queue looked at when the first of its jobs that wait may be over."""
        end = queue.first_end()
        if queue.awaited == (queue.clock, end):
            return
        queue.awaited = queue.clock, end
        # If real time moves the clock, when it shows that end.
        wake = inf if queue.clock.is_stopped or end == inf else queue.clock.moment_of(end)
        if wake == queue.wake:
            return
        queue.wake = wake
        if wake < inf:
            self._wakes[sandbox] = wake
        else:
            self._wakes.pop(sandbox, None)

    def _show(self, sandbox: str, queue: _Queue) -> None:
        """Represent a queue by its first job among all queues."""
        first = queue.first()
        if first is not None and first is not queue.head:
            heappush(self._heads, (first, sandbox))
        queue.head = first
        if len(self._heads) > 2 * len(self._queues) + SLACK:
            self._heads = [(each.head, name) for name, each in self._queues.items() if each.head is not None]
            heapify(self._heads)


class IdleSandboxes:
    """Sandboxes in the order in which they give way to others: the least recently used one goes first.

    `used` returns when a sandbox was used last, as a number that grows; None for one that is gone.
    """

    def __init__(self, used: Callable[[str], int | None]) -> None:
        self._used = used
        self._order: list[tuple[int, str]] = []
        self._listed: set[str] = set()  # the names in it
        self._later = DueIndex()  # real moments, by name

    def recheck(self, sandbox: str) -> None:
        """Look at a sandbox that is new or has changed, when room is needed."""
        if sandbox in self._listed:
            return
        used = self._used(sandbox)
        if used is not None:
            self._listed.add(sandbox)
            heappush(self._order, (used, sandbox))

    def pick(self, real: float, check: Callable[[str], float | None]) -> str | None:
        """Return the least recently used sandbox that is idle, if one is; it is not listed any more.

        `check` returns -inf for one that is idle, the real moment at which it may be, infinity if that takes
        a change, and None if it is in use.
        """
        for sandbox in [*self._later.due(real)]:
            del self._later[sandbox]
            self.recheck(sandbox)
        in_use: list[str] = []
        idle = self._first_idle(check, in_use)
        for sandbox in in_use:
            self.recheck(sandbox)
        return idle

    def _first_idle(self, check: Callable[[str], float | None], in_use: list[str]) -> str | None:
        while self._order:
            used, sandbox = heappop(self._order)
            self._listed.discard(sandbox)
            if self._used(sandbox) != used:
                self.recheck(sandbox)  # used since, or gone
                continue
            due = check(sandbox)
            if due == -inf:
                return sandbox
            if due is None:
                in_use.append(sandbox)
            elif due < inf:
                self._later[sandbox] = due
        return None
