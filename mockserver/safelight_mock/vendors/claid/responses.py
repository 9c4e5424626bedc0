"""Bodies of responses: images, edits and errors."""

from collections.abc import Mapping
from datetime import UTC, datetime

from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Job, Move, Status
from safelight_mock.core.picture import Picture
from safelight_mock.vendors.claid.edits import edit_of
from safelight_mock.vendors.claid.sizes import output_of
from safelight_mock.vendors.claid.storage import NOWHERE, stored
from safelight_mock.wire.messages import JSON, Request
from safelight_mock.wire.object_store import result_name
from safelight_mock.wire.presigned_links import expiry

# Messages of jobs that fail later are ours: none are published.
NOT_LOADED = "Unable to download the input image."
NO_IMAGE = "Input file is not an image."
NO_STORAGE = "Unable to find the storage of the input image."
STOPPED = "Processing failed."

HOST = "api.claid.ai"
HTTP, HTTPS = "http", "https"  # schemes of result_url: as observed, and as in the document's example


def picture(image: Picture) -> dict[str, JSON]:
    """Return an image object; the format is in upper case, as in all examples."""
    return {
        "ext": image.format.value,
        "mps": round(image.megapixels, 6),
        "mime": f"image/{image.format}",
        "format": image.format.upper(),
        "width": image.width,
        "height": image.height,
    }


def pair(engine: Engine, request: Request, status: Status) -> dict[str, JSON]:
    """Return the picture before and after an edit that is done."""
    return {
        "input_object": picture(status.job.source.picture),
        "output_object": result(engine, request, status),
    }


def result(engine: Engine, request: Request, status: Status) -> dict[str, JSON]:
    """Return the image object of a result: with a link for a day, or its location in a storage."""
    job, name = status.job, result_name(status.job)
    made, destination = picture(output_of(job, status.inspection)), edit_of(job).destination
    if destination:
        return {**made, "tmp_url": None, **stored(destination, name)}
    link = request.presign(job.id, f"output/{name}", expiry(engine.lifecycle.described.result, status.since))
    return {**made, "tmp_url": link, **NOWHERE}


def error(status: Status) -> dict[str, JSON]:
    """Return the error object of a failed edit; its input is null if it could not be read."""
    source = status.job.source
    image = picture(source.picture) if source.picture.width else None
    return {"error": reason(status), "created_at": iso(status.since), "input_object": image}


def reason(status: Status) -> str:
    """Return why an edit failed: it was forced to, or an input is unusable."""
    source = status.job.source
    if any(event.move is Move.FAIL for event in status.job.events):
        return STOPPED
    return source.error or status.inspection.error


def accepted(request: Request, job: Job, edit_request: Mapping[str, JSON], state: str) -> dict[str, JSON]:
    """Return the body of the response to a new edit or batch."""
    return {
        "data": {
            "id": int(job.id),
            "status": state,
            "result_url": f"{_origin(request)}{request.path}/{job.id}",
            "created_at": iso(job.submitted),
            "request": edit_request,
        }
    }


def _origin(request: Request) -> str:
    """Return the origin of result_url; the vendor's own host has the scheme of a setting."""
    origin = request.origin or "http://localhost"
    is_vendors = origin.partition("://")[2] == HOST
    return f"{request.options['result_url_scheme']}://{HOST}" if is_vendors else origin


def iso(seconds: float) -> str:
    """Format a time like the vendor: microseconds, UTC as +00:00."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")
