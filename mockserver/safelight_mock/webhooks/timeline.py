"""What came to pass in a sandbox while its clock was moved."""

from collections.abc import Sequence

from safelight_mock.core.engine import Engine
from safelight_mock.core.job import InspectionKey, NotInspectedError, Status, history
from safelight_mock.core.webhook import Attempt, Delivery, TimelineEvent


def moves(engines: list[Engine], since: float) -> list[TimelineEvent]:
    """Return how jobs moved after a moment, up to that of the engines, in the order of time.

    Raises NotInspectedError with all inputs that have to be looked at for it.
    """
    told: list[TimelineEvent] = []
    unjudged: set[InspectionKey] = set()
    for engine in engines:
        now = engine.now
        for job in [job for job in engine.sandbox.jobs.values() if job.lifecycle == engine.name]:
            is_planned = since < job.ends <= now or since < job.starts <= now or since < job.submitted <= now
            if not job.events and not is_planned:
                continue  # most jobs of a large sandbox; a history takes 40 times as long
            try:
                past = [*history(job, now, engine.look, engine.lifecycle.words)]
            except NotInspectedError as error:
                unjudged |= error.keys
            else:
                told += map(_moved, past)
    if unjudged:
        raise NotInspectedError(frozenset(unjudged))
    return sorted((happening for happening in told if happening.at > since), key=lambda moved: moved.at)


def tried(delivery: Delivery, attempt: Attempt) -> TimelineEvent:
    """Return an attempt as an event."""
    return TimelineEvent(
        at=attempt.at,
        job=delivery.job,
        state=delivery.state,
        vendor_state=delivery.vendor_state,
        delivery=delivery.id,
        outcome=attempt.outcome,
        status=attempt.status,
    )


def merged(moved: Sequence[TimelineEvent], attempts: Sequence[TimelineEvent]) -> tuple[TimelineEvent, ...]:
    """Return both in the order of time; of what happened at one moment, jobs move first."""
    return tuple(sorted([*moved, *attempts], key=lambda told: (told.at, bool(told.delivery))))


def _moved(found: Status) -> TimelineEvent:
    return TimelineEvent(at=found.since, job=found.job.id, state=found.state, vendor_state=found.vendor_state)
