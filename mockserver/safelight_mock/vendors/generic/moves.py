"""Operations by which a client changes jobs: cancel, pause, resume, accept, delete."""

from collections.abc import Sequence

from msgspec.structs import replace

from safelight_lifecycle import JobMove, RefusalKind, Removal
from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Status
from safelight_mock.vendors.generic import undescribed
from safelight_mock.vendors.generic.errors import JobRefusal
from safelight_mock.vendors.generic.kinds import JobKind
from safelight_mock.vendors.generic.results import PURGED
from safelight_mock.wire.messages import Request, Response


def move(
    kind: JobKind, operation: str, moves: Sequence[JobMove], engine: Engine, request: Request
) -> Response:
    """Handle an operation that changes a job; the first of its moves that is allowed is applied."""
    facts = kind.find(operation, engine, request)
    allowed = next((one for one in moves if facts.reached in one.allowed), None)
    if allowed is not None:
        facts = kind.facts(engine, request, applied(allowed, engine, facts.status))
    elif not moves[-1].is_ignored:
        raise JobRefusal(RefusalKind.MOVED, f"{facts.job.id} is {facts.word}: this is not possible now")
    return kind.respond(operation, facts)


def move_all(
    kind: JobKind, operation: str, moves: Sequence[JobMove], engine: Engine, request: Request
) -> Response:
    """Handle an operation that changes every job that it may; whole numbers in the response count them."""
    count = 0
    for status in engine.all():
        allowed = next((one for one in moves if kind.reached(status) in one.allowed), None)
        if allowed is not None:
            applied(allowed, engine, status)
            count += 1
    response = undescribed.respond(kind.described, operation, engine, request)
    if not isinstance(response.value, dict):
        return response
    counted = {name: count if _is_count(value) else value for name, value in response.value.items()}
    return Response.json(response.status, counted, response.headers)


def applied(one: JobMove, engine: Engine, status: Status) -> Status:
    """Apply a move to a job, and return the job as it is then; one that was deleted as it was before."""
    job = status.job
    match one.to:
        case Removal.DELETED:
            engine.sandbox.remove(status)
            return status
        case Removal.PURGED:
            purged = replace(job, details={**job.details, PURGED: True})
            engine.sandbox.jobs[job.id] = purged
            return engine.find(job.id)
        case to:
            return engine.put(job.id, to.word)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
