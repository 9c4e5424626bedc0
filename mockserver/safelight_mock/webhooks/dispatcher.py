"""Brings deliveries to their targets: as a sandbox's time is moved, or in a thread where it runs alone."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from functools import cached_property, partial
from math import inf
from threading import Condition, Thread
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from safelight_mock.core.job import UnjudgedError
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import Attempt, Delivery, Happening, Outcome
from safelight_mock.outgoing.allowed_hosts import Reach
from safelight_mock.storage.port import NotKeptError
from safelight_mock.webhooks.inbox import Inboxes, Letter
from safelight_mock.webhooks.keyed_lock import Turns
from safelight_mock.webhooks.outbox import Outbox
from safelight_mock.webhooks.timeline import merged, moves, tried
from safelight_mock.wire.logs import log
from safelight_mock.wire.problem import Problem, stopping

if TYPE_CHECKING:
    from safelight_mock.app.twin import Twin
    from safelight_mock.webhooks.http_sender import Answer, Post

WORKERS = 8  # sandboxes that are served at a time; each has one attempt at a time
DOZE = 1.0  # real seconds after which the agenda is looked at again, whatever it said
PATIENCE = 60.0  # real seconds for which one who advances a clock waits for another who does

RETRY = 5.0  # real seconds after which deliveries are looked at again that could not be kept

T = TypeVar("T")


class LeftError(Exception):
    """A sandbox had to go while its time was moved."""


class Due(NamedTuple):
    """A delivery, when it is tried, and how many seconds its answer may take."""

    delivery: Delivery
    at: float
    timeout: float


class Courier:
    """The one who delivers. No lock of the twin is held while somebody is called.

    A sandbox has one attempt at a time, so a receiver that hangs keeps the others of its sandbox waiting, for
    as many real seconds as `posting` gives it and no longer; other sandboxes do not notice.

    Stopping has three steps, so that what a receiver has taken is not sent again after a restart. After
    `rest` no attempt begins. Attempts in flight have `grace` real seconds from then on to be recorded. What
    is left is dropped by `close` and not recorded.
    """

    def __init__(self, twin: "Twin") -> None:
        self._twin = twin
        self.outbox = Outbox(twin)
        self.inboxes = Inboxes()
        self.turns = Turns()  # at moving a sandbox's time, by its name
        self._due: dict[str, float] = {}
        self._served: set[str] = set()
        self._told = Condition()
        self._is_over = False
        self._is_cut = False
        self._in_flight = 0  # attempts begun and not recorded yet; counted under the twin's lock
        self._until = 0.0

    def carry(self, name: str, to: float | None, patience: float = PATIENCE) -> tuple[Happening, ...]:
        """Bring a sandbox to a moment, with everything that is due until then; return what happened.

        Without a moment, to what its clock tells.

        A clock that runs stands meanwhile. Only one does this at a time; who waits for that in vain changes
        nothing. May block. Raises Problem when the twin is stopped while something is still due, and
        NotKeptError at a step that cannot be kept: time stands at the one before.
        """
        happened: tuple[Happening, ...] = ()
        is_done = False
        while not is_done:
            with self.turns.turn(name, patience) as is_mine, suppress(LeftError):
                happened += self._carry(name, to) if is_mine else ()
            to, is_done = None, not (is_mine and self._is_overlooked(name))
        return happened

    def catch_up(self, name: str) -> None:
        """Deliver what became due while somebody had a sandbox to himself who does not deliver; may block.

        Where somebody has it again, he does, or catches up after himself.
        """
        if self._is_overlooked(name):
            with suppress(Problem):  # the twin is stopped, or its disk is full: it is still due later
                self.carry(name, None, patience=0)

    def is_moving(self, sandbox: Sandbox) -> bool:
        """Tell whether somebody moves a sandbox's clock; what is due meanwhile is left to him."""
        return self.turns.is_taken(sandbox.name)

    def expect(self, sandbox: Sandbox) -> None:
        """Deliver what is due in a sandbox whose clock runs, when it is due; asked under the twin's lock."""
        left = sandbox.next_due - sandbox.now(self._twin.real())
        if sandbox.clock.stands or left == inf:
            return
        with self._told:
            self._due[sandbox.name] = self._twin.real() + left / sandbox.clock.pace
            if not self._is_over and not self._thread.is_alive():
                self._thread.start()
            self._told.notify()

    @property
    def is_busy(self) -> bool:
        """Whether attempts are in flight."""
        return self._in_flight > 0

    def rest(self) -> None:
        """Begin no attempt any more; those in flight have the twin's grace from now on."""
        with self._twin.lock, self._told:
            if not self._is_over:
                self._until = time.monotonic() + self._twin.settings.grace
            self._is_over = True
            self._told.notify_all()

    def hurry(self) -> None:
        """End the grace for attempts in flight."""
        self._until = 0.0

    def close(self) -> None:
        """Deliver nothing more; wait for attempts in flight as long as their grace lasts."""
        self.rest()
        with self._told:
            self._told.wait_for(lambda: not self.is_busy, max(0.0, self._until - time.monotonic()))
        self._is_cut = True
        if "_pool" in self.__dict__:
            self._pool.shutdown(wait=False, cancel_futures=True)
        if "_post" in self.__dict__:
            self._post.close()

    def _is_overlooked(self, name: str) -> bool:
        """Tell whether something became due at the last moment and was left to who moved the clock."""
        with self._twin.lock:
            sandbox = self._twin.crowd.named(name)
            if sandbox is None or self._is_over or not sandbox.clock.stands:
                return False
            return sandbox.next_due <= sandbox.now(self._twin.real())

    def _carry(self, name: str, goal: float | None) -> tuple[Happening, ...]:
        began = self._with(name, lambda sandbox: sandbox.now(self._twin.real()))
        to = began if goal is None else goal
        with self._halted(name) if to > began else nullcontext():
            attempts = self._try_all(name, to)
            moved = self._with(name, partial(self._moves, began)) if to > began else []
        return merged(moved, attempts)

    @contextmanager
    def _halted(self, name: str) -> Iterator[None]:
        """Hold a clock that runs; afterwards it goes on from where it was set.

        If that cannot be kept it stays held, and the next desk on which the sandbox is opened lets it go.
        """
        self._with(name, self._hold)
        try:
            yield
        finally:
            with suppress(NotKeptError, LeftError):
                self._with(name, self._let_go)

    def _hold(self, sandbox: Sandbox) -> None:
        if not sandbox.clock.stands:
            sandbox.hold_clock(self._twin.real())

    def _let_go(self, sandbox: Sandbox) -> None:
        """Let a clock that is held go on, unless somebody has given it another kind meanwhile."""
        if sandbox.clock.held:
            sandbox.set_clock(self._twin.real(), mode=sandbox.clock.mode)

    def _try_all(self, name: str, to: float) -> list[Happening]:
        attempts: list[Happening] = []
        while (due := self._with(name, partial(self._next, to), then=self._take_off)) is not None:
            try:
                outcome, status = self._bring(name, due)
                attempts += self._recorded(name, due, outcome, status)
            finally:
                self._land()
        return attempts

    def _recorded(self, name: str, due: "Due", outcome: Outcome, status: int) -> list[Happening]:
        """Record an attempt, unless `close` cut it: then its outcome says nothing of the receiver."""
        if self._is_cut:
            return []
        took = due.timeout if outcome is Outcome.TIMEOUT else 0.0
        by_hand = due.delivery.is_asked
        attempt = Attempt(at=due.at, outcome=outcome, status=status, took=took, is_by_hand=by_hand)
        self._with(name, partial(self.outbox.record, delivery_id=due.delivery.id, attempt=attempt))
        return [tried(due.delivery, attempt)]

    def _take_off(self, due: "Due | None") -> None:
        """Count an attempt as in flight."""
        self._in_flight += due is not None

    def _land(self) -> None:
        """Count an attempt as no longer in flight."""
        with self._twin.lock, self._told:
            self._in_flight -= 1
            self._told.notify_all()

    def _next(self, to: float, sandbox: Sandbox) -> "Due | None":
        """Set a clock that stands to the next moment at which something is due; return what is tried then.

        What is returned is counted as in flight once it is kept. The twin's lock is held from the look at
        `_is_over` until then, so no attempt begins that `close` does not wait for. Nor does one begin whose
        outcome could not be kept: it would be made again and again.
        """
        while (due := sandbox.next_due) <= to:
            if self._is_over:
                raise stopping()
            now = self._set(sandbox, due)
            self.outbox.notice(sandbox, self._twin.real())
            ready = self.outbox.ready(sandbox, self._twin.real())
            if ready is not None:
                self._check()
                return Due(ready, now, self.outbox.schedule(sandbox, ready).timeout)
        self._set(sandbox, to)
        return None

    def _check(self) -> None:
        """Raise NotKeptError while nothing can be kept."""
        fault = self._twin.storage.fault()
        if fault:
            raise NotKeptError(fault)

    def _set(self, sandbox: Sandbox, to: float) -> float:
        real = self._twin.real()
        now = sandbox.now(real)
        return sandbox.set_clock(real, to=to) if sandbox.clock.stands and to > now else now

    def _moves(self, since: float, sandbox: Sandbox) -> list[Happening]:
        lifecycles = self._twin.served[sandbox.vendor].lifecycles
        return moves([self._twin.engine(sandbox, name, self._twin.real()) for name in lifecycles], since)

    def _bring(self, name: str, due: "Due") -> "Answer":
        """Try once. May block, and holds no lock."""
        delivery = due.delivery
        if delivery.fault:
            return Outcome.UNFIT, 0
        body = delivery.body.encode()
        if delivery.inbox:
            with self._twin.lock:
                letter = Letter(at=due.at, sandbox=name, headers=delivery.headers, body=body)
                return self.inboxes.take(delivery.inbox, letter)
        return self._post.post(delivery.target, delivery.headers, body)

    def _with(
        self, name: str, change: Callable[[Sandbox], T], *, then: Callable[[T], object] = lambda _: None
    ) -> T:
        """Change a sandbox, keep that, and do what follows under the same lock; judges inputs as needed.

        May block. Raises NotKeptError, and LeftError where the sandbox had to go meanwhile.
        """
        while True:
            try:
                with self._twin.lock:
                    desk = self._twin.desk()
                    sandbox = desk.named(name)
                    if sandbox is None:
                        raise LeftError(name)
                    changed = change(sandbox)
                    desk.commit()
                    then(changed)
                    return changed
            except UnjudgedError as unjudged:
                self._twin.judge(unjudged.keys)

    def _run(self) -> None:
        while not self._is_over:
            with self._told:
                name, due = min(self._due.items(), key=lambda named: named[1], default=("", inf))
                left = due - self._twin.real()
                if left > 0:
                    self._told.wait(min(left, DOZE) if self._due else None)
                    continue
                del self._due[name]
                if name in self._served:  # whoever serves it looks again
                    continue
                self._served.add(name)
            self._pool.submit(self._serve, name)

    def _serve(self, name: str) -> None:
        """Deliver what is due in a sandbox, and look when something is again."""
        try:
            self.carry(name, None)
            with self._twin.lock:
                self._served.discard(name)
                sandbox = self._twin.crowd.named(name)
                if sandbox is not None:
                    self.expect(sandbox)
        except NotKeptError:
            with self._told:
                self._served.discard(name)
                self._due[name] = self._twin.real() + RETRY
                self._told.notify()
        except Exception:
            self._served.discard(name)
            if not self._is_over:
                log.exception("deliveries of sandbox %s cannot be made", name)

    @cached_property
    def _thread(self) -> Thread:
        return Thread(target=self._run, name="safelight-courier", daemon=True)

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(WORKERS, thread_name_prefix="safelight-deliver")

    @cached_property
    def _post(self) -> "Post":
        from safelight_mock.webhooks.http_sender import Post  # noqa: PLC0415 - the first delivery pays, not start-up

        return Post(Reach(self._twin.settings.webhook_hosts, self._twin.is_alone))
