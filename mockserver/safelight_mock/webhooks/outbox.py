"""The deliveries of a sandbox: created of each change of a job, and attempted until they are given up."""

from collections.abc import Iterable, Mapping
from itertools import islice

import msgspec
from msgspec.structs import replace

from safelight_mock.config.engines import Engines
from safelight_mock.config.services import Service
from safelight_mock.core.job import InspectionKey, NotInspectedError, history, next_move, status
from safelight_mock.core.overlay_mapping import backwards
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import Attempt, Delivery, RetryPolicy, TimelineEvent, Webhook, next_try
from safelight_mock.webhooks.attempts import Due
from safelight_mock.webhooks.messages import WebhookMessages

MOST = 1_000  # deliveries that a sandbox keeps, and as many more as are not over


class Outbox(msgspec.Struct, frozen=True, kw_only=True):
    """The deliveries of all sandboxes. It sends nothing, and changes working copies only."""

    served: Mapping[str, Service]
    engines: Engines
    messages: WebhookMessages

    def notice(self, sandbox: Sandbox, now: float) -> None:
        """Create deliveries of what has happened to jobs until now; raises NotInspectedError."""
        self._notice(sandbox, [*sandbox.due_jobs(now)], now)

    def require_inspections(self, sandbox: Sandbox, to: float, most: int) -> None:
        """Raise NotInspectedError with what the first jobs due until a moment will need to be inspected.

        Asked for at once before the first step, which would be interrupted for each otherwise.
        """
        due = [
            sandbox.jobs[job_id] for job_id in islice(sandbox.due_jobs(to), most) if job_id in sandbox.jobs
        ]
        look = self.engines.look(sandbox.vendor)
        uninspected: set[InspectionKey] = set()
        for job in due:
            try:
                status(job, to, look)
            except NotInspectedError as error:
                uninspected |= error.keys
        if uninspected:
            raise NotInspectedError(frozenset(uninspected))

    def next_attempt(self, sandbox: Sandbox, to: float, real: float) -> Due | None:
        """Return the next delivery to attempt until a moment, with the clock set to when it is due.

        Without one, the clock is set to that moment. One that runs is not set. Raises NotInspectedError.
        """
        while sandbox.next_due <= to:
            at, jobs, delivery = sandbox.step(real)
            if delivery is not None:
                return Due(delivery, at, self._policy(sandbox, delivery))
            self._notice(sandbox, jobs, at)
        sandbox.move_to(to, real)
        return None

    def record(self, sandbox: Sandbox, due: Due, attempt: Attempt) -> TimelineEvent:
        """Write down what came of an attempt, unless the delivery is gone; return it as an event."""
        delivery = sandbox.deliveries.get(due.delivery.id)
        if delivery is not None:
            tried = delivery.tried(attempt)
            _keep(sandbox, tried, next_try(tried, due.policy))
        return due.delivery.event(attempt)

    def resend(self, sandbox: Sandbox, delivery_id: str, now: float) -> Delivery:
        """Have a delivery sent once more, whatever became of it; raises KeyError for an unknown one."""
        wanted = sandbox.deliveries[delivery_id].again(now)
        _keep(sandbox, wanted, next_try(wanted, self._policy(sandbox, wanted)))
        return wanted

    def subscribe(self, sandbox: Sandbox, webhook: Webhook, now: float) -> None:
        """Set an account's webhook from now on; the old one gets what has happened so far."""
        self.notice(sandbox, now)
        sandbox.webhook = webhook
        lifecycles = self.served[sandbox.vendor].lifecycles
        for job in [*sandbox.jobs.values()]:
            rule = lifecycles[job.lifecycle].deliver
            due = next_move(job, now) if rule is not None and rule.is_of_account else None
            if due is not None:
                past = history(job, now, self.engines.open(sandbox, job.lifecycle, now).look)
                sandbox.jobs[job.id] = replace(job, reported=sum(1 for _ in past))
                sandbox.agenda[job.id] = due

    def _notice(self, sandbox: Sandbox, jobs: Iterable[str], now: float) -> None:
        for job_id in jobs:
            job = sandbox.jobs.get(job_id)
            if job is None:
                del sandbox.agenda[job_id]
                continue
            engine = self.engines.open(sandbox, job.lifecycle, now)
            past, due = [*history(job, now, engine.look, engine.lifecycle.words)], next_move(job, now)
            deliveries = self.messages.deliveries(engine, job, past[job.reported :])
            sandbox.jobs[job_id] = replace(job, reported=len(past))
            sandbox.agenda.pop(job_id)
            if due is not None:
                sandbox.agenda[job_id] = due
            sandbox.faults = sandbox.faults[len(deliveries) :]
            for delivery in deliveries:
                self._add(sandbox, delivery)

    def _add(self, sandbox: Sandbox, delivery: Delivery) -> None:
        """Take a new delivery in; one that trails, and was not sent meanwhile, is overtaken by it."""
        last = sandbox.deliveries.get(next(backwards(sandbox.deliveries), ""))
        _keep(sandbox, delivery, delivery.first)
        if last is not None and last.trails and last.id in sandbox.tries and delivery.first is not None:
            del sandbox.deliveries[last.id], sandbox.tries[last.id]
            overtaken = replace(last, first=delivery.first, trails=False)
            _keep(sandbox, overtaken, next_try(overtaken, self._policy(sandbox, overtaken)))
        if len(sandbox.deliveries) > max(MOST, len(sandbox.tries)):
            over = (name for name in sandbox.deliveries if name not in sandbox.tries)
            del sandbox.deliveries[next(over)]

    def _policy(self, sandbox: Sandbox, delivery: Delivery) -> RetryPolicy:
        """Return when a delivery is tried again."""
        rule = self.served[sandbox.vendor].lifecycles[delivery.lifecycle].deliver
        return RetryPolicy() if rule is None else rule.schedule


def _keep(sandbox: Sandbox, delivery: Delivery, due: float | None) -> None:
    """Store a delivery, and when it is attempted next."""
    sandbox.deliveries[delivery.id] = delivery
    sandbox.tries.pop(delivery.id, None)
    if due is not None:
        sandbox.tries[delivery.id] = due
