"""Calls of ASGI applications from other threads, and the event loop for those that have none of their own."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import FIRST_COMPLETED, Future, wait
from math import inf
from threading import Lock, Thread
from typing import Any, TypeVar

from safelight_mock.adapters.ending_threads import join_or_warn
from safelight_mock.adapters.own_sockets import own_sockets

T = TypeVar("T")

INTERVAL = 0.1  # real seconds between two looks at an event loop
PATIENCE = 10.0  # real seconds in which an event loop begins with a call


class BlockedLoopError(RuntimeError):
    """A receiver runs on an event loop that is blocked meanwhile."""


class EndedLoopError(RuntimeError):
    """The event loop of a receiver has ended before it responded, or the test has."""


class AppLoop:
    """The event loop; it starts when it is first used. May be used from any thread."""

    def __init__(self) -> None:
        self._over: Future[None] = Future()
        self._lock = Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: Thread | None = None

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop, which runs."""
        with self._lock:
            if self._loop is None:
                self._loop = _new_loop()
                self._thread = Thread(target=self._run, args=(self._loop,), name="safelight-app", daemon=True)
                self._thread.start()
            return self._loop

    def call(self, function: Callable[[], Coroutine[Any, Any, T]], loop: asyncio.AbstractEventLoop) -> T:
        """Return what a coroutine function returns on an event loop of another thread; may block.

        Raises BlockedLoopError if the loop does not begin with it within PATIENCE, EndedLoopError if the loop
        ends meanwhile or `stop` is called, and what the function raises.
        """
        begun: Future[Future[T]] = Future()

        def begin() -> None:
            if begun.set_running_or_notify_cancel():
                begun.set_result(asyncio.run_coroutine_threadsafe(function(), loop))

        try:
            loop.call_soon_threadsafe(begin)
        except RuntimeError as error:  # it is closed
            raise EndedLoopError from error
        result = self._awaited(begun, loop, PATIENCE).result()
        return self._awaited(result, loop, inf).result()

    def stop(self) -> None:
        """Have calls end that wait for their results, and later ones."""
        if not self._over.done():
            self._over.set_result(None)

    def close(self) -> None:
        """Cancel what still runs, and end the thread."""
        self.stop()
        with self._lock:
            loop, thread = self._loop, self._thread
        if loop is None or thread is None:
            return
        loop.call_soon_threadsafe(loop.stop)
        join_or_warn(thread)

    def _awaited(self, future: Future[T], loop: asyncio.AbstractEventLoop, seconds: float) -> Future[T]:
        """Return a future of an event loop once it is done; cancel it, and raise, if it cannot be."""
        until, stopped = time.monotonic() + seconds, 0
        either: tuple[Future[Any], Future[Any]] = (future, self._over)
        while not future.done():
            wait(either, INTERVAL, FIRST_COMPLETED)
            stopped = 0 if loop.is_running() else stopped + 1  # a loop may pause between two of its runs
            if future.done():
                break
            if self._over.done() or stopped > 1:
                if not loop.is_closed():
                    future.cancel()
                raise EndedLoopError
            if time.monotonic() > until and future.cancel():
                raise BlockedLoopError(
                    f"the webhook's receiver runs on an event loop that has been blocked for {seconds:g} s, "
                    "perhaps by a call that waits for this webhook; make such calls in a thread"
                )
        return future

    @staticmethod
    def _run(loop: asyncio.AbstractEventLoop) -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.get_loop().run_forever()


def _new_loop() -> asyncio.AbstractEventLoop:
    with own_sockets():  # it has a pair of them, by which it is woken
        return asyncio.SelectorEventLoop()
