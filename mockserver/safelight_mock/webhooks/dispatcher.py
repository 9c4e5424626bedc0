"""Sends due webhook deliveries, and advances clocks; the `scheduler` calls it for running clocks."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property, partial
from itertools import starmap
from math import inf
from threading import Condition
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from safelight_mock.config.arguments import check_advance
from safelight_mock.config.engines import Engines
from safelight_mock.config.services import Service
from safelight_mock.core.job import InspectionKey, NotInspectedError
from safelight_mock.core.sandbox import Sandbox, jobs_of
from safelight_mock.core.webhook import Delivery, TimelineEvent
from safelight_mock.storage.port import Lease, NotStoredError
from safelight_mock.storage.transaction import Sandboxes, SandboxEvictedError, Transaction
from safelight_mock.webhooks.attempts import Due, Sender
from safelight_mock.webhooks.delivery_run import DeliveryRun, RecordedAttempt
from safelight_mock.webhooks.inbox import Inboxes, LocalAttempts
from safelight_mock.webhooks.outbox import Outbox
from safelight_mock.webhooks.scheduler import Scheduler
from safelight_mock.webhooks.timeline import ReachedJobs, merged, transitions
from safelight_mock.wire.problem import Problem, stopping

ADVANCE_TIMEOUT = 60.0  # real seconds to wait while another thread advances the same clock

BATCH_SIZE = 16  # inbox attempts per transaction: other requests wait for the sandbox meanwhile

T = TypeVar("T")


class Dispatcher(msgspec.Struct, kw_only=True, dict=True, eq=False):
    """Sends deliveries and advances clocks. No sandbox is locked during an HTTP request.

    Each sandbox has one attempt at a time: a receiver that hangs delays the other deliveries of its sandbox,
    until the sender's timeout, and no other sandbox.

    Shutdown has three steps, so that no accepted delivery is sent again after a restart. `stop`: no attempt
    begins any more. For `grace` real seconds, attempts in flight may end and are recorded. `close` drops the
    rest, unrecorded.

    `make_sender` is called before the first HTTP request.
    """

    served: Mapping[str, Service]
    sandboxes: Sandboxes
    engines: Engines
    outbox: Outbox
    inspect: Callable[[Iterable[InspectionKey]], None]
    make_sender: Callable[[], Sender]
    on_attempts: Callable[[str, Sequence[RecordedAttempt]], None]
    grace: float
    now: Callable[[], float]
    inboxes: Inboxes = msgspec.field(default_factory=Inboxes)
    _changed: Condition = msgspec.field(default_factory=Condition)
    _is_stopped: bool = False
    _is_closed: bool = False
    _in_flight: int = 0  # runs with attempts that are not recorded yet
    _grace_ends: float = 0.0  # by time.monotonic

    def start(self) -> None:
        """Release clocks that were held when the process was killed; serve sandboxes whose clock runs."""
        for name in [sandbox.name for sandbox in self.sandboxes.each() if sandbox.clock.held]:
            with suppress(NotStoredError, SandboxEvictedError):  # the next use of the sandbox tries again
                self.sandboxes.change(name, self._release_clock)
        self._scheduler.start()

    def create_deliveries(self, sandbox: Sandbox, now: float) -> None:
        """Create the deliveries for all transitions of jobs until `now`; raises NotInspectedError."""
        self.outbox.create_deliveries(sandbox, now)

    def advance_until(
        self, name: str, to: float | None, timeout: float = ADVANCE_TIMEOUT
    ) -> tuple[TimelineEvent, ...]:
        """Advance a sandbox's clock to a time, deliver everything due until then, and return the events.

        Without a time, deliver what is due now. A running clock is paused meanwhile. The lease of the sandbox
        admits one thread: returns () if it is not free within `timeout` real seconds. May block. Raises
        Problem if the server shuts down first, and NotStoredError for a step that cannot be stored: the clock
        then stays at the previous step.
        """
        self._inspect_ahead(self._first_inspections(name, to))
        return self._advance_inspected(name, to, timeout)

    def _advance_inspected(self, name: str, to: float | None, timeout: float) -> tuple[TimelineEvent, ...]:
        """Advance a sandbox's clock as `advance_until` does; the first inputs were inspected."""
        lease = self.sandboxes.store.lease(name, timeout)
        if lease is None:
            return ()
        try:
            return self._advance_until(lease, to)
        except SandboxEvictedError:
            return ()
        finally:
            lease.release()

    def timeline(self, name: str) -> tuple[TimelineEvent, ...]:
        """Return what has happened in a sandbox: transitions of its jobs, and attempts at its deliveries.

        Jobs that were removed are not in it. May block; returns () for an unknown sandbox.
        """

        def stored(transaction: Transaction) -> tuple[ReachedJobs, list[Delivery]] | None:
            sandbox = transaction.before(name)
            if sandbox is None:
                return None
            jobs, until = jobs_of(sandbox).frozen(), sandbox.now(self.now())
            return ReachedJobs(sandbox.vendor, jobs, -inf, until), [*sandbox.deliveries.values()]

        found = self.sandboxes.read(stored)
        if found is None:
            return ()
        reached, deliveries = found
        moved = self.inspecting(partial(self._transitions, reached))
        attempts = [one.event(attempt) for one in deliveries for attempt in one.attempts]
        return merged(moved, attempts)

    def catch_up(self, name: str) -> None:
        """Deliver what became due while the sandbox was leased to another operation; may block.

        If it is leased again, the holder of the new lease delivers, or calls this at its end.
        """
        if self._has_overdue(name):
            with suppress(Problem):  # shutting down, or storage failed: the deliveries stay due
                self.advance_until(name, None, timeout=0)

    def advance(self, name: str, vendor: str, seconds: float) -> tuple[TimelineEvent, ...]:
        """Stop the clock of a sandbox, made on first use, and advance it as `advance_until` does.

        Raises TypeError and ValueError for seconds that a clock cannot be advanced by.
        """
        with Transaction(self.sandboxes.store, real := self.now()) as transaction:
            sandbox = transaction.use(name, vendor)
            sandbox.never_evicted = True
            began = sandbox.stop_clock(real)
            check_advance(seconds, began)
            ahead = self.outbox.inspections(sandbox, began + seconds, BATCH_SIZE)
            transaction.commit()
        self._inspect_ahead(ahead)
        return self._advance_inspected(name, began + seconds, ADVANCE_TIMEOUT)

    def inspecting(self, work: Callable[[], T]) -> T:
        """Call a function until it returns, inspecting inputs that it reports as missing; may block."""
        while True:
            try:
                return work()
            except NotInspectedError as missing:
                keys = missing.keys
            self.inspect(keys)

    def is_advancing(self, sandbox: Sandbox) -> bool:
        """Return whether a sandbox's clock is being advanced by a run."""
        return self.sandboxes.store.is_leased(sandbox.name)

    def due_now(self, sandbox: Sandbox, real: float) -> float | None:
        """Return the time to pass to `advance_until` if a stopped clock has something due; else None."""
        if not sandbox.clock.is_stopped or self.is_advancing(sandbox):
            return None
        now = sandbox.now(real)
        return now if sandbox.next_due <= now else None

    @property
    def is_busy(self) -> bool:
        """Whether attempts are in flight."""
        return self._in_flight > 0

    def stop(self) -> None:
        """Begin no further attempts; those in flight have `grace` seconds to be recorded."""
        with self._changed:
            if not self._is_stopped:
                self._grace_ends = time.monotonic() + self.grace
            self._is_stopped = True
        self._scheduler.stop()

    def end_grace(self) -> None:
        """End the grace period of attempts in flight."""
        self._grace_ends = 0.0

    def close(self) -> None:
        """Stop, and wait for attempts in flight until the end of their grace period."""
        self.stop()
        with self._changed:
            self._changed.wait_for(lambda: not self.is_busy, max(0.0, self._grace_ends - time.monotonic()))
        self._is_closed = True
        self._scheduler.close()
        if "_sender" in self.__dict__:
            self._sender.close()

    def _has_overdue(self, name: str) -> bool:
        """Return whether something fell due while the sandbox was leased and was not delivered."""

        def is_due(transaction: Transaction) -> bool:
            sandbox = transaction.before(name)
            if sandbox is None or self._is_stopped or not sandbox.clock.is_stopped:
                return False
            return sandbox.next_due <= sandbox.now(self.now())

        return self.sandboxes.read(is_due)

    def _advance_until(self, lease: Lease, goal: float | None) -> tuple[TimelineEvent, ...]:
        """Make attempt after attempt, with one transaction before each and one after the last.

        Attempts to the server's own inboxes are made inside these transactions, at most `BATCH_SIZE` in each.
        The last transaction ends the lease.
        """
        run, attempts = DeliveryRun(goal=goal), list[TimelineEvent]()
        with self._counted():
            try:
                while not run.is_done:
                    run = self.inspecting(partial(self._step, run, lease))
                    attempts += starmap(Delivery.event, run.recorded)
                    if run.due is not None:
                        attempt = run.due.post(self._sender)
                        if not self._is_closed:  # after `close` a failure is the sender's, not the receiver's
                            run = replace(run, attempt=attempt)
            finally:
                if run.is_clock_held:  # an exception ended the run
                    with suppress(NotStoredError, SandboxEvictedError):
                        self.sandboxes.change(lease.name, partial(self._release_clock_of, lease))
        if run.is_stopped:
            raise stopping()
        moved = self.inspecting(partial(self._transitions, run.reached)) if run.reached else ()
        return merged(moved, attempts)

    def _serve(self, lease: Lease) -> None:
        """Deliver what is due in a sandbox that the scheduler has leased."""
        self._inspect_ahead(self._first_inspections(lease.name, None))
        self._advance_until(lease, None)

    def _first_inspections(self, name: str, goal: float | None) -> frozenset[InspectionKey]:
        """Return the inspections that the first jobs need which are due until a moment, or now."""

        def missing(transaction: Transaction) -> frozenset[InspectionKey]:
            sandbox = transaction.before(name)
            if sandbox is None:
                return frozenset()
            to = sandbox.now(self.now()) if goal is None else goal
            return self.outbox.inspections(sandbox, to, BATCH_SIZE)

        return self.sandboxes.read(missing)

    def _inspect_ahead(self, keys: frozenset[InspectionKey]) -> None:
        """Inspect inputs in advance: each missing inspection would restart a step.

        Errors of an inspection are raised again by the step that needs it.
        """
        if not self._is_stopped:
            with suppress(Problem):
                self.inspect(keys)

    def _step(self, run: DeliveryRun, lease: Lease) -> DeliveryRun:
        """Continue a run by one transaction; raises NotInspectedError and SandboxEvictedError."""
        local = LocalAttempts(self.inboxes, lease.name)
        with Transaction(self.sandboxes.store, self.now()) as transaction:
            sandbox = transaction.named(lease.name)
            if sandbox is None or lease.is_over:  # it was deleted; another one may have its name
                raise SandboxEvictedError(lease.name)
            try:
                run = self._continue(run, local, sandbox)
                transaction.commit(ends=lease if run.is_done else None)
            except BaseException:
                local.roll_back()
                raise
            local.publish()  # before the sandbox is released, so that messages stay in order
        if run.recorded:
            self.on_attempts(sandbox.vendor, run.recorded)
        return run

    def _continue(self, run: DeliveryRun, local: LocalAttempts, sandbox: Sandbox) -> DeliveryRun:
        """Record the last attempt, then find the next one or end the run.

        A running clock is paused meanwhile and resumes at its new time. If that cannot be stored, the next
        transaction on the sandbox resumes it.
        """
        began = sandbox.latest if run.began is None else run.began
        # A stopped clock may have been set meanwhile: also deliver what is due by its new time.
        to = max(
            began if run.goal is None else run.goal, sandbox.latest if sandbox.clock.is_stopped else began
        )
        is_moved, real, recorded = to > began, self.now(), list[RecordedAttempt]()
        if is_moved and run.began is None and not sandbox.clock.is_stopped:
            sandbox.hold_clock(real)
        if run.due is not None and run.attempt is not None:
            recorded.append((run.due.delivery, run.attempt))
            delivery = sandbox.deliveries.get(run.due.delivery.id)  # which may have changed meanwhile
            if delivery is not None:
                sandbox.keep(*delivery.after(run.attempt, run.due.policy))
        due = self._attempt_local(sandbox, local, recorded, to, real)
        has_more = due is None and sandbox.next_due <= to
        is_stopped = has_more and self._is_stopped
        is_done = due is None and (is_stopped or not has_more)
        reached = None
        if is_done and is_moved and not is_stopped:
            sandbox.advance_to(to, real)
            reached = ReachedJobs(sandbox.vendor, jobs_of(sandbox).frozen(), began, sandbox.latest)
        if is_done and is_moved and sandbox.clock.held:
            self._release_clock(sandbox)
        return DeliveryRun(
            goal=to,
            began=began,
            due=due,
            recorded=recorded,
            reached=reached,
            is_clock_held=is_moved and not is_done,
            is_done=is_done,
            is_stopped=is_stopped,
        )

    def _attempt_local(
        self, sandbox: Sandbox, local: LocalAttempts, recorded: list[RecordedAttempt], to: float, real: float
    ) -> Due | None:
        """Make and record attempts to inboxes, at most `BATCH_SIZE`; return the first that needs HTTP."""
        while len(recorded) < BATCH_SIZE and not self._is_stopped:
            try:
                due = self.outbox.next_attempt(sandbox, to, real)
            except NotInspectedError:
                if not recorded:
                    raise
                return None  # store these attempts; the next step raises the error again
            if due is None:
                return None
            attempt = local.make(due)
            if attempt is None:
                self._check()
                return due
            recorded.append((due.delivery, attempt))
            sandbox.keep(*due.delivery.after(attempt, due.policy))
        return None

    def _release_clock_of(self, lease: Lease, sandbox: Sandbox) -> None:
        """Release the clock that a run has held, unless its sandbox was deleted."""
        if not lease.is_over:
            self._release_clock(sandbox)

    def _release_clock(self, sandbox: Sandbox) -> None:
        """Release a held clock, unless its mode was changed meanwhile."""
        if sandbox.clock.held:
            sandbox.set_clock(self.now(), mode=sandbox.clock.mode)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Count a run as in flight; begins before the run checks `_is_stopped`.

        `close` can thus wait until every attempt that began is recorded.
        """
        with self._changed:
            self._in_flight += 1
        try:
            yield
        finally:
            with self._changed:
                self._in_flight -= 1
                self._changed.notify_all()

    def _check(self) -> None:
        """Raise NotStoredError if storage fails: an attempt that cannot be recorded would be repeated."""
        error = self.sandboxes.store.write_error()
        if error:
            raise NotStoredError(error)

    def _transitions(self, reached: ReachedJobs) -> list[TimelineEvent]:
        """Return the transitions of jobs during the run; holds no lock."""
        return transitions(
            reached, self.served[reached.vendor].lifecycles, self.engines.inspect_for(reached.vendor)
        )

    @cached_property
    def _scheduler(self) -> Scheduler:
        return Scheduler(self.sandboxes.store, self._serve, self.now)

    @cached_property
    def _sender(self) -> Sender:
        return self.make_sender()
