"""What can be done with the jobs of one sandbox at one moment."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile

from safelight_mock.core.job import (
    TRANSITIONS,
    Event,
    IsWhole,
    Job,
    Move,
    Plan,
    State,
    Status,
    next_change,
    status,
)
from safelight_mock.core.lifecycle import Guarded, Lifecycle
from safelight_mock.core.sandbox import Sandbox


class UnknownJobError(LookupError):
    """No such job in this sandbox: never submitted, forgotten, or past its retention."""

    def __init__(self, job_id: str) -> None:
        super().__init__(f"no job {job_id} in this sandbox")


class RefusedError(Exception):
    """The job's state does not allow what was asked."""

    def __init__(self, asked: str, state: State) -> None:
        super().__init__(f"cannot {asked} a {state} job")
        self.asked = asked
        self.state = state


class FullError(Exception):
    """No room for another job, and none that is over could go."""

    def __init__(self, capacity: int) -> None:
        super().__init__(f"all {capacity} jobs of this sandbox are still in progress")


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """One sandbox under one lifecycle, seen at `now`; jobs live `speed` times faster than planned."""

    sandbox: Sandbox
    name: str
    lifecycle: Lifecycle
    now: float
    is_whole: IsWhole
    capacity: int = 10_000
    speed: float = 1.0

    def submit(self, job: Job) -> Status:
        """Take a job in; what is past its retention makes room, and when full the oldest job that is over."""
        self._make_room()
        plan = Plan(queued=job.plan.queued / self.speed, running=job.plan.running / self.speed)
        taken = replace(job, lifecycle=self.name, submitted=self.now, plan=plan)
        self.sandbox.jobs[job.id] = taken
        return self._status(taken)

    def find(self, job_id: str) -> Status:
        """Look at one job."""
        job = self.sandbox.jobs.get(job_id)
        if job is None or job.lifecycle != self.name:
            raise UnknownJobError(job_id)
        found = self._status(job)
        if self._is_expired(found):
            raise UnknownJobError(job_id)
        return found

    def all(self) -> Iterator[Status]:
        """Look at every job of this lifecycle, oldest first."""
        every = (self._status(job) for job in self.sandbox.jobs.values() if job.lifecycle == self.name)
        return (found for found in every if not self._is_expired(found))

    def result(self, job_id: str) -> Status:
        """Look at a job whose result may be fetched."""
        return self._allowed(self.lifecycle.result, "download", job_id)

    def cancel(self, job_id: str) -> Status:
        """Record that a job was cancelled."""
        self._allowed(self.lifecycle.cancel, Move.CANCEL, job_id)
        return self.move(job_id, Move.CANCEL)

    def forget(self, job_id: str) -> None:
        """Remove a job and all trace of it."""
        self._allowed(self.lifecycle.forget, "forget", job_id)
        del self.sandbox.jobs[job_id]

    def move(self, job_id: str, move: Move) -> Status:
        """Record a move, if the table allows it."""
        found = self.find(job_id)
        if move not in TRANSITIONS[found.state]:
            raise RefusedError(move, found.state)
        moved = replace(found.job, events=(*found.job.events, Event(move=move, at=self.now)))
        self.sandbox.jobs[job_id] = moved
        return self._status(moved)

    def next_due(self) -> float | None:
        """When something here will next change by itself."""
        changes = (next_change(found) for found in self.all())
        return min((change for change in changes if change is not None), default=None)

    def _allowed(self, rule: Guarded | None, asked: str, job_id: str) -> Status:
        found = self.find(job_id)
        if rule is None or found.state not in rule.allowed:
            raise RefusedError(asked, found.state)
        return found

    def _status(self, job: Job) -> Status:
        return status(job, self.now, self.is_whole)

    def _is_expired(self, found: Status) -> bool:
        retention = self.lifecycle.retention
        return (
            retention is not None
            and found.state.is_over
            and self.now >= found.since + retention.total_seconds()
        )

    def _make_room(self) -> None:
        for job in list(takewhile(self._is_past, self.sandbox.jobs.values())):
            del self.sandbox.jobs[job.id]
        if len(self.sandbox.jobs) >= self.capacity:
            oldest = next((found for found in self.all() if found.state.is_over), None)
            if oldest is None:
                raise FullError(self.capacity)
            del self.sandbox.jobs[oldest.job.id]

    def _is_past(self, job: Job) -> bool:
        retention = self.lifecycle.retention
        return retention is not None and self.now >= job.ends + retention.total_seconds()
