"""Which ended jobs and which idle sandboxes are evicted to make room for new ones.

Candidates are in heaps, so that one is found without a look at all of them. A candidate that turns out to be
in use is set aside until the earliest moment at which that can change: a moment of real time, a moment of its
sandbox's clock, or the next change of its sandbox. So the work for each change is bounded, however many
candidates there are. Entries that are out of date are skipped when they come to the top of a heap.

Not thread-safe: the registry calls these functions under its own lock. Callbacks may try the lock of another
sandbox, but never wait for it: two threads could wait for each other.
"""

from collections.abc import Callable, Iterable, Sequence
from heapq import heapify, heappop, heappush
from math import inf
from typing import NamedTuple

from safelight_mock.core.clock import Clock
from safelight_mock.core.overlay_mapping import DueIndex

SLACK = 1_000  # stale entries that a heap may have, so that a small one is not rebuilt all the time


class QueueEntry(NamedTuple):
    """A job: when it was submitted by its sandbox's clock, a serial number that decides ties, and its id."""

    submitted: float
    number: int
    job: str


class QueuedJob(NamedTuple):
    """A job to put in the queue, instead of an earlier entry of its id.

    `due`: when it may be over, by its sandbox's clock; -inf: now; infinity: not before the sandbox changes.
    """

    id: str
    submitted: float
    due: float


class Victim(NamedTuple):
    """A job that is evicted, and the name of its sandbox."""

    sandbox: str
    entry: QueueEntry


class _Queue:
    """The jobs of one sandbox: ready (may be over), waiting (may be over at a known time) and blocked."""

    __slots__ = ("blocked", "clock", "entries", "head", "latest", "ready", "waiting", "wake_at", "wake_basis")

    def __init__(self) -> None:
        self.clock = Clock()
        self.latest = 0.0
        self.entries: dict[str, QueueEntry] = {}  # an entry in a heap is valid while it is the one here
        self.ready: list[QueueEntry] = []
        self.waiting: list[tuple[float, QueueEntry]] = []  # with that time, by the sandbox's clock
        self.blocked: dict[str, QueueEntry] = {}  # not over before their sandbox changes
        self.wake_basis: tuple[Clock, float] | None = None  # what `wake_at` was computed from
        self.wake_at = inf  # real time at which the first waiting job may be over
        self.head: QueueEntry | None = None  # its entry in the heap of all queues

    def push(self, entry: QueueEntry, due: float) -> None:
        """Add an entry that may be over at a time of the sandbox's clock; infinity: not before a change."""
        if due == -inf:
            heappush(self.ready, entry)
        elif due < inf:
            heappush(self.waiting, (due, entry))
        else:
            self.blocked[entry.job] = entry

    def put(self, entry: QueueEntry, due: float) -> None:
        """Add an entry, instead of an earlier one of its job."""
        self.blocked.pop(entry.job, None)
        self.entries[entry.job] = entry
        self.push(entry, due)
        if len(self.ready) + len(self.waiting) > 2 * len(self.entries) + SLACK:
            self._rebuild()

    def drop(self, job: str) -> None:
        """Remove a job."""
        del self.entries[job]
        self.blocked.pop(job, None)

    def unblock(self, jobs: Iterable[str]) -> None:
        """Make those of these jobs ready that are blocked."""
        for job in jobs if self.blocked else ():
            entry = self.blocked.pop(job, None)
            if entry is not None:
                self.push(entry, -inf)

    def is_current(self, entry: QueueEntry) -> bool:
        """Return whether an entry of a heap is valid."""
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
        """Make the jobs ready that may be over by now."""
        now = max(self.latest, self.clock.at(real))
        while self.first_end() <= now:
            heappush(self.ready, heappop(self.waiting)[1])

    def _rebuild(self) -> None:
        """Rebuild the heaps: most of their entries are stale."""
        self.ready = [*filter(self.is_current, {*self.ready})]
        self.waiting = [pair for pair in {*self.waiting} if self.is_current(pair[1])]
        heapify(self.ready)
        heapify(self.waiting)


class OldestJobs:
    """The jobs of all sandboxes, in the order of eviction: oldest first."""

    def __init__(self) -> None:
        self._queues: dict[str, _Queue] = {}
        self._heads: list[tuple[QueueEntry, str]] = []  # one is valid for each queue with a ready job
        self._wakes = DueIndex()  # by sandbox: real time at which its first waiting job may be over
        self._due: dict[str, None] = {}  # sandboxes whose first waiting job may be over now
        self._numbers = 0

    def change(  # noqa: PLR0913 - whose, its time, and three kinds of change
        self,
        sandbox: str,
        clock: Clock,
        now: float,
        *,
        put: Sequence[QueuedJob] = (),
        dropped: Iterable[str] = (),
        unblocked: Iterable[str] = (),
    ) -> None:
        """Record a change of a sandbox: its clock and the time that shows, jobs put and jobs dropped.

        `unblocked`: jobs that may be over now, although they were blocked.
        """
        queue = self._queues.get(sandbox)
        if queue is None:
            if not put:
                return
            queue = self._queues[sandbox] = _Queue()
        for job in put:
            before = queue.entries.get(job.id)
            self._numbers += before is None
            queue.put(QueueEntry(job.submitted, before.number if before else self._numbers, job.id), job.due)
        for job_id in dropped:
            queue.drop(job_id)
        queue.unblock(unblocked)
        queue.clock, queue.latest = clock, now
        if queue.first_end() <= now:
            self._due[sandbox] = None
        self._update_head(sandbox, queue)
        self._schedule_wake(sandbox, queue)

    def drop_all(self, sandbox: str) -> None:
        """Remove the jobs of a sandbox."""
        self._queues.pop(sandbox, None)
        self._due.pop(sandbox, None)
        self._wakes.pop(sandbox, None)

    def recheck(self, sandbox: str, jobs: Iterable[str]) -> None:
        """Check blocked jobs again when eviction needs candidates: what blocked them may be over."""
        queue = self._queues.get(sandbox)
        if queue is not None:
            queue.unblock(jobs)
            self._update_head(sandbox, queue)

    def pick(self, count: int, real: float, check: Callable[[str, str], float | None]) -> list[Victim]:
        """Return the `count` oldest jobs that may be evicted, or fewer; they leave the queue.

        Each must be dropped or put back later. `check` returns -inf for a job that may be evicted, the time
        of its sandbox at which it may, infinity if that takes a change, and None if its sandbox is in use.
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
                    self._schedule_wake(sandbox, queue)
            self._update_head(sandbox, queue)
        for sandbox in in_use:
            self._update_head(sandbox, self._queues[sandbox])
        return victims

    def put_back(self, victims: Iterable[Victim]) -> None:
        """Return jobs to the queue that were not evicted after all."""
        for sandbox, entry in victims:
            queue = self._queues.get(sandbox)
            if queue is not None and queue.is_current(entry):
                queue.push(entry, -inf)
                self._update_head(sandbox, queue)

    def _promote_all(self, real: float) -> None:
        """Make jobs ready whose end has come."""
        for sandbox in [*self._wakes.due(real)]:
            del self._wakes[sandbox]
            self._queues[sandbox].wake_basis, self._queues[sandbox].wake_at = None, inf
            self._due[sandbox] = None
        for sandbox in self._due:
            queue = self._queues[sandbox]
            queue.promote(real)
            self._schedule_wake(sandbox, queue)
            self._update_head(sandbox, queue)
        self._due = {}

    def _schedule_wake(self, sandbox: str, queue: _Queue) -> None:
        """Set the real time at which the first waiting job of a queue may be over."""
        end = queue.first_end()
        if queue.wake_basis == (queue.clock, end):
            return
        queue.wake_basis = queue.clock, end
        wake_at = inf if queue.clock.is_stopped or end == inf else queue.clock.moment_of(end)
        if wake_at == queue.wake_at:
            return
        queue.wake_at = wake_at
        if wake_at < inf:
            self._wakes[sandbox] = wake_at
        else:
            self._wakes.pop(sandbox, None)

    def _update_head(self, sandbox: str, queue: _Queue) -> None:
        """Enter the first job of a queue in the heap of all queues."""
        first = queue.first()
        if first is not None and first is not queue.head:
            heappush(self._heads, (first, sandbox))
        queue.head = first
        if len(self._heads) > 2 * len(self._queues) + SLACK:
            self._heads = [(each.head, name) for name, each in self._queues.items() if each.head is not None]
            heapify(self._heads)


class IdleSandboxes:
    """Sandboxes in the order of eviction: least recently used first.

    `used` returns when a sandbox was last used, as a growing number; None for one that no longer exists.
    """

    def __init__(self, used: Callable[[str], int | None]) -> None:
        self._used = used
        self._order: list[tuple[int, str]] = []
        self._listed: set[str] = set()  # the names in it
        self._later = DueIndex()  # by name: real time at which it may be idle

    def recheck(self, sandbox: str) -> None:
        """Check a sandbox, which is new or has changed, when eviction needs a candidate."""
        if sandbox in self._listed:
            return
        used = self._used(sandbox)
        if used is not None:
            self._listed.add(sandbox)
            heappush(self._order, (used, sandbox))

    def pick(self, real: float, check: Callable[[str], float | None]) -> str | None:
        """Return the least recently used idle sandbox, and remove it from the list; None if there is none.

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
