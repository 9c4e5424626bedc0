"""Routes requests of the control plane by `openapi.json`, and runs their handlers."""

from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import closing
from functools import cached_property, partial
from importlib.resources import files
from itertools import chain
from typing import Any

import msgspec
from msgspec.structs import replace

from safelight_mock.admin import (
    auth,
    conduct,
    coverage,
    create_job,
    deliveries,
    faults,
    health,
    inboxes,
    jobs,
    metrics,
    next_steps,
    requests,
    sandboxes,
    snapshots,
    webhooks,
)
from safelight_mock.admin.admin_request import AdminRequest, Backend
from safelight_mock.app.steps import (
    AdvanceClock,
    BlockingTask,
    Exchange,
    ExchangeStep,
    Inspect,
    Load,
    ReadBody,
)
from safelight_mock.core.engine_errors import InvalidTransitionError, UnknownJobError
from safelight_mock.core.job import NotInspectedError
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import TimelineEvent
from safelight_mock.storage.body_readers import ZIP, PlainReader, Reader, file_reader
from safelight_mock.storage.port import LOCK_TIMEOUT, BusyError
from safelight_mock.storage.transaction import LOOP_TIMEOUT, Transaction
from safelight_mock.wire.api import Api
from safelight_mock.wire.messages import BODIED, JSON, Form, ReceivedFile, Request, Response
from safelight_mock.wire.operation import Operation
from safelight_mock.wire.problem import Kind, Problem, VendorError
from safelight_mock.wire.schema import Query
from safelight_mock.wire.suggestions import suggestion

HANDLERS: Mapping[str, Callable[[AdminRequest], Response | ExchangeStep]] = {
    "getDocument": lambda request: Response.json(200, request.document),
    "listSandboxes": sandboxes.list_all,
    "openSandbox": sandboxes.open_one,
    "resetServer": sandboxes.reset_all,
    "resetSandbox": sandboxes.reset,
    "deleteSandbox": sandboxes.delete,
    "updateAccount": sandboxes.change_account,
    "setClock": sandboxes.set_clock,
    "advanceClock": sandboxes.advance_clock,
    "takeSnapshot": snapshots.take,
    "restoreSnapshot": snapshots.restore,
    "forkSandbox": snapshots.fork,
    "listJobs": jobs.list_all,
    "createJob": create_job.create,
    "moveJob": jobs.move,
    "getWebhook": webhooks.show,
    "updateWebhook": webhooks.change,
    "getFaults": faults.show_next,
    "setFaults": faults.set_next,
    "addFaults": faults.add_next,
    "getConduct": conduct.show,
    "listNextSteps": next_steps.show,
    "getScenario": faults.show_scenario,
    "setScenario": faults.set_scenario,
    "listDeliveries": deliveries.list_all,
    "resendDelivery": deliveries.resend,
    "listRequests": requests.list_all,
    "clearRequests": requests.clear,
    "getHealth": health.show,
    "getMetrics": metrics.show,
    "getCoverage": coverage.show,
    "getInbox": inboxes.show,
    "setInboxResponses": inboxes.set_responses,
    "deleteInbox": inboxes.delete,
    "receiveMessage": inboxes.receive,
}

IN_THREAD = frozenset({"listSandboxes", "listJobs", "listDeliveries", "getMetrics", "getCoverage"})
"""Operations that run in a thread: they read all sandboxes, each of which may be locked, or documents."""

UNCHECKED = frozenset({"receiveMessage"})  # responds with whatever status the inbox is set to

ENDED = ": it has ended; submit another one, or keep it from ending by a manual clock"
LONGEST = 100  # characters of a name in an error

SAFE = ("GET", "HEAD")  # change nothing

STATUSES: Mapping[Kind, int] = {
    Kind.UNKNOWN_ROUTE: 404,
    Kind.WRONG_METHOD: 405,
    Kind.UNAUTHORIZED: 401,
    Kind.FORBIDDEN: 403,
    Kind.BAD_PARAMETER: 422,
    Kind.BAD_FIELD: 422,
    Kind.BAD_BODY: 400,
    Kind.UNSUPPORTED_TYPE: 415,
    Kind.TOO_LARGE: 413,
    Kind.TOO_SLOW: 408,
    Kind.NO_ROOM: 503,
    Kind.STOPPING: 503,
    Kind.BROKEN: 500,
}


class AdminProgress(msgspec.Struct, kw_only=True):
    """What is known of a request so far; a handler that has to run again starts from here.

    `held` are the digests of files that it has stored, once for each time.
    """

    operation: Operation
    in_path: Mapping[str, str]
    request: Request
    values: JSON = None
    events: tuple[TimelineEvent, ...] | None = None
    response: Response | None = None
    held: list[str] = msgspec.field(default_factory=list)


class AdminRouter:
    """The control plane of one server. `release` gives up inputs that were loaded for a request."""

    def __init__(
        self, backend: Backend, *, release: Callable[[Iterable[ReceivedFile]], None], now: Callable[[], float]
    ) -> None:
        self._backend = backend
        self._release = release
        self._now = now

    def exchange(self, request: Request) -> Exchange[Response]:
        """Yield the steps of a request, and return its response; it is authenticated and routed once."""
        try:
            auth.check(request, self._backend.settings.control_token)
            operation, in_path = self._route(request)
            _check_query(operation, request)
            progress = AdminProgress(operation=operation, in_path=in_path, request=request)
            if request.method in BODIED and not request.body:
                return (yield from self._read(progress))
            return (yield from self._answer(progress))
        except (Problem, VendorError) as rejection:
            return self.refuse(request, rejection)

    def _route(self, request: Request) -> tuple[Operation, Mapping[str, str]]:
        try:
            return self._api.route(request.method, request.path)
        except Problem as problem:
            if problem.kind is not Kind.UNKNOWN_ROUTE:
                raise
            joint = " " if problem.reason.endswith("?") else "; "
            detail = f"{problem.reason}{joint}GET /_safelight/openapi.json lists all routes"
            raise Problem(problem.kind, detail=detail) from problem

    def _read(self, progress: AdminProgress) -> Exchange[Response]:
        with closing(self._reader(progress)) as reader:
            yield ReadBody(reader)
            progress.request = replace(progress.request, body=reader.finish(), at=self._now())
            return (yield from self._answer(progress))

    def _reader(self, progress: AdminProgress) -> Reader:
        """Choose how to read the body; raises Problem for a media type that is not accepted."""
        operation, request = progress.operation, progress.request
        if operation.media_types and operation.media_type(request) not in operation.media_types:
            raise operation.unsupported(request)
        return file_reader(request, self._backend.blobs) if ZIP in operation.media_types else PlainReader()

    def _answer(self, progress: AdminProgress) -> Exchange[Response]:
        is_file = isinstance(progress.request.body, Form)
        progress.values = {} if is_file else progress.operation.read_body(progress.request)
        try:
            outcome = self._attempt(progress)
            while not isinstance(outcome, Response):
                outcome = yield from self._go_on(progress, outcome)
            return outcome
        finally:
            if progress.request.loaded:
                self._release(progress.request.loaded.values())
            for digest in progress.held:
                self._backend.blobs.discard(digest)

    def _go_on(
        self, progress: AdminProgress, step: ExchangeStep
    ) -> Generator[ExchangeStep, Any, Response | ExchangeStep]:
        """Perform a step; return the response, or the next step."""
        try:
            result = yield step
        except Problem:
            if progress.response is None:
                raise
            return progress.response  # deliveries that it made due are sent later
        if progress.response is not None:
            return progress.response
        if isinstance(step, BlockingTask) and isinstance(result, Response | ExchangeStep):
            return result  # from a handler that ran in a thread
        if isinstance(step, Load):
            progress.request = replace(progress.request, loaded={**progress.request.loaded, **result})
        if isinstance(step, AdvanceClock | BlockingTask):
            progress.events = result if isinstance(step, AdvanceClock) else ()
        if not isinstance(step, Inspect):
            progress.request = replace(progress.request, at=self._now())
        return self._attempt(progress)

    def _attempt(self, progress: AdminProgress) -> Response | ExchangeStep:
        """Run the handler, in a thread if it may take long or its sandbox is locked."""
        if progress.operation.id in IN_THREAD:
            return BlockingTask(partial(self._run, progress, LOCK_TIMEOUT))
        try:
            return self._run(progress, LOOP_TIMEOUT)
        except BusyError:
            return BlockingTask(partial(self._run, progress, LOCK_TIMEOUT))

    def _run(self, progress: AdminProgress, timeout: float) -> Response | ExchangeStep:
        """Run the handler in a transaction; `timeout` seconds to wait for a locked sandbox."""
        sandboxes = self._backend.sandboxes
        run = sandboxes.read if progress.request.method in SAFE else sandboxes.write
        try:
            return run(partial(self._handled, progress), progress.request.at, timeout=timeout)
        except NotInspectedError as missing:
            return Inspect(missing.keys)
        except UnknownJobError as error:
            return problem(404, str(error))
        except InvalidTransitionError as error:
            return problem(409, f"{error}{ENDED if error.state.is_over else ''}")

    def _handled(self, progress: AdminProgress, transaction: Transaction) -> Response | ExchangeStep:
        operation, request = progress.operation, progress.request
        admin_request = AdminRequest(
            backend=self._backend,
            transaction=transaction,
            parameters=operation.parameters(progress.in_path, request.query),
            values=progress.values,
            document=self._api.document,
            http_request=request,
            store_file=partial(self._store_file, progress),
            events=progress.events,
        )
        outcome = HANDLERS[operation.id](admin_request)
        if isinstance(outcome, BlockingTask | Load):
            return outcome
        if isinstance(outcome, Response) and operation.id not in UNCHECKED:
            operation.check(outcome)
        return outcome if request.method in SAFE else self._kept(progress, outcome, transaction)

    def _store_file(self, progress: AdminProgress, content: bytes, name: str) -> str:
        """Store a file of a scenario, and hold it until the request is answered; return its digest."""
        digest = self._backend.blobs.put(content, name).digest
        progress.held.append(digest)
        return digest

    def _kept(
        self, progress: AdminProgress, outcome: Response | ExchangeStep, transaction: Transaction
    ) -> Response | ExchangeStep:
        """Commit the changes of a request, and return its response after the deliveries that it made due.

        What was due before is left to the requests that made it due: they are being handled.
        """
        at, copy = progress.request.at, transaction.copy
        is_made_due = copy is not None and _due(copy, at) > _due(transaction.before(copy.name), at)
        transaction.commit()
        if copy is None or not is_made_due or not isinstance(outcome, Response):
            return outcome
        due = self._backend.dispatcher.due_now(copy, at)
        if due is None:
            return outcome
        progress.response = outcome
        return AdvanceClock(copy.name, due)

    @staticmethod
    def refuse(_: Request, rejection: Exception) -> Response:
        """Render a rejection as a problem (RFC 9457)."""
        if isinstance(rejection, VendorError):
            return problem(rejection.status, str(rejection))
        if isinstance(rejection, Problem):
            return problem(STATUSES.get(rejection.kind, 500), rejection.reason, _headers(rejection))
        return problem(500, str(rejection))

    @cached_property
    def _api(self) -> Api:
        return Api.from_json((files("safelight_mock.admin") / "openapi.json").read_bytes(), strict=True)


def _check_query(operation: Operation, request: Request) -> None:
    """Raise Problem for a parameter that the operation does not have; an inbox takes the URLs of senders."""
    known = operation.query_parameters
    unknown = next((name for name in Query(request.query) if name not in known), None)
    if unknown is None or operation.id in UNCHECKED:
        return
    hint = suggestion(unknown, known) if known else "there are none here"
    detail = f"unknown query parameter {unknown[:LONGEST]!r}; {hint}"
    raise Problem(Kind.BAD_PARAMETER, field=unknown, detail=detail)


def _due(sandbox: Sandbox | None, real: float) -> int:
    """Return the number of due jobs and deliveries, if the clock does not run by itself."""
    if sandbox is None or not sandbox.clock.is_stopped:
        return 0
    now = sandbox.now(real)
    return sum(1 for _ in chain(sandbox.due_jobs(now), sandbox.due_deliveries(now)))


def _headers(rejection: Exception) -> Mapping[str, str]:
    """Return the headers that the status requires (RFC 9110)."""
    match rejection:
        case Problem(kind=Kind.WRONG_METHOD, field=allowed):
            return {"allow": allowed}
        case Problem(kind=Kind.UNAUTHORIZED):
            return {"www-authenticate": "Bearer"}
        case BusyError():
            return rejection.headers
    return {}


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return a problem (RFC 9457). `message` repeats `detail` for clients that read it as vendors name it."""
    fields = {"content-type": "application/problem+json", **(headers or {})}
    return Response.json(status, {"status": status, "detail": detail, "message": detail}, fields)
