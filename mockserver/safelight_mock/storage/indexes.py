"""Counts and indexes over all sandboxes, updated with each change of one."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from math import inf

from safelight_mock.core.job import Job
from safelight_mock.core.overlay_mapping import DueIndex, PartChange
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import Delivery
from safelight_mock.storage.eviction import IdleSandboxes, OldestJobs, QueuedJob
from safelight_mock.storage.working_copy import Change

PENDING = "pending"  # the outcome of a delivery that was not attempted yet
UNCHANGED = PartChange({}, (), {})


class NameIndex:
    """Names of sandboxes by ids of what they have: mostly one, many where ids count up or one was forked."""

    def __init__(self) -> None:
        self._names: dict[str, str | dict[str, None]] = {}  # one name as it is: a dict would take 200 bytes

    def add(self, thing: str, sandbox: str) -> None:
        """Note that a sandbox has something of an id."""
        names = self._names.get(thing)
        if names is None:
            self._names[thing] = sandbox
        elif isinstance(names, dict):
            names[sandbox] = None
        elif names != sandbox:
            self._names[thing] = dict.fromkeys((names, sandbox))

    def remove(self, thing: str, sandbox: str) -> None:
        """Note that a sandbox has it no longer."""
        names = self._names.get(thing)
        if isinstance(names, dict):
            names.pop(sandbox, None)
        if not names or names == sandbox:
            self._names.pop(thing, None)

    def names(self, thing: str) -> Collection[str]:
        """Return the names of the sandboxes that have it, the first one first."""
        names = self._names.get(thing, ())
        return (names,) if isinstance(names, str) else [*names]


class Indexes:
    """Counts and indexes over all sandboxes. Not thread-safe: the registry has a lock for it.

    `used` returns when a sandbox was last used, as a growing number; None for one that no longer exists.
    `inputs`: by digest, how many jobs, and sandboxes with rules, refer to an input.
    """

    def __init__(self, used: Callable[[str], int | None], inputs: Counter[str]) -> None:
        self.vendors: Counter[str] = Counter()
        self._inputs = inputs
        self.outcomes: Counter[tuple[str, str]] = Counter()  # of deliveries, by vendor
        self.with_job: NameIndex = NameIndex()
        self.with_delivery: NameIndex = NameIndex()
        self.oldest: OldestJobs = OldestJobs()
        self.idle: IdleSandboxes = IdleSandboxes(used)
        self.due: DueIndex = DueIndex()  # real moments at which something is due, by running clocks

    def add(self, sandbox: Sandbox) -> None:
        """Count a sandbox that was not there."""
        self.vendors[sandbox.vendor] += 1
        self._inputs.update(sandbox.rule_inputs)
        ends = [self._count_job(sandbox, job) for job in sandbox.jobs.values()]
        self._change_deliveries(sandbox, PartChange(sandbox.deliveries, (), {}))
        self.oldest.change(sandbox.name, sandbox.clock, sandbox.latest, put=ends)
        self.idle.recheck(sandbox.name)

    def remove(self, sandbox: Sandbox) -> None:
        """Count a sandbox no longer."""
        self.vendors[sandbox.vendor] -= 1
        self._drop_inputs(sandbox.rule_inputs)
        for job in sandbox.jobs.values():
            self._forget_job(sandbox.name, job)
        self.oldest.drop_all(sandbox.name)
        self._change_deliveries(sandbox, PartChange({}, (), sandbox.deliveries))
        self.due.pop(sandbox.name, None)

    def change(self, change: Change, before: Sandbox) -> None:
        """Count what a working copy has changed of the sandbox `before`; it is not merged yet."""
        sandbox, parts = change.sandbox, change.parts
        if sandbox.next_rules is not before.next_rules or sandbox.scenario is not before.scenario:
            self._inputs.update(sandbox.rule_inputs)
            self._drop_inputs(before.rule_inputs)
        put: Sequence[QueuedJob] = ()
        dropped: Sequence[str] = ()
        if "jobs" in parts:
            put, dropped = self._change_jobs(sandbox, parts["jobs"])
        if "deliveries" in parts:
            self._change_deliveries(sandbox, parts["deliveries"])
        due = parts.get("job_due_at", UNCHANGED)
        self.idle.recheck(sandbox.name)
        self.oldest.change(
            sandbox.name,
            sandbox.clock,
            sandbox.latest,
            put=put,
            dropped=dropped,
            unblocked=(*due.gone, *due.fresh),
        )

    def expect(self, sandbox: Sandbox, not_before: float = 0.0) -> bool:
        """Note when something is due in a sandbox; return whether that is before all that was known."""
        due = inf if sandbox.clock.is_stopped else sandbox.next_due
        if due == inf:
            if self.due.first < inf:
                self.due.pop(sandbox.name, None)
            return False
        first, at = self.due.first, max(sandbox.clock.moment_of(due), not_before)
        self.due[sandbox.name] = at
        return at < first

    def _change_jobs(self, sandbox: Sandbox, change: PartChange) -> tuple[Sequence[QueuedJob], Sequence[str]]:
        """Count jobs that were set and removed; return what changes of their order."""
        put: list[QueuedJob] = []
        for job_id, job in change.fresh.items():
            before = change.before.get(job_id)
            if before is not None and _is_like(before, job):
                continue
            put.append(self._count_job(sandbox, job))
            if before is not None:
                self._drop_inputs(before.inputs)
        dropped: list[str] = []
        for job_id, job in change.before.items():
            if job_id not in change.fresh:
                dropped.append(job_id)
                self._forget_job(sandbox.name, job)
        return put, dropped

    def _change_deliveries(self, sandbox: Sandbox, change: PartChange) -> None:
        name, vendor, (fresh, _, before) = sandbox.name, sandbox.vendor, change
        self.outcomes.subtract((vendor, outcome_of(delivery)) for delivery in before.values())
        self.outcomes.update((vendor, outcome_of(delivery)) for delivery in fresh.values())
        for delivery in before:
            if delivery not in fresh:
                self.with_delivery.remove(delivery, name)
        for delivery in fresh:
            if delivery not in before:
                self.with_delivery.add(delivery, name)

    def _count_job(self, sandbox: Sandbox, job: Job) -> QueuedJob:
        """Count a job; return its place in the order of eviction."""
        inputs, ends = job.inputs, job.ends
        for digest in inputs:
            self._inputs[digest] += 1
        self.with_job.add(job.id, sandbox.name)
        is_open = bool(job.events) or job.plan.script is not None  # its end is not that of the plan alone
        due = -inf if is_open or ends <= sandbox.latest else ends
        return QueuedJob(job.id, job.submitted, due)

    def _forget_job(self, sandbox: str, job: Job) -> None:
        self._drop_inputs(job.inputs)
        self.with_job.remove(job.id, sandbox)

    def _drop_inputs(self, digests: Iterable[str]) -> None:
        for digest in digests:
            self._inputs[digest] -= 1
            if not self._inputs[digest]:
                del self._inputs[digest]


def _is_like(before: Job, job: Job) -> bool:
    """Return whether a job in the place of another has the same inputs, and is over at the same time."""
    return (
        job.source is before.source
        and job.others is before.others
        and job.events is before.events
        and job.plan is before.plan
        and job.submitted == before.submitted
    )


def outcome_of(delivery: Delivery) -> str:
    """Return the outcome of the last attempt at a delivery."""
    return delivery.attempts[-1].outcome if delivery.attempts else PENDING
