"""New edits: one operation responds at once, the others when the result is there."""

from msgspec.structs import replace

from safelight_mock.core.engine import Engine, UnknownJobError
from safelight_mock.core.job import Job, State
from safelight_mock.vendors.claid import responses, rules
from safelight_mock.vendors.claid.edits import Edit, Options, read, sent
from safelight_mock.vendors.claid.errors import MAGIC_KEYS, unusable
from safelight_mock.vendors.claid.tasks import job_of, load, next_id
from safelight_mock.wire.messages import PendingResponse, Request, Response

REMOVED, CANCELLED = "Image edit was removed.", "Image edit was cancelled."


def submit(engine: Engine, call: Request) -> Response:
    """Handle editImageAsync: an unusable input makes the edit fail later."""
    request = sent(call)
    job = _take(engine, call, _addressed("editImageAsync", call, request))
    body = responses.accepted(call, job, request, engine.lifecycle.vendor_state(State.QUEUED))
    return Response.json(200, body)


def edit(engine: Engine, call: Request) -> Response | PendingResponse:
    """Handle editImage."""
    if call.holds:
        return _answer(engine, call)
    return _hold(engine, call, _addressed("editImage", call, call.values))


def upload(engine: Engine, call: Request) -> Response | PendingResponse:
    """Handle editUploadedImage: the file is the input."""
    if call.holds:
        return _answer(engine, call)
    file = call.files["file"]
    request = {"input": file.filename, **call.values["data"]}
    edit_ = check(call, request, below="data.")
    return _hold(engine, call, job_of("editUploadedImage", request, edit_, file, load(call, edit_, ())))


def check(call: Request, request: Options, below: str = "") -> Edit:
    """Return the edit of a request; raises Refusal if it breaks a rule."""
    edit_ = read(request, str(call.options["absent_side"]))
    rules.check(edit_, strict=call.options["strict_auto"], below=below)
    return edit_


def _addressed(operation: str, call: Request, request: Options) -> Job:
    address = request["input"]
    edit_ = check(call, request)
    loaded = load(call, edit_, [address])
    return job_of(operation, request, edit_, loaded[address], loaded)


def _take(engine: Engine, call: Request, made: Job) -> Job:
    MAGIC_KEYS.check_payment(engine, call.key, 1)
    return engine.submit(replace(made, id=next_id(engine)))


def _hold(engine: Engine, call: Request, made: Job) -> PendingResponse:
    """Wait for an edit; an input that could not be loaded is a 400, one that cannot be edited a 422."""
    if made.source.fault:
        raise unusable(422 if made.source.digest else 400, made.source.fault)
    job = _take(engine, call, made)
    return PendingResponse(job=job.id, until=job.ends)


def _answer(engine: Engine, call: Request) -> Response | PendingResponse:
    try:
        found = engine.find(call.holds)
    except UnknownJobError as error:
        raise unusable(422, REMOVED) from error
    match found.state:
        case State.FAILED:
            raise unusable(422, responses.reason(found))
        case State.CANCELLED:
            raise unusable(422, CANCELLED)
        case State.SUCCEEDED:
            pair = responses.pair(engine, call, found)
            body = {"input": pair["input_object"], "output": pair["output_object"]}
            return Response.json(200, {"data": body})
    return PendingResponse(job=found.job.id, until=found.due)
