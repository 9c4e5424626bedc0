"""All sandboxes of a twin, within bounds: who may come in, and who has to leave."""

from collections.abc import Callable, Iterator
from hashlib import blake2b
from heapq import nsmallest
from itertools import islice

from safelight_mock.core.clock import Clock
from safelight_mock.core.job import WHOLE, Eye, Job, status
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.server.settings import Settings
from safelight_mock.wire.problem import Kind, Problem

Changed = Callable[[Sandbox], None]
Gone = Callable[[str], None]


def name_of(vendor: str, key: str) -> str:
    """Return the name of a key's sandbox: a digest, from which no key can be read."""
    return blake2b(f"{vendor}/{key}".encode(), digest_size=8).hexdigest()


def inputs_of(sandbox: Sandbox) -> set[str]:
    """Return the digests of the inputs that a sandbox's jobs refer to."""
    digests = {digest for job in sandbox.jobs.values() for digest in (job.source.digest, *job.others)}
    return digests - {""}


class Crowd:
    """Sandboxes by name, the least recently used first. A sandbox is named by a digest, never by its key.

    `seen` says by a vendor's slug what looks at its jobs without looking at inputs that are not known;
    `changed` is told which sandbox had to give up a job, `gone` which had to leave.
    """

    def __init__(
        self,
        seed: str,
        settings: Settings,
        *,
        seen: Callable[[str], Eye] = lambda _vendor: lambda _job: WHOLE,
        changed: Changed = lambda _: None,
        gone: Gone = lambda _: None,
    ) -> None:
        self._seed = seed
        self._settings = settings
        self._clock = Clock(mode=settings.clock, pace=settings.pace)
        self._seen = seen
        self._changed = changed
        self._gone = gone
        self._sandboxes: dict[str, Sandbox] = {}
        self._jobs = 0  # at most so many: those that vendors deleted are counted until the bound is reached
        self._awaited: dict[str, float] = {}

    def __iter__(self) -> Iterator[Sandbox]:
        return iter(self._sandboxes.values())

    def add(self, sandbox: Sandbox) -> None:
        """Take in a sandbox that was made before."""
        self._sandboxes[sandbox.name] = sandbox
        self._jobs += len(sandbox.jobs)

    def admit(self, sandbox: Sandbox, real: float) -> None:
        """Make sure that a sandbox made elsewhere, or another in the place of one, can be added.

        No other gives up a job for it, but an idle one may have to go. Raises Problem when there is no room.
        """
        others = sum(len(other.jobs) for other in self if other.name != sandbox.name)
        if others + len(sandbox.jobs) > self._settings.capacity:
            why = f"{len(sandbox.jobs)} jobs do not fit beside the {others} others of this twin"
            raise Problem(Kind.NO_ROOM, why=f"{why}, which takes {self._settings.capacity}")
        if sandbox.name not in self._sandboxes:
            self._make_place(real)

    def named(self, name: str) -> Sandbox | None:
        """Return the sandbox of that name."""
        return self._sandboxes.get(name)

    def sandbox(self, vendor: str, key: str, real: float) -> Sandbox:
        """Return the sandbox of a key, made on first use; an idle one may have to go for it.

        Raises Problem when none is idle.
        """
        name = name_of(vendor, key)
        found = self._sandboxes.pop(name, None)
        if found is None:
            self._make_place(real)
            found = Sandbox(name=name, seed=self._seed, vendor=vendor, clock=self._clock.begun(real, real))
        self._sandboxes[name] = found
        return found

    def make_room(self, real: float, coming: int = 1) -> None:
        """Make room for so many jobs: the oldest that are over go.

        Raises Problem when too few are; then none goes.
        """
        if self._jobs + coming > self._settings.capacity:
            self._jobs = sum(len(sandbox.jobs) for sandbox in self)
            self._jobs -= self._drop_oldest(self._jobs + coming - self._settings.capacity, real)
        self._jobs += coming

    def await_end(self, job: str, *, until: float, real: float) -> None:
        """Keep a job until then, for a call waits for its end."""
        self._awaited = {other: end for other, end in self._awaited.items() if end > real} | {job: until}

    def end_wait(self, job: str) -> None:
        """Keep a job no longer: the call that waited for it is answered."""
        self._awaited.pop(job, None)

    def inputs(self) -> set[str]:
        """Return the digests of the inputs that jobs refer to."""
        return {digest for sandbox in self for digest in inputs_of(sandbox)}

    def _drop_oldest(self, surplus: int, real: float) -> int:
        """Drop so many jobs, or none if there are not so many that may go; return how many went."""
        going = nsmallest(surplus, self._over(surplus, real), key=lambda pair: pair[1].submitted)
        if len(going) < surplus:
            raise Problem(Kind.NO_ROOM, why=self._full(surplus))
        for sandbox, job in going:
            sandbox.remove(status(job, sandbox.now(real), self._seen(sandbox.vendor)))
        for sandbox in {sandbox.name: sandbox for sandbox, _ in going}.values():
            self._changed(sandbox)
        return len(going)

    def _over(self, most: int, real: float) -> Iterator[tuple[Sandbox, Job]]:
        """Yield the oldest jobs of each sandbox that may go, no more than so many."""
        awaited = self._awaited_at(real)
        for sandbox in self:
            yield from ((sandbox, job) for job in islice(sandbox.all_over(real, awaited), most))

    def _full(self, surplus: int) -> str:
        capacity = self._settings.capacity
        if surplus == 1:
            return f"all {capacity} jobs of this twin are in progress"
        return f"this twin holds {capacity} jobs at most, of which fewer than {surplus} may go for others"

    def _awaited_at(self, real: float) -> frozenset[str]:
        return frozenset(job for job, until in self._awaited.items() if until > real)

    def _make_place(self, real: float) -> None:
        if len(self._sandboxes) < self._settings.sandboxes:
            return
        awaited = self._awaited_at(real)
        free = (sandbox for sandbox in self if awaited.isdisjoint(sandbox.jobs))
        idle = next((sandbox for sandbox in free if sandbox.is_idle(real)), None)
        if idle is None:
            raise Problem(
                Kind.NO_ROOM, why=f"all {self._settings.sandboxes} sandboxes of this twin are in use"
            )
        del self._sandboxes[idle.name]
        self._gone(idle.name)
