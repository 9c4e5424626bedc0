"""Looking at the jobs of all sandboxes, and moving one where no vendor's operation could."""

from collections.abc import Iterator
from heapq import merge

from safelight_mock.admin.admin_request import Asked
from safelight_mock.core.engine import Engine, UnknownJobError
from safelight_mock.core.job import InspectionKey, Job, Status, UnjudgedError
from safelight_mock.core.sandbox import Sandbox, jobs_of
from safelight_mock.wire.messages import JSON, Reply
from safelight_mock.wire.problem import Kind, Problem


def list_all(asked: Asked) -> Reply:
    """Answer listJobs: those submitted last come first; no more are looked at than are shown."""
    limit, boxes = asked.parameters["limit"], [_newest_first(asked, sandbox) for sandbox in asked.sandboxes()]
    newest = merge(*boxes, key=lambda pair: (-pair[1].submitted, pair[0].sandbox.name))
    found: list[JSON] = []
    unjudged: set[InspectionKey] = set()
    for engine, job in newest:
        try:
            found.append(body(engine, engine.find(job.id)))
        except UnknownJobError:
            continue  # it ended early, and its retention is over
        except UnjudgedError as error:
            unjudged |= error.keys
            found.append(None)
        if len(found) == limit:
            break
    if unjudged:
        raise UnjudgedError(frozenset(unjudged))
    return Reply.json(200, found)


def _newest_first(asked: Asked, sandbox: Sandbox) -> Iterator[tuple[Engine, Job]]:
    engines = {engine.name: engine for engine in asked.engines(sandbox)}
    for job in jobs_of(sandbox).newest_first():
        engine = engines[job.lifecycle]
        if not engine.is_past(job):
            yield engine, job


def move(asked: Asked) -> Reply:
    """Answer moveJob."""
    engine, job_id = _one(asked)
    try:
        return Reply.json(200, body(engine, engine.put(job_id, asked.values["to"])))
    except ValueError as error:
        raise Problem(Kind.BAD_FIELD, place="to", why=f"{error}.") from error


def _one(asked: Asked) -> tuple[Engine, str]:
    """Find the one job that has the id; ids that count up are the same in many sandboxes."""
    job_id = asked.parameters["job"]
    engines = [
        engine
        for sandbox in asked.sandboxes()
        if job_id in sandbox.jobs
        for engine in asked.engines(asked.sandbox(sandbox.name))
        if sandbox.jobs[job_id].lifecycle == engine.name
    ]
    if not engines:
        raise Problem(Kind.UNKNOWN_ROUTE, why=f"No job has the id {job_id}.")
    if len(engines) > 1:
        names = ", ".join(engine.sandbox.name for engine in engines)
        raise Problem(
            Kind.BAD_PARAMETER, why=f"Several sandboxes have a job {job_id}: add ?sandbox= ({names})."
        )
    return engines[0], job_id


def body(engine: Engine, found: Status) -> dict[str, JSON]:
    """Return what is told of a job."""
    job = found.job
    return {
        "id": job.id,
        "sandbox": engine.sandbox.name,
        "label": engine.sandbox.label,
        "vendor": engine.sandbox.vendor,
        "lifecycle": job.lifecycle,
        "operation": job.operation,
        "state": found.state,
        "word": engine.word(found),
        "is_paused": found.is_paused,
        "progress": found.progress,
        "submitted": job.submitted,
        "since": found.since,
        "ends": found.ends,
        "fault": job.source.fault,
    }
