"""Leases: the right to advance a sandbox's clock, for one holder at a time."""

from collections.abc import Callable, Container
from threading import Condition


class LocalLease:
    """A lease within one process, which ends with it."""

    __slots__ = ("_give_back", "is_over", "name")

    def __init__(self, name: str, give_back: Callable[[str, float], None]) -> None:
        self.name: str = name
        self._give_back = give_back
        self.is_over: bool = False

    def release(self, *, not_before: float = 0.0) -> None:
        """End it, unless it is over; workers do not get the sandbox before that real moment."""
        if not self.is_over:
            self.is_over = True
            self._give_back(self.name, not_before)


class Leases:
    """The names that are leased, which are `taken`. May be used from any thread."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self.taken: Container[str] = self._names
        self._changed = Condition()

    def take(self, name: str, timeout: float) -> bool:
        """Lease a name once it is free; return False if that takes longer than `timeout` seconds."""
        with self._changed:
            is_free = self._changed.wait_for(lambda: name not in self._names, timeout)
            if is_free:
                self._names.add(name)
            return is_free

    def give_back(self, name: str) -> None:
        """End the lease of a name."""
        with self._changed:
            self._names.remove(name)
            self._changed.notify_all()
