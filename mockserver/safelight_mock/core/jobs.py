"""The jobs of a sandbox by id, with answers to what would otherwise take a look at all of them."""

from collections.abc import Callable, Iterator, Mapping, MutableMapping, ValuesView
from math import inf
from typing import Any

from safelight_mock.core.changes import Changes
from safelight_mock.core.job import Inspect, Job
from safelight_mock.core.overlay_mapping import OverlayMapping, backwards
from safelight_mock.core.running_totals import Amounts, RunningTotals, Total, totals


class Jobs(MutableMapping[str, Job]):
    """Jobs in the order they came, as in a dict; a copy keeps its changes apart.

    Indexes are built when they are first used, and updated from then on.
    """

    __slots__ = ("_below", "_jobs", "_sources", "_totals", "get", "values")

    get: Callable[..., Any]  # that of the mapping below: each poll looks for a job
    values: Callable[[], ValuesView[Job]]  # as well: each submission looks at the oldest ones

    def __init__(self, jobs: Mapping[str, Job] | None = None) -> None:
        self._below: Jobs | None = None
        self._jobs: MutableMapping[str, Job] = dict(jobs or {})
        self.get, self.values = self._jobs.get, self._jobs.values
        self._totals: dict[Total, RunningTotals] = {}
        self._sources: dict[str, dict[str, None]] | None = None

    def copy(self) -> "Jobs":
        """Return a working copy, made at the same cost however many jobs there are."""
        copied = Jobs.__new__(Jobs)
        copied._below, copied._jobs = self, OverlayMapping(self._jobs)  # noqa: SLF001 - of this class
        copied.get, copied.values = copied._jobs.get, copied._jobs.values  # noqa: SLF001 - of this class
        copied._totals, copied._sources = {}, None  # noqa: SLF001 - of this class
        return copied

    def frozen(self) -> dict[str, Job]:
        """Return the jobs as they are now, to look at from any thread: in a millisecond for 100,000."""
        if isinstance(self._jobs, OverlayMapping) and self._below is not None:
            return self._jobs.over(self._below._jobs)  # noqa: SLF001 - of this class
        return dict(self._jobs)

    @property
    def overlay(self) -> OverlayMapping[Job]:
        """Where the changes of a copy are."""
        return self._jobs if isinstance(self._jobs, OverlayMapping) else OverlayMapping(self)

    def merge(self) -> None:
        """Change what this is a copy of as this was changed, with its indexes."""
        below, jobs = self._below, self._jobs
        if below is None or not isinstance(jobs, OverlayMapping):
            return
        for job_id in jobs.gone:
            del below[job_id]
        for job_id, job in jobs.fresh.items():
            below[job_id] = job
        jobs.drop()

    def sum(self, total: Total, now: float, inspect: Inspect, changes: Changes) -> Amounts:
        """Return the sums of all jobs at a moment, as `RunningTotals.at` does; raises NotInspectedError."""
        if self._below is None:
            if total not in self._totals:
                self._totals[total] = RunningTotals(total, self._jobs)
            return self._totals[total].at(now, inspect, changes)
        whole = self._below.sum(total, now, inspect, changes)
        change = self.overlay.change()
        before = totals(total, change.before.values(), now, inspect)
        after = totals(total, change.fresh.values(), now, inspect)
        return tuple(all_ - out + in_ for all_, out, in_ in zip(whole, before, after, strict=True))

    def next_change(self, total: Total) -> float:
        """Return when the sums computed so far can change next, if no job is put or removed."""
        return self._totals[total].next_change if total in self._totals else -inf

    def of_source(self, source_id: str) -> Iterator[Job]:
        """Yield the jobs with an input of that id, those that came first first."""
        if self._below is None:
            yield from (self._jobs[job_id] for job_id in self._indexed().get(source_id, ()))
            return
        for job in self._below.of_source(source_id):
            if self._jobs.get(job.id) is job:
                yield job
        yield from (job for job in self.overlay.fresh.values() if job.source.id == source_id)

    def newest_first(self) -> Iterator[Job]:
        """Yield all jobs, the last one first."""
        return (self._jobs[job_id] for job_id in reversed(self))

    def __getitem__(self, job_id: str) -> Job:
        return self._jobs[job_id]

    def __setitem__(self, job_id: str, job: Job) -> None:
        before = self._jobs.get(job_id)
        self._jobs[job_id] = job
        for running in self._totals.values():
            if before is not None:
                running.drop(before)
            running.put(job)
        if self._sources is not None and (before is None or before.source.id != job.source.id):
            if before is not None:
                self._unindex(before)
            self._sources.setdefault(job.source.id, {})[job_id] = None

    def __delitem__(self, job_id: str) -> None:
        before = self._jobs[job_id]
        del self._jobs[job_id]
        self._unindex(before)
        for running in self._totals.values():
            running.drop(before)

    def __contains__(self, job_id: object) -> bool:
        return job_id in self._jobs

    def __len__(self) -> int:
        return len(self._jobs)

    def __iter__(self) -> Iterator[str]:
        return iter(self._jobs)

    def __reversed__(self) -> Iterator[str]:
        return backwards(self._jobs)

    def __repr__(self) -> str:
        return repr(dict(self))

    def _indexed(self) -> Mapping[str, Mapping[str, None]]:
        if self._sources is None:
            self._sources = {}
            for job_id, job in self._jobs.items():
                self._sources.setdefault(job.source.id, {})[job_id] = None
        return self._sources

    def _unindex(self, job: Job) -> None:
        if self._sources is None:
            return
        named = self._sources[job.source.id]
        del named[job.id]
        if not named:
            del self._sources[job.source.id]
