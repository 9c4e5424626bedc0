"""Receives calls for vendors' operations: which one it is, who calls, and what becomes of it."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

import msgspec
from msgspec.structs import replace

from safelight_mock.app.ignored_fields import ERRORS, trace_answered
from safelight_mock.app.response_finalizer import note
from safelight_mock.app.steps import GLANCE, Errand, Passage, Wait, look_later, wait_for_end
from safelight_mock.config.services import Service, service_of
from safelight_mock.core.clock import Mode
from safelight_mock.core.engine import Engine, RefusedError, UnknownJobError
from safelight_mock.core.job import UnjudgedError
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.storage.body_readers import Reader, reader_for
from safelight_mock.storage.port import NotKeptError
from safelight_mock.storage.sandboxes import name_of
from safelight_mock.storage.transaction import Desk
from safelight_mock.wire.api_keys import authenticate
from safelight_mock.wire.logs import log
from safelight_mock.wire.messages import BODIED, Call, Hold, Reply, UnloadedError
from safelight_mock.wire.operation import Operation
from safelight_mock.wire.problem import Kind, Problem, Refusal

if TYPE_CHECKING:
    from safelight_mock.app.twin import Twin

RETRY_AFTER = "retry-after"
MANY = 500  # jobs in a list that takes longer to make than others should wait: 30 µs each
PATIENCE = 60.0  # seconds after its end for which a job is kept for the call that waits for it


T = TypeVar("T")


class Admission(msgspec.Struct, frozen=True, kw_only=True):
    """A call that found an operation that is served."""

    service: Service
    operation: Operation
    in_path: Mapping[str, str]


class Reception:
    """Brings calls to the functions of vendors, and what those answer back; asked under the twin's lock."""

    def __init__(self, twin: "Twin") -> None:
        self._twin = twin
        self._listing = Lock()

    def reader(self, call: Call) -> Reader:
        """Choose how to read a call's body; raises Problem or Refusal when its head is reason enough."""
        admission = self._admit(call)
        service = admission.service
        limit = service.vendor.body_limit
        self._recognise(call, service, self._key(service, call))
        length = call.headers.get("content-length", "")
        if length.isdecimal() and int(length) > limit:
            raise Problem(Kind.TOO_LARGE)
        return reader_for(call, admission.operation, self._twin.store, limit)

    def answer(self, call: Call) -> Reply | Wait | Passage | Errand:
        """Answer a call, or say what it waits for; raises Problem, UnjudgedError and UnloadedError.

        What a call changes is kept before it is answered. One that is refused, or broken, changes nothing.
        """
        return self._said(self._admit(call), call, self._answered)

    def _said(
        self, admission: Admission, call: Call, work: Callable[[Admission, Call], T]
    ) -> T | Reply | Wait:
        """Have a call answered; a refusal is said as its vendor says it."""
        try:
            return work(admission, call)
        except (Refusal, RefusedError, UnknownJobError) as refused:
            note(call.trace, refused)
            return self._refused(call, admission, admission.service.vendor.errors.render(refused))
        except NotKeptError:
            if call.holds:  # its job is taken in: it waits on
                return Wait(seconds=GLANCE, call=call)
            raise
        except Problem as problem:
            self._settle(call, admission, problem.headers)
            raise
        except (UnjudgedError, UnloadedError):
            raise
        except Exception as bug:
            log.exception("%s is broken", admission.operation.id)
            raise Problem(Kind.BROKEN) from bug

    def _made(self, admission: Admission, call: Call) -> Reply | Wait:
        """Make a long list, of jobs as they stood at one moment; may block, and holds no lock of the twin's.

        One is made at a time, for it takes kilobytes for each job.
        """
        while True:
            try:
                with self._listing:
                    return self._said(admission, call, self._listed)
            except UnjudgedError as unjudged:
                self._twin.judge(unjudged.keys)

    def _listed(self, admission: Admission, call: Call) -> Reply:
        with self._twin.lock:
            engine, told = self._prepared(admission, call, self._twin.desk(call.at))
            still = engine.sandbox.still()
        engine = replace(engine, sandbox=still)
        told = replace(told, presign=self._twin.files.presign(call, still))
        outcome = admission.service.vendor.handlers[admission.operation.id](engine, told)
        if not isinstance(outcome, Reply):
            raise TypeError(f"{admission.operation.id} lists jobs, and may not wait for one")
        if call.query:
            trace_answered(told, outcome, admission.service, admission.operation)
        return self._checked(call, admission, outcome)

    def _refused(self, call: Call, admission: Admission, reply: Reply) -> Reply:
        """Say a refusal."""
        self._settle(call, admission, reply.headers)
        return self._checked(call, admission, reply)

    def _settle(self, call: Call, admission: Admission, headers: Mapping[str, str]) -> None:
        """Keep of a refused call how long it is told to wait, and that a clock began that stands."""
        twin, name = self._twin, call.trace.sandbox
        twin.crowd.end_wait(call.holds)
        if not name:
            return
        with twin.lock:
            desk = twin.desk(call.at)
            sandbox = desk.use(name, admission.service.vendor.slug)
            _remember(sandbox, headers)
            if sandbox.clock.stands or desk.before(name):
                with suppress(NotKeptError):  # the log says so, and it is no answer to this call
                    desk.commit()

    def _checked(self, call: Call, admission: Admission, reply: Reply) -> Reply:
        return self._twin.speaker.checked(call, admission.service, admission.operation, reply)

    def _admit(self, call: Call) -> Admission:
        service, path = service_of(call, self._twin.served)
        call.trace.vendor = service.vendor.slug
        operation, in_path = service.api.route(call.method, path)
        call.trace.operation = operation.id
        if operation.id not in service.vendor.handlers:
            raise Problem(
                Kind.NOT_SERVED, why=f"{operation.id} is described but not served by this twin yet."
            )
        return Admission(service=service, operation=operation, in_path=in_path)

    def _key(self, service: Service, call: Call) -> str:
        vendor, allowed = service.vendor, self._twin.settings.api_keys
        key = authenticate(vendor.auth, vendor.magic_keys, call.headers)
        if allowed and key not in allowed:
            raise Problem(Kind.UNAUTHORIZED)
        if vendor.permit is not None:
            vendor.permit(key, call.method, service.options)
        return key

    def _recognise(self, call: Call, service: Service, key: str) -> None:
        """Note in whose sandbox a call is, and what time it is there if somebody used it before."""
        call.trace.sandbox = name_of(service.vendor.slug, key)
        found = self._twin.crowd.named(call.trace.sandbox)
        call.trace.now = None if found is None else found.now(call.at)

    def _answered(self, admission: Admission, call: Call) -> Reply | Wait | Passage | Errand:
        """Have a call answered by its vendor's function, at the time of its sandbox."""
        desk = self._twin.desk(call.at)
        engine, told = self._prepared(admission, call, desk)
        if _lists(engine, admission.operation):
            return Errand(run=partial(self._made, admission, call), call=call)
        if engine.sandbox.clock.mode is Mode.AUTO and _reads(engine, admission.operation):
            later = self._later(engine, told, call)
            if not isinstance(later, Engine):
                return later
            if not _is_kept(desk):
                return self._answered(admission, replace(call, passed=()))  # as it stands
            engine, call.trace.now = later, later.now
        if call.method == "DELETE" and engine.sandbox.agenda:  # what is forgotten is told of before
            self._twin.courier.outbox.notice(engine.sandbox, call.at)
        outcome = admission.service.vendor.handlers[admission.operation.id](engine, told)
        if isinstance(outcome, Reply) and (call.query or call.method in BODIED):
            trace_answered(told, outcome, admission.service, admission.operation)
        return self._concluded(admission, call, desk, engine.sandbox, outcome)

    def _concluded(
        self, admission: Admission, call: Call, desk: Desk, sandbox: Sandbox, outcome: Reply | Hold
    ) -> Reply | Wait | Passage:
        """Keep what a call has changed, and answer it; one that is refused has changed nothing."""
        if isinstance(outcome, Hold):
            return self._held(desk, sandbox, call, outcome)
        if outcome.status >= ERRORS:
            return self._refused(call, admission, outcome)
        reply = self._checked(call, admission, outcome)
        if reply.status >= ERRORS:  # what was to be said may not be: nothing has happened
            return reply
        _remember(sandbox, reply.headers)
        desk.commit()
        return self._followed_up(sandbox, call, reply)

    def _prepared(self, admission: Admission, call: Call, desk: Desk) -> tuple[Engine, Call]:
        """Return a copy of the sandbox of a call's key, and the call in the types of its operation."""
        service, operation, twin = admission.service, admission.operation, self._twin
        key = self._key(service, call)
        sandbox = desk.sandbox(service.vendor.slug, key)
        base = twin.base_urls.of_call(call)
        lifecycle = service.api.lifecycle_of[operation.id]
        engine = twin.engine(sandbox, lifecycle, call.at, base.kept, desk=desk)
        call.trace.sandbox, call.trace.now = sandbox.name, engine.now
        told = replace(
            call,
            parameters=operation.parameters(admission.in_path, call.query),
            values=operation.read_body(call),
            options=service.options,
            key=key,
            origin=twin.base_urls.public_url or base.url,
            presign=twin.files.presign(call, sandbox),
        )
        return engine, told

    def _later(self, engine: Engine, told: Call, call: Call) -> Engine | Passage | Wait:
        job_id = str(told.parameters[engine.lifecycle.id.parameter])
        return look_later(engine, job_id, call, is_moved=self._twin.courier.is_moving(engine.sandbox))

    def _held(self, desk: Desk, sandbox: Sandbox, call: Call, hold: Hold) -> Wait | Passage:
        """Hold a call that waits for a job; the job, and time that was moved for it, are kept together."""
        following = wait_for_end(hold, sandbox, call, is_moved=self._twin.courier.is_moving(sandbox))
        desk.commit()
        call.trace.job = call.trace.awaits = hold.job
        self._twin.crowd.end_wait(call.holds)
        self._twin.crowd.await_end(hold.job, until=call.at + PATIENCE, real=call.at)
        self._twin.courier.expect(sandbox)
        return following

    def _followed_up(self, sandbox: Sandbox, call: Call, reply: Reply) -> Reply | Wait | Passage:
        """See to what a call made due."""
        self._twin.crowd.end_wait(call.holds)
        is_read = call.method == "GET" or not sandbox.owes
        return reply if is_read else self._twin.see_to(sandbox, call, reply)


def _remember(sandbox: Sandbox, headers: Mapping[str, str]) -> None:
    """Keep the Retry-After of the last response: on an auto clock the next poll advances by as much."""
    if RETRY_AFTER in headers:
        sandbox.pause = float(headers[RETRY_AFTER])


def _is_kept(desk: Desk) -> bool:
    """Keep that time was moved, if that can be."""
    try:
        desk.commit()
    except NotKeptError:
        return False
    return True


def _lists(engine: Engine, operation: Operation) -> bool:
    """Tell whether an operation lists so many jobs that others would notice while the list is made."""
    listing = engine.lifecycle.listing
    return listing is not None and operation.id == listing.operation and len(engine.sandbox.jobs) > MANY


def _reads(engine: Engine, operation: Operation) -> bool:
    """Tell whether an operation is the one by which a job is waited for."""
    return operation.id == engine.lifecycle.read.operation
