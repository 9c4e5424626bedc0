"""Who sleeps until when, in threads and tasks: time passes to the next moment at which one of them wakes.

Time passes only while every other thread waits: one that runs may be about to sleep for a shorter time. So
sleepers wake in the order of their moments, as they do with real sleeps, and one after another.

Moments are seconds that have passed since the start of the test.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import count
from threading import Condition, Event, Lock, Thread

from safelight_mock.adapters.ending_threads import join_or_warn
from safelight_testing._sleeps.idle_threads import wait_until_idle
from safelight_testing._sleeps.loop_timers import LoopTimers

MOST = 20_000  # sleeps in one test
RESUMED = 1.0  # real seconds in which a task that was woken resumes


class EndlessSleepError(BaseException):
    """A program sleeps again and again: not an Exception, as a loop that catches those would never end."""


@dataclass(order=True, slots=True)
class Sleeper:
    """A thread or, with `wake`, a task that sleeps until a moment; the earlier of two is first.

    `error`: what went wrong while time passed for the task, which raises it.
    """

    until: float
    number: int
    wake: Callable[[], object] | None = field(compare=False, default=None)
    is_awake: Event = field(compare=False, default_factory=Event)
    error: Exception | None = field(compare=False, default=None)


class SleepSchedule:
    """The sleepers of a test. May be used from any thread.

    `passed` returns the present moment, `pass_until` moves it, with all that falls due until then.
    `real_sleep` and `real_clock` are in real seconds.
    """

    def __init__(
        self,
        *,
        passed: Callable[[], float],
        pass_until: Callable[[float], None],
        real_sleep: Callable[[float], None],
        real_clock: Callable[[], float],
    ) -> None:
        self.timers: LoopTimers = LoopTimers()
        self._passed = passed
        self._pass_until = pass_until
        self._real = real_sleep, real_clock
        self._sleepers: list[Sleeper] = []
        self._changed = Condition()
        self._numbers = count(1)
        self._is_closed = False
        self._leading = Lock()
        self._threads: list[Thread] = []

    def sleep(self, seconds: float) -> None:
        """Sleep in this thread, which lets time pass when it is the next one to wake."""
        sleeper = self._add(seconds, None)
        is_awake = False
        while not is_awake and self._is_next(sleeper):
            to, is_awake = self._next_moment(sleeper)
            self._pass(to)

    async def sleep_async(self, seconds: float) -> None:
        """Sleep in this task; raises RuntimeError on an event loop whose clock cannot be advanced."""
        loop = asyncio.get_running_loop()
        if not isinstance(loop, asyncio.BaseEventLoop):
            raise RuntimeError(  # noqa: TRY004 - the type of the loop is not an argument
                f"sleeps cannot pass on the event loop {type(loop).__module__}.{type(loop).__qualname__}, "
                "whose clock cannot be advanced; run this test on a loop of asyncio, or with sleeps=False"
            )
        woken = loop.create_future()
        sleeper = self._add(seconds, lambda: loop.call_soon_threadsafe(_end, woken))
        self._start_threads()
        try:
            await woken
        finally:
            sleeper.is_awake.set()
            self._remove(sleeper)
        if sleeper.error is not None:
            raise sleeper.error

    def close(self) -> None:
        """Wake all sleepers; time does not pass any more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
            tasks = [sleeper.wake for sleeper in self._sleepers if sleeper.wake is not None]
        for wake in tasks:
            with suppress(RuntimeError):  # as in `_run`
                wake()
        for thread in self._threads:
            join_or_warn(thread)

    def _add(self, seconds: float, wake: Callable[[], object] | None) -> Sleeper:
        number = next(self._numbers)
        if number > MOST:
            raise EndlessSleepError(
                f"the program has slept {MOST:,} times, until {self._passed():.0f} s; does this loop end?"
            )
        sleeper = Sleeper(self._passed() + seconds, number, wake)
        with self._changed:
            heappush(self._sleepers, sleeper)
            self._changed.notify_all()
        return sleeper

    def _is_next(self, sleeper: Sleeper) -> bool:
        """Wait until a sleeper is the next one to wake; return False if no time passes any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or self._is_first(sleeper))
            return not self._is_closed

    def _is_first(self, sleeper: Sleeper) -> bool:
        return bool(self._sleepers) and self._sleepers[0] is sleeper

    def _next_moment(self, sleeper: Sleeper) -> tuple[float, bool]:
        """Return the moment to which time passes now, and whether the sleeper, which was next, wakes then.

        It does not wake at a timer before its own moment, or if an earlier sleeper has come meanwhile.
        """
        wait_until_idle(*self._real)
        with self._changed:
            now = self._passed()
            if self._is_closed or not self._is_first(sleeper):
                return now, False
            timer = self.timers.next_due(now)
            if timer is not None and timer < sleeper.until:
                return timer, False
            heappop(self._sleepers)  # before time passes: others sleep and wake while what is due happens
            self._changed.notify_all()
            return sleeper.until, True

    def _pass(self, to: float) -> None:
        if to > self._passed():
            self._pass_until(to)
            self.timers.wake()

    def _remove(self, sleeper: Sleeper) -> None:
        """Remove a sleeper that was cancelled; one that was woken has gone already."""
        with self._changed:
            if sleeper in self._sleepers:
                self._sleepers.remove(sleeper)
                heapify(self._sleepers)
                self._changed.notify_all()

    def _start_threads(self) -> None:
        """Start the threads that let time pass for tasks, whose own threads run their event loops.

        There are two: while one delivers a webhook, for which it blocks, the receiver's task may sleep.
        """
        with self._changed:
            if not self._threads and not self._is_closed:
                self._threads = [
                    Thread(target=self._run, name="safelight-sleeps", daemon=True) for _ in range(2)
                ]
                for thread in self._threads:
                    thread.start()

    def _run(self) -> None:
        while True:
            with self._leading:
                first = self._next_task()
                if first is None:
                    return
                to, is_awake = self._next_moment(first)
            try:
                self._pass(to)
            except Exception as error:  # noqa: BLE001 - the task raises it
                first.error, is_awake = error, True
            if is_awake and first.wake is not None:
                with suppress(RuntimeError):  # its event loop was closed
                    first.wake()
                    if not self._is_closed:
                        first.is_awake.wait(RESUMED)

    def _next_task(self) -> Sleeper | None:
        """Wait until a task is the next one to wake; return None if no time passes any more."""

        def is_task() -> bool:
            return bool(self._sleepers) and self._sleepers[0].wake is not None

        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or is_task())
            return None if self._is_closed else self._sleepers[0]


def _end(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
