"""Values that are computed once, even if several threads need one at the same time."""

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class SingleFlight(Generic[T]):
    """What was made, by name; of more than `most` the first made are forgotten. None is made each time."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: dict[str, T] = {}
        self.known: Callable[[str], T | None] = self._made.get  # what was made, if it was
        self._making: dict[str, Lock] = {}
        self._lock = Lock()

    def get(self, name: str, make: Callable[[], T]) -> T:
        """Return what was made, or make it; callers that come meanwhile wait. Raises what `make` raises."""
        value = self._made.get(name)
        if value is not None:
            return value
        with self._lock:
            making = self._making.setdefault(name, Lock())
        with making:
            made = self._made.get(name)
            if made is None:
                made = self._made[name] = make()
        with self._lock:
            self._making.pop(name, None)
            while len(self._made) > self._most:
                self.forget(next(iter(self._made)))
        return made

    def forget(self, name: str) -> None:
        """Forget what was made."""
        self._made.pop(name, None)
