"""The one way to read and change sandboxes: work on copies, in transactions."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from safelight_mock.core.sandbox import Sandbox
from safelight_mock.storage.port import LOCK_TIMEOUT, BusyError, SandboxStore
from safelight_mock.storage.transaction import ChangedError, Transaction

T = TypeVar("T")
Work = Callable[[Transaction], T]

LOOP_TIMEOUT = 0.01  # real seconds for which an event loop waits: more than most requests take


class Sandboxes:
    """All sandboxes of a server."""

    def __init__(self, store: SandboxStore, now: Callable[[], float]) -> None:
        self.store = store
        self._now = now

    def read(self, work: Work[T], real: float | None = None, *, timeout: float = LOCK_TIMEOUT) -> T:
        """Do some work at a real moment or now; what it changes is dropped. It must not commit changes."""
        moment = self._now() if real is None else real
        with Transaction(self.store, moment, is_reader=True, timeout=timeout) as transaction:
            return work(transaction)

    def write(self, work: Work[T], real: float | None = None, *, timeout: float = LOCK_TIMEOUT) -> T:
        """Do some work at a real moment or now, which commits what it means to keep."""
        moment = self._now() if real is None else real
        with Transaction(self.store, moment, timeout=timeout) as transaction:
            return work(transaction)

    def each(self) -> Iterator[Sandbox]:
        """Yield every sandbox, one after another, each while it is held: to read it, and not for long."""
        for name in self.store.names():
            with Transaction(self.store, self._now(), is_reader=True) as transaction:
                sandbox = transaction.before(name)
                if sandbox is not None:
                    yield sandbox

    def time_of(self, name: str, real: float) -> float | None:
        """Return what the clock of a sandbox shows; None if there is no such sandbox, or it is in use."""
        try:
            with Transaction(self.store, real, is_reader=True, timeout=LOOP_TIMEOUT) as transaction:
                sandbox = transaction.before(name)
                return None if sandbox is None else sandbox.now(real)
        except BusyError:
            return None

    def run(self, work: Work[T], real: float | None = None, *, timeout: float = LOCK_TIMEOUT) -> T:
        """Do some work as a reader, and if it changes something, again as a writer."""
        moment = self._now() if real is None else real
        transaction = Transaction(self.store, moment, is_reader=True, timeout=timeout)
        try:
            return work(transaction)
        except ChangedError:
            pass
        finally:
            transaction.close()
        return self.write(work, moment, timeout=timeout)
