"""Operations by which a client changes jobs: cancel, pause, resume, accept, delete."""

from safelight_lifecycle import RefusalKind
from safelight_mock.core.engine import Engine
from safelight_mock.core.engine_errors import InvalidTransitionError
from safelight_mock.vendors.generic import examples
from safelight_mock.vendors.generic.errors import JobRequestError
from safelight_mock.vendors.generic.kinds import JobKind
from safelight_mock.wire.messages import Request, Response


def move(kind: JobKind, operation: str, engine: Engine, request: Request) -> Response:
    """Handle an operation that changes a job."""
    facts = kind.find(operation, engine, request)
    try:
        changed = engine.apply(operation, facts.job.id)
    except InvalidTransitionError as error:
        reason = f"{facts.job.id} is {facts.word}: this is not possible now"
        raise JobRequestError(RefusalKind.MOVED, reason) from error
    status = kind.described.success_of(operation, is_over=changed.state.is_over)
    if not kind.described.has_success(operation):
        return Response(status=status)  # documents forget what needs no body
    return kind.respond(operation, kind.facts(engine, request, changed), status)


def move_all(kind: JobKind, operation: str, engine: Engine, request: Request) -> Response:
    """Handle an operation that changes every job that it may; whole numbers in the response count them."""
    count = len(engine.apply_all(operation))
    response = examples.respond(kind.described, operation, engine, request)
    if not isinstance(response.value, dict):
        return response
    counted = {name: count if _is_count(value) else value for name, value in response.value.items()}
    return Response.json(response.status, counted, response.headers)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
