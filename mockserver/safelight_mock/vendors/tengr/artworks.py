"""Reads of artworks: one by its id, or many, the newest first."""

from datetime import UTC, datetime

from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Job, State, Status
from safelight_mock.vendors.tengr.artwork_types import ARTWORK_TYPES
from safelight_mock.wire.messages import JSON, Request, Response
from safelight_mock.wire.object_store import result_name
from safelight_mock.wire.presigned_links import expiry


def find(engine: Engine, request: Request) -> Response:
    """Handle findArtworkByIdV2."""
    return Response.json(200, body(engine, request, engine.find(str(request.parameters["id"]))))


def find_all(engine: Engine, request: Request) -> Response:
    """Handle findAllArtworksV2."""
    offset, limit = request.parameters["offset"], request.parameters["limit"]
    newest_first = engine.all()[::-1]
    return Response.json(
        200, [body(engine, request, status) for status in newest_first[offset : offset + limit]]
    )


def body(engine: Engine, request: Request, status: Status) -> dict[str, JSON]:
    """Return an artwork in its present state. The vendor has no field for the reason of a failure."""
    outcome = {"duration": _duration(status), "results": _results(engine, request, status)}
    return {**fresh(engine, status.job), **outcome, "status": status.vendor_state}


def fresh(engine: Engine, job: Job) -> dict[str, JSON]:
    """Return an artwork as it was when it was submitted."""
    return {
        "id": job.id,
        "artworkType": ARTWORK_TYPES[job.operation].name,
        "parameters": dict(job.details),
        "duration": 0,
        "results": [],
        "status": engine.lifecycle.vendor_state(State.QUEUED),
        "createdAt": _iso(job.submitted),
    }


def _results(engine: Engine, request: Request, status: Status) -> list[str]:
    """Return the link to the image of an artwork that has succeeded; it ends in a file name."""
    if status.state is not State.SUCCEEDED:
        return []
    job, until = status.job, expiry(engine.lifecycle.described.result, status.since)
    return [request.presign(job.id, f"output/{result_name(job)}", until)]


def _duration(status: Status) -> float:
    """Return the seconds of work, once it is over."""
    return max(0.0, round(status.since - status.job.starts, 3)) if status.state.is_over else 0


def _iso(seconds: float) -> str:
    written = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    return written.replace("+00:00", "Z")
