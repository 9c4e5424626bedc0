"""What a webhook is told of a job."""

import math
from uuid import UUID

from safelight_mock.core.engine import Engine
from safelight_mock.core.job import State, Status
from safelight_mock.vendors.topaz.jobs import links
from safelight_mock.wire.messages import JSON, Call

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
STAGES = [*State]  # in the order in which a job goes through them


def tell(engine: Engine, call: Call, found: Status, notification: UUID) -> dict[str, JSON]:
    """Return a JobStatusNotification; only of a job that is done there is a result to fetch."""
    job, source = found.job, links(engine, call, found, "input", engine.lifecycle.input)
    told: dict[str, JSON] = {
        "notification_id": ulid(found.since, STAGES.index(found.state), notification),
        "process_id": job.id,
        "status": engine.word(found),
        "creation_time": math.floor(job.submitted),
        "modification_time": math.floor(found.since),
        "progress": found.progress,
        "input_download_url": source["download_url"],
        "input_head_url": source["head_url"],
    }
    if found.state is not State.SUCCEEDED:
        return told
    result = links(engine, call, found, "output", engine.lifecycle.result)
    return {**told, "download_url": result["download_url"], "head_url": result["head_url"]}


def ulid(at: float, stage: int, notification: UUID) -> str:
    """Return a ULID: 48 bits of milliseconds, then 80 that keep what comes at once in the order of stages."""
    number = math.floor(at * 1000) << 80 | stage << 76 | notification.int & (1 << 76) - 1
    return "".join(CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))
