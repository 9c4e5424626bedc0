"""One time for all sandboxes of a mock server, also for those of API keys that are used later."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import TYPE_CHECKING

from safelight_mock.config.arguments import check_advance

if TYPE_CHECKING:
    from safelight_mock import TimelineEvent, Twin


class Reading:
    """A moment in Unix seconds, which is the real time of a server: sandboxes are created at it."""

    def __init__(self, start: float) -> None:
        self.start: float = start
        self.now: float = start

    def __call__(self) -> float:
        return self.now


class SharedClock:
    """The clock of a test: it is stopped until it is advanced, and all sandboxes follow it.

    On a server with auto clocks, a poll moves the sandbox of its API key ahead of the others, to the job's
    next transition. `now` is the latest time of any sandbox then, and the next `advance` takes all of them
    along.
    """

    def __init__(self, twin: "Twin", reading: Reading) -> None:
        self._twin = twin
        self._reading = reading
        self._lock = RLock()

    @property
    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.fromtimestamp(self.seconds, UTC)

    @property
    def seconds(self) -> float:
        """The time in Unix seconds."""
        return max([self._reading.now, *(sandbox.latest for sandbox in self._twin.sandboxes.each())])

    @property
    def elapsed(self) -> float:
        """Seconds since the start of the test."""
        return self.seconds - self._reading.start

    def advance(self, seconds: float | timedelta) -> "tuple[TimelineEvent, ...]":
        """Advance all sandboxes, with everything due until then; return the events in the order of time.

        Webhooks that fall due are delivered meanwhile, in this thread. May block. Raises ValueError for a
        negative time.
        """
        wanted = seconds.total_seconds() if isinstance(seconds, timedelta) else seconds
        with self._lock:
            now = self.seconds
            check_advance(wanted, now)
            return self._advance_to(now + wanted)

    async def advance_async(self, seconds: float | timedelta) -> "tuple[TimelineEvent, ...]":
        """Advance in a thread: receivers of webhooks on this event loop can answer meanwhile."""
        return await asyncio.to_thread(self.advance, seconds)

    def _advance_to(self, to: float) -> "tuple[TimelineEvent, ...]":
        """Advance to the next delivery of any sandbox, again and again, and then to the moment itself."""
        events: list[TimelineEvent] = []
        for name, due in self._due(to):
            self._reading.now = max(self._reading.now, due)
            events += self._twin.dispatcher.advance_until(name, due)
        self._reading.now = to
        for name in self._twin.sandboxes.store.names():
            events += self._twin.dispatcher.advance_until(name, to)
        return tuple(sorted(events, key=lambda event: (event.at, bool(event.delivery))))

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
