"""The bodies of answers: what is said of a picture, of an edit, and of what went wrong with it."""

from collections.abc import Mapping
from datetime import UTC, datetime

from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Job, Move, Status
from safelight_mock.core.picture import Picture
from safelight_mock.vendors.claid.edits import edit_of
from safelight_mock.vendors.claid.sizes import output_of
from safelight_mock.vendors.claid.storage import NOWHERE, stored
from safelight_mock.wire.messages import JSON, Request
from safelight_mock.wire.object_store import name_of
from safelight_mock.wire.presigned_links import expiry

# Sentences on what fails later are ours: none is published.
NOT_HAD = "Unable to download the input image."
NO_IMAGE = "Input file is not an image."
NO_STORAGE = "Unable to find the storage of the input image."
STOPPED = "Processing failed."

HOST = "api.claid.ai"
HTTP, HTTPS = "http", "https"  # schemes of an edit's address: as observed, and as in the document's example


def picture(told: Picture) -> dict[str, JSON]:
    """Return what is said of a picture: its format upper case, as all examples have it."""
    return {
        "ext": told.format.value,
        "mps": round(told.megapixels, 6),
        "mime": f"image/{told.format}",
        "format": told.format.upper(),
        "width": told.width,
        "height": told.height,
    }


def pair(engine: Engine, call: Request, found: Status) -> dict[str, JSON]:
    """Return the picture before and after an edit that is done."""
    return {"input_object": picture(found.job.source.picture), "output_object": result(engine, call, found)}


def result(engine: Engine, call: Request, found: Status) -> dict[str, JSON]:
    """Return what is said of a result: where it lies for a day, or in which storage."""
    job, name = found.job, name_of(found.job)
    made, destination = picture(output_of(job, found.inspection)), edit_of(job).destination
    if destination:
        return {**made, "tmp_url": None, **stored(destination, name)}
    link = call.presign(job.id, f"output/{name}", expiry(engine.lifecycle.result, found.since))
    return {**made, "tmp_url": link, **NOWHERE}


def error(found: Status) -> dict[str, JSON]:
    """Return what went wrong with an edit, and with which input, as far as that was seen."""
    source = found.job.source
    seen = picture(source.picture) if source.picture.width else None
    return {"error": reason(found), "created_at": iso(found.since), "input_object": seen}


def reason(found: Status) -> str:
    """Say why an edit failed: somebody made it fail, or a picture it needs is to blame."""
    source = found.job.source
    if any(event.move is Move.FAIL for event in found.job.events):
        return STOPPED
    return source.fault or found.inspection.fault


def accepted(call: Request, job: Job, request: Mapping[str, JSON], word: str) -> dict[str, JSON]:
    """Return what is said of an edit when it is taken in."""
    return {
        "data": {
            "id": int(job.id),
            "status": word,
            "result_url": f"{_origin(call)}{call.path}/{job.id}",
            "created_at": iso(job.submitted),
            "request": request,
        }
    }


def _origin(call: Request) -> str:
    """Return what the address of an edit begins with, as the vendor writes its own name."""
    origin = call.origin or "http://localhost"
    is_vendors = origin.partition("://")[2] == HOST
    return f"{call.options['result_url_scheme']}://{HOST}" if is_vendors else origin


def iso(seconds: float) -> str:
    """Write a time as the vendor does: to the microsecond, in UTC, and not with a Z."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")
