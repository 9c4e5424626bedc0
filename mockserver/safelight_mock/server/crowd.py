"""All sandboxes of a twin, within bounds: who may come in, and who has to leave."""

from collections.abc import Iterator
from hashlib import blake2b

from safelight_mock.core.sandbox import Sandbox
from safelight_mock.wire.problem import Kind, Problem


class Crowd:
    """Sandboxes by name, the least recently used first. A sandbox is named by a digest, never by its key."""

    def __init__(self, seed: str, *, jobs: int, sandboxes: int) -> None:
        self._seed = seed
        self._most_jobs = jobs
        self._most = sandboxes
        self._sandboxes: dict[str, Sandbox] = {}

    def __iter__(self) -> Iterator[Sandbox]:
        return iter(self._sandboxes.values())

    def named(self, name: str) -> Sandbox | None:
        """Return the sandbox of that name."""
        return self._sandboxes.get(name)

    def sandbox(self, vendor: str, key: str, real: float) -> Sandbox:
        """Return the sandbox of a key, made on first use; an idle one may have to go for it.

        Raises Problem when none is idle.
        """
        name = blake2b(f"{vendor}/{key}".encode(), digest_size=8).hexdigest()
        found = self._sandboxes.pop(name, None)
        if found is None:
            self._make_place(real)
            found = Sandbox(name=name, seed=self._seed)
        self._sandboxes[name] = found
        return found

    def make_room(self, real: float) -> None:
        """Make room for one more job: the oldest that is over goes; raises Problem when none is."""
        while sum(len(sandbox.jobs) for sandbox in self) >= self._most_jobs:
            over = [(sandbox, job) for sandbox in self if (job := sandbox.oldest_over(real))]
            if not over:
                raise Problem(Kind.NO_ROOM, why=f"all {self._most_jobs} jobs of this twin are in progress")
            sandbox, job = min(over, key=lambda pair: pair[1].submitted)
            del sandbox.jobs[job.id]

    def inputs(self) -> set[str]:
        """Return the digests of the inputs that jobs refer to."""
        return {job.source.digest for sandbox in self for job in sandbox.jobs.values()}

    def _make_place(self, real: float) -> None:
        if len(self._sandboxes) < self._most:
            return
        idle = next((sandbox for sandbox in self if sandbox.is_idle(real)), None)
        if idle is None:
            raise Problem(Kind.NO_ROOM, why=f"all {self._most} sandboxes of this twin are in use")
        del self._sandboxes[idle.name]
