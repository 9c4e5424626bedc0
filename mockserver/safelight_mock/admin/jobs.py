"""Lists the jobs of all sandboxes, and forces one into a state."""

from collections.abc import Iterator
from functools import partial
from heapq import merge
from itertools import islice
from math import isfinite

from safelight_mock.admin.admin_request import AdminRequest
from safelight_mock.core.engine import Engine
from safelight_mock.core.engine_errors import UnknownJobError
from safelight_mock.core.job import InspectionKey, Job, NotInspectedError, Status
from safelight_mock.core.sandbox import jobs_of
from safelight_mock.storage.transaction import Transaction
from safelight_mock.wire.messages import JSON, Response
from safelight_mock.wire.problem import Kind, Problem

FEW = 16  # jobs of a sandbox in the first page; most requests for more jobs need none of the second

Pair = tuple[Engine, Job]


def list_all(request: AdminRequest) -> Response:
    """Handle listJobs: the newest first. No more jobs are evaluated than are returned."""
    limit = request.parameters["limit"]
    newest = merge(*(_newest_first(request, name) for name in request.names()), key=_order)
    listed: list[JSON] = []
    uninspected: set[InspectionKey] = set()
    for engine, job in newest:
        try:
            listed.append(body(engine, engine.status(job)))
        except UnknownJobError:
            continue  # it ended early, and its retention has passed
        except NotInspectedError as error:
            uninspected |= error.keys  # all of them at once, not one per attempt
            listed.append(None)
        if len(listed) == limit:
            break
    if uninspected:
        raise NotInspectedError(frozenset(uninspected))
    return Response.json(200, listed)


def _order(pair: Pair) -> tuple[float, str]:
    engine, job = pair
    return -job.submitted, engine.sandbox.name


def _newest_first(request: AdminRequest, name: str) -> Iterator[Pair]:
    """Yield the newest jobs of a sandbox in two pages; the second is read only if needed."""
    skipped = 0
    for size in (FEW, request.parameters["limit"]):
        page = request.backend.sandboxes.read(partial(_page, request, name, skipped, size), request.at)
        yield from page
        skipped += size
        if len(page) < size:
            return


def _page(request: AdminRequest, name: str, skipped: int, size: int, transaction: Transaction) -> list[Pair]:
    """Return up to `size` of the newest jobs of a sandbox, after the first `skipped`."""
    sandbox = transaction.before(name)
    if sandbox is None:
        return []
    engines = {engine.name: engine for engine in request.engines(sandbox)}
    newest = ((engines[job.lifecycle], job) for job in jobs_of(sandbox).newest_first())
    retained = ((engine, job) for engine, job in newest if not job.is_file and not engine.is_past(job))
    return [*islice(retained, skipped, skipped + size)]


def move(request: AdminRequest) -> Response:
    """Handle moveJob."""
    engine, job_id = _one(request)
    try:
        engine.lifecycle.check_word(request.values["to"])
        return Response.json(200, body(engine, engine.force_state(job_id, request.values["to"])))
    except ValueError as error:
        raise Problem(Kind.BAD_FIELD, field="to", detail=f"to: {error}") from error


def _one(request: AdminRequest) -> tuple[Engine, str]:
    """Find the job by id; raises Problem if several have it, as ids that count up are not unique."""
    job_id = request.parameters["job"]
    names = [*request.allowed(request.store.with_job(job_id))]
    if len(names) > 1:
        raise Problem(
            Kind.BAD_PARAMETER,
            detail=f"job {job_id} exists in several sandboxes; add ?sandbox= with one of {', '.join(names)}",
        )
    for name in names:
        sandbox = request.sandbox(name)
        if job_id in sandbox.jobs:
            return request.engine(sandbox, sandbox.jobs[job_id].lifecycle), job_id
    raise Problem(Kind.UNKNOWN_ROUTE, detail=f"unknown job {job_id!r}; GET /_safelight/jobs lists them")


def body(engine: Engine, status: Status) -> dict[str, JSON]:
    """Return a job as JSON."""
    job = status.job
    return {
        "id": job.id,
        "sandbox": engine.sandbox.name,
        "label": engine.sandbox.label,
        "vendor": engine.sandbox.vendor,
        "lifecycle": job.lifecycle,
        "operation": job.operation,
        "state": status.state,
        "vendor_state": status.vendor_state,
        "is_paused": status.is_paused,
        "progress": status.progress,
        "submitted": job.submitted,
        "since": status.since,
        "ends": status.ends if isfinite(status.ends) else None,
        "failure_reason": job.source.error,
    }
