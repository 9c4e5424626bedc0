"""Status, links, cancel, delete, and the webhook payload."""

import math
from base64 import b64decode, b64encode
from uuid import UUID

import msgspec

from safelight_lifecycle import JobInput, JobResult
from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Job, State, Status
from safelight_mock.vendors.topaz.parameters import FACE_DEFAULTS, supported
from safelight_mock.vendors.topaz.products import PRODUCTS, SYNCS, Product
from safelight_mock.vendors.topaz.recipes import automatic
from safelight_mock.wire.messages import JSON, Request, Response
from safelight_mock.wire.presigned_links import expiry
from safelight_mock.wire.problem import Kind, Problem

NAMED = {"model", "crop_to_fill", "output_format", "output_width", "output_height", "webhook_url"}

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
STAGES = [*State]  # in the order of a job's transitions


def read_status(engine: Engine, request: Request) -> Response:
    """Handle getStatus."""
    return Response.json(200, body(engine.find(process_id(request))))


def all_statuses(engine: Engine, request: Request) -> Response:
    """Handle getAllStatuses: everything at once, or a page of it."""
    if request.parameters["paginated"]:
        return Response.json(200, _page(engine, request.parameters["limit"], request.parameters["cursor"]))
    return Response.json(200, [body(status) for status in engine.all()])


def download_output(engine: Engine, request: Request) -> Response:
    """Handle getDownloadOutput with fresh links."""
    status = engine.linkable(process_id(request))
    return Response.json(200, links(engine, request, status, "output", engine.lifecycle.described.result))


def download_input(engine: Engine, request: Request) -> Response:
    """Handle getDownloadInput with fresh links, in any state of the job."""
    status = engine.find(process_id(request))
    return Response.json(200, links(engine, request, status, "input", engine.lifecycle.described.input))


def links(
    engine: Engine, request: Request, status: Status, purpose: str, rule: JobInput | JobResult | None
) -> dict[str, str | int]:
    """Return fresh links to a job's output or input."""
    until = expiry(rule, engine.now)
    link = request.presign(status.job.id, purpose, until)
    is_bound = request.options["head_url_bound"]
    head = request.presign(status.job.id, purpose, until, method="HEAD") if is_bound else link
    response: dict[str, str | int] = {"download_url": link, "head_url": head, "expiry": until}
    return {**response, "url": link} if request.options["quickstart_url"] else response


def cancel(engine: Engine, request: Request) -> Response:
    """Handle cancelTask."""
    engine.cancel(process_id(request))
    return Response(status=204)


def delete(engine: Engine, request: Request) -> Response:
    """Handle deleteStatus."""
    engine.forget(process_id(request))
    return Response(status=204)


def delete_all(engine: Engine, _: Request) -> Response:
    """Handle deleteAllStatuses."""
    return Response.json(200, {"deleted_count": engine.forget_all()})


def body(status: Status) -> dict[str, JSON]:
    """Return a StatusResponse with the fields of every version of the vendor's document."""
    job, output = status.job, status.job.output
    product, chosen = PRODUCTS[job.operation], _settings(status)
    model = str(job.details["model"])
    return {
        "process_id": job.id,
        "source_id": job.source.id,
        "filename": job.source.filename,
        "input_format": job.source.picture.format,
        "input_height": job.source.picture.height,
        "input_width": job.source.picture.width,
        "output_format": output.format,
        "output_height": output.height,
        "output_width": output.width,
        "category": product.category,
        "model": model,
        "model_type": product.model_type,
        "crop_to_fill": job.details.get("crop_to_fill") is True,
        **_faces(product, job),
        "options_json": msgspec.json.encode(chosen, order="sorted").decode(),
        "sync": job.operation in SYNCS,
        "status": status.vendor_state,
        "progress": status.progress,
        "eta": math.ceil(job.ends),
        "creation_time": math.floor(job.submitted),
        "modification_time": math.floor(status.since),
        "credits": job.price,
    }


def _settings(status: Status) -> dict[str, JSON]:
    """Return the other fields of the request and, of a succeeded job, what Autopilot chose."""
    others = {name: value for name, value in status.job.details.items() if name not in NAMED}
    if status.state is not State.SUCCEEDED:
        return others
    product, model = PRODUCTS[status.job.operation], str(status.job.details["model"])
    return {**automatic(product, model, status.inspection), **others}


def _faces(product: Product, job: Job) -> dict[str, JSON]:
    """Return the fields about faces of 1.0.0 and 1.1.0, if the model has them."""
    details = job.details
    known = supported(product, details["model"])
    return {name: details.get(name, default) for name, default in FACE_DEFAULTS.items() if name in known}


def _page(engine: Engine, limit: int, cursor: str | None) -> dict[str, JSON]:
    after = _position(cursor) if cursor else 0
    later = [status for status in engine.all() if status.job.number > after]
    page: dict[str, JSON] = {"has_next_page": len(later) > limit}
    if page["has_next_page"]:
        page["next_cursor"] = b64encode(b"%d" % later[limit - 1].job.number).decode()
    return {"data": [body(status) for status in later[:limit]], "pagination": page}


def _position(cursor: str) -> int:
    try:
        return int(b64decode(cursor, validate=True))
    except ValueError as error:
        raise Problem(Kind.BAD_PARAMETER, field="cursor") from error


def webhook_payload(engine: Engine, request: Request, status: Status, notification: UUID) -> dict[str, JSON]:
    """Return a JobStatusNotification; only a succeeded job has a result to fetch."""
    job, id_ = status.job, _ulid(status.since, STAGES.index(status.state), notification)
    source = links(engine, request, status, "input", engine.lifecycle.described.input)
    payload: dict[str, JSON] = {
        "notification_id": id_,
        "process_id": job.id,
        "status": status.vendor_state,
        "creation_time": math.floor(job.submitted),
        "modification_time": math.floor(status.since),
        "progress": status.progress,
        "input_download_url": source["download_url"],
        "input_head_url": source["head_url"],
    }
    if status.state is not State.SUCCEEDED:
        return payload
    result = links(engine, request, status, "output", engine.lifecycle.described.result)
    return {**payload, "download_url": result["download_url"], "head_url": result["head_url"]}


def _ulid(at: float, stage: int, notification: UUID) -> str:
    """Return a ULID: 48 bits of milliseconds, then 80 that order what has the same time by stage."""
    number = math.floor(at * 1000) << 80 | stage << 76 | notification.int & (1 << 76) - 1
    return "".join(CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


def process_id(request: Request) -> str:
    """Return the id in the path."""
    return str(request.parameters["process_id"])
