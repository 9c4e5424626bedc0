"""The one way to change sandboxes: working copies under one lock, kept by one storage."""

from collections.abc import Callable
from threading import RLock
from typing import TypeVar

from safelight_mock.storage.port import Memory, Storage
from safelight_mock.storage.sandboxes import Crowd
from safelight_mock.storage.transaction import Desk

T = TypeVar("T")


class Sandboxes:
    """All sandboxes of a server. `is_moving` returns whether the clock of one is being moved, by its name."""

    def __init__(
        self, registry: Crowd, storage: Storage, now: Callable[[], float], is_moving: Callable[[str], bool]
    ) -> None:
        self.registry = registry
        self._storage = storage
        self._now = now
        self._is_moving = is_moving
        self._lock = RLock()

    def transact(self, work: Callable[[Desk], T], real: float | None = None) -> T:
        """Do some work on working copies, at a real moment or now; nothing else is changed meanwhile.

        The work commits what it means to keep. It is short, and does not wait for anything. Work within work
        has copies of its own.
        """
        with self._lock:
            moment = self._now() if real is None else real
            return work(Desk(self.registry, self._storage, moment, self._is_moving))

    def fault(self) -> str:
        """Return why nothing could be kept lately; if something can be again, nothing."""
        return self._storage.fault()

    def close(self) -> None:
        """Keep what clocks showed last, and nothing more: what is changed later is lost with the process."""
        with self._lock:
            self._storage.save_times(self.registry)
            self._storage.close()
            self._storage = Memory()
