"""Leases: the right to advance a sandbox's clock, for one holder at a time."""

from collections.abc import Callable, Container
from threading import Condition


class LocalLease:
    """A lease within one process, which ends with it."""

    __slots__ = ("_give_back", "is_over", "name")

    def __init__(self, name: str, give_back: Callable[["LocalLease", float], None]) -> None:
        self.name: str = name
        self._give_back = give_back
        self.is_over: bool = False

    def release(self, *, not_before: float = 0.0) -> None:
        """End it, unless it is over; workers do not get the sandbox before that real moment."""
        if not self.is_over:
            self._give_back(self, not_before)


class Leases:
    """The leases by name; `taken` has the names. May be used from any thread.

    `give_back` is called with a lease that its holder releases, and the moment before which no worker gets
    the sandbox; it ends the lease.
    """

    def __init__(self, give_back: Callable[[LocalLease, float], None]) -> None:
        self._held: dict[str, LocalLease] = {}
        self.taken: Container[str] = self._held
        self._give_back = give_back
        self._changed = Condition()

    def take(self, name: str, timeout: float) -> LocalLease | None:
        """Lease a name once it is free; None if that takes longer than `timeout` seconds."""
        with self._changed:
            if not self._changed.wait_for(lambda: name not in self._held, timeout):
                return None
            lease = self._held[name] = LocalLease(name, self._give_back)
            return lease

    def end(self, lease: LocalLease) -> bool:
        """End a lease; return False if it was over."""
        with self._changed:
            if lease.is_over:
                return False
            lease.is_over = True
            del self._held[lease.name]
            self._changed.notify_all()
            return True

    def end_named(self, name: str) -> None:
        """End the lease of a name, if it has one: its holder finds it over."""
        with self._changed:
            lease = self._held.get(name)
            if lease is not None:
                self.end(lease)
