"""All sandboxes of a twin, within bounds: who may come in, and who has to leave."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache
from hashlib import blake2b
from heapq import heapify, heappop, heappush
from math import inf
from typing import TYPE_CHECKING

from safelight_mock.config.settings import Settings
from safelight_mock.core.clock import Clock
from safelight_mock.core.job import WHOLE, Eye, Job, end_of, is_over
from safelight_mock.core.sandbox import Sandbox, jobs_of
from safelight_mock.wire.problem import Kind, Problem

if TYPE_CHECKING:
    from safelight_mock.storage.working_copy import Opened

Entry = tuple[float, int, str, str]
"""When a job was submitted, its place among all, its sandbox's name and its id."""

KEYS = 1_000  # whose names are remembered
SLACK = 1_000  # entries out of date that may be left, so that a small heap is not made anew all the time


@lru_cache(KEYS)
def name_of(vendor: str, key: str) -> str:
    """Return the name of a key's sandbox: a digest, from which no key can be read."""
    return blake2b(f"{vendor}/{key}".encode(), digest_size=8).hexdigest()


def inputs_of(sandbox: Sandbox) -> set[str]:
    """Return the digests of the inputs that a sandbox's jobs refer to."""
    return {digest for job in sandbox.jobs.values() for digest in _inputs(job)}


def _inputs(job: Job) -> AbstractSet[str]:
    return {job.source.digest, *job.others} - {""}


class Crowd:
    """Sandboxes by name, the least recently used first. A sandbox is named by a digest, never by its key.

    What would take a look at all jobs is counted as they come and go. `seen` says by a vendor's slug what
    looks at its jobs without looking at inputs that are not known.
    """

    def __init__(
        self,
        seed: str,
        settings: Settings,
        *,
        seen: Callable[[str], Eye] = lambda _vendor: lambda _job: WHOLE,
        wall_at: Callable[[float], float] = float,
    ) -> None:
        self._seed = seed
        self._settings = settings
        self._clock = Clock(mode=settings.clock, pace=settings.pace)
        self.seen = seen
        self._wall_at = wall_at
        self._sandboxes: dict[str, Sandbox] = {}
        self._labels: dict[str, str] = {}
        self._jobs = 0
        self._inputs: Counter[str] = Counter()  # by how many jobs each is referred to
        self._oldest: list[Entry] = []  # a heap of all jobs, and of some that are gone
        self._places = 0
        self._awaited: dict[str, float] = {}
        # After a look at all jobs in vain: only so many may go, until then or until a sandbox is changed.
        self._most_going, self._until = 0, -inf
        self.spare: dict[str, Opened] = {}  # unchanged copies: to make one costs a third of a poll

    def __iter__(self) -> Iterator[Sandbox]:
        return iter(self._sandboxes.values())

    def add(self, sandbox: Sandbox) -> None:
        """Take in a sandbox that was made before, in the place of one of its name."""
        self._uncount(sandbox.name)
        self._until = -inf
        self._sandboxes[sandbox.name] = sandbox
        self._jobs += len(sandbox.jobs)
        for job in sandbox.jobs.values():
            self._count(sandbox.name, job)
        if sandbox.label:
            self._labels[sandbox.label] = sandbox.name

    def remove(self, name: str) -> None:
        """Let a sandbox go."""
        self._until = -inf
        self._uncount(name)
        del self._sandboxes[name]

    def merge(self, base: Sandbox, copy: Sandbox) -> None:
        """Let a sandbox become what a copy of it has become."""
        self._until = -inf
        if base.label != copy.label:
            self._labels.pop(base.label, None)
            self._labels |= {copy.label: copy.name} if copy.label else {}
        self._jobs += len(copy.jobs) - len(base.jobs)
        hidden = {job.id: job for job in jobs_of(copy).hidden}
        fresh = jobs_of(copy).fresh
        self.spare.pop(base.name, None)
        base.merge(copy)
        for job in hidden.values():
            self._drop_inputs(job)
        for job in fresh.values():
            self._count(copy.name, job, is_known=job.id in hidden)

    def admit(self, sandbox: Sandbox) -> None:
        """Make sure that a sandbox made elsewhere, or another in the place of one, can be added.

        No other gives up a job for it. Raises Problem when there is no room.
        """
        there = self._sandboxes.get(sandbox.name)
        others = self._jobs - (0 if there is None else len(there.jobs))
        if others + len(sandbox.jobs) > self._settings.capacity:
            why = f"{len(sandbox.jobs)} jobs do not fit beside the {others} others of this twin"
            raise Problem(Kind.NO_ROOM, why=f"{why}, which takes {self._settings.capacity}")

    def named(self, name: str) -> Sandbox | None:
        """Return the sandbox of that name."""
        return self._sandboxes.get(name)

    def labelled(self, label: str) -> Sandbox | None:
        """Return the sandbox that people call by that label."""
        return self._sandboxes.get(self._labels.get(label, ""))

    def touch(self, name: str) -> None:
        """Note that a sandbox is used."""
        self._sandboxes[name] = self._sandboxes.pop(name)

    def sandbox(self, vendor: str, key: str, real: float) -> Sandbox:
        """Return the sandbox of a key to look at; one that is not there is made, and not kept.

        Raises Problem when none of the others is idle.
        """
        name = name_of(vendor, key)
        if name not in self._sandboxes:
            for idle in self.leaving(real, coming=1, besides=()):
                self.remove(idle)
            self.add(self.made(name, vendor, real))
        return self._sandboxes[name]

    def made(self, name: str, vendor: str, real: float) -> Sandbox:
        """Return a new sandbox."""
        return Sandbox(
            name=name, seed=self._seed, vendor=vendor, clock=self._clock.begun(real, self._wall_at(real))
        )

    def leaving(self, real: float, *, coming: int, besides: Collection[str]) -> list[str]:
        """Return which sandbox has to go for another one, beside so many others that come and some that stay.

        Raises Problem when none is idle.
        """
        if len(self._sandboxes) + coming <= self._settings.sandboxes:
            return []
        awaited = self._awaited_at(real)
        for sandbox in self:
            is_free = sandbox.name not in besides and not any(job in sandbox.jobs for job in awaited)
            if is_free and sandbox.is_idle(real):
                return [sandbox.name]
        raise Problem(Kind.NO_ROOM, why=f"all {self._settings.sandboxes} sandboxes of this twin are in use")

    def going(
        self, coming: int, real: float, look_at: Callable[[str], Sandbox | None]
    ) -> list[tuple[str, str]]:
        """Return the oldest jobs that are over, by sandbox and id: so many coming ones take their place.

        `look_at` shows a sandbox as it will be without them. Raises Problem when too few are over.
        """
        surplus = self._jobs + coming - self._settings.capacity
        if surplus <= 0:
            return []
        if surplus > self._most_going and real < self._until:
            raise Problem(Kind.NO_ROOM, why=self._full(surplus))
        awaited, seen, going = self._awaited_at(real), dict[tuple[str, str], Entry](), list[tuple[str, str]]()
        until = inf
        while self._oldest and len(going) < surplus:
            entry = heappop(self._oldest)
            _, _, name, job_id = entry
            if (name, job_id) in seen or not self._is_there(entry):
                continue
            seen[name, job_id] = entry
            sandbox = look_at(name)
            if sandbox is not None and job_id not in awaited and sandbox.may_lose(job_id, real):
                going.append((name, job_id))
            else:
                until = min(until, self._may_go_at(entry, real))
        for entry in seen.values():  # which may be dropped again, with the call
            heappush(self._oldest, entry)
        if len(going) < surplus:
            self._most_going, self._until = len(going), until
            raise Problem(Kind.NO_ROOM, why=self._full(surplus))
        return going

    def await_end(self, job: str, *, until: float, real: float) -> None:
        """Keep a job until then, for a call waits for its end."""
        self._awaited = {other: end for other, end in self._awaited.items() if end > real} | {job: until}

    def end_wait(self, job: str) -> None:
        """Keep a job no longer: the call that waited for it is answered."""
        if self._awaited.pop(job, None) is not None:
            self._until = -inf

    def inputs(self) -> AbstractSet[str]:
        """Return the digests of the inputs that jobs refer to; may be asked from any thread."""
        return self._inputs.keys()

    def _count(self, name: str, job: Job, *, is_known: bool = False) -> None:
        self._inputs.update(_inputs(job))
        if is_known:
            return
        self._places += 1
        heappush(self._oldest, (job.submitted, self._places, name, job.id))
        if len(self._oldest) > 2 * self._jobs + SLACK:
            there = {entry[2:]: entry for entry in self._oldest if self._is_there(entry)}
            self._oldest = [*there.values()]  # one of each: a restored sandbox brings the same jobs again
            heapify(self._oldest)

    def _uncount(self, name: str) -> None:
        self.spare.pop(name, None)
        there = self._sandboxes.get(name)
        if there is None:
            return
        self._jobs -= len(there.jobs)
        self._labels.pop(there.label, None)
        for job in there.jobs.values():
            self._drop_inputs(job)

    def _drop_inputs(self, job: Job) -> None:
        for digest in _inputs(job):
            self._inputs[digest] -= 1
            if not self._inputs[digest]:
                del self._inputs[digest]

    def _may_go_at(self, entry: Entry, real: float) -> float:
        """Return the real moment before which a job that may not go now may not, if nothing is changed."""
        _, _, name, job_id = entry
        sandbox = self._sandboxes[name]
        job, now, awaited = sandbox.jobs[job_id], sandbox.now(real), self._awaited.get(job_id, -inf)
        if awaited > real:
            return awaited
        if job_id in sandbox.agenda:
            return inf
        if is_over(job, now):  # the call that asks has removed it, and may be refused
            return real
        return inf if sandbox.clock.stands else real + (end_of(job, now).due - now) / sandbox.clock.pace

    def _is_there(self, entry: Entry) -> bool:
        submitted, _, name, job_id = entry
        sandbox = self._sandboxes.get(name)
        job = None if sandbox is None else sandbox.jobs.get(job_id)
        return job is not None and job.submitted == submitted

    def _full(self, surplus: int) -> str:
        capacity = self._settings.capacity
        if surplus == 1:
            return f"all {capacity} jobs of this twin are in progress"
        return f"this twin holds {capacity} jobs at most, of which fewer than {surplus} may go for others"

    def _awaited_at(self, real: float) -> frozenset[str]:
        return frozenset(job for job, until in self._awaited.items() if until > real)
