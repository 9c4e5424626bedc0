"""New edits: one operation responds at once, the others when the result is there."""

from msgspec.structs import replace

from safelight_mock.core.engine import Engine
from safelight_mock.core.engine_errors import UnknownJobError
from safelight_mock.core.job import Job, State
from safelight_mock.vendors.claid import responses, rules
from safelight_mock.vendors.claid.edits import Edit, EditOptions, as_sent, read
from safelight_mock.vendors.claid.errors import MAGIC_KEYS, unusable
from safelight_mock.vendors.claid.tasks import job_of, load, next_id
from safelight_mock.wire.messages import PendingResponse, Request, Response

REMOVED, CANCELLED = "Image edit was removed.", "Image edit was cancelled."


def submit(engine: Engine, request: Request) -> Response:
    """Handle editImageAsync: an unusable input makes the edit fail later."""
    edit_request = as_sent(request)
    job = _submit(engine, request, _job_by_url("editImageAsync", request, edit_request))
    body = responses.accepted(request, job, edit_request, engine.lifecycle.vendor_state(State.QUEUED))
    return Response.json(200, body)


def edit(engine: Engine, request: Request) -> Response | PendingResponse:
    """Handle editImage."""
    if request.pending_job:
        return _outcome(engine, request)
    return _hold(engine, request, _job_by_url("editImage", request, request.values))


def upload(engine: Engine, request: Request) -> Response | PendingResponse:
    """Handle editUploadedImage: the file is the input."""
    if request.pending_job:
        return _outcome(engine, request)
    file = request.files["file"]
    edit_request = {"input": file.filename, **request.values["data"]}
    edit_ = check(request, edit_request, below="data.")
    return _hold(
        engine, request, job_of("editUploadedImage", edit_request, edit_, file, load(request, edit_, ()))
    )


def check(request: Request, edit_request: EditOptions, below: str = "") -> Edit:
    """Return the edit of a request; raises VendorError if it breaks a rule."""
    edit_ = read(edit_request, str(request.options["absent_side"]))
    rules.check(edit_, strict=request.options["strict_auto"], below=below)
    return edit_


def _job_by_url(operation: str, request: Request, edit_request: EditOptions) -> Job:
    address = edit_request["input"]
    edit_ = check(request, edit_request)
    loaded = load(request, edit_, [address])
    return job_of(operation, edit_request, edit_, loaded[address], loaded)


def _submit(engine: Engine, request: Request, job: Job) -> Job:
    MAGIC_KEYS.check_payment(engine, request.key, 1)
    return engine.submit(replace(job, id=next_id(engine)))


def _hold(engine: Engine, request: Request, job: Job) -> PendingResponse:
    """Wait for an edit; an input that could not be loaded is a 400, an unusable one a 422."""
    if job.source.error:
        raise unusable(422 if job.source.digest else 400, job.source.error)
    submitted = _submit(engine, request, job)
    return PendingResponse(job=submitted.id, until=submitted.ends)


def _outcome(engine: Engine, request: Request) -> Response | PendingResponse:
    try:
        status = engine.find(request.pending_job)
    except UnknownJobError as error:
        raise unusable(422, REMOVED) from error
    match status.state:
        case State.FAILED:
            raise unusable(422, responses.reason(status))
        case State.CANCELLED:
            raise unusable(422, CANCELLED)
        case State.SUCCEEDED:
            pair = responses.pair(engine, request, status)
            body = {"input": pair["input_object"], "output": pair["output_object"]}
            return Response.json(200, {"data": body})
    return PendingResponse(job=status.job.id, until=status.due)
