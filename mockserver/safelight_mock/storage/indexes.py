"""What is known of all sandboxes together without a look at each, carried on as one of them changes."""

from collections import Counter
from collections.abc import Callable, Iterable
from math import inf

from safelight_mock.core.job import Job
from safelight_mock.core.overlay_mapping import Agenda, OverlayMapping
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import Delivery
from safelight_mock.storage.eviction import IdleSandboxes, OldestJobs
from safelight_mock.storage.name_index import NameIndex
from safelight_mock.storage.working_copy import WorkingCopy

PENDING = "pending"  # the outcome of a delivery that was not tried yet


class Indexes:
    """Counts and indexes over all sandboxes. Not safe for threads.

    `used` returns when a sandbox was used last, as a number that grows; None for one that is gone.
    """

    def __init__(self, used: Callable[[str], int | None]) -> None:
        self.vendors: Counter[str] = Counter()
        self.inputs: Counter[str] = Counter()  # by how many jobs each is referred to
        self.outcomes: Counter[tuple[str, str]] = Counter()  # of deliveries, by vendor
        self.with_job: NameIndex = NameIndex()
        self.with_delivery: NameIndex = NameIndex()
        self.oldest: OldestJobs = OldestJobs()
        self.idle: IdleSandboxes = IdleSandboxes(used)
        self.due: Agenda = Agenda()  # real moments at which something is due in sandboxes whose clocks run

    def add(self, sandbox: Sandbox) -> None:
        """Count a sandbox that was not there."""
        self.vendors[sandbox.vendor] += 1
        for job in sandbox.jobs.values():
            self._add_job(sandbox, job)
        self._add_deliveries(sandbox, sandbox.deliveries.values())
        self._pass_time(sandbox)

    def remove(self, sandbox: Sandbox) -> None:
        """Count a sandbox no longer."""
        self.vendors[sandbox.vendor] -= 1
        for job in sandbox.jobs.values():
            self._forget_job(sandbox.name, job)
        self.oldest.drop_all(sandbox.name)
        self._uncount(sandbox.vendor, sandbox.deliveries.values())
        for delivery in sandbox.deliveries:
            self.with_delivery.remove(delivery, sandbox.name)
        self.due.pop(sandbox.name, None)

    def change(self, changed: WorkingCopy) -> None:
        """Count what a working copy has changed; it is not merged yet."""
        copy = changed.copy
        jobs, deliveries, agenda = (changed.overlays[name] for name in ("jobs", "deliveries", "agenda"))
        if jobs.fresh or jobs.gone:
            self._change_jobs(copy, jobs)
        if deliveries.fresh or deliveries.gone:
            self._change_deliveries(copy, deliveries)
        self._pass_time(copy, (*agenda.gone, *agenda.fresh))

    def _change_jobs(self, copy: Sandbox, jobs: OverlayMapping[Job]) -> None:
        hidden = {job.id: job for job in jobs.hidden}
        for job in jobs.fresh.values():
            before = hidden.pop(job.id, None)
            if before is None:
                self._add_job(copy, job)
            elif not _is_like(before, job):
                self._add_job(copy, job)
                self._drop_inputs(before)
        for job in hidden.values():
            self._forget_job(copy.name, job)
            self.oldest.drop(copy.name, job.id)

    def _change_deliveries(self, copy: Sandbox, deliveries: OverlayMapping[Delivery]) -> None:
        hidden = {delivery.id: delivery for delivery in deliveries.hidden}
        self._uncount(copy.vendor, hidden.values())
        for delivery in deliveries.fresh.values():
            self.outcomes[copy.vendor, outcome_of(delivery)] += 1
            if hidden.pop(delivery.id, None) is None:
                self.with_delivery.add(delivery.id, copy.name)
        for delivery_id in hidden:
            self.with_delivery.remove(delivery_id, copy.name)

    def expect(self, sandbox: Sandbox, not_before: float = 0.0) -> bool:
        """Note when something is due in a sandbox; return whether that is before all that was known."""
        at = inf if sandbox.clock.stands or not sandbox.owes else sandbox.clock.moment_of(sandbox.next_due)
        if at == inf:
            self.due.pop(sandbox.name, None)
            return False
        first, at = self.due.first, max(at, not_before)
        self.due[sandbox.name] = at
        return at < first

    def _pass_time(self, sandbox: Sandbox, jobs: Iterable[str] = ()) -> None:
        """Note the time of a sandbox that has changed, and jobs of which something else may be due now."""
        self.oldest.pass_time(sandbox.name, sandbox.clock, sandbox.latest, jobs)
        self.idle.look_again(sandbox.name)

    def _add_job(self, sandbox: Sandbox, job: Job) -> None:
        self.inputs.update(job.inputs)
        self.with_job.add(job.id, sandbox.name)
        due = -inf if job.events or job.ends <= sandbox.latest else job.ends
        self.oldest.put(sandbox.name, job.id, job.submitted, due)

    def _forget_job(self, sandbox: str, job: Job) -> None:
        self._drop_inputs(job)
        self.with_job.remove(job.id, sandbox)

    def _drop_inputs(self, job: Job) -> None:
        for digest in job.inputs:
            self.inputs[digest] -= 1
            if not self.inputs[digest]:
                del self.inputs[digest]

    def _add_deliveries(self, sandbox: Sandbox, deliveries: Iterable[Delivery]) -> None:
        for delivery in deliveries:
            self.with_delivery.add(delivery.id, sandbox.name)
            self.outcomes[sandbox.vendor, outcome_of(delivery)] += 1

    def _uncount(self, vendor: str, deliveries: Iterable[Delivery]) -> None:
        self.outcomes.subtract((vendor, outcome_of(delivery)) for delivery in deliveries)


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
