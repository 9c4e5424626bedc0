"""Looking at the jobs of all sandboxes, and moving one where no vendor's operation could."""

from collections.abc import Iterator
from functools import partial
from heapq import merge
from itertools import islice

from safelight_mock.admin.admin_request import AdminRequest
from safelight_mock.core.engine import Engine, UnknownJobError
from safelight_mock.core.job import InspectionKey, Job, NotInspectedError, Status
from safelight_mock.core.sandbox import jobs_of
from safelight_mock.storage.transaction import Transaction
from safelight_mock.wire.messages import JSON, Response
from safelight_mock.wire.problem import Kind, Problem

FEW = 16  # jobs of a sandbox that are looked at first

Pair = tuple[Engine, Job]


def list_all(asked: AdminRequest) -> Response:
    """Answer listJobs: those submitted last come first; no more are looked at than are shown."""
    limit = asked.parameters["limit"]
    newest = merge(*(_newest_first(asked, name) for name in asked.names()), key=_order)
    found: list[JSON] = []
    unjudged: set[InspectionKey] = set()
    for engine, job in newest:
        try:
            found.append(body(engine, engine.status(job)))
        except UnknownJobError:
            continue  # it ended early, and its retention is over
        except NotInspectedError as error:
            unjudged |= error.keys
            found.append(None)
        if len(found) == limit:
            break
    if unjudged:
        raise NotInspectedError(frozenset(unjudged))
    return Response.json(200, found)


def _order(pair: Pair) -> tuple[float, str]:
    engine, job = pair
    return -job.submitted, engine.sandbox.name


def _newest_first(asked: AdminRequest, name: str) -> Iterator[Pair]:
    """Yield the newest jobs of a sandbox, first a few: most often others are newer than the rest."""
    seen = 0
    for size in (FEW, asked.parameters["limit"]):
        page = asked.backend.sandboxes.read(partial(_page, asked, name, seen, size), asked.at)
        yield from page
        seen += size
        if len(page) < size:
            return


def _page(asked: AdminRequest, name: str, seen: int, size: int, transaction: Transaction) -> list[Pair]:
    """Return so many of the newest jobs of a sandbox, after those that were seen."""
    sandbox = transaction.before(name)
    if sandbox is None:
        return []
    engines = {engine.name: engine for engine in asked.engines(sandbox)}
    newest = ((engines[job.lifecycle], job) for job in jobs_of(sandbox).newest_first())
    return [*islice(((engine, job) for engine, job in newest if not engine.is_past(job)), seen, seen + size)]


def move(asked: AdminRequest) -> Response:
    """Answer moveJob."""
    engine, job_id = _one(asked)
    try:
        return Response.json(200, body(engine, engine.put(job_id, asked.values["to"])))
    except ValueError as error:
        raise Problem(Kind.BAD_FIELD, place="to", why=f"{error}.") from error


def _one(asked: AdminRequest) -> tuple[Engine, str]:
    """Find the one job that has the id; ids that count up are the same in many sandboxes."""
    job_id = asked.parameters["job"]
    names = [*asked.allowed(asked.store.with_job(job_id))]
    if len(names) > 1:
        raise Problem(
            Kind.BAD_PARAMETER,
            why=f"Several sandboxes have a job {job_id}: add ?sandbox= ({', '.join(names)}).",
        )
    for name in names:
        sandbox = asked.sandbox(name)
        if job_id in sandbox.jobs:
            return asked.engine(sandbox, sandbox.jobs[job_id].lifecycle), job_id
    raise Problem(Kind.UNKNOWN_ROUTE, why=f"No job has the id {job_id}.")


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
