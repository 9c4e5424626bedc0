"""Jobs that may not be evicted before a real moment, because a request is held for them."""

from collections.abc import Iterator
from math import inf

from safelight_mock.core.overlay_mapping import DueIndex


class Pins:
    """Pinned jobs by sandbox. Not safe for threads."""

    def __init__(self) -> None:
        self._until: dict[str, dict[str, float]] = {}
        self._ends = DueIndex()  # by sandbox: when the first of its pins ends

    def add(self, sandbox: str, job: str, until: float) -> None:
        """Pin a job, or move the end of its pin."""
        self._until.setdefault(sandbox, {})[job] = until
        self._expect(sandbox)

    def remove(self, sandbox: str, job: str) -> bool:
        """Pin a job no longer; return whether it was."""
        jobs = self._until.get(sandbox, {})
        was_pinned = jobs.pop(job, None) is not None
        if was_pinned:
            self._expect(sandbox)
        return was_pinned

    def remove_all(self, sandbox: str) -> None:
        """Pin no job of a sandbox any longer."""
        self._until.pop(sandbox, None)
        self._ends.pop(sandbox, None)

    def until(self, sandbox: str, job: str) -> float:
        """Return when the pin of a job ends; -inf for a job without one."""
        return self._until.get(sandbox, {}).get(job, -inf)

    def all_until(self, sandbox: str) -> float:
        """Return when the last pin of a sandbox ends; -inf if it has none."""
        return max(self._until.get(sandbox, {}).values(), default=-inf)

    def expired(self, real: float) -> Iterator[tuple[str, str]]:
        """Remove and yield the pins that have ended."""
        for sandbox in [*self._ends.due(real)]:
            for job in [job for job, until in self._until[sandbox].items() if until <= real]:
                self.remove(sandbox, job)
                yield sandbox, job

    def _expect(self, sandbox: str) -> None:
        if self._until[sandbox]:
            self._ends[sandbox] = min(self._until[sandbox].values())
        else:
            del self._until[sandbox]
            self._ends.pop(sandbox, None)
