"""New jobs: their input, output, price and plan."""

import math
from collections.abc import Mapping

from msgspec.structs import replace

from safelight_mock.core.engine import Engine
from safelight_mock.core.engine_errors import UnknownJobError
from safelight_mock.core.job import Job, Source, State
from safelight_mock.core.picture import UNSEEN, Picture
from safelight_mock.vendors.topaz.errors import MAGIC_KEYS
from safelight_mock.vendors.topaz.parameters import read_details
from safelight_mock.vendors.topaz.products import (
    FORMATS,
    INPUTS,
    REJECTED_FORMATS,
    Product,
    check_limits,
    output_of,
    quote,
)
from safelight_mock.vendors.topaz.recipes import recipe
from safelight_mock.wire import object_store
from safelight_mock.wire.messages import Form, PendingResponse, ReceivedFile, Request, Response
from safelight_mock.wire.problem import Kind, Problem, VendorError

UNDECODABLE = "Image could not be decoded to a supported image type."  # documented
PROCESS_ID, ETA = "x-process-id", "x-eta"
UNSUCCESSFUL: Mapping[State, tuple[int, str]] = {  # the response to a synchronous request then
    State.FAILED: (415, UNDECODABLE),
    State.CANCELLED: (422, "The process was cancelled."),
}
REFUNDING = (State.SUCCEEDED,)  # documented later: a failed job is refunded
KEEPING = (State.SUCCEEDED, State.CANCELLED)  # no page mentions cancelled jobs


def submit(operation: str, product: Product, engine: Engine, request: Request) -> Response:
    """Handle the asynchronous submit operations."""
    job = _submit_job(operation, product, engine, request)
    headers = _headers(job)
    body = {"process_id": job.id, "source_id": job.source.id, "eta": int(headers[ETA])}
    return Response.json(200, body, headers)


def submit_and_wait(
    operation: str, product: Product, engine: Engine, request: Request
) -> Response | PendingResponse:
    """Handle the synchronous operations: the response is the image, once the job has ended."""
    if not request.pending_job:
        job = _submit_job(operation, product, engine, request)
        return PendingResponse(job=job.id, until=job.ends)
    try:
        status = engine.find(request.pending_job)
    except UnknownJobError as error:
        raise VendorError(422, "The process was deleted.", {PROCESS_ID: request.pending_job}) from error
    if status.state in UNSUCCESSFUL:
        raise VendorError(*UNSUCCESSFUL[status.state], _headers(status.job))
    if not status.state.is_over:
        return PendingResponse(job=status.job.id, until=status.due)
    picture = object_store.output(status, recipe(status.job, status.inspection))
    return picture.also(_headers(status.job))


def _submit_job(operation: str, product: Product, engine: Engine, request: Request) -> Job:
    form = request.body if isinstance(request.body, Form) else Form()
    _check_format(request, form)
    source = _source(engine, request, form.files)
    id_ = str(engine.sandbox.draw())
    details = read_details(product, request.values)
    output = _output(product, source, request)
    terms = quote(output, request.values["model"])
    MAGIC_KEYS.check_payment(engine, request.key, terms.credits)
    job = Job(
        id=id_,
        operation=operation,
        plan=terms.plan,
        source=source,
        output=output,
        price=terms.credits,
        paid_on=REFUNDING if request.options["refund_on_cancel"] else KEEPING,
        details=details,
    )
    return engine.submit(job)


def _check_format(request: Request, form: Form) -> None:
    """Raise Problem for a format that the model rejects when it is requested by name."""
    chosen = form.fields.get("output_format", "")
    if chosen and FORMATS[chosen] in REJECTED_FORMATS.get(request.values["model"], ()):
        raise Problem(Kind.BAD_FIELD, field="output_format")


def _headers(job: Job) -> Mapping[str, str]:
    return {PROCESS_ID: job.id, "x-source-id": job.source.id, ETA: str(math.ceil(job.ends))}


def _source(engine: Engine, request: Request, files: Mapping[str, ReceivedFile]) -> Source:
    inputs = [name for name in INPUTS if request.values.get(name) or name in files]
    if len(inputs) != 1:
        raise VendorError(400, "Exactly one of image, source_id and source_url must be provided.")
    match inputs[0]:
        case "source_id":
            return _earlier_source(engine, request.values["source_id"])
        case "source_url":
            return _loaded(engine, *request.load(request.values["source_url"]))
        case _:
            return _uploaded(engine, files["image"])


def _earlier_source(engine: Engine, source_id: str) -> Source:
    source = engine.source(source_id.lower())  # a UUID, although no document calls it one
    if source is None:
        raise VendorError(400, "Invalid source ID.")
    return source


def _uploaded(engine: Engine, upload: ReceivedFile) -> Source:
    if upload.picture is None or upload.picture.format not in FORMATS.values():
        raise VendorError(415, UNDECODABLE)
    if not upload.picture.width or not upload.picture.height:
        raise VendorError(422, "Image has invalid dimensions (width or height is zero).")
    return _new(engine, upload)


def _loaded(engine: Engine, upload: ReceivedFile) -> Source:
    taken = upload.picture is None or upload.picture.format in FORMATS.values()
    return replace(_new(engine, upload), error=upload.error or ("" if taken else UNDECODABLE))


def _new(engine: Engine, upload: ReceivedFile) -> Source:
    return Source(
        id=str(engine.sandbox.draw()),
        digest=upload.digest,
        filename=upload.filename,
        picture=upload.picture or UNSEEN,
    )


def _output(product: Product, source: Source, request: Request) -> Picture:
    format_ = FORMATS[request.values["output_format"]]
    if source.error:
        return replace(UNSEEN, format=format_)
    width, height = output_of(product, source.picture, request.values, request.options["automatic_scale"])
    output = Picture(format=format_, width=width, height=height)
    check_limits(product, request.values["model"], source.picture, output)
    return output
