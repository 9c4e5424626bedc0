"""Transactions, the only way to read and change sandboxes: on a working copy, which is stored or dropped."""

from collections.abc import Callable, Iterator
from typing import Self, TypeVar, overload

from safelight_mock.core.sandbox import Sandbox
from safelight_mock.storage.port import LOCK_TIMEOUT, BusyError, Held, Lease, NotStoredError, SandboxStore
from safelight_mock.storage.sandboxes import name_of
from safelight_mock.storage.working_copy import WorkingCopy

T = TypeVar("T")

LOOP_TIMEOUT = 0.01  # real seconds for which an event loop waits: more than most requests take


class SandboxEvictedError(Exception):
    """The sandbox to change was evicted or deleted."""


class ChangedError(Exception):
    """A reader has changed its copy, which is dropped; it has to run again as a writer."""


class Transaction:
    """The working copy of one request, or of one step of a delivery, at a real moment.

    Changes are visible to others after `commit`; without it they are dropped. The sandbox that is named first
    is `held` until `close`, so a transaction is short and waits for nothing else; it cannot open a second
    sandbox. Methods that hold a sandbox raise BusyError.
    """

    __slots__ = (
        "_is_new",
        "_is_unchanged",
        "_name",
        "_opened",
        "_put",
        "_real",
        "_store",
        "_timeout",
        "held",
        "is_reader",
    )

    def __init__(
        self, store: SandboxStore, real: float, *, is_reader: bool = False, timeout: float = LOCK_TIMEOUT
    ) -> None:
        self._store = store
        self._real = real
        self._timeout = timeout
        self._name = ""
        self._opened: WorkingCopy | None = None
        self._put: Sandbox | None = None
        self._is_new = False  # what is put does not continue what was there
        self._is_unchanged = False  # since the copy was stored, or compared
        self.held: Held | None = None
        self.is_reader: bool = is_reader

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def copy(self) -> Sandbox | None:
        """The working copy, if a sandbox was opened."""
        return None if self._opened is None else self._opened.copy

    @property
    def number(self) -> int:
        """The number of the held sandbox, which a later one of the same name does not have; 0 without one."""
        return 0 if self.held is None else self.held.number

    def close(self) -> None:
        """Release the sandbox; what was not committed is dropped."""
        opened, held, self.held = self._opened, self.held, None
        if held is None:
            return
        if opened is not None and not opened.is_whole and self._is_left_as_it_was(opened):
            held.spare = opened
        held.release()

    def sandbox(self, vendor: str, key: str) -> Sandbox:
        """Return a copy of a key's sandbox, made on first use."""
        return self.use(name_of(vendor, key), vendor)

    def use(self, name: str, vendor: str) -> Sandbox:
        """Return a copy of the sandbox of that name, made on first use."""
        return self._open(name, vendor)

    def named(self, name: str) -> Sandbox | None:
        """Return a copy of the sandbox of that name."""
        return self._open(name)

    def before(self, name: str) -> Sandbox | None:
        """Return the stored sandbox of that name, to read."""
        held = self._hold(name)
        return None if held is None else held.base

    def put(self, sandbox: Sandbox, *, is_new: bool = False) -> Sandbox:
        """Replace the sandbox of that name by one that was made elsewhere; return a copy.

        `is_new`: requests that wait in the one before are not continued in it.
        """
        self._put, self._opened, self._is_new = sandbox, None, is_new
        return self._open(sandbox.name, sandbox.vendor)

    def renew(self, name: str) -> Sandbox | None:
        """Replace the sandbox of that name by a new one that has its label; return the one before."""
        before = self.before(name)
        if before is not None:
            fresh = self._store.new(name, before.vendor, self._real)
            fresh.label, fresh.never_evicted = before.label, bool(before.label)
            self.put(fresh, is_new=True)
        return before

    def require_writer(self) -> None:
        """Raise ChangedError if this is a reader; called before what certainly changes something."""
        if self.is_reader:
            raise ChangedError

    def end_reading(self) -> None:
        """Release the sandbox before the end; raises ChangedError if something was changed."""
        opened, held = self._opened, self.held
        if opened is not None and self._is_to_keep(opened):
            raise ChangedError
        self.held = None
        if held is not None:
            if opened is not None and not opened.is_whole:
                held.spare = opened
            held.release()

    def commit(self, *, is_last: bool = True, ends: Lease | None = None) -> None:
        """Store what was changed, make it visible, and end a lease of the sandbox.

        Raises NotStoredError and Problem, and then changes nothing; raises ChangedError if a reader has
        changed something. A request whose only change is the first use of a key succeeds even if that cannot
        be stored. `is_last`: the copy is not changed after this.
        """
        opened, held = self._opened, self.held
        if opened is None:
            return
        if self.is_reader or held is None:
            if self._is_to_keep(opened):
                raise ChangedError
        else:
            try:
                if self._put is not None:
                    self._store.put(held, opened, self._real, is_new=self._is_new)
                else:
                    self._store.save(held, opened, self._real, ends=ends)
            except NotStoredError:
                if self._put is not None or not _is_bare(opened):
                    raise
        self._is_unchanged = is_last

    def try_commit(self) -> bool:
        """Store what was changed so far; return whether that succeeded."""
        try:
            self.commit(is_last=False)
        except NotStoredError:
            return False
        return True

    def _hold(self, name: str, *, is_use: bool = False) -> Held | None:
        """Hold a sandbox; None for a reader if it does not exist."""
        if self.held is not None and name == self._name:
            if is_use:
                self.held.touch()
            return self.held
        if self._name not in ("", name):
            raise RuntimeError(f"a transaction is about one sandbox: {self._name}, not {name}")
        self._name = name
        take = self._store.view if self.is_reader else self._store.hold
        self.held = take(name, self._timeout, is_use=is_use)
        return self.held

    @overload
    def _open(self, name: str, vendor: str) -> Sandbox: ...

    @overload
    def _open(self, name: str) -> Sandbox | None: ...

    def _open(self, name: str, vendor: str | None = None) -> Sandbox | None:
        """Return a copy at this moment, whose clock does not go back even if the copy is dropped.

        It is a copy of the sandbox that was put, else of the stored one, else of a new one of the vendor.
        """
        held = self._hold(name, is_use=vendor is not None)
        if self._opened is not None:
            return self._opened.copy
        base, spare = self._put, None
        if base is None and held is not None:
            base, spare, held.spare = held.base, held.spare, None
        is_whole = base is None or base is self._put
        if base is None:
            if vendor is None:
                return None
            base = self._store.new(name, vendor, self._real)
        now = base.now(self._real)  # before the copy is made, in which it would count as a change
        opened = self._opened = spare or WorkingCopy(base, is_whole=is_whole)
        copy = opened.copy
        copy.latest = now
        if copy.clock.held and not self._store.is_leased(copy.name):  # its release could not be stored
            copy.set_clock(self._real, mode=copy.clock.mode)
        return copy

    def _is_left_as_it_was(self, opened: WorkingCopy) -> bool:
        """Return whether the next request may use this copy."""
        return self._is_unchanged or not opened.is_changed

    def _is_to_keep(self, opened: WorkingCopy) -> bool:
        """Return whether a reader's copy was changed, or is the first use of a key.

        That need not be stored if the clock runs: a new sandbox shows the same time.
        """
        return (opened.is_whole and opened.copy.clock.is_stopped) or opened.is_changed


Work = Callable[[Transaction], T]


class Sandboxes:
    """All sandboxes of a server."""

    def __init__(self, store: SandboxStore, now: Callable[[], float]) -> None:
        self.store = store
        self._now = now

    def read(self, work: Work[T], real: float | None = None, *, timeout: float = LOCK_TIMEOUT) -> T:
        """Run a function at a real moment or now; its changes are dropped. It must not commit changes."""
        moment = self._now() if real is None else real
        with Transaction(self.store, moment, is_reader=True, timeout=timeout) as transaction:
            return work(transaction)

    def write(self, work: Work[T], real: float | None = None, *, timeout: float = LOCK_TIMEOUT) -> T:
        """Run a function, which commits its changes, at a real moment or now."""
        moment = self._now() if real is None else real
        with Transaction(self.store, moment, timeout=timeout) as transaction:
            return work(transaction)

    def change(self, name: str, work: Callable[[Sandbox], T]) -> T:
        """Change the sandbox of that name, and store that; raises SandboxEvictedError."""
        with Transaction(self.store, self._now()) as transaction:
            copy = transaction.named(name)
            if copy is None:
                raise SandboxEvictedError(name)
            result = work(copy)
            transaction.commit()
            return result

    def each(self) -> Iterator[Sandbox]:
        """Yield every sandbox while it is held, so that the caller can read it; that must be short."""
        for name in self.store.names():
            with Transaction(self.store, self._now(), is_reader=True) as transaction:
                sandbox = transaction.before(name)
                if sandbox is not None:
                    yield sandbox

    def time_of(self, name: str, real: float) -> float | None:
        """Return the time of a sandbox's clock; None if the sandbox does not exist or is in use."""
        try:
            with Transaction(self.store, real, is_reader=True, timeout=LOOP_TIMEOUT) as transaction:
                sandbox = transaction.before(name)
                return None if sandbox is None else sandbox.now(real)
        except BusyError:
            return None

    def use(  # noqa: PLR0913 - where, what and when, and two that have a default
        self,
        name: str,
        vendor: str,
        work: Callable[[Transaction, Sandbox], T],
        real: float | None = None,
        *,
        is_reader: bool = True,
        timeout: float = LOCK_TIMEOUT,
    ) -> T:
        """Run a function on a copy of a sandbox, made on first use, at a real moment or now.

        It runs as a reader first and, if it has changed something, again as a writer.
        """
        moment = self._now() if real is None else real
        transaction = Transaction(self.store, moment, is_reader=is_reader, timeout=timeout)
        try:
            return work(transaction, transaction.use(name, vendor))
        except ChangedError:
            if not is_reader:
                raise
        finally:
            if transaction.held is not None:
                transaction.close()
        return self.use(name, vendor, work, moment, is_reader=False, timeout=timeout)


def _is_bare(opened: WorkingCopy) -> bool:
    """Return whether a sandbox was made for a request that has not changed it."""
    return opened.is_whole and not opened.is_changed and not opened.base.jobs
