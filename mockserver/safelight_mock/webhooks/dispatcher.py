"""Sends due deliveries to their targets while a clock is advanced; `scheduler` calls it where clocks run."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property, partial
from threading import Condition
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from safelight_mock.config.engines import Engines
from safelight_mock.config.services import Service
from safelight_mock.core.job import InspectionKey, NotInspectedError
from safelight_mock.core.sandbox import Sandbox, jobs_of
from safelight_mock.core.webhook import Attempt, TimelineEvent
from safelight_mock.storage.port import Lease, NotStoredError
from safelight_mock.storage.transaction import Sandboxes, SandboxEvictedError, Transaction
from safelight_mock.webhooks.attempts import Due, LocalAttempts, Sender
from safelight_mock.webhooks.inbox import Inboxes
from safelight_mock.webhooks.outbox import Outbox
from safelight_mock.webhooks.scheduler import Scheduler
from safelight_mock.webhooks.timeline import ReachedJobs, merged, moves
from safelight_mock.wire.problem import Problem, stopping

PATIENCE = 60.0  # real seconds that an advance waits for another advance of the same clock

TOGETHER = 16  # most local attempts in one transaction: other requests wait for the sandbox meanwhile

T = TypeVar("T")


class DeliveryRun(msgspec.Struct, frozen=True, kw_only=True):
    """The progress of one run, which delivers what is due in a sandbox and may advance its clock.

    - `goal`, `began`: moments of the sandbox's clock; without a goal, time is not advanced
    - `due`: the delivery to attempt next; `attempt`: its outcome, not recorded yet
    - `recorded`: the attempts of the last transaction
    - `reached`: the jobs at the end, if time was advanced
    - `is_clock_held`: a running clock may be held for the run
    - `is_stopped`: the server is being stopped while something is due
    """

    goal: float | None
    began: float | None = None
    due: Due | None = None
    attempt: Attempt | None = None
    recorded: Sequence[TimelineEvent] = ()
    reached: ReachedJobs | None = None
    is_clock_held: bool = False
    is_done: bool = False
    is_stopped: bool = False


class Dispatcher(msgspec.Struct, kw_only=True, dict=True, eq=False):
    """Sends deliveries and advances clocks. No lock on sandboxes is held during an attempt over HTTP.

    A sandbox has one attempt at a time, so a receiver that hangs delays the other deliveries of its
    sandbox until the sender's timeout; other sandboxes go on.

    Stopping has three steps, so that what a receiver has accepted is not sent again after a restart. After
    `stop` no attempt begins. Attempts in flight have `grace` real seconds from then on to be recorded. What
    is left is dropped by `close` and not recorded.

    `make_sender` is called when the first delivery leaves the process.
    """

    served: Mapping[str, Service]
    sandboxes: Sandboxes
    engines: Engines
    outbox: Outbox
    inspect: Callable[[Iterable[InspectionKey]], None]
    make_sender: Callable[[], Sender]
    grace: float
    now: Callable[[], float]
    inboxes: Inboxes = msgspec.field(default_factory=Inboxes)
    _changed: Condition = msgspec.field(default_factory=Condition)
    _is_stopped: bool = False
    _is_closed: bool = False
    _in_flight: int = 0  # advances with attempts begun and not recorded yet
    _until: float = 0.0

    def start(self) -> None:
        """Start the scheduler, which delivers what becomes due by running clocks."""
        self._scheduler.start()

    def notice(self, sandbox: Sandbox, now: float) -> None:
        """Create the deliveries that jobs owe by now; raises NotInspectedError."""
        self.outbox.notice(sandbox, now)

    def run_until(self, name: str, to: float | None, patience: float = PATIENCE) -> tuple[TimelineEvent, ...]:
        """Advance a sandbox to a moment, with everything that is due until then; return the events.

        Without a moment, deliver what is due by its clock. A clock that runs is held meanwhile. One thread at
        a time does this for a sandbox: returns () if the lease is not free within `patience` real seconds.
        May block. Raises Problem when the server is stopped while something is still due, and NotStoredError
        at a step that cannot be stored: the clock then shows the step before.
        """
        lease = self.sandboxes.store.lease(name, patience)
        if lease is None:
            return ()
        try:
            return self._run_until(lease, to)
        except SandboxEvictedError:
            return ()
        finally:
            lease.release()

    def catch_up(self, name: str) -> None:
        """Deliver what became due while a sandbox was leased for something else; may block.

        If it is leased again, the holder of the new lease delivers, or calls this at its end.
        """
        if self._has_leftovers(name):
            with suppress(Problem):  # the server is being stopped, or cannot store: it stays due
                self.run_until(name, None, patience=0)

    def is_moving(self, sandbox: Sandbox) -> bool:
        """Return whether a sandbox's clock is being advanced by a run."""
        return self.sandboxes.store.is_leased(sandbox.name)

    def due_now(self, sandbox: Sandbox, real: float) -> float | None:
        """Return the moment to run until at once, if the clock is stopped and something is due."""
        if not sandbox.clock.is_stopped or self.is_moving(sandbox):
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
                self._until = time.monotonic() + self.grace
            self._is_stopped = True
        self._scheduler.stop()

    def end_grace(self) -> None:
        """End the grace period of attempts in flight."""
        self._until = 0.0

    def close(self) -> None:
        """Stop, and wait for attempts in flight until the end of their grace period."""
        self.stop()
        with self._changed:
            self._changed.wait_for(lambda: not self.is_busy, max(0.0, self._until - time.monotonic()))
        self._is_closed = True
        self._scheduler.close()
        if "_sender" in self.__dict__:
            self._sender.close()

    def _has_leftovers(self, name: str) -> bool:
        """Return whether something fell due while the sandbox was leased and was not delivered."""

        def is_due(transaction: Transaction) -> bool:
            sandbox = transaction.before(name)
            if sandbox is None or self._is_stopped or not sandbox.clock.is_stopped:
                return False
            return sandbox.next_due <= sandbox.now(self.now())

        return self.sandboxes.read(is_due)

    def _run_until(self, lease: Lease, goal: float | None) -> tuple[TimelineEvent, ...]:
        """Make attempt after attempt, with one transaction before each and one after the last.

        Attempts at own inboxes are made within these transactions, at most `TOGETHER` in one. The last one
        ends the lease.
        """
        self._inspect_ahead(lease.name, goal)
        run, attempts = DeliveryRun(goal=goal), list[TimelineEvent]()
        with self._counted():
            try:
                while not run.is_done:
                    run = self._inspecting(partial(self._step, run, lease))
                    attempts += run.recorded
                    if run.due is not None:
                        attempt = run.due.post(self._sender)
                        if not self._is_closed:  # by `close`: then the outcome says nothing of the receiver
                            run = replace(run, attempt=attempt)
            finally:
                if run.is_clock_held:  # it failed on the way
                    with suppress(NotStoredError, SandboxEvictedError):
                        self.sandboxes.change(lease.name, self._release_clock)
        if run.is_stopped:
            raise stopping()
        moved = self._inspecting(partial(self._moves, run.reached)) if run.reached else ()
        return merged(moved, attempts)

    def _inspect_ahead(self, name: str, goal: float | None) -> None:
        """Inspect the inputs of the first due jobs: otherwise each inspection would interrupt the run.

        Errors of an inspection are raised again by the step that needs it.
        """
        real = self.now()
        with Transaction(self.sandboxes.store, real, is_reader=True) as transaction:
            sandbox = transaction.before(name)
            if sandbox is None or self._is_stopped:
                return
            keys = self.outbox.inspections(sandbox, sandbox.now(real) if goal is None else goal, TOGETHER)
        with suppress(Problem):
            self.inspect(keys)

    def _step(self, run: DeliveryRun, lease: Lease) -> DeliveryRun:
        """Continue a run by one transaction; raises NotInspectedError and SandboxEvictedError."""
        local = LocalAttempts(self.inboxes, lease.name)
        with Transaction(self.sandboxes.store, self.now()) as transaction:
            sandbox = transaction.named(lease.name)
            if sandbox is None:
                raise SandboxEvictedError(lease.name)
            try:
                run = self._go_on(run, local, sandbox)
                transaction.commit(ends=lease if run.is_done else None)
            except BaseException:
                local.give_back()
                raise
            local.show()  # before the sandbox is released, so that messages stay in order
        return run

    def _go_on(self, run: DeliveryRun, local: LocalAttempts, sandbox: Sandbox) -> DeliveryRun:
        """Record the last attempt, then find the next one or end the run.

        A running clock is held meanwhile, and continues from where it was set. If its release cannot be
        stored it stays held, and the next transaction that opens the sandbox releases it.
        """
        began = sandbox.latest if run.began is None else run.began
        # What is due by a stopped clock is delivered, even if it was set meanwhile.
        to = max(
            began if run.goal is None else run.goal, sandbox.latest if sandbox.clock.is_stopped else began
        )
        is_moved, real, recorded = to > began, self.now(), list[TimelineEvent]()
        if is_moved and run.began is None and not sandbox.clock.is_stopped:
            sandbox.hold_clock(real)
        if run.due is not None and run.attempt is not None:
            recorded.append(run.due.delivery.event(run.attempt))
            delivery = sandbox.deliveries.get(run.due.delivery.id)  # which may have changed meanwhile
            if delivery is not None:
                sandbox.keep(*delivery.followed(run.attempt, run.due.policy))
        due = self._attempt_local(sandbox, local, recorded, to, real)
        is_left = due is None and sandbox.next_due <= to
        is_stopped = is_left and self._is_stopped
        is_done = due is None and (is_stopped or not is_left)
        reached = None
        if is_done and is_moved and not is_stopped:
            sandbox.move_to(to, real)
            reached = ReachedJobs(sandbox.vendor, jobs_of(sandbox).still(), began, sandbox.latest)
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
        self, sandbox: Sandbox, local: LocalAttempts, recorded: list[TimelineEvent], to: float, real: float
    ) -> Due | None:
        """Make and record local attempts, at most `TOGETHER`; return a due one that leaves the process."""
        while len(recorded) < TOGETHER and not self._is_stopped:
            try:
                due = self.outbox.next_attempt(sandbox, to, real)
            except NotInspectedError:
                if not recorded:
                    raise
                return None  # the next step raises it again; these attempts are stored
            if due is None:
                return None
            if not due.is_local:
                self._check()
                return due
            attempt = local.make(due)
            recorded.append(due.delivery.event(attempt))
            sandbox.keep(*due.delivery.followed(attempt, due.policy))
        return None

    def _release_clock(self, sandbox: Sandbox) -> None:
        """Release a held clock, unless its mode was changed meanwhile."""
        if sandbox.clock.held:
            sandbox.set_clock(self.now(), mode=sandbox.clock.mode)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Count a run as in flight, from before it checks whether the server is being stopped.

        So `close` waits for every attempt that begins until it is recorded.
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
        """Raise NotStoredError while nothing can be stored: an unrecorded attempt would be sent again."""
        error = self.sandboxes.store.write_error()
        if error:
            raise NotStoredError(error)

    def _moves(self, reached: ReachedJobs) -> list[TimelineEvent]:
        """Return the transitions of jobs during the run; holds no lock."""
        return moves(
            reached, self.served[reached.vendor].lifecycles, self.engines.inspect_for(reached.vendor)
        )

    def _inspecting(self, work: Callable[[], T]) -> T:
        """Call a function until no inspection is missing, inspecting inputs in between; may block."""
        while True:
            try:
                return work()
            except NotInspectedError as missing:
                keys = missing.keys
            self.inspect(keys)

    @cached_property
    def _scheduler(self) -> Scheduler:
        return Scheduler(self.sandboxes.store, partial(self._run_until, goal=None), self.now)

    @cached_property
    def _sender(self) -> Sender:
        return self.make_sender()
