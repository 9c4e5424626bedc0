"""The jobs of a sandbox by id, with answers to what would otherwise take a look at all of them."""

from collections.abc import Iterable, Iterator, Mapping, MutableMapping, ValuesView
from typing import Any

from safelight_mock.core.credit_totals import Purse, Sums, sums
from safelight_mock.core.job import Eye, Job
from safelight_mock.core.overlay_mapping import Overlay, backwards


class Jobs(MutableMapping[str, Job]):
    """Jobs in the order they came, as in a dict; a copy keeps its changes apart.

    Indexes are made when they are asked for first, and carried on from then on.
    """

    __slots__ = ("_below", "_jobs", "_purse", "_sources")

    def __init__(self, jobs: Mapping[str, Job] | None = None) -> None:
        self._below: Jobs | None = None
        self._jobs: MutableMapping[str, Job] = dict(jobs or {})
        self._purse: Purse | None = None
        self._sources: dict[str, dict[str, None]] | None = None

    def copy(self) -> "Jobs":
        """Return a working copy, made at the same cost however many jobs there are."""
        copied = Jobs.__new__(Jobs)
        copied._below, copied._jobs = self, Overlay(self)  # noqa: SLF001 - of this class
        copied._purse = copied._sources = None  # noqa: SLF001 - of this class
        return copied

    def still(self) -> "Jobs":
        """Return the jobs as they are now, to look at from any thread: in a millisecond for 100,000."""
        below = self._below if self._below is not None and not (self.gone or self.fresh) else self
        return Jobs(dict(below._jobs))  # noqa: SLF001 - of this class; a dict is copied many times as fast

    @property
    def gone(self) -> Iterable[str]:
        """The ids of the jobs that were removed from what this is a copy of."""
        return self._jobs.gone if isinstance(self._jobs, Overlay) else ()

    @property
    def fresh(self) -> Mapping[str, Job]:
        """The jobs that were set in a copy; all, of what is none."""
        return self._jobs.fresh if isinstance(self._jobs, Overlay) else self._jobs

    @property
    def overlay(self) -> Overlay[Job]:
        """Where the changes of a copy are."""
        return self._jobs if isinstance(self._jobs, Overlay) else Overlay(self)

    @property
    def hidden(self) -> Iterable[Job]:
        """The jobs that a copy has removed, or put others in the place of."""
        return self._jobs.hidden if isinstance(self._jobs, Overlay) else ()

    def merge(self) -> None:
        """Change what this is a copy of as this was changed."""
        if isinstance(self._jobs, Overlay):
            self._jobs.merge()

    def sums(self, now: float, look: Eye) -> Sums:
        """Sum up what the jobs have paid and what is set aside for them; raises UnjudgedError."""
        if self._below is None:
            self._purse = self._purse or Purse(self._jobs)
            return self._purse.sums(now, look)
        whole = self._below.sums(now, look)
        before, after = sums(self.hidden, now, look), sums(self.fresh.values(), now, look)
        return Sums(whole.paid - before.paid + after.paid, whole.reserved - before.reserved + after.reserved)

    def of_source(self, source_id: str) -> Iterator[Job]:
        """Yield the jobs with an input of that id, those that came first first."""
        if self._below is None:
            yield from (self._jobs[job_id] for job_id in self._indexed().get(source_id, ()))
            return
        for job in self._below.of_source(source_id):
            if self._jobs.get(job.id) is job:
                yield job
        yield from (job for job in self.fresh.values() if job.source.id == source_id)

    def newest_first(self) -> Iterator[Job]:
        """Yield all jobs, the last one first."""
        return (self._jobs[job_id] for job_id in reversed(self))

    def get(self, job_id: str, default: Any = None) -> Any:  # noqa: ANN401 - a job, or whatever the default is
        """Return a job, or a default."""
        return self._jobs.get(job_id, default)

    def values(self) -> ValuesView[Job]:
        """Return the jobs."""
        return self._jobs.values()

    def __getitem__(self, job_id: str) -> Job:
        return self._jobs[job_id]

    def __setitem__(self, job_id: str, job: Job) -> None:
        before = self._jobs.get(job_id)
        self._jobs[job_id] = job
        if self._purse is not None:
            self._purse.put(job)
        if self._sources is not None and (before is None or before.source.id != job.source.id):
            self._unindex(before)
            self._sources.setdefault(job.source.id, {})[job_id] = None

    def __delitem__(self, job_id: str) -> None:
        before = self._jobs.get(job_id)
        del self._jobs[job_id]
        self._unindex(before)
        if self._purse is not None:
            self._purse.drop(job_id)

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

    def _unindex(self, job: Job | None) -> None:
        if job is None or self._sources is None:
            return
        named = self._sources[job.source.id]
        named.pop(job.id, None)
        if not named:
            del self._sources[job.source.id]
