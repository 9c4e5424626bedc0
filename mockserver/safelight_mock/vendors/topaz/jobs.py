"""Looking at jobs, fetching their results, cancelling and deleting them."""

import json
import math
from base64 import b64decode, b64encode

from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Status
from safelight_mock.vendors.topaz.products import PRODUCTS, credits_for
from safelight_mock.wire.call import JSON, Call, Reply
from safelight_mock.wire.problem import Kind, Problem

SETTLED = {"model", "crop_to_fill", "output_format", "output_width", "output_height", "webhook_url"}


def status(engine: Engine, call: Call) -> Reply:
    """Answer getStatus."""
    return Reply.json(200, body(engine, engine.find(process_id(call))))


def all_statuses(engine: Engine, call: Call) -> Reply:
    """Answer getAllStatuses: everything at once, or a page of it."""
    if call.parameters["paginated"]:
        return Reply.json(200, _page(engine, call.parameters["limit"], call.parameters["cursor"]))
    return Reply.json(200, [body(engine, found) for found in engine.all()])


def download(engine: Engine, call: Call) -> Reply:
    """Answer getDownloadOutput with a fresh pair of links."""
    found = engine.result(process_id(call))
    rule = engine.lifecycle.result
    life = rule.expires.total_seconds() if rule is not None and rule.expires is not None else 0
    expiry = math.floor(engine.now + life)
    link = call.presign(found.job.id, "output", expiry)
    return Reply.json(200, {"download_url": link, "head_url": link, "expiry": expiry})


def cancel(engine: Engine, call: Call) -> Reply:
    """Answer cancelTask."""
    engine.cancel(process_id(call))
    return Reply(status=204)


def delete(engine: Engine, call: Call) -> Reply:
    """Answer deleteStatus."""
    engine.forget(process_id(call))
    return Reply(status=204)


def body(engine: Engine, found: Status) -> dict[str, JSON]:
    """Return a StatusResponse with the fields of every version of the vendor's document."""
    job, output = found.job, found.job.recipe.output
    product = PRODUCTS[job.operation]
    asked = job.details
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
        "model": asked["model"],
        "model_type": product.model_type,
        "crop_to_fill": asked.get("crop_to_fill", False),
        "face_enhancement": asked.get("face_enhancement", True),
        "options_json": json.dumps({name: asked[name] for name in sorted(asked.keys() - SETTLED)}),
        "sync": False,
        "status": engine.lifecycle.word(found.state),
        "progress": found.progress,
        "eta": math.ceil(job.ends),
        "creation_time": math.floor(job.submitted),
        "modification_time": math.floor(found.since),
        "credits": credits_for(output),
    }


def _page(engine: Engine, limit: int, cursor: str | None) -> dict[str, JSON]:
    rest = list(engine.all())
    if cursor is not None:
        ids = [found.job.id for found in rest]
        rest = rest[ids.index(_last_seen(cursor, ids)) + 1 :]
    page: dict[str, JSON] = {"has_next_page": len(rest) > limit}
    if page["has_next_page"]:
        page["next_cursor"] = b64encode(rest[limit - 1].job.id.encode()).decode()
    return {"data": [body(engine, found) for found in rest[:limit]], "pagination": page}


def _last_seen(cursor: str, ids: list[str]) -> str:
    try:
        last = b64decode(cursor, validate=True).decode()
    except ValueError:
        last = ""
    if last not in ids:
        raise Problem(Kind.BAD_PARAMETER, place="cursor")
    return last


def process_id(call: Call) -> str:
    """Return the id a call names; UUIDs are compared without regard to case."""
    return str(call.parameters["process_id"]).lower()
