"""The storage port: a change of a sandbox is stored and becomes visible as a whole, or not at all.

`SandboxStore` is the port. `SandboxRegistry` implements it for one process: in memory, or with its changes
stored by a `Persistence`. One test module covers all implementations.

Rules for locks, and the race that each prevents:

1. Each sandbox has one lock. It is held from reading a sandbox until the copy of it is stored and merged,
   or dropped. Without it two submits could draw the same id, and a response could show an earlier time
   than the one before: the latest time that a clock has shown is recorded under this lock. Readers take it
   too. Their work is short, and the indexes of a sandbox are updated when they are read: two readers at a
   time would corrupt them.
2. A thread waits for the lock of one sandbox only while it holds no other, and with a timeout. While it
   holds one it may try others, as eviction does, and skips those in use. Otherwise two threads could wait
   for each other (deadlock). Only `delete` waits for several, in one thread at a time: no other thread that
   holds one of them waits for a second.
3. The locks of the registry, of a persistence and of inboxes are leaves: code under them waits for nothing
   but the disk. Counts and indexes over all sandboxes change under the registry's lock. Room for jobs, room
   for a sandbox and a label are reserved there before a change is stored, and given back if that fails:
   two submits that both find room for one job would exceed the limit.
4. Under the lock of a sandbox nothing blocks but the disk of the persistence: no inspection, no rendering, no
   HTTP, no lease. Otherwise the receiver of a webhook that polls its job would wait for itself.
5. A lease is the right to advance a sandbox's clock, with the deliveries until then. It is taken with no lock
   held, and lasts over many changes, between which the lock is free. Meanwhile nothing else delivers from
   that sandbox, so its deliveries keep their order. What becomes due meanwhile is left to the holder, which
   ends the lease under the lock, with the change after which nothing is due. Later requests deliver what
   they make due. If the lease ended after the lock was released, no one would deliver what a request makes
   due in between. A sandbox that is deleted or renewed ends its lease under the lock, too: what the holder
   was about to do is not done to the next sandbox of that name.
6. A change is stored first, then merged, then responded to. Otherwise a poll could show a job that is lost
   because the disk is full or the process is killed.
7. The event loop does not wait for a sandbox in use: it passes the request to a thread. Otherwise a slow
   request to one sandbox would delay those to all others.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import NamedTuple, Protocol

from safelight_mock.core.job import State
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.storage.working_copy import Change, WorkingCopy
from safelight_mock.wire.problem import Kind, Problem

LOCK_TIMEOUT = 5.0  # real seconds for which a thread waits for a sandbox
RETRY_AFTER = 1  # second, after LOCK_TIMEOUT


class NotStoredError(Problem):
    """The changes of a request cannot be stored, so it had no effect; it may succeed later."""

    def __init__(self, why: str) -> None:
        super().__init__(Kind.NO_ROOM, detail=f"what this call changes cannot be kept: {why}")


class BusyError(Problem):
    """A sandbox is in use by other requests for longer than this one waits."""

    def __init__(self, name: str) -> None:
        super().__init__(Kind.NO_ROOM, detail=f"sandbox {name} is in use by other calls: try again")
        self.headers: Mapping[str, str] = {"retry-after": str(RETRY_AFTER)}


class About(NamedTuple):
    """Vendor and label of a sandbox, and whether scenarios may apply to it; known without its lock."""

    vendor: str
    label: str
    has_scenarios: bool


class Held(Protocol):
    """A locked sandbox, until it is released. `base` is None if no sandbox of that name exists.

    `number` tells apart sandboxes that have the same name one after another. `spare` is an unchanged working
    copy, or None.
    """

    name: str
    number: int
    base: Sandbox | None
    spare: WorkingCopy | None

    def touch(self) -> None:
        """Record a use, so that others are evicted before it."""

    def release(self) -> None:
        """Unlock it."""


class Lease(Protocol):
    """The right to advance the clock of a sandbox, until it is released or ended by `save`."""

    is_over: bool

    @property
    def name(self) -> str:
        """The name of the sandbox."""

    def release(self, *, not_before: float = 0.0) -> None:
        """End it, unless it is over; `claim` does not offer the sandbox before that real moment."""


class SandboxStore(Protocol):
    """All sandboxes. May be used from any thread; real moments are Unix seconds.

    A store over several processes does the same in transactions of a database: `view` takes a shared lock and
    reads what is newer than a cache, `hold` an exclusive one, `save` commits, a lease is a row that runs out.
    """

    def view(self, name: str, timeout: float = LOCK_TIMEOUT, *, is_use: bool = False) -> Held | None:
        """Lock a sandbox to read it; None without one. Raises BusyError.

        Changes of its copies are dropped. `is_use`: it counts as used, so that others are evicted before it.
        """

    def hold(self, name: str, timeout: float = LOCK_TIMEOUT, *, is_use: bool = False) -> Held:
        """Hold a sandbox, or a name for a new one, to change it; raises BusyError."""

    def new(self, name: str, vendor: str, real: float) -> Sandbox:
        """Return a sandbox that is not stored yet."""

    def save(self, held: Held, copy: WorkingCopy, real: float, *, ends: Lease | None = None) -> None:
        """Store the changes of a copy of a sandbox that is held, make them visible, and end its lease.

        May evict ended jobs of other sandboxes, and an idle sandbox. Raises NotStoredError, and Problem when
        storage is full or another sandbox has the label; then nothing has changed.
        """

    def put(self, held: Held, copy: WorkingCopy, real: float, *, is_new: bool = False) -> None:
        """Store a whole sandbox instead of the held one, as `save` does, but evict no jobs of others.

        `is_new`: it does not continue the one before, whose lease ends.
        """

    def delete(self, names: Iterable[str]) -> Collection[str]:
        """Remove sandboxes, all or none, and end their leases; return the digests of their inputs.

        Names without a sandbox are skipped. Raises BusyError and NotStoredError.
        """

    def claim(self, most: int, real: float) -> Sequence[Lease]:
        """Lease at most `most` sandboxes whose clocks run and in which something is due."""

    def lease(self, name: str, timeout: float) -> Lease | None:
        """Lease a sandbox; None if it is leased by another thread for longer than `timeout` seconds."""

    def is_leased(self, name: str) -> bool:
        """Return whether a sandbox is leased."""

    @property
    def next_due(self) -> float:
        """The earliest real moment at which `claim` may return a lease; infinity if nothing will be due."""

    def on_due(self, notify: Callable[[], None]) -> None:
        """Call a function whenever `next_due` becomes earlier; it must not block."""

    def on_new(self, prepare: Callable[[Sandbox], None]) -> None:
        """Change each new sandbox by a function before its first request; it must not block."""

    def pin(self, name: str, job: str, until: float) -> None:
        """Keep a job from eviction until a real moment."""

    def unpin(self, name: str, job: str) -> None:
        """Let a job be evicted again."""

    def names(self) -> Sequence[str]:
        """Return the names of all sandboxes, oldest first."""

    def about(self, name: str) -> About | None:
        """Return what is known of a sandbox without its lock, or None."""

    def labelled(self, label: str) -> str | None:
        """Return the name of the sandbox with that label."""

    def with_job(self, job: str) -> Collection[str]:
        """Return the names of the sandboxes that have a job of that id."""

    def with_delivery(self, delivery: str) -> Collection[str]:
        """Return the names of the sandboxes that have a delivery of that id."""

    def count_sandboxes(self) -> Mapping[str, int]:
        """Return how many sandboxes there are, by vendor."""

    def count_jobs(self, real: float) -> Mapping[tuple[str, State], int]:
        """Return how many jobs there are, by vendor and state, at a real moment; may take long."""

    def count_deliveries(self) -> Mapping[tuple[str, str], int]:
        """Return how many deliveries there are, by vendor and outcome of the last attempt."""

    def write_error(self) -> str:
        """Return why the last change could not be stored, after another try; empty if storing works."""

    def close(self) -> None:
        """Store the last times of running clocks, and nothing after that."""


class Persistence(Protocol):
    """Stores sandboxes so that they outlast the process. May be used from any thread."""

    @property
    def files(self) -> Path | None:
        """The folder in which files are stored, or None."""

    def seed(self, wanted: str) -> str:
        """Return the seed of ids and links: `wanted`, else the stored one, else a new one."""

    def load(self) -> Iterator[Sandbox]:
        """Yield every stored sandbox."""

    def spare(self, names: AbstractSet[str]) -> None:
        """Preserve what was loaded under these names, even if a sandbox is saved under one of them."""

    def save(self, changes: Sequence[Change], gone: Iterable[str] = ()) -> None:
        """Store all changes and remove sandboxes that are gone, or raise NotStoredError and do neither."""

    def save_times(self, sandboxes: Iterable[Sandbox]) -> None:
        """Store the last times of running clocks, before `close`; a failure is only logged."""

    def write_error(self) -> str:
        """Return why the last change could not be stored, after another try; empty if storing works."""

    def close(self) -> None:
        """Close it: what is saved later is lost with the process."""
