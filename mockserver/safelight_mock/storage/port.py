"""What storage offers: sandboxes whose changes are kept and shown together, or not at all.

`SandboxStore` is the port. `SandboxRegistry` implements it for one process, in memory or with its changes
kept by a `Persistence`. One test module holds for all.

Rules for locks, and the race that each prevents:

1. Each sandbox has one lock. It is held from the look at a sandbox until the copy of it was kept and merged,
   or dropped. Without it two submits would draw the same id, and a request could be answered at a time before
   one that was shown already: the latest time that a clock has shown is noted under this lock. Readers take
   it too. Their work is short, and the indexes of a sandbox are brought up to date when they are read: two
   readers at a time would corrupt them.
2. A thread waits for the lock of one sandbox at a time, while it holds no other, and not for ever. While it
   holds one it may try others, as eviction does, and skips those in use. Two threads that wait for one
   another would never end.
3. The locks of the registry, of a persistence and of inboxes are leaves: under them nothing is waited for but
   the disk. Counts and indexes over all sandboxes change under the registry's lock. Room for jobs, a place
   for a sandbox and a label are claimed there before a change is kept, and given back if it cannot be: two
   submits that both find room for one job would exceed the bound.
4. Under the lock of a sandbox nothing blocks but the disk of the persistence: no inspection, no rendering, no
   HTTP, no lease. The receiver of a webhook that polls the job it is notified of would wait for itself.
5. A lease is the right to move a sandbox's clock, with its deliveries on the way. It is taken with no lock
   held, and lasts over many changes, between which the lock is free. Meanwhile nothing else delivers from
   that sandbox, so its deliveries keep their order. What falls due meanwhile is left to the holder,
   who ends the lease under the lock, with the change after which nothing is due. Later requests deliver what
   they make due. Were the lease ended after the lock, what a request makes due in between would be left over.
6. A change is kept first, then merged, then answered. The other way round a poll could show a job that a full
   disk or a kill takes back.
7. The event loop does not wait for a sandbox in use: it gives the request to a thread. A thread that works on
   one sandbox would delay the requests of all others.
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
RETRY_AFTER = 1  # second, for whoever has waited that long


class NotStoredError(Problem):
    """What a request changes cannot be kept, so nothing of it has happened; it may succeed later."""

    def __init__(self, why: str) -> None:
        super().__init__(Kind.NO_ROOM, detail=f"what this call changes cannot be kept: {why}")


class BusyError(Problem):
    """A sandbox is in use for longer than this request waits for it."""

    def __init__(self, name: str) -> None:
        super().__init__(Kind.NO_ROOM, detail=f"sandbox {name} is in use by other calls: try again")
        self.headers: Mapping[str, str] = {"retry-after": str(RETRY_AFTER)}


class About(NamedTuple):
    """What a sandbox is, without holding it."""

    vendor: str
    label: str


class Held(Protocol):
    """A locked sandbox, until it is released. `base` is None if no sandbox of that name exists.

    `spare` is an unchanged working copy, or None.
    """

    name: str
    base: Sandbox | None
    spare: WorkingCopy | None

    def touch(self) -> None:
        """Note that it is used again, so that others are evicted before it."""

    def release(self) -> None:
        """Let others have it."""


class Lease(Protocol):
    """The right to move the clock of a sandbox, until it is released or ended by `save`, and `is_over`."""

    is_over: bool

    @property
    def name(self) -> str:
        """The name of the sandbox."""

    def release(self, *, not_before: float = 0.0) -> None:
        """Let others have it, if it is not over; not offered by `claim` before that real moment."""


class SandboxStore(Protocol):
    """All sandboxes. May be used from any thread; real moments are Unix seconds.

    A store over several processes does the same in transactions of a database: `view` takes a shared lock and
    reads what is newer than a cache, `hold` an exclusive one, `save` commits, a lease is a row that runs out.
    """

    def view(self, name: str, timeout: float = LOCK_TIMEOUT, *, is_use: bool = False) -> Held | None:
        """Lock a sandbox to read it; None without one. Raises BusyError.

        What is done to its copies is dropped. One that is only looked at, which `is_use` is not, may be
        evicted before others.
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

    def put(self, held: Held, copy: WorkingCopy, real: float) -> None:
        """Keep a whole sandbox in place of the one that is held, as `save` does; no other gives up a job."""

    def claim(self, most: int, real: float) -> Sequence[Lease]:
        """Lease sandboxes, as many at most, in which something is due and whose clocks run by themselves."""

    def lease(self, name: str, timeout: float) -> Lease | None:
        """Lease a sandbox; None where it is leased for longer than that many seconds."""

    def is_leased(self, name: str) -> bool:
        """Return whether a sandbox is leased."""

    @property
    def next_due(self) -> float:
        """The real moment at which `claim` has something to offer next; infinity if nothing is due ever."""

    def on_due(self, notify: Callable[[], None]) -> None:
        """Have a function called whenever `next_due` has become earlier; it must not block."""

    def pin(self, name: str, job: str, until: float) -> None:
        """Keep a job from eviction until a real moment."""

    def unpin(self, name: str, job: str) -> None:
        """Keep a job no longer."""

    def names(self) -> Sequence[str]:
        """Return the names of all sandboxes, in the order in which they came."""

    def about(self, name: str) -> About | None:
        """Return vendor and label of a sandbox, or None."""

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
        """Return why nothing could be kept lately; if something can be again, nothing."""

    def close(self) -> None:
        """Keep what running clocks showed last, and nothing more."""


class Persistence(Protocol):
    """Keeps sandboxes beyond the process. May be used from any thread."""

    @property
    def files(self) -> Path | None:
        """The folder in which files are kept, if they are."""

    def seed(self, wanted: str) -> str:
        """Return the seed that ids and links follow from: what is wanted, or was before, or a new one."""

    def load(self) -> Iterator[Sandbox]:
        """Yield every sandbox that is kept."""

    def spare(self, names: AbstractSet[str]) -> None:
        """Keep what was loaded under these names, even if a sandbox is saved under one of them."""

    def save(self, changes: Sequence[Change], gone: Iterable[str] = ()) -> None:
        """Keep all changes and forget the sandboxes that are gone, or do nothing and raise NotStoredError."""

    def save_times(self, sandboxes: Iterable[Sandbox]) -> None:
        """Keep what running clocks showed last, as far as that can be, before `close`."""

    def write_error(self) -> str:
        """Return why nothing could be kept lately; if something can be again, nothing."""

    def close(self) -> None:
        """Keep nothing more: what is saved later is lost with the process."""
