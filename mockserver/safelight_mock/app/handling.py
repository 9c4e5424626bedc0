"""Runs a vendor's handler on a working copy, and repeats it after each step that it has to wait for."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from math import inf
from threading import Lock
from typing import Protocol

import msgspec
from msgspec.structs import replace

from safelight_mock.app.fault_injection import HEADER, UNCHANGED, WORD, FaultInjection
from safelight_mock.app.ignored_fields import ERRORS, trace_answered
from safelight_mock.app.request_progress import RequestProgress, TypedRequest
from safelight_mock.app.response_finalizer import ErrorResponseReturnedError, ResponseFinalizer, note
from safelight_mock.app.steps import (
    POLL_INTERVAL,
    AdvanceClock,
    BlockingTask,
    ExchangeStep,
    Inspect,
    Load,
    Sleep,
)
from safelight_mock.config.base_urls import BaseUrls
from safelight_mock.core.clock import ClockMode
from safelight_mock.core.engine import Engine
from safelight_mock.core.engine_errors import InvalidTransitionError, UnknownJobError
from safelight_mock.core.job import NotInspectedError
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.scenario import Role
from safelight_mock.coverage.recorder import CoverageRecorder
from safelight_mock.storage.port import LOCK_TIMEOUT, BusyError, NotStoredError
from safelight_mock.storage.sandboxes import name_of
from safelight_mock.storage.transaction import LOOP_TIMEOUT, Sandboxes, Transaction
from safelight_mock.wire.logs import log
from safelight_mock.wire.messages import (
    EventStream,
    NotLoadedError,
    PendingResponse,
    Presign,
    Request,
    Response,
)
from safelight_mock.wire.problem import Kind, Problem, VendorError

RETRY_AFTER = "retry-after"
MANY_JOBS = 500  # more are listed and deleted in a thread: at 30 µs each they would block the event loop
PIN_SECONDS = 60.0  # for which a job is pinned after each check by the request that waits for it
LEASE_POLL = 0.01  # seconds between checks whether another request still advances the clock
LEASE_POLLS = 25  # checks, after which the job is read as it is


class Webhooks(Protocol):
    """What handling a request needs of the webhook dispatcher."""

    def create_deliveries(self, sandbox: Sandbox, now: float) -> None:
        """Create the deliveries for all transitions of jobs until `now`; raises NotInspectedError."""

    def is_advancing(self, sandbox: Sandbox) -> bool:
        """Return whether the clock of a sandbox is being advanced by a run of deliveries."""

    def due_now(self, sandbox: Sandbox, real: float) -> float | None:
        """Return the time to pass to `advance_until` if a stopped clock has something due; else None."""


class RequestHandling(msgspec.Struct, frozen=True, kw_only=True):
    """Runs vendors' handlers; the outcome is a response, or the step that has to be performed first."""

    sandboxes: Sandboxes
    webhooks: Webhooks
    base_urls: BaseUrls
    presign: Callable[[Request, Sandbox], Presign]
    finalizer: ResponseFinalizer
    faults: FaultInjection
    coverage: CoverageRecorder
    listing: Lock = msgspec.field(default_factory=Lock)  # one long list at a time: each job takes kilobytes

    def attempt(self, progress: RequestProgress) -> Response | ExchangeStep:
        """Run the handler; return the response, or the step that has to be performed first. Raises Problem.

        Changes are stored before the response is returned; a request that fails changes nothing.
        """
        return self._or_in_thread(progress, self._attempt)

    def _or_in_thread(
        self, progress: RequestProgress, work: Callable[[RequestProgress], Response | ExchangeStep]
    ) -> Response | ExchangeStep:
        """Run a function; if the sandbox is in use, return a step that runs it in a thread."""
        try:
            return self._with_errors_handled(progress, work)
        except BusyError:
            if progress.may_block:
                raise
            return self._in_thread(progress)

    def _with_errors_handled(
        self, progress: RequestProgress, work: Callable[[RequestProgress], Response | ExchangeStep]
    ) -> Response | ExchangeStep:
        """Run a function; return what it needs first as a step, and an error as the vendor's response."""
        route = progress.route
        try:
            return work(progress)
        except NotInspectedError as missing:
            return Inspect(missing.keys)
        except NotLoadedError as missing:
            return Load(missing.addresses, route.service.vendor.body_limit)
        except (VendorError, InvalidTransitionError, UnknownJobError) as refused:
            note(progress.request.trace, refused)
            return self._refused(progress, route.service.vendor.errors.render(refused, route.operation.id))
        except ErrorResponseReturnedError as refused:
            return self._refused(progress, refused.reply)
        except BusyError:
            raise
        except NotStoredError:
            if progress.request.pending_job:  # its job is submitted: it goes on waiting
                return Sleep(POLL_INTERVAL)
            raise
        except Problem as problem:
            self._settle(progress, problem.headers)
            raise
        except Exception as bug:
            log.exception("the handler of %s failed: a bug of the mock server", route.operation.id)
            raise Problem(Kind.BROKEN) from bug

    def _attempt(self, progress: RequestProgress) -> Response | ExchangeStep:
        """Run the handler on a fresh working copy, as a writer if the operation always changes jobs."""
        vendor, is_reader = progress.route.service.vendor.slug, not progress.route.changes_jobs
        answered = self._answered_again if progress.request.trace.sandbox_number else self._answered
        name, work = name_of(vendor, progress.key), partial(answered, progress)
        outcome: Response | ExchangeStep | None = None
        while outcome is None:
            real, timeout = progress.request.at, progress.timeout
            outcome = self.sandboxes.use(name, vendor, work, real, is_reader=is_reader, timeout=timeout)
        return outcome

    def _in_thread(self, progress: RequestProgress) -> BlockingTask:
        """Return a step that runs the handler in a thread, which may wait for the sandbox."""
        return BlockingTask(partial(self._attempt_blocking, progress))

    def _attempt_blocking(self, progress: RequestProgress) -> Response | ExchangeStep:
        """Run the handler in this thread, not that of an event loop."""
        progress.may_block, progress.timeout = True, LOCK_TIMEOUT
        try:
            return self._or_in_thread(progress, self._attempt)
        finally:
            progress.may_block, progress.timeout = False, LOOP_TIMEOUT

    def _answered(
        self, progress: RequestProgress, transaction: Transaction, sandbox: Sandbox
    ) -> Response | ExchangeStep | None:
        """Run the handler on a copy of the sandbox of the request's key; None if it has to run again."""
        route, may_have_fault = progress.route, self._may_have_fault(progress, sandbox)
        plain, request = self._prepared(progress, sandbox)
        engine = self._with_fault(progress, transaction, plain, request) if may_have_fault else plain
        if not isinstance(engine, Engine):
            return engine
        if route.lists_jobs or route.deletes_jobs:
            step = self._in_thread_if_many(progress, sandbox)
            if step is not None:
                return step
        if route.reads_job and sandbox.clock.mode is ClockMode.AUTO:
            transaction.require_writer()
            moved = self._advance_auto_clock(progress, engine, request)
            if not isinstance(moved, Engine):
                return moved
            if not transaction.try_commit():
                progress.events = ()  # the job is shown as it is
                return None
            engine, request.trace.now = moved, moved.now
        if request.method == "DELETE" and sandbox.job_due_at:  # before the job is gone
            self.webhooks.create_deliveries(sandbox, engine.now)
        outcome = route.service.vendor.handlers[route.operation.id](engine, request)
        if isinstance(outcome, PendingResponse):
            return self._held(progress, transaction, sandbox, outcome)
        if request.query or route.has_fields:
            trace_answered(request, outcome, route, self.coverage)
        return self._concluded(progress, transaction, sandbox, outcome)

    def _answered_again(
        self, progress: RequestProgress, transaction: Transaction, sandbox: Sandbox
    ) -> Response | ExchangeStep | None:
        """Run the handler of a request that waits, without its job if its sandbox was deleted meanwhile."""
        if transaction.number == progress.request.trace.sandbox_number:
            return self._answered(progress, transaction, sandbox)
        route, (engine, request) = progress.route, self._prepared(progress, replace(sandbox, jobs={}))
        outcome = route.service.vendor.handlers[route.operation.id](engine, request)
        if not isinstance(outcome, Response):
            raise TypeError(f"{route.operation.id} waits for a job that does not exist")
        return self.finalizer.checked(request, route, outcome)

    def _in_thread_if_many(self, progress: RequestProgress, sandbox: Sandbox) -> BlockingTask | None:
        """Return a step that runs the handler in a thread, if it reads many jobs."""
        if len(sandbox.jobs) <= MANY_JOBS:
            return None
        if progress.route.lists_jobs:
            return BlockingTask(partial(self._or_in_thread, progress, self._listed))
        return None if progress.may_block else self._in_thread(progress)

    def _may_have_fault(self, progress: RequestProgress, sandbox: Sandbox) -> bool:
        """Return whether a scenario may apply; cheap, because every request comes here."""
        if sandbox.has_scenarios or self.faults.is_always_on or HEADER in progress.request.headers:
            return True
        return progress.route.role is Role.SUBMIT and _may_name_scenario(progress.request)

    def _with_fault(
        self, progress: RequestProgress, transaction: Transaction, engine: Engine, request: Request
    ) -> Engine | Response:
        """Return an engine with the fault of a scenario, or the response that replaces the vendor's.

        The fault is chosen once, and stored before the request is carried out.
        """
        decision, sandbox = progress.decision, engine.sandbox
        if decision is None:
            decision = self.faults.decide(progress.route, engine, request)
            if decision is not UNCHANGED and decision.matched != sandbox.matched:
                transaction.require_writer()
                self.faults.note(decision, sandbox)
                transaction.commit(is_last=False)
            progress.decision = decision
        if decision.is_answered:
            return self.faults.respond(decision, progress.route, request)
        return decision.engine(engine)

    def _prepared(self, progress: RequestProgress, sandbox: Sandbox) -> tuple[Engine, Request]:
        """Return the engine of a sandbox, and the request as its handler receives it."""
        request, match, operation = progress.request, progress.match, progress.route.operation
        base = progress.typed.base if progress.typed else self.base_urls.of_request(request)
        engine = progress.route.open_engine(sandbox=sandbox, now=sandbox.latest, origin=base.kept)
        request.trace.sandbox, request.trace.now = sandbox.name, engine.now
        if progress.typed is None:  # not earlier: a rejection has the time of its sandbox
            parameters = (
                operation.parameters(match.in_path, request.query) if request.query else match.parameters
            )
            if operation.framework.checks_parameters:
                operation.check_parameters(request, parameters)
            progress.typed = TypedRequest(
                parameters=parameters,
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
        """Build a long list from a copy of the jobs, under the lock of lists, not the sandbox's."""
        route = progress.route

        def prepare(transaction: Transaction) -> tuple[Engine, Request]:
            sandbox = transaction.sandbox(route.service.vendor.slug, progress.key)
            engine, request = self._prepared(progress, sandbox)
            return replace(engine, sandbox=sandbox.jobs_frozen()), request

        with self.listing:
            engine, request = self.sandboxes.read(prepare, progress.request.at)
            request = replace(request, presign=self.presign(progress.request, engine.sandbox))
            outcome = route.service.vendor.handlers[route.operation.id](engine, request)
            if not isinstance(outcome, Response):
                raise TypeError(f"{route.operation.id} lists jobs, and may not wait for one")
            if request.query or route.has_fields:
                trace_answered(request, outcome, route, self.coverage)
            return self.finalizer.checked(progress.request, route, outcome)

    def _advance_auto_clock(
        self, progress: RequestProgress, engine: Engine, request: Request
    ) -> Engine | ExchangeStep:
        """Advance an auto clock to the next transition of the polled job, and deliver what is due until then.

        Waits while another request advances it, but only for `LEASE_POLLS`: a webhook's receiver may read the
        job before it responds to the delivery for which that other request waits.
        """
        job_id = str(request.parameters[engine.lifecycle.described.ids.parameter])
        if progress.events is not None or progress.lease_polls > LEASE_POLLS:
            return engine
        if self.webhooks.is_advancing(engine.sandbox):
            progress.lease_polls += 1
            return Sleep(LEASE_POLL)
        later = engine.at(engine.advance_target(job_id))
        with suppress(UnknownJobError):
            later.find(job_id)  # may raise NotInspectedError: later, running again would advance twice
        if engine.sandbox.next_due <= later.now:
            return AdvanceClock(engine.sandbox.name, later.now)
        engine.sandbox.set_clock(request.at, to=later.now)
        return later

    def _held(
        self, progress: RequestProgress, transaction: Transaction, sandbox: Sandbox, hold: PendingResponse
    ) -> ExchangeStep:
        """Wait until a job ends; checks it repeatedly, because its state may be forced.

        A stopped clock is advanced to that end, unless another request advances it. If that did not end
        the job, sleep before the next check. The job and the advanced time are stored together.
        """
        request = progress.request
        left = max(0.0, hold.until - sandbox.now(request.at))
        step: ExchangeStep = Sleep(min(left / sandbox.clock.rate, POLL_INTERVAL))
        is_advancing, was_advanced = self.webhooks.is_advancing(sandbox), progress.events is not None
        if sandbox.clock.is_stopped and left < inf and not is_advancing and not was_advanced:
            if sandbox.next_due <= hold.until:
                step = AdvanceClock(sandbox.name, hold.until)
            else:
                sandbox.advance(left, request.at)
                step = Sleep(0.0)
        transaction.commit()
        request.trace.job = request.trace.awaits = hold.job
        request.trace.sandbox_number = transaction.number
        store = self.sandboxes.store
        if request.pending_job:
            store.unpin(sandbox.name, request.pending_job)
        store.pin(sandbox.name, hold.job, until=request.at + PIN_SECONDS)
        progress.request, progress.events = replace(request, pending_job=hold.job), None
        return step

    def _concluded(
        self, progress: RequestProgress, transaction: Transaction, sandbox: Sandbox, reply: Response
    ) -> Response | ExchangeStep:
        """Store the changes, and return the response after making the deliveries that are due."""
        if reply.status >= ERRORS:
            raise ErrorResponseReturnedError(reply)  # its changes are discarded
        request = progress.request
        if RETRY_AFTER in reply.headers:
            _remember_pause(sandbox, reply.headers)
        if isinstance(reply.content, EventStream):
            request.trace.sandbox_number = transaction.number
        # Where a clock runs, what is due is delivered by itself.
        may_be_due = sandbox.clock.is_stopped and request.method != "GET" and sandbox.has_pending_deliveries
        due = self.webhooks.due_now(sandbox, request.at) if may_be_due else None
        if transaction.is_reader:  # before an id is drawn for a response that is not sent
            transaction.end_reading()
        response = self.finalizer.checked(request, progress.route, reply)
        if response.status >= ERRORS:  # the response is invalid and not sent: nothing is stored
            return response
        if not transaction.is_reader:
            transaction.commit()
        if request.pending_job:
            self._unpin(progress)
        if progress.decision is not None and progress.decision is not UNCHANGED:
            engine, prepared = self._prepared(progress, sandbox)
            response = self.faults.changed(progress.decision, progress.route, engine, prepared, response)
        if due is None:
            return response
        progress.response = response
        return AdvanceClock(sandbox.name, due)

    def _refused(self, progress: RequestProgress, reply: Response) -> Response:
        self._settle(progress, reply.headers)
        return self.finalizer.checked(progress.request, progress.route, reply)

    def _settle(self, progress: RequestProgress, headers: Mapping[str, str]) -> None:
        """Store what outlasts a rejected request: its Retry-After, and a new sandbox with a stopped clock."""
        name, vendor = progress.request.trace.sandbox, progress.route.service.vendor.slug
        self._unpin(progress)
        if not name:
            return

        def settle(transaction: Transaction, sandbox: Sandbox) -> None:
            _remember_pause(sandbox, headers)
            is_same = progress.request.trace.sandbox_number in (0, transaction.number)
            if is_same and (sandbox.clock.is_stopped or transaction.before(name)):
                with suppress(NotStoredError):  # logged; the client gets the refusal
                    transaction.commit()

        self.sandboxes.use(name, vendor, settle, progress.request.at, timeout=progress.timeout)

    def _unpin(self, progress: RequestProgress) -> None:
        """Unpin the job that the request waited for."""
        if progress.request.pending_job:
            self.sandboxes.store.unpin(progress.request.trace.sandbox, progress.request.pending_job)


def _may_name_scenario(request: Request) -> bool:
    """Return whether a text of a submission may name a scenario; quicker than finding the name."""
    body = request.body
    if isinstance(body, bytes):
        return WORD.encode() in body or WORD in request.query
    names = [upload.filename for upload in body.files.values()]
    return any(WORD in text for text in (*names, *body.fields.values(), request.query))


def _remember_pause(sandbox: Sandbox, headers: Mapping[str, str]) -> None:
    """Store the Retry-After of the last response: on an auto clock the next poll advances by as much.

    Only seconds are stored; a generated header may also have a date, or any text.
    """
    if RETRY_AFTER in headers:
        with suppress(ValueError):
            sandbox.pause = float(headers[RETRY_AFTER])
