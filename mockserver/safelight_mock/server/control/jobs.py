"""Looking at the jobs of all sandboxes, and moving one where no vendor's operation could."""

from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Status
from safelight_mock.server.control.asked import Asked
from safelight_mock.wire.call import JSON, Reply
from safelight_mock.wire.problem import Kind, Problem


def list_all(asked: Asked) -> Reply:
    """Answer listJobs: those submitted last come first."""
    found = [
        (engine, status)
        for sandbox in asked.sandboxes()
        for engine in asked.engines(sandbox)
        for status in engine.all()
    ]
    found.sort(key=lambda pair: (-pair[1].job.submitted, pair[1].job.id))
    return Reply.json(200, [body(*pair) for pair in found[: asked.parameters["limit"]]])


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
