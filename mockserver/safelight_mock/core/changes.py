"""A feed of names whose meaning changed, for caches that are brought up to date when they are next read."""

from collections import deque
from collections.abc import Collection
from itertools import islice
from threading import Lock

KEPT = 10_000  # names; a reader that is further behind starts over


class Changes:
    """Names in the order in which they changed, numbered from 1. May be used from any thread."""

    def __init__(self, most: int = KEPT) -> None:
        self._names: deque[str] = deque(maxlen=most)
        self._lock = Lock()
        self.position: int = 0
        """The number of the last change: a reader that has seen that one is up to date."""

    def note(self, name: str) -> None:
        """Add a change."""
        with self._lock:
            self._names.append(name)
            self.position += 1

    def since(self, position: int) -> tuple[int, Collection[str] | None]:
        """Return the current position, and the names after an earlier one; None if some were forgotten."""
        with self._lock:
            behind = self.position - position
            if behind > len(self._names):
                return self.position, None
            return self.position, {*islice(reversed(self._names), behind)}
