"""The registry: all sandboxes of a process, with a lock for each. `capacity` evicts."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from functools import lru_cache
from hashlib import blake2b
from itertools import count
from threading import Lock

import msgspec

from safelight_mock.config.settings import Settings
from safelight_mock.core.changes import Changes
from safelight_mock.core.clock import Clock
from safelight_mock.core.job import WHOLE, Inspect, Inspection, Job, State
from safelight_mock.core.job_counts import STATES
from safelight_mock.core.sandbox import Sandbox, jobs_of
from safelight_mock.storage.capacity import CapacityClaim, SandboxSlot, StoredContents
from safelight_mock.storage.indexes import Indexes
from safelight_mock.storage.leases import Leases, LocalLease
from safelight_mock.storage.memory import InMemoryPersistence
from safelight_mock.storage.port import LOCK_TIMEOUT, About, BusyError, Held, Lease, Persistence
from safelight_mock.storage.working_copy import WorkingCopy

KEYS = 1_000  # whose names are remembered


@lru_cache(KEYS)
def name_of(vendor: str, key: str) -> str:
    """Return the name of a key's sandbox: a digest, from which no key can be read."""
    return blake2b(f"{vendor}/{key}".encode(), digest_size=8).hexdigest()


def inputs_of(sandbox: Sandbox) -> set[str]:
    """Return the digests of the files that a sandbox's jobs and rules refer to."""
    return {*sandbox.rule_inputs, *(digest for job in sandbox.jobs.values() for digest in job.inputs)}


class AssumedInspections(msgspec.Struct, frozen=True, kw_only=True):
    """Inspections without decoding: an input that was not inspected is assumed to be intact.

    `inspect_for` returns the inspection function of a vendor; `changes` has the inputs whose inspection
    has changed.
    """

    inspect_for: Callable[[str], Inspect]
    changes: Changes


class SandboxRegistry:
    """The `SandboxStore` of one process; a `persistence` stores each change before it is merged.

    A sandbox is named by a digest, never by its key. `wall_at` returns the time of the
    wall clock at a real moment, with which the clocks of new sandboxes start. `inputs` is kept up to date:
    the digests of inputs, by how many jobs and sandboxes with rules refer to each.
    """

    def __init__(  # noqa: PLR0913 - what a process has one of; most have a default
        self,
        seed: str,
        settings: Settings,
        persistence: Persistence | None = None,
        *,
        inputs: Counter[str] | None = None,
        assumed: AssumedInspections | None = None,
        wall_at: Callable[[float], float] = float,
    ) -> None:
        self._seed = seed
        self._clock = Clock(mode=settings.clock, rate=settings.clock_rate)
        self._persistence = persistence or InMemoryPersistence()
        self._assumed = assumed or AssumedInspections(inspect_for=lambda _: _whole, changes=Changes())
        self._wall_at = wall_at
        self._slots: dict[str, SandboxSlot] = {}  # also of names whose first sandbox is being created
        self._contents = StoredContents(
            max_jobs=settings.max_jobs,
            max_sandboxes=settings.max_sandboxes,
            indexes=Indexes(self._used, Counter() if inputs is None else inputs),
            slots=self._slots,
            inspect_for=self._assumed.inspect_for,
        )
        self._leases = Leases(self._end_lease)
        self._lock = Lock()
        self._deleting = Lock()  # held by the one thread that may wait for several sandboxes
        self._ticks = count(1)
        self._notify: Callable[[], None] = lambda: None
        self._prepare: Callable[[Sandbox], None] = lambda _: None

    def load(self, sandboxes: Iterable[Sandbox]) -> None:
        """Add stored sandboxes, before the registry is used."""
        contents = self._contents
        for sandbox in sandboxes:
            self._slots[sandbox.name] = SandboxSlot(sandbox.name, sandbox, self._ticks, self._drop)
            contents.jobs += len(sandbox.jobs)
            contents.sandboxes += 1
            contents.labels |= {sandbox.label: sandbox.name} if sandbox.label else {}
            contents.indexes.add(sandbox)
            contents.indexes.expect(sandbox)

    def view(self, name: str, timeout: float = LOCK_TIMEOUT, *, is_use: bool = False) -> SandboxSlot | None:
        """Lock a sandbox to read it; None without one. Raises BusyError."""
        while (slot := self._slots.get(name)) is not None:
            # Trying without a timeout is quicker, and nearly always enough.
            if not slot.lock.acquire(blocking=False) and not slot.lock.acquire(timeout=timeout):
                raise BusyError(name)
            if not slot.is_gone and slot.base is not None:
                if is_use:
                    slot.used = next(self._ticks)
                return slot
            slot.release()
        return None

    def hold(self, name: str, timeout: float = LOCK_TIMEOUT, *, is_use: bool = False) -> SandboxSlot:
        """Lock a sandbox, or the name of a new one, to change it; raises BusyError."""
        while True:
            slot = self._slots.get(name) or self._new_slot(name)
            if not slot.lock.acquire(blocking=False) and not slot.lock.acquire(timeout=timeout):
                raise BusyError(name)
            if not slot.is_gone:
                if is_use:
                    slot.used = next(self._ticks)
                return slot
            slot.release()

    def new(self, name: str, vendor: str, real: float) -> Sandbox:
        """Return a sandbox that is not stored yet."""
        clock = self._clock.set_to(real, self._wall_at(real))
        sandbox = Sandbox(name=name, seed=self._seed, vendor=vendor, clock=clock)
        self._prepare(sandbox)
        return sandbox

    def save(self, held: Held, copy: WorkingCopy, real: float, *, ends: Lease | None = None) -> None:
        """Store the changes of a copy of a locked sandbox, make them visible, and end its lease.

        Raises NotStoredError, and Problem when storage is full or another sandbox has its label.
        """
        moves_due = self._save(held, copy, real, evicts_jobs=True)
        if ends is not None and not ends.is_over:
            moves_due = True
            self._leases.end_named(ends.name)
        if moves_due:
            self._expect(held.name)

    def put(self, held: Held, copy: WorkingCopy, real: float, *, is_new: bool = False) -> None:
        """Store a whole sandbox in place of the locked one; evicts no jobs."""
        self._save(held, copy, real, evicts_jobs=False)
        if is_new:
            self._slots[held.name].renumber()
            with self._lock:
                self._contents.pins.remove_all(held.name)
            self._leases.end_named(held.name)
        self._expect(held.name)

    def delete(self, names: Iterable[str]) -> Collection[str]:
        """Remove sandboxes, all or none, and end their leases; return the digests of their inputs."""
        with self._deleting, ExitStack() as locked:
            slots = list[SandboxSlot]()
            for name in dict.fromkeys(names):
                slot = self.view(name)
                if slot is not None:
                    locked.callback(slot.release)
                    slots.append(slot)
            self._persistence.save((), [slot.name for slot in slots])
            with self._lock:
                for slot in slots:
                    self._contents.remove(slot)
            for slot in slots:
                self._leases.end_named(slot.name)
            return set().union(*(inputs_of(slot.base) for slot in slots if slot.base is not None))

    def claim(self, most: int, real: float) -> Sequence[LocalLease]:
        """Lease at most `most` sandboxes in which something is due and whose clocks run by themselves."""
        due = self._contents.indexes.due
        with self._lock:
            looked_at, taken = list[str](), list[LocalLease]()
            for name in due.due(real):
                if len(taken) == most:
                    break
                looked_at.append(name)
                lease = self._leases.take(name, 0)
                if lease is not None:
                    taken.append(lease)
            for name in looked_at:  # indexed again when the lease is released
                del due[name]
        return taken

    def lease(self, name: str, timeout: float) -> LocalLease | None:
        """Lease a sandbox; None if another lease of it lasts longer than `timeout` seconds."""
        return self._leases.take(name, timeout)

    def is_leased(self, name: str) -> bool:
        """Return whether a sandbox is leased."""
        return name in self._leases.taken

    @property
    def next_due(self) -> float:
        """The real moment at which `claim` next returns a lease; infinity if nothing will be due."""
        with self._lock:
            return self._contents.indexes.due.first

    def on_due(self, notify: Callable[[], None]) -> None:
        """Call a function whenever `next_due` has become earlier; it must not block."""
        self._notify = notify

    def on_new(self, prepare: Callable[[Sandbox], None]) -> None:
        """Change each new sandbox by a function before its first request; it must not block."""
        self._prepare = prepare

    def pin(self, name: str, job: str, until: float) -> None:
        """Keep a job from eviction until a real moment."""
        with self._lock:
            self._contents.pins.add(name, job, until)

    def unpin(self, name: str, job: str) -> None:
        """Let a job be evicted again."""
        with self._lock:
            if self._contents.pins.remove(name, job):
                self._contents.indexes.oldest.recheck(name, (job,))
                self._contents.indexes.idle.recheck(name)

    def names(self) -> Sequence[str]:
        """Return the names of all sandboxes, in the order of their creation."""
        with self._lock:
            return [name for name, slot in self._slots.items() if slot.base is not None]

    def about(self, name: str) -> About | None:
        """Return what is known of a sandbox without its lock, or None."""
        slot = self._slots.get(name)
        base = None if slot is None else slot.base
        return None if base is None else About(base.vendor, base.label, base.has_scenarios)

    def labelled(self, label: str) -> str | None:
        """Return the name of the sandbox with that label."""
        return self._contents.labels.get(label)

    def with_job(self, job: str) -> Collection[str]:
        """Return the names of the sandboxes that have a job of that id."""
        with self._lock:
            return self._contents.indexes.with_job.names(job)

    def with_delivery(self, delivery: str) -> Collection[str]:
        """Return the names of the sandboxes that have a delivery of that id."""
        with self._lock:
            return self._contents.indexes.with_delivery.names(delivery)

    def count_sandboxes(self) -> Mapping[str, int]:
        """Return how many sandboxes there are, by vendor."""
        with self._lock:
            return dict(self._contents.indexes.vendors)

    def count_jobs(self, real: float) -> Mapping[tuple[str, State], int]:
        """Return how many jobs there are, by vendor and state; inputs not inspected yet count as intact.

        Visits each sandbox, but only the jobs that have changed since the last call.
        """
        counts = Counter[tuple[str, State]]()
        for sandbox in self._each():
            assumed, now = self._assumed, sandbox.now(real)
            states = jobs_of(sandbox).sum(STATES, now, assumed.inspect_for(sandbox.vendor), assumed.changes)
            counts.update({(sandbox.vendor, state): many for state, many in zip(State, states, strict=True)})
        return counts

    def count_deliveries(self) -> Mapping[tuple[str, str], int]:
        """Return how many deliveries there are, by vendor and outcome of the last attempt."""
        with self._lock:
            return dict(self._contents.indexes.outcomes)

    def write_error(self) -> str:
        """Return why storing failed; empty if it works again."""
        return self._persistence.write_error()

    def close(self) -> None:
        """Store the times of running clocks; nothing is stored afterwards."""
        self._persistence.save_times(self._each())
        self._persistence.close()

    def _new_slot(self, name: str) -> SandboxSlot:
        """Return a slot for a sandbox that is about to be created."""
        with self._lock:
            return self._slots.setdefault(name, SandboxSlot(name, None, self._ticks, self._drop))

    def _drop(self, slot: SandboxSlot) -> None:
        """Remove a slot for which no sandbox was created."""
        with self._lock:
            slot.is_gone = True
            del self._slots[slot.name]

    def _each(self) -> Iterator[Sandbox]:
        """Yield all sandboxes, each while it is locked; those that stay in use are left out."""
        for name in self.names():
            with suppress(BusyError):
                slot = self.view(name)
                try:
                    if slot is not None and slot.base is not None:
                        yield slot.base
                finally:
                    if slot is not None:
                        slot.release()

    def _save(self, held: Held, copy: WorkingCopy, real: float, *, evicts_jobs: bool) -> bool:
        """Store a change and make it visible; return whether something else may be due next."""
        slot, change = self._slots[held.name], copy.change()
        if change is None:
            return False
        claim = CapacityClaim(self._contents, slot, copy, change, real)
        try:
            with self._lock:
                claim.reserve(evicts_jobs=evicts_jobs)
            try:
                self._persistence.save(claim.changes, [] if claim.evicted is None else [claim.evicted.name])
            except BaseException:
                with self._lock:
                    claim.give_back()
                raise
            with self._lock:
                claim.apply()
        finally:
            if claim.locked:
                claim.release()
        return change.moves_due

    def _expect(self, name: str, not_before: float = 0.0) -> None:
        """Update the index of due times for a locked sandbox, unless it is leased."""
        base, is_earlier = self._slots[name].base, False
        with self._lock:
            if base is not None and name not in self._leases.taken:
                is_earlier = self._contents.indexes.expect(base, not_before)
        if is_earlier:
            self._notify()

    def _end_lease(self, lease: LocalLease, not_before: float) -> None:
        """End a lease, and update the index of due times."""
        name = lease.name
        if not self._leases.end(lease):
            return
        try:
            slot = self.view(name)
        except BusyError:  # the next lease finds what is due
            with self._lock:
                self._contents.indexes.due[name] = not_before
            self._notify()
            return
        if slot is not None:
            self._expect(name, not_before)
            slot.release()

    def _used(self, name: str) -> int | None:
        slot = self._slots.get(name)
        return None if slot is None or slot.base is None else slot.used


def _whole(_: Job) -> Inspection:
    return WHOLE
