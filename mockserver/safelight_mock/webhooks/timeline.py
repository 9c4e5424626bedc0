"""The transitions and delivery attempts in a sandbox while its clock was advanced."""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from safelight_mock.core.job import Inspect, InspectionKey, Job, NotInspectedError, Status, history
from safelight_mock.core.lifecycle import ServedLifecycle
from safelight_mock.core.webhook import TimelineEvent


class ReachedJobs(NamedTuple):
    """An immutable copy of the jobs of a sandbox: transitions after `since`, up to `at`, are wanted."""

    vendor: str
    jobs: Mapping[str, Job]
    since: float
    at: float


def transitions(
    reached: ReachedJobs, lifecycles: Mapping[str, ServedLifecycle], inspect: Inspect
) -> list[TimelineEvent]:
    """Return the transitions of jobs after a time, oldest first.

    Raises NotInspectedError with all inputs that have to be looked at for it.
    """
    past: list[Status] = []
    uninspected: set[InspectionKey] = set()
    _, jobs, since, now = reached
    for name, lifecycle in lifecycles.items():
        for job in [job for job in jobs.values() if job.lifecycle == name]:
            is_planned = since < job.ends <= now or since < job.starts <= now or since < job.submitted <= now
            if not job.events and job.plan.script is None and not is_planned:
                continue  # most jobs of a large sandbox; a history takes 40 times as long
            try:
                past += history(job, now, inspect, lifecycle.words)
            except NotInspectedError as error:
                uninspected |= error.keys
    if uninspected:
        raise NotInspectedError(frozenset(uninspected))
    moved = sorted([one for one in past if one.since > since], key=attrgetter("since"))
    return [
        TimelineEvent(
            at=status.since, job=status.job.id, state=status.state, vendor_state=status.vendor_state
        )
        for status in moved
    ]


def merged(moved: Sequence[TimelineEvent], attempts: Sequence[TimelineEvent]) -> tuple[TimelineEvent, ...]:
    """Return both, oldest first; of events at the same time, transitions first."""
    return tuple(sorted([*moved, *attempts], key=lambda event: (event.at, bool(event.delivery))))
