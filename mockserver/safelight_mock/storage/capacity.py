"""Capacity for a change: reserved before it is stored; evicts jobs and a sandbox if needed."""

from collections.abc import Callable, Iterator, Mapping
from math import inf
from threading import Lock

import msgspec

from safelight_mock.core.job import Inspect, Job, end_of, is_over, status
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.storage.eviction import Victim
from safelight_mock.storage.indexes import UNCHANGED, Indexes
from safelight_mock.storage.pins import Pins
from safelight_mock.storage.working_copy import Change, WorkingCopy
from safelight_mock.wire.problem import Kind, Problem

REMEDY = "delete some, or raise"
NOW, AFTER_A_CHANGE = -inf, inf  # when something may be evicted; otherwise a real moment


class SandboxSlot:
    """A sandbox with its lock. Hold `lock` to touch anything but `used` and `is_gone`.

    `base` is None while the first sandbox of this name is being created; `drop` is called if that fails. A
    slot that `is_gone` has left the registry. `ticks` count the uses of all sandboxes. `number` tells apart
    sandboxes that had the same name one after another.
    """

    __slots__ = ("_drop", "_ticks", "base", "is_gone", "lock", "name", "number", "spare", "used")

    def __init__(
        self, name: str, base: Sandbox | None, ticks: Iterator[int], drop: Callable[["SandboxSlot"], None]
    ) -> None:
        self.name: str = name
        self.base: Sandbox | None = base
        self.lock: Lock = Lock()
        self.spare: WorkingCopy | None = None
        self.used: int = next(ticks)
        self.number: int = self.used
        self.is_gone: bool = False
        self._ticks = ticks
        self._drop = drop

    def touch(self) -> None:
        """Count a use, so that others are evicted before it."""
        self.used = next(self._ticks)

    def release(self) -> None:
        """Unlock it; a slot without a sandbox leaves the registry."""
        if self.base is None and not self.is_gone:
            self._drop(self)
        self.lock.release()

    def renumber(self) -> None:
        """Count the sandbox as another one than before."""
        self.number = next(self._ticks)

    def take_spare(self) -> WorkingCopy | None:
        """Return the unchanged working copy, if there is one, and clear it."""
        spare, self.spare = self.spare, None
        return spare


class StoredContents(msgspec.Struct, kw_only=True):
    """All that is stored, including reservations. Used under the registry's lock.

    `inspect_for` returns the inspection function of a vendor; that does not raise.
    """

    max_jobs: int
    max_sandboxes: int
    indexes: Indexes
    slots: dict[str, SandboxSlot]
    inspect_for: Callable[[str], Inspect]
    labels: dict[str, str] = msgspec.field(default_factory=dict)
    pins: Pins = msgspec.field(default_factory=Pins)
    jobs: int = 0
    sandboxes: int = 0

    def remove(self, slot: SandboxSlot) -> None:
        """Remove the sandbox of a locked slot."""
        if slot.base is None:
            return
        self.indexes.remove(slot.base)
        self.labels.pop(slot.base.label, None)
        self.pins.remove_all(slot.name)
        self.jobs -= len(slot.base.jobs)
        self.sandboxes -= 1
        slot.is_gone = True
        del self.slots[slot.name]


class CapacityClaim:
    """The capacity for one change, as a working copy of a locked sandbox has it, at a real moment.

    Sandboxes that jobs are evicted from stay `locked` from `reserve` to `release`; one that is in use is
    skipped, not waited for, so that two changes cannot wait for each other.
    """

    def __init__(
        self,
        contents: StoredContents,
        slot: SandboxSlot,
        copy: WorkingCopy,
        change: Change,
        real: float,
    ) -> None:
        self._contents = contents
        self._slot = slot
        self._copy = copy
        self._change = change
        self._real = real
        self._added = 0
        self._is_placed = False
        self._victims = list[Victim]()
        self.locked: dict[str, SandboxSlot] = {}
        self._shrunk: dict[str, tuple[WorkingCopy, Change]] = {}
        self.evicted: SandboxSlot | None = None

    def reserve(self, *, evicts_jobs: bool) -> None:
        """Reserve the label and room for jobs and a sandbox; raises Problem, and then reserves nothing."""
        try:
            self._reserve_label()
            self._reserve_jobs(evicts_jobs=evicts_jobs)
            self._reserve_sandbox()
        except Problem:
            self.give_back()
            raise

    def give_back(self) -> None:
        """Undo all reservations."""
        contents, name = self._contents, self._slot.name
        contents.jobs -= self._added - len(self._victims)
        contents.sandboxes -= self._is_placed
        label = self._copy.copy.label
        if label and label != self._label_before and contents.labels.get(label) == name:
            del contents.labels[label]
        contents.indexes.oldest.put_back(self._victims)
        if self.evicted is not None:
            contents.indexes.idle.recheck(self.evicted.name)
        self._added, self._is_placed, self.evicted = 0, False, None
        self._victims = []

    @property
    def changes(self) -> list[Change]:
        """What has to be kept: of the sandbox itself, and of those that jobs are evicted from."""
        return [self._change, *(change for _, change in self._shrunk.values())]

    def apply(self) -> None:
        """Merge the changes, which are stored, and remove what was evicted for them."""
        contents = self._contents
        if self.evicted is not None:
            contents.remove(self.evicted)
        for name, (shrunk, change) in self._shrunk.items():
            slot = contents.slots[name]
            self._merge(slot, shrunk, change)
            slot.spare = shrunk
        before = self._label_before
        if before and before != self._change.sandbox.label:
            contents.labels.pop(before, None)
        self._merge(self._slot, self._copy, self._change)

    def release(self) -> None:
        """Unlock the sandboxes that jobs were evicted from."""
        for slot in self.locked.values():
            slot.lock.release()
        self.locked = {}

    @property
    def _label_before(self) -> str:
        return "" if self._slot.base is None else self._slot.base.label

    def _reserve_label(self) -> None:
        label, labels = self._copy.copy.label, self._contents.labels
        if label and label != self._label_before:
            if label in labels:
                raise Problem(
                    Kind.BAD_FIELD,
                    field="label",
                    detail=f"label: {label!r} is the label of another sandbox; choose another",
                )
            labels[label] = self._slot.name

    def _reserve_jobs(self, *, evicts_jobs: bool) -> None:
        contents = self._contents
        before, after = self._jobs_before_and_after()
        self._added = len(after) - len(before)
        contents.jobs += self._added
        surplus = contents.jobs - contents.max_jobs
        if surplus <= 0 or after.keys() <= before.keys():
            return
        if not evicts_jobs:
            jobs = len(self._copy.copy.jobs)
            why = f"{jobs} jobs do not fit beside the {contents.jobs - jobs} others"
            raise Problem(Kind.NO_ROOM, detail=f"{why}: --max-jobs is {contents.max_jobs}; {REMEDY} it")
        self._evict_jobs(surplus)

    def _jobs_before_and_after(self) -> tuple[Mapping[str, Job], Mapping[str, Job]]:
        """Return the jobs that the change replaces or removes, and those that it sets."""
        change, base = self._change, self._slot.base
        if change.is_whole:
            return {} if base is None else base.jobs, change.sandbox.jobs
        jobs = change.parts.get("jobs", UNCHANGED)
        return jobs.before, jobs.fresh

    def _evict_jobs(self, surplus: int) -> None:
        """Remove the oldest ended jobs from working copies; raises Problem if there are too few."""
        contents = self._contents
        self._unpin_expired()
        self._victims = contents.indexes.oldest.pick(surplus, self._real, self._check_job)
        contents.jobs -= len(self._victims)
        if len(self._victims) < surplus:
            raise Problem(Kind.NO_ROOM, detail=_full(contents.max_jobs, surplus))
        opened = {self._slot.name: self._copy}
        for sandbox, entry in self._victims:
            if sandbox not in opened:
                opened[sandbox] = self._open(self.locked[sandbox])
            copy = opened[sandbox].copy
            inspect = contents.inspect_for(copy.vendor)
            copy.remove(status(copy.jobs[entry.job], copy.now(self._real), inspect))
        changes = {name: (copy, change) for name, copy in opened.items() if (change := copy.change())}
        _, self._change = changes.pop(self._slot.name)
        self._shrunk = changes

    def _check_job(self, sandbox: str, job_id: str) -> float | None:
        """Return when a job may be evicted; None if its sandbox is in use."""
        if sandbox == self._slot.name:
            return self._may_go_at(self._copy.copy, job_id)
        was_locked = sandbox in self.locked
        slot = self._lock(sandbox)
        if slot is None or slot.base is None:
            return None
        due = self._may_go_at(slot.base, job_id)
        if due > NOW and not was_locked:
            self._unlock(slot)
        return due

    def _may_go_at(self, sandbox: Sandbox, job_id: str) -> float:
        job = sandbox.jobs.get(job_id)
        is_pinned = self._contents.pins.until(sandbox.name, job_id) > self._real
        if job is None or is_pinned or job_id in sandbox.job_due_at:
            return AFTER_A_CHANGE
        return _end(job, sandbox.now(self._real))

    def _reserve_sandbox(self) -> None:
        contents = self._contents
        if self._slot.base is not None:
            return
        contents.sandboxes += 1
        self._is_placed = True
        if contents.sandboxes > contents.max_sandboxes:
            self._evict_sandbox()

    def _evict_sandbox(self) -> None:
        """Choose the least recently used idle sandbox, which `apply` removes; raises Problem without one."""
        contents = self._contents
        self._unpin_expired()
        name = contents.indexes.idle.pick(self._real, self._check_sandbox)
        if name is None:
            why = f"all {contents.max_sandboxes} sandboxes are in use: {REMEDY} --max-sandboxes"
            raise Problem(Kind.NO_ROOM, detail=why)
        self.evicted = contents.slots[name]

    def _check_sandbox(self, name: str) -> float | None:
        """Return when a sandbox may be evicted; None if it is in use."""
        slot = None if name in self.locked else self._lock(name)
        if slot is None or slot.base is None:
            return None
        pinned = self._contents.pins.all_until(name)
        due = pinned if pinned > self._real else slot.base.idle_from(self._real)
        if due > NOW:
            self._unlock(slot)
        return due

    def _unpin_expired(self) -> None:
        indexes = self._contents.indexes
        for sandbox, job in self._contents.pins.expired(self._real):
            indexes.oldest.recheck(sandbox, (job,))
            indexes.idle.recheck(sandbox)

    def _open(self, slot: SandboxSlot) -> WorkingCopy:
        """Return a working copy of another sandbox, which jobs are evicted from."""
        assert slot.base is not None  # or it had no job  # noqa: S101 - for mypy
        copy = slot.take_spare() or WorkingCopy(slot.base)
        copy.copy.latest = slot.base.now(self._real)
        return copy

    def _lock(self, name: str) -> SandboxSlot | None:
        """Lock a sandbox if it is not in use."""
        if name in self.locked:
            return self.locked[name]
        slot = self._contents.slots.get(name)
        if slot is None or not slot.lock.acquire(blocking=False):
            return None
        self.locked[name] = slot
        return slot

    def _unlock(self, slot: SandboxSlot) -> None:
        del self.locked[slot.name]
        slot.lock.release()

    def _merge(self, slot: SandboxSlot, copy: WorkingCopy, change: Change) -> None:
        indexes = self._contents.indexes
        if change.is_whole:
            if slot.base is not None:
                indexes.remove(slot.base)
            copy.merge(change)
            slot.base = copy.base
            indexes.add(copy.base)
        else:
            indexes.change(change, copy.base)
            copy.merge(change)


def _end(job: Job, now: float) -> float:
    """Return when a job ends: NOW if it has, AFTER_A_CHANGE while it is paused."""
    if is_over(job, now):
        return NOW
    return end_of(job, now).due if job.events or job.plan.script is not None else job.ends


def _full(most: int, surplus: int) -> str:
    if surplus == 1:
        return f"all {most} jobs are in progress: {REMEDY} --max-jobs"
    return f"fewer than {surplus} of {most} jobs can be evicted for others: {REMEDY} --max-jobs"
