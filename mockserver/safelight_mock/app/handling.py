"""Runs a vendor's handler on a working copy, once for each attempt to answer a request."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from math import inf
from threading import Lock
from typing import Protocol

import msgspec
from msgspec.structs import replace

from safelight_mock.app.ignored_fields import ERRORS, trace_answered
from safelight_mock.app.response_finalizer import ResponseFinalizer, note
from safelight_mock.app.routes import Route, RouteMatch
from safelight_mock.app.steps import POLL_INTERVAL, AdvanceClock, BlockingTask, Inspect, Load, Sleep, Step
from safelight_mock.config.base_urls import BaseUrl, BaseUrls
from safelight_mock.core.clock import Mode
from safelight_mock.core.engine import Engine, InvalidTransitionError, UnknownJobError
from safelight_mock.core.job import NotInspectedError
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import TimelineEvent
from safelight_mock.storage.port import LOCK_TIMEOUT, BusyError, NotStoredError
from safelight_mock.storage.sandboxes import name_of
from safelight_mock.storage.transaction import LOOP_TIMEOUT, Sandboxes, Transaction
from safelight_mock.wire.logs import log
from safelight_mock.wire.messages import (
    BODIED,
    JSON,
    NotLoadedError,
    PendingResponse,
    Presign,
    Request,
    Response,
)
from safelight_mock.wire.problem import Kind, Problem, Refusal
from safelight_mock.wire.schema import Parameters

RETRY_AFTER = "retry-after"
SAFE = ("GET", "HEAD")
MANY_JOBS = 500  # are listed and deleted in a thread: at 30 µs each they would delay every other request
HELD_FOR = 60.0  # seconds after the last look at a job for which it is kept for the request that waits for it
LOCK_POLL = 0.01  # seconds between two looks at whether another request still moves the clock
LOCK_POLLS = 25  # after which the job is read as it is


class Webhooks(Protocol):
    """What dispatching a request needs of the webhooks."""

    def notice(self, sandbox: Sandbox, now: float) -> None:
        """Create deliveries of what has happened to jobs until now; raises NotInspectedError."""

    def is_moving(self, sandbox: Sandbox) -> bool:
        """Return whether the clock of a sandbox is being moved; what is due is delivered on the way."""

    def due_now(self, sandbox: Sandbox, real: float) -> float | None:
        """Return the moment to deliver at at once, where time does not run; None if nothing is due."""


class RefusedResponseError(Exception):
    """A handler has returned a refusal; what it has changed is dropped with its transaction."""

    def __init__(self, reply: Response) -> None:
        super().__init__(f"status {reply.status}")
        self.reply = reply


class TypedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request in the types of its operation, and the base URL by which the client knows this server."""

    parameters: Parameters
    values: JSON
    base: BaseUrl


class RequestProgress(msgspec.Struct, kw_only=True):
    """How far a request has come. A handler that has to run again starts from here, on another copy.

    `happened` is what came to pass while the clock was moved for it (None: it was not), `polls` how often it
    waited for another request that moved the clock. `response` is set once that only awaits deliveries. It
    `may_block` while it is in a thread of its own.
    """

    match: RouteMatch
    route: Route
    request: Request
    key: str = ""
    typed: TypedRequest | None = None
    happened: tuple[TimelineEvent, ...] | None = None
    polls: int = 0
    response: Response | None = None
    may_block: bool = False

    @property
    def timeout(self) -> float:
        """For how many real seconds it waits for its sandbox."""
        return LOCK_TIMEOUT if self.may_block else LOOP_TIMEOUT

    @property
    def may_go_on(self) -> bool:
        """Whether it is answered even if the clock cannot be moved, because that cannot be kept.

        A response may leave, a read shows the job as it is, and who is held for a job that is taken in
        waits on.
        """
        return self.response is not None or bool(self.request.pending_job) or self.request.method in SAFE


class RequestHandling(msgspec.Struct, frozen=True, kw_only=True):
    """Runs the handlers of vendors, and makes of what those return a response, or the step it needs first."""

    sandboxes: Sandboxes
    webhooks: Webhooks
    base_urls: BaseUrls
    presign: Callable[[Request, Sandbox], Presign]
    finalizer: ResponseFinalizer
    listing: Lock = msgspec.field(default_factory=Lock)  # one long list at a time: each job takes kilobytes

    def attempt(self, progress: RequestProgress) -> Response | Step:
        """Run the handler; return the response or what has to happen first. Raises Problem.

        What a request changes is kept before it is answered; one that is refused, or fails, changes nothing.
        """
        return self._guarded(progress, self._attempt)

    def _guarded(
        self, progress: RequestProgress, work: Callable[[RequestProgress], Response | Step]
    ) -> Response | Step:
        """Do some work as `_rendered` does, in a thread if its sandbox is in use."""
        try:
            return self._rendered(progress, work)
        except BusyError:
            if progress.may_block:
                raise
            return self._elsewhere(progress)

    def _rendered(
        self, progress: RequestProgress, work: Callable[[RequestProgress], Response | Step]
    ) -> Response | Step:
        """Do some work; return what it needs first as a step, and a refusal as the vendor renders it."""
        route = progress.route
        try:
            return work(progress)
        except NotInspectedError as missing:
            return Inspect(missing.keys)
        except NotLoadedError as missing:
            return Load(missing.addresses, route.service.vendor.body_limit)
        except (Refusal, InvalidTransitionError, UnknownJobError) as refused:
            note(progress.request.trace, refused)
            return self._refused(progress, route.service.vendor.errors.render(refused))
        except RefusedResponseError as refused:
            return self._refused(progress, refused.reply)
        except BusyError:
            raise
        except NotStoredError:
            if progress.request.pending_job:  # its job is taken in: it waits on
                return Sleep(POLL_INTERVAL)
            raise
        except Problem as problem:
            self._settle(progress, problem.headers)
            raise
        except Exception as bug:
            log.exception("%s is broken", route.operation.id)
            raise Problem(Kind.BROKEN) from bug

    def _attempt(self, progress: RequestProgress) -> Response | Step:
        """Run the handler on a fresh working copy, as a writer if it is known to be one."""
        vendor, is_reader = progress.route.service.vendor.slug, not progress.route.changes_jobs
        name, work = name_of(vendor, progress.key), partial(self._answered, progress)
        outcome: Response | Step | None = None
        while outcome is None:
            real, timeout = progress.request.at, progress.timeout
            outcome = self.sandboxes.use(name, vendor, work, real, is_reader=is_reader, timeout=timeout)
        return outcome

    def _elsewhere(self, progress: RequestProgress) -> BlockingTask:
        """Have the handler run in a thread, which may wait for the sandbox and delays no other request."""
        return BlockingTask(partial(self._attempt_here, progress))

    def _attempt_here(self, progress: RequestProgress) -> Response | Step:
        """Run the handler in this thread, which is not that of an event loop."""
        progress.may_block = True
        try:
            return self._guarded(progress, self._attempt)
        finally:
            progress.may_block = False

    def _answered(
        self, progress: RequestProgress, transaction: Transaction, sandbox: Sandbox
    ) -> Response | Step | None:
        """Run the handler on a copy of the sandbox of the request's key; None if it has to run again."""
        route = progress.route
        engine, request = self._prepared(progress, sandbox)
        if route.lists_jobs and len(sandbox.jobs) > MANY_JOBS:
            return BlockingTask(partial(self._guarded, progress, self._listed))
        if route.deletes_jobs and not progress.may_block and len(sandbox.jobs) > MANY_JOBS:
            return self._elsewhere(progress)
        if route.reads_job and sandbox.clock.mode is Mode.AUTO:
            transaction.require_writer()
            moved = self._moved_on(progress, engine, request)
            if not isinstance(moved, Engine):
                return moved
            if not _is_kept(transaction):
                progress.happened = ()  # the job is shown as it is
                return None
            engine, request.trace.now = moved, moved.now
        if request.method == "DELETE" and sandbox.agenda:  # before the job is gone
            self.webhooks.notice(sandbox, engine.now)
        outcome = route.service.vendor.handlers[route.operation.id](engine, request)
        if isinstance(outcome, PendingResponse):
            return self._held(progress, transaction, sandbox, outcome)
        if request.query or request.method in BODIED:
            trace_answered(request, outcome, route.service, route.operation)
        return self._concluded(progress, transaction, sandbox, outcome)

    def _prepared(self, progress: RequestProgress, sandbox: Sandbox) -> tuple[Engine, Request]:
        """Return the engine of a sandbox, and the request as its handler receives it."""
        request, match, operation = progress.request, progress.match, progress.route.operation
        base = progress.typed.base if progress.typed else self.base_urls.of_request(request)
        engine = progress.route.open_engine(sandbox=sandbox, now=sandbox.latest, origin=base.kept)
        request.trace.sandbox, request.trace.now = sandbox.name, engine.now
        if progress.typed is None:  # only now: a body that is refused is refused in its sandbox's time
            progress.typed = TypedRequest(
                parameters=operation.parameters(match.in_path, request.query)
                if request.query
                else match.parameters,
                values=operation.read_body(request) if operation.media_types else {},
                base=base,
            )
        return engine, replace(
            request,
            parameters=progress.typed.parameters,
            values=progress.typed.values,
            options=progress.route.service.options,
            key=progress.key,
            origin=self.base_urls.public_url or base.url,
            presign=self.presign(request, sandbox),
        )

    def _listed(self, progress: RequestProgress) -> Response:
        """Make a long list, of the jobs as they are at one moment; holds no lock but that of lists."""
        route = progress.route

        def prepare(transaction: Transaction) -> tuple[Engine, Request]:
            sandbox = transaction.sandbox(route.service.vendor.slug, progress.key)
            engine, request = self._prepared(progress, sandbox)
            return replace(engine, sandbox=sandbox.still()), request

        with self.listing:
            engine, request = self.sandboxes.read(prepare, progress.request.at)
            request = replace(request, presign=self.presign(progress.request, engine.sandbox))
            outcome = route.service.vendor.handlers[route.operation.id](engine, request)
            if not isinstance(outcome, Response):
                raise TypeError(f"{route.operation.id} lists jobs, and may not wait for one")
            if request.query:
                trace_answered(request, outcome, route.service, route.operation)
            return self.finalizer.checked(progress.request, route, outcome)

    def _moved_on(self, progress: RequestProgress, engine: Engine, request: Request) -> Engine | Step:
        """Move the clock to the next transition of the job that is read, with everything due until then.

        While another request moves it, that is waited for, but not for long: a webhook's receiver may read
        the job before it answers the delivery that the other request waits for.
        """
        job_id = str(request.parameters[engine.lifecycle.id.parameter])
        if progress.happened is not None or progress.polls > LOCK_POLLS:
            return engine
        if self.webhooks.is_moving(engine.sandbox):
            progress.polls += 1
            return Sleep(LOCK_POLL)
        later = engine.at(engine.awaited(job_id))
        with suppress(UnknownJobError):
            later.find(job_id)  # may need an inspection: after the clock is moved that would move it twice
        if engine.sandbox.next_due <= later.now:
            return AdvanceClock(engine.sandbox.name, later.now)
        engine.sandbox.set_clock(request.at, to=later.now)
        return later

    def _held(
        self, progress: RequestProgress, transaction: Transaction, sandbox: Sandbox, hold: PendingResponse
    ) -> Step:
        """Hold a request until its job ends, with a look at it now and then, for it may be moved.

        A clock that stands is set to that end, unless another request moves it. Where that was just tried and
        did not help there is a pause in between. The job, and time that was moved for it, are kept together.
        """
        request = progress.request
        left = max(0.0, hold.until - sandbox.now(request.at))
        step: Step = Sleep(min(left / sandbox.clock.rate, POLL_INTERVAL))
        is_moving, was_moved = self.webhooks.is_moving(sandbox), progress.happened is not None
        if sandbox.clock.stands and left < inf and not is_moving and not was_moved:
            if sandbox.next_due <= hold.until:
                step = AdvanceClock(sandbox.name, hold.until)
            else:
                sandbox.advance(left, request.at)
                step = Sleep(0.0)
        transaction.commit()
        request.trace.job = request.trace.awaits = hold.job
        store = self.sandboxes.store
        if request.pending_job:
            store.unpin(sandbox.name, request.pending_job)
        store.pin(sandbox.name, hold.job, until=request.at + HELD_FOR)
        progress.request, progress.happened = replace(request, pending_job=hold.job), None
        return step

    def _concluded(
        self, progress: RequestProgress, transaction: Transaction, sandbox: Sandbox, reply: Response
    ) -> Response | Step:
        """Keep what a handler has changed, and return its response once what it made due is delivered."""
        if reply.status >= ERRORS:
            raise RefusedResponseError(reply)  # what it has changed is dropped
        request = progress.request
        if RETRY_AFTER in reply.headers:
            _remember_pause(sandbox, reply.headers)
        is_silent = request.method == "GET" or not sandbox.owes
        due = None if is_silent else self.webhooks.due_now(sandbox, request.at)
        if transaction.is_reader:  # one that has to run again draws no id for its response
            transaction.end_reading()
        response = self.finalizer.checked(request, progress.route, reply)
        if response.status >= ERRORS:  # it is not as documented and may not leave: nothing has happened
            return response
        if not transaction.is_reader:
            transaction.commit()
        if request.pending_job:
            self._end_hold(progress)
        if due is None:
            return response
        progress.response = response
        return AdvanceClock(sandbox.name, due)

    def _refused(self, progress: RequestProgress, reply: Response) -> Response:
        self._settle(progress, reply.headers)
        return self.finalizer.checked(progress.request, progress.route, reply)

    def _settle(self, progress: RequestProgress, headers: Mapping[str, str]) -> None:
        """Keep of a refused request the Retry-After of its response, and that a clock began that stands."""
        name, vendor = progress.request.trace.sandbox, progress.route.service.vendor.slug
        self._end_hold(progress)
        if not name:
            return

        def settle(transaction: Transaction, sandbox: Sandbox) -> None:
            _remember_pause(sandbox, headers)
            if sandbox.clock.stands or transaction.before(name):
                with suppress(NotStoredError):  # which is logged, and not what this request is told
                    transaction.commit()

        self.sandboxes.use(name, vendor, settle, progress.request.at, timeout=progress.timeout)

    def _end_hold(self, progress: RequestProgress) -> None:
        """Keep the job no longer that the request was held for."""
        if progress.request.pending_job:
            self.sandboxes.store.unpin(progress.request.trace.sandbox, progress.request.pending_job)


def _remember_pause(sandbox: Sandbox, headers: Mapping[str, str]) -> None:
    """Keep the Retry-After of the last response: on an auto clock the next poll advances by as much."""
    if RETRY_AFTER in headers:
        sandbox.pause = float(headers[RETRY_AFTER])


def _is_kept(transaction: Transaction) -> bool:
    """Keep that time was moved, if that can be."""
    try:
        transaction.commit(is_last=False)
    except NotStoredError:
        return False
    return True
