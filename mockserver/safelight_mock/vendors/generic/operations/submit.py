"""Submissions that are held: until the job is over, or for as long as the request asks for."""

from safelight_lifecycle import RefusalKind, ResultKind, Submission
from safelight_mock.core.engine import Engine
from safelight_mock.core.engine_errors import UnknownJobError
from safelight_mock.core.job import State
from safelight_mock.vendors.generic.bodies.facts import JobFacts
from safelight_mock.vendors.generic.bodies.media_types import media_type_of
from safelight_mock.vendors.generic.bodies.remembered_request import parts_of
from safelight_mock.vendors.generic.bodies.result_files import result_file
from safelight_mock.vendors.generic.bodies.results import ResultFile
from safelight_mock.vendors.generic.bodies.writes import results_of
from safelight_mock.vendors.generic.errors import JobRequestError
from safelight_mock.vendors.generic.kinds import JobKind
from safelight_mock.vendors.generic.submission.new_job import started
from safelight_mock.wire.messages import PendingResponse, Request, Response


def submit(
    kind: JobKind, submission: Submission, engine: Engine, request: Request
) -> Response | PendingResponse:
    """Handle an operation that starts a job; respond once the job is over if the request asks for that."""
    parts = parts_of(request, kind.named.headers)
    if not submission.when.holds(parts.value):
        return submit_and_wait(kind, submission, engine, request)
    wait = kind.lifecycle.wait
    seconds = None if wait is None else wait.seconds(parts.value)
    facts = _job(kind, submission, engine, request)
    if seconds is None:
        return kind.respond(submission.operation, facts)
    until = facts.job.submitted + seconds
    if facts.status.state.is_over:
        return kind.respond(submission.operation, facts)
    if engine.now >= until:
        status = kind.described.success_of(submission.operation, is_over=False)
        return kind.respond(submission.operation, facts, status)
    return PendingResponse(job=facts.job.id, until=min(facts.status.due, until))


def submit_and_wait(
    kind: JobKind, submission: Submission, engine: Engine, request: Request
) -> Response | PendingResponse:
    """Handle an operation that responds with the result of the job that it starts; raises JobRequestError."""
    facts = _job(kind, submission, engine, request)
    status, job = facts.status, facts.job
    if not status.state.is_over:
        return PendingResponse(job=job.id, until=status.due)
    if status.state is not State.SUCCEEDED:
        raise JobRequestError(RefusalKind.FAILED, f"{job.id} is {facts.word}")
    result = results_of(kind.lifecycle, job.operation).get("")
    if result is not None and result.kind is ResultKind.BYTES:
        return result_file(facts, media_type_of(facts, result), ResultFile())
    return kind.respond(submission.operation, facts)


def _job(kind: JobKind, submission: Submission, engine: Engine, request: Request) -> JobFacts:
    """Start a job or, for a held request, return the one that it has started; raises JobRequestError."""
    if not request.pending_job:
        return started(kind, submission, engine, request)
    try:
        return kind.facts(engine, request, engine.find(request.pending_job))
    except UnknownJobError as error:
        raise JobRequestError(RefusalKind.UNKNOWN, f"{request.pending_job} was deleted") from error
