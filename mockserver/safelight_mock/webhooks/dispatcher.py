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
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import Attempt, TimelineEvent
from safelight_mock.storage.port import NotStoredError
from safelight_mock.storage.transaction import Sandboxes, SandboxEvictedError, Transaction
from safelight_mock.webhooks.attempts import Due, LocalAttempts, Sender
from safelight_mock.webhooks.inbox import Inboxes
from safelight_mock.webhooks.outbox import Outbox
from safelight_mock.webhooks.scheduler import Scheduler
from safelight_mock.webhooks.timeline import merged, moves, tried
from safelight_mock.wire.problem import Problem, stopping

PATIENCE = 60.0  # real seconds for which one who advances a clock waits for another who does

TOGETHER = 16  # local attempts in one transaction at most: others wait for the sandbox meanwhile

T = TypeVar("T")


class ClockAdvance(msgspec.Struct, frozen=True, kw_only=True):
    """An advance of one clock as far as it was kept: what was recorded and decided last, and what is left.

    It began at a moment of the sandbox's clock and leads to a `goal`. `attempt` is what came of the `due`
    delivery and is not recorded yet; `is_halted` says whether a running clock may be held for it. `reached`
    has the jobs as they are at the end, if time was moved.
    """

    goal: float | None
    began: float | None = None
    due: Due | None = None
    attempt: Attempt | None = None
    recorded: Sequence[TimelineEvent] = ()
    reached: Sandbox | None = None
    is_halted: bool = False
    is_done: bool = False
    is_stopped: bool = False


class Dispatcher(msgspec.Struct, kw_only=True, dict=True, eq=False):
    """Sends deliveries and advances clocks. No lock on sandboxes is held during an attempt over HTTP.

    A sandbox has one attempt at a time, so a receiver that hangs delays the other deliveries of its sandbox,
    for as many real seconds as the sender gives it; other sandboxes go on.

    Stopping has three steps, so that what a receiver has accepted is not sent again after a restart. After
    `rest` no attempt begins. Attempts in flight have `grace` real seconds from then on to be recorded. What
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
    _is_over: bool = False
    _is_cut: bool = False
    _in_flight: int = 0  # advances with attempts begun and not recorded yet
    _until: float = 0.0

    def start(self) -> None:
        """Deliver from now on what falls due where clocks run."""
        self._scheduler.start()

    def notice(self, sandbox: Sandbox, now: float) -> None:
        """Create deliveries of what has happened to jobs until now; raises NotInspectedError."""
        self.outbox.notice(sandbox, now)

    def run_until(self, name: str, to: float | None, patience: float = PATIENCE) -> tuple[TimelineEvent, ...]:
        """Advance a sandbox to a moment, with everything that is due until then; return what happened.

        Without a moment, to the time of its clock.

        A clock that runs stands meanwhile. One thread at a time does this for a sandbox; one that waits for
        that longer than `patience` seconds changes nothing. May block. Raises Problem when the server is
        stopped while something is still due, and NotStoredError at a step that cannot be kept: the clock then
        shows the step before.
        """
        happened: tuple[TimelineEvent, ...] = ()
        while (lease := self.sandboxes.store.lease(name, patience)) is not None:
            try:
                with suppress(SandboxEvictedError):
                    happened += self._run_until(name, to)
            finally:
                lease.release()
            if not self._is_overlooked(name):
                break
            to = None
        return happened

    def catch_up(self, name: str) -> None:
        """Deliver what became due while a sandbox was locked by what does not deliver; may block.

        Where it is locked again, whatever locked it delivers, or calls this too.
        """
        if self._is_overlooked(name):
            with suppress(Problem):  # the server is stopped, or its disk is full: it is still due later
                self.run_until(name, None, patience=0)

    def is_moving(self, sandbox: Sandbox) -> bool:
        """Return whether a sandbox's clock is being advanced: what is due is delivered on the way."""
        return self.sandboxes.store.is_leased(sandbox.name)

    def due_now(self, sandbox: Sandbox, real: float) -> float | None:
        """Return the moment to run until at once, if the clock stands and something is due."""
        if not sandbox.clock.stands or self.is_moving(sandbox):
            return None
        now = sandbox.now(real)
        return now if sandbox.next_due <= now else None

    @property
    def is_busy(self) -> bool:
        """Whether attempts are in flight."""
        return self._in_flight > 0

    def rest(self) -> None:
        """Begin no attempt any more; those in flight have the grace from now on."""
        with self._changed:
            if not self._is_over:
                self._until = time.monotonic() + self.grace
            self._is_over = True
        self._scheduler.stop()

    def hurry(self) -> None:
        """End the grace for attempts in flight."""
        self._until = 0.0

    def close(self) -> None:
        """Deliver nothing more; wait for attempts in flight as long as their grace lasts."""
        self.rest()
        with self._changed:
            self._changed.wait_for(lambda: not self.is_busy, max(0.0, self._until - time.monotonic()))
        self._is_cut = True
        self._scheduler.close()
        if "_sender" in self.__dict__:
            self._sender.close()

    def _is_overlooked(self, name: str) -> bool:
        """Return whether something became due at the last moment and was left to who moved the clock."""

        def is_due(transaction: Transaction) -> bool:
            sandbox = transaction.before(name)
            if sandbox is None or self._is_over or not sandbox.clock.stands:
                return False
            return sandbox.next_due <= sandbox.now(self.now())

        return self.sandboxes.read(is_due)

    def _run_until(self, name: str, goal: float | None) -> tuple[TimelineEvent, ...]:
        """Go from attempt to attempt, with one transaction before each and one after the last.

        Local attempts are made in these transactions, some at a time.
        """
        journey, attempts = ClockAdvance(goal=goal), list[TimelineEvent]()
        with self._counted():
            try:
                while not journey.is_done:
                    with LocalAttempts(self.inboxes, name) as local:
                        journey = self._with(name, partial(self._go_on, journey, local))
                    attempts += journey.recorded
                    if journey.due is not None:
                        attempt = journey.due.post(self._sender)
                        if not self._is_cut:  # by `close`: then the outcome says nothing of the receiver
                            journey = replace(journey, attempt=attempt)
            finally:
                if journey.is_halted:  # it failed on the way
                    with suppress(NotStoredError, SandboxEvictedError):
                        self._with(name, self._let_go)
        if journey.is_stopped:
            raise stopping()
        return merged(self._moves(journey), attempts)

    def _go_on(self, journey: ClockAdvance, local: LocalAttempts, sandbox: Sandbox) -> ClockAdvance:
        """Record the last attempt, and go on to the next one or to the end.

        A clock that runs is held meanwhile, and goes on from where it was set. If that cannot be kept it
        stays held, and the next transaction that opens the sandbox lets it go.
        """
        began = sandbox.latest if journey.began is None else journey.began
        to = began if journey.goal is None else journey.goal
        is_moved = to > began
        if is_moved and journey.began is None and not sandbox.clock.stands:
            sandbox.hold_clock(self.now())
        recorded = list[TimelineEvent]()
        if journey.due is not None and journey.attempt is not None:
            recorded.append(self._record(sandbox, journey.due, journey.attempt))
        due, is_stopped = self._next(to, sandbox)
        is_over = due is None
        while due is not None and due.is_local:
            recorded.append(self._record(sandbox, due, local.make(due)))
            if len(recorded) >= TOGETHER:
                due = None
                break
            try:
                due, is_stopped = self._next(to, sandbox)
            except NotInspectedError:  # the next step raises it again; these attempts are kept
                due = None
            else:
                is_over = due is None
        if due is not None:
            self._check()
        reached = sandbox.still() if is_over and is_moved and not is_stopped else None
        if is_over and is_moved:
            self._let_go(sandbox)
        return ClockAdvance(
            goal=to,
            began=began,
            due=due,
            recorded=recorded,
            reached=reached,
            is_halted=is_moved and not is_over,
            is_done=is_over,
            is_stopped=is_stopped,
        )

    def _record(self, sandbox: Sandbox, due: Due, attempt: Attempt) -> TimelineEvent:
        self.outbox.record(sandbox, due.delivery.id, attempt)
        return tried(due.delivery, attempt)

    def _let_go(self, sandbox: Sandbox) -> None:
        """Let a clock that is held go on, unless it was given another mode meanwhile."""
        if sandbox.clock.held:
            sandbox.set_clock(self.now(), mode=sandbox.clock.mode)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Count as in flight, from before `_next` looks whether the server is being stopped.

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

    def _next(self, to: float, sandbox: Sandbox) -> "tuple[Due | None, bool]":
        """Set a clock that stands to the next moment at which something is due; return what is tried then.

        Where that is nothing, also return whether something is due that no attempt may begin for: the server
        is being stopped.
        """
        while (due := sandbox.next_due) <= to:
            if self._is_over:
                return None, True
            now = self._set(sandbox, due)
            self.outbox.notice(sandbox, now)
            delivery = self.outbox.due(sandbox, now)
            if delivery is not None:
                return delivery, False
        self._set(sandbox, to)
        return None, False

    def _check(self) -> None:
        """Raise NotStoredError while nothing can be kept: an attempt would be made again and again."""
        fault = self.sandboxes.store.fault()
        if fault:
            raise NotStoredError(fault)

    def _set(self, sandbox: Sandbox, to: float) -> float:
        """Set a clock that stands to a moment; return its time, or what one that runs showed when opened."""
        is_ahead = to > sandbox.latest and sandbox.clock.stands
        return sandbox.set_clock(self.now(), to=to) if is_ahead else sandbox.latest

    def _moves(self, journey: "ClockAdvance") -> list[TimelineEvent]:
        """Return how jobs have moved on the way, by a look at each of them; holds no lock."""
        still, began = journey.reached, journey.began
        if still is None or began is None:
            return []
        lifecycles = self.served[still.vendor].lifecycles
        while True:
            try:
                return moves([self.engines.open(still, each, still.latest) for each in lifecycles], began)
            except NotInspectedError as missing:
                keys = missing.keys
            self.inspect(keys)

    def _with(self, name: str, change: Callable[[Sandbox], T]) -> T:
        """Change a sandbox and keep that, with inputs inspected as needed.

        May block. Raises NotStoredError, and SandboxEvictedError where the sandbox was evicted meanwhile.
        """
        while True:
            try:
                return self.sandboxes.change(name, change)
            except NotInspectedError as missing:
                keys = missing.keys
            self.inspect(keys)

    @cached_property
    def _scheduler(self) -> Scheduler:
        return Scheduler(self.sandboxes.store, partial(self._run_until, goal=None), self.now)

    @cached_property
    def _sender(self) -> Sender:
        return self.make_sender()
