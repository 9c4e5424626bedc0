"""The order in which ended jobs and idle sandboxes are evicted to make room for new ones.

Candidates are kept in heaps. A candidate that cannot be evicted yet is set aside until it may be: a real
time, a time of its sandbox's clock, or the next change of its sandbox. A change therefore costs a few heap
operations, however many candidates there are. Stale entries are skipped when they reach the top of a heap
(lazy deletion).

Not thread-safe: the registry calls these functions under its own lock. Callbacks may try-lock another
sandbox, but never wait for its lock: that could deadlock.
"""

from collections.abc import Callable, Iterable, Sequence
from heapq import heapify, heappop, heappush
from math import inf
from typing import NamedTuple

from safelight_mock.core.clock import Clock
from safelight_mock.core.overlay_mapping import DueIndex

MAX_STALE = 1_000  # stale entries that a heap may have in any case: a small one is not rebuilt often


class QueueEntry(NamedTuple):
    """A job in a heap: submission time by its sandbox's clock, a serial number as tie-breaker, and its id."""

    submitted: float
    number: int
    job: str


class QueuedJob(NamedTuple):
    """A job to add to the queue; replaces an earlier entry of the same id.

    `due`: when it may have ended, by its sandbox's clock; -inf: now; inf: not before the sandbox changes.
    """

    id: str
    submitted: float
    due: float


class Victim(NamedTuple):
    """A job to evict, and the name of its sandbox."""

    sandbox: str
    entry: QueueEntry


class _Queue:
    """The jobs of one sandbox: ready (may have ended), waiting (may end at a known time) and blocked."""

    __slots__ = ("blocked", "clock", "entries", "head", "latest", "ready", "waiting", "wake_at", "wake_basis")

    def __init__(self) -> None:
        self.clock = Clock()
        self.latest = 0.0
        self.entries: dict[str, QueueEntry] = {}  # an entry in a heap is valid while it is the one here
        self.ready: list[QueueEntry] = []
        self.waiting: list[tuple[float, QueueEntry]] = []  # with that time, by the sandbox's clock
        self.blocked: dict[str, QueueEntry] = {}  # cannot end before their sandbox changes
        self.wake_basis: tuple[Clock, float] | None = None  # what `wake_at` was computed from
        self.wake_at = inf  # real time at which the first waiting job may have ended
        self.head: QueueEntry | None = None  # its entry in the heap of all queues

    def push(self, entry: QueueEntry, due: float) -> None:
        """Add an entry that may have ended at a time of the sandbox's clock; inf: not before a change."""
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
        if len(self.ready) + len(self.waiting) > 2 * len(self.entries) + MAX_STALE:
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
        """Return the oldest job that may have ended."""
        while self.ready and not self.is_current(self.ready[0]):
            heappop(self.ready)
        return self.ready[0] if self.ready else None

    def first_end(self) -> float:
        """Return the earliest time at which a waiting job may end; inf if none is waiting."""
        while self.waiting and not self.is_current(self.waiting[0][1]):
            heappop(self.waiting)
        return self.waiting[0][0] if self.waiting else inf

    def promote(self, real: float) -> None:
        """Move the waiting jobs that may have ended by now to `ready`."""
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
        self._wakes = DueIndex()  # by sandbox: real time at which its first waiting job may have ended
        self._due: dict[str, None] = {}  # sandboxes whose first waiting job may have ended now
        self._numbers = 0

    def change(  # noqa: PLR0913 - a sandbox, its time, and three kinds of change
        self,
        sandbox: str,
        clock: Clock,
        now: float,
        *,
        put: Sequence[QueuedJob] = (),
        dropped: Iterable[str] = (),
        unblocked: Iterable[str] = (),
    ) -> None:
        """Record a change of a sandbox: its clock and current time, and jobs added and dropped.

        `unblocked`: jobs that may have ended now, although they were blocked.
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
        """Make blocked jobs candidates again: their pins may have expired."""
        queue = self._queues.get(sandbox)
        if queue is not None:
            queue.unblock(jobs)
            self._update_head(sandbox, queue)

    def pick(self, count: int, real: float, check: Callable[[str, str], float | None]) -> list[Victim]:
        """Remove and return the oldest jobs that may be evicted, at most `count`.

        The caller drops them or calls `put_back`. `check` returns when a job may be evicted, by its sandbox's
        clock: -inf for now, inf for not before a change; None if its sandbox is in use.
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
        """Put jobs back into the queue that were not evicted."""
        for sandbox, entry in victims:
            queue = self._queues.get(sandbox)
            if queue is not None and queue.is_current(entry):
                queue.push(entry, -inf)
                self._update_head(sandbox, queue)

    def _promote_all(self, real: float) -> None:
        """Promote the waiting jobs of all sandboxes that may have ended."""
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
        """Set the real time at which the first waiting job of a queue may have ended."""
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
        """Push the first ready job of a queue to the heap of all queues."""
        first = queue.first()
        if first is not None and first is not queue.head:
            heappush(self._heads, (first, sandbox))
        queue.head = first
        if len(self._heads) > 2 * len(self._queues) + MAX_STALE:
            self._heads = [(each.head, name) for name, each in self._queues.items() if each.head is not None]
            heapify(self._heads)


class IdleSandboxes:
    """Sandboxes in the order of eviction: least recently used first.

    `used` returns the tick of the last use of a sandbox; None if it no longer exists.
    """

    def __init__(self, used: Callable[[str], int | None]) -> None:
        self._used = used
        self._order: list[tuple[int, str]] = []
        self._listed: set[str] = set()  # the names in it
        self._later = DueIndex()  # by name: real time at which it may be idle

    def recheck(self, sandbox: str) -> None:
        """Make a new or changed sandbox a candidate."""
        if sandbox in self._listed:
            return
        used = self._used(sandbox)
        if used is not None:
            self._listed.add(sandbox)
            heappush(self._order, (used, sandbox))

    def pick(self, real: float, check: Callable[[str], float | None]) -> str | None:
        """Remove and return the least recently used idle sandbox; None if there is none.

        `check` returns the real time from which a sandbox may be idle: -inf for now, inf for not before a
        change; None if it is in use.
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
