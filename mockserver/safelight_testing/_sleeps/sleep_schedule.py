"""Who sleeps until when, in threads and tasks: time passes to the next moment at which one of them wakes.

Time passes only while every other thread waits: one that runs may be about to sleep for a shorter time. So
sleepers wake in the order of their moments, as they do with real sleeps, and one after another.

Moments are seconds that have passed since the start of the test.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import count
from threading import Condition, Event, Thread

from safelight_testing._sleeps.idle_threads import wait_until_idle
from safelight_testing._sleeps.loop_timers import LoopTimers

MOST = 20_000  # sleeps in one test
RESUMED = 1.0  # real seconds in which a task that was woken resumes


class EndlessSleepError(BaseException):
    """A program sleeps again and again: not an Exception, as a loop that catches those would never end."""


@dataclass(order=True, slots=True)
class Sleeper:
    """A thread or, with `wake`, a task that sleeps until a moment; the earlier of two is first."""

    until: float
    number: int
    wake: Callable[[], object] | None = field(compare=False, default=None)
    is_awake: Event = field(compare=False, default_factory=Event)


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
        self._thread: Thread | None = None

    def sleep(self, seconds: float) -> None:
        """Sleep in this thread, which lets time pass when it is the next one to wake."""
        sleeper = self._add(seconds, None)
        while self._is_next(sleeper) and not self._pass(sleeper):
            pass

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
        self._start_thread()
        try:
            await woken
        finally:
            sleeper.is_awake.set()
            self._remove(sleeper)

    def close(self) -> None:
        """Wake all sleepers; time does not pass any more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
            tasks = [sleeper.wake for sleeper in self._sleepers if sleeper.wake is not None]
        for wake in tasks:
            wake()
        if self._thread is not None:
            self._thread.join()

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

    def _pass(self, sleeper: Sleeper) -> bool:
        """Let time pass to a sleeper's moment, or to a timer before that; return whether it is to wake."""
        wait_until_idle(*self._real)
        with self._changed:
            if self._is_closed or not self._is_first(sleeper):
                return False
            now = self._passed()
            timer = self.timers.next_due(now)
            is_to_wake = timer is None or timer >= sleeper.until
            if is_to_wake:  # before time passes: others sleep and wake while what is due happens
                heappop(self._sleepers)
                self._changed.notify_all()
        to = sleeper.until if is_to_wake or timer is None else timer
        if to > now:
            self._pass_until(to)
            self.timers.wake()
        return is_to_wake

    def _remove(self, sleeper: Sleeper) -> None:
        """Remove a sleeper that was cancelled; one that was woken has gone already."""
        with self._changed:
            if sleeper in self._sleepers:
                self._sleepers.remove(sleeper)
                heapify(self._sleepers)
                self._changed.notify_all()

    def _start_thread(self) -> None:
        """Start the thread that lets time pass for tasks, whose own threads run their event loops."""
        with self._changed:
            if self._thread is None and not self._is_closed:
                self._thread = Thread(target=self._run, name="safelight-sleeps", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while (first := self._next_task()) is not None:
            if self._pass(first) and first.wake is not None:
                first.wake()
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
