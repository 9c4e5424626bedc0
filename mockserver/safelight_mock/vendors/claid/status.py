"""The status of an edit or of a batch, for reads and webhooks."""

from collections.abc import Callable, Mapping
from uuid import UUID

from safelight_mock.core.engine import Engine
from safelight_mock.core.engine_errors import UnknownJobError
from safelight_mock.core.job import InspectionKey, Move, NotInspectedError, State, Status
from safelight_mock.vendors.claid import responses
from safelight_mock.vendors.claid.edits import request_of
from safelight_mock.wire.messages import JSON, Request, Response

ENDS = frozenset({Move.FINISH, Move.FAIL, Move.CANCEL})


def edit(engine: Engine, request: Request) -> Response:
    """Handle readEdit."""
    return Response.json(200, edited(engine, request, engine.find(str(request.parameters["task_id"]))))


def batch(engine: Engine, request: Request) -> Response:
    """Handle readBatch."""
    return Response.json(200, batched(engine, request, engine.find(str(request.parameters["task_id"]))))


def edited(engine: Engine, request: Request, status: Status) -> dict[str, JSON]:
    """Return the body for an edit; only one that is done has a result."""
    body = _body(status, status.vendor_state, _errors([status]))
    is_done = status.state is State.SUCCEEDED
    return {"data": {**body, "result": responses.pair(engine, request, status) if is_done else {}}}


def batched(engine: Engine, request: Request, status: Status) -> dict[str, JSON]:
    """Return the body for a batch: once it is over, with results and the errors of the other images."""
    items = _items(engine, status) if status.state.is_over else []
    done = [item for item in items if item.state is State.SUCCEEDED]
    body = _body(status, _state(engine, status, done), _errors(items or [status]))
    return {"data": {**body, "results": [responses.pair(engine, request, item) for item in done]}}


def webhook_payload(engine: Engine, request: Request, status: Status, _: UUID) -> dict[str, JSON] | None:
    """Return the body of a read: documented, except for `data`. None for an image of a batch: no webhook."""
    job = status.job
    is_whole = job.id.isdecimal()  # and not an image of a batch
    return (
        PAYLOADS[job.operation](engine, request, status) if is_whole and job.operation in PAYLOADS else None
    )


def _state(engine: Engine, status: Status, done: list[Status]) -> str:
    """Return the state of a batch: done if any of its images is, unless it was forced into a state."""
    if _is_forced(status) or not status.state.is_over:
        return status.vendor_state
    return engine.lifecycle.vendor_state(State.SUCCEEDED if done else State.FAILED)


def _is_forced(status: Status) -> bool:
    """Return whether a batch was forced to its end."""
    return any(event.move in ENDS for event in status.job.events)


def _items(engine: Engine, status: Status) -> list[Status]:
    """Return the edits of a batch except evicted ones; a cancelled batch has none.

    Raises NotInspectedError with all inputs that have to be inspected, so that they are inspected together.
    """
    if status.state is State.CANCELLED:
        return []
    items: list[Status] = []
    uninspected: set[InspectionKey] = set()
    for part in status.job.parts:
        try:
            items.append(engine.find(part))
        except UnknownJobError:
            continue
        except NotInspectedError as error:
            uninspected |= error.keys
    if uninspected:
        raise NotInspectedError(frozenset(uninspected))
    return items


def _errors(status: list[Status]) -> list[dict[str, JSON]]:
    return [responses.error(item) for item in status if item.state is State.FAILED]


def _body(status: Status, state: str, errors: list[dict[str, JSON]]) -> dict[str, JSON]:
    job = status.job
    return {
        "id": int(job.id),
        "status": state,
        "created_at": responses.iso(job.submitted),
        "request": request_of(job),
        "errors": errors,
    }


PAYLOADS: Mapping[str, Callable[[Engine, Request, Status], dict[str, JSON]]] = {
    "editImageAsync": edited,
    "editImageBatch": batched,
}
