"""Timers of event loops, such as those of `asyncio.timeout`, among the sleeps of a program.

A loop keeps them in `_scheduled`, which is not public, and has not changed since Python 3.4.
"""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from threading import Lock
from weakref import WeakSet

REAL_TIME = asyncio.BaseEventLoop.time


class LoopTimers:
    """The event loops that have read their clock since sleeps pass, and their next timers."""

    def __init__(self) -> None:
        self._loops: WeakSet[asyncio.BaseEventLoop] = WeakSet()
        self._lock = Lock()

    def add(self, loop: asyncio.BaseEventLoop) -> None:
        """Add a loop; cheap if it is known."""
        if loop not in self._loops:
            with self._lock:
                self._loops.add(loop)

    def next_due(self, elapsed: float) -> float | None:
        """Return when the next timer of a loop falls due, in seconds since the start; None: there is none.

        Timers that are due already are left out: their loop has been woken, or its thread sleeps.
        """
        moments = [
            handle.when() - REAL_TIME(loop)
            for loop in self._each()
            if loop.is_running()
            for handle in [*loop._scheduled]  # type: ignore[attr-defined] # noqa: SLF001 - see above
            if not handle.cancelled()
        ]
        return min((moment for moment in moments if moment > elapsed), default=None)

    def wake(self) -> None:
        """Have all loops look at their clocks."""
        for loop in self._each():
            with suppress(RuntimeError):  # it was closed meanwhile
                loop.call_soon_threadsafe(_nothing)

    def rewind(self, seconds: float) -> None:
        """Take back seconds from all timers: the clocks of their loops go back by as much."""
        for loop in self._each():
            for handle in loop._scheduled:  # type: ignore[attr-defined] # noqa: SLF001 - see above
                handle._when -= seconds  # noqa: SLF001 - equal for all, so they stay in order

    def _each(self) -> Iterator[asyncio.BaseEventLoop]:
        with self._lock:
            loops = [*self._loops]
        return (loop for loop in loops if not loop.is_closed())


def _nothing() -> None:
    """Do nothing: a loop that is called looks at its clock."""
