"""One time for all sandboxes of a mock server, also for those of API keys that are used later."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

from safelight_mock.config.arguments import check_advance

PATIENCE = 60.0  # real seconds in which another thread's advance ends

if TYPE_CHECKING:
    from safelight_mock import TimelineEvent, Twin


class Reading:
    """A moment in Unix seconds, which is the real time of a server: sandboxes are created at it."""

    def __init__(self, start: float) -> None:
        self.start: float = start
        self.now: float = start

    def __call__(self) -> float:
        return self.now

    def passed(self) -> float:
        """Return the seconds since the start."""
        return self.now - self.start

    def move_to(self, moment: float) -> None:
        """Move on to a moment, unless it is past."""
        self.now = max(self.now, moment)


class SharedClock:
    """The clock of a test: it is stopped until it is advanced, and all sandboxes follow it.

    On a server with auto clocks, a poll moves the sandbox of its API key ahead of the others, to the job's
    next transition. `now` is the latest time of any sandbox then, and the next `advance` takes all of them
    along.
    """

    def __init__(self, twin: "Twin", reading: Reading) -> None:
        self._twin = twin
        self._reading = reading
        self._lock = Lock()
        self._events: dict[
            int, list[TimelineEvent]
        ] = {}  # by id; of each `advance` that has not returned yet
        self._sleep: Callable[[float], None] | None = None

    @property
    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.fromtimestamp(self._now, UTC)

    @property
    def elapsed(self) -> float:
        """Seconds since the start of the test."""
        return self._now - self._reading.start

    def advance(self, seconds: float | timedelta) -> "tuple[TimelineEvent, ...]":
        """Advance all sandboxes, with everything due until then; return the events in the order of time.

        Webhooks that fall due are delivered meanwhile, in this thread. Where sleeps of the program pass,
        those that end until then end in their order. May block. Raises ValueError for a negative time, and
        RuntimeError while a webhook is being delivered.
        """
        wanted = seconds.total_seconds() if isinstance(seconds, timedelta) else seconds
        check_advance(wanted, self._now)
        events: list[TimelineEvent] = []
        self._events[id(events)] = events
        try:
            if self._sleep is not None and wanted > 0:
                self._sleep(wanted)
            elif not self._lock.acquire(timeout=PATIENCE):
                raise RuntimeError("the clock is being advanced, and cannot be from a receiver of webhooks")
            else:
                self._advance_to(self._now + wanted)
        finally:
            del self._events[id(events)]
        return tuple(sorted(events, key=lambda event: (event.at, bool(event.delivery))))

    async def advance_async(self, seconds: float | timedelta) -> "tuple[TimelineEvent, ...]":
        """Advance in a thread: receivers of webhooks on this event loop can answer meanwhile."""
        return await asyncio.to_thread(self.advance, seconds)

    def follow(self, sleep: Callable[[float], None]) -> None:
        """Have `advance` sleep by a function, which calls `pass_until`, among the sleeps of the program."""
        self._sleep = sleep

    def pass_until(self, elapsed: float) -> None:
        """Advance to a moment in seconds since the start.

        While a webhook is being delivered its receiver may sleep too. Time passes for the program alone then,
        and for the sandboxes after the delivery.
        """
        to = self._reading.start + elapsed
        if self._lock.acquire(blocking=False):
            self._advance_to(to)
        else:
            self._reading.move_to(to)

    @property
    def _now(self) -> float:
        return max([self._reading.now, *(sandbox.latest for sandbox in self._twin.sandboxes.each())])

    def _advance_to(self, to: float) -> None:
        """Advance from delivery to delivery of any sandbox, and to the moment; give up the lock."""
        try:
            for name, due in self._due(to):
                self._reading.move_to(due)
                self._run(name, due)
            self._reading.move_to(to)
            for name in self._twin.sandboxes.store.names():
                self._run(name, self._reading.now)
        finally:
            self._lock.release()

    def _run(self, name: str, to: float) -> None:
        happened = self._twin.dispatcher.advance_until(name, to)
        for events in tuple(self._events.values()):
            events.extend(happened)

    def _due(self, to: float) -> Iterator[tuple[str, float]]:
        """Yield the sandbox in which something is due next, and when, until a moment.

        A sandbox whose next due time does not move is left to the last step: another thread advances it.
        """
        stuck: dict[str, float] = {}
        while True:
            due = [
                (sandbox.next_due, sandbox.name)
                for sandbox in self._twin.sandboxes.each()
                if sandbox.next_due <= to and stuck.get(sandbox.name) != sandbox.next_due
            ]
            if not due:
                return
            at, name = min(due)
            stuck[name] = at
            yield name, at
