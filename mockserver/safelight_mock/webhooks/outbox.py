"""The outbox: creates deliveries for transitions of jobs, and finds the next one to attempt."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache
from itertools import islice

import msgspec
from msgspec.structs import replace

from safelight_mock.config.engines import Engines
from safelight_mock.config.services import Service
from safelight_mock.core.job import InspectionKey, NotInspectedError, history, next_move, status
from safelight_mock.core.overlay_mapping import put
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import Delivery, RetryPolicy, Webhook, next_attempt_at
from safelight_mock.webhooks.attempts import Due
from safelight_mock.webhooks.messages import WebhookMessages


class Outbox(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Deliveries of all sandboxes. It sends nothing, and changes working copies only."""

    served: Mapping[str, Service]
    engines: Engines
    messages: WebhookMessages

    def create_deliveries(self, sandbox: Sandbox, now: float) -> None:
        """Create the deliveries for transitions of jobs until now; raises NotInspectedError."""
        self._create_deliveries(sandbox, [*sandbox.due_jobs(now)], now)

    def inspections(self, sandbox: Sandbox, to: float, most: int) -> frozenset[InspectionKey]:
        """Return the inspections that the first jobs that are due until a moment will need."""
        inspect, uninspected = self.engines.inspect_for(sandbox.vendor), set[InspectionKey]()
        due = [*islice(sandbox.due_jobs(to), most)]
        for job in filter(None, map(sandbox.jobs.get, due)):
            try:
                status(job, to, inspect)
            except NotInspectedError as error:
                uninspected |= error.keys
        return frozenset(uninspected)

    def next_attempt(self, sandbox: Sandbox, to: float, real: float) -> Due | None:
        """Return the next delivery to attempt until a moment, and set a stopped clock to when it is due.

        Without such a delivery, set a stopped clock to that moment. Raises NotInspectedError.
        """
        while sandbox.next_due <= to:
            at, jobs, delivery = sandbox.step(real)
            if delivery is not None:
                return Due(delivery, at, self._policy(sandbox.vendor, delivery.lifecycle))
            self._create_deliveries(sandbox, jobs, at)
        sandbox.advance_to(to, real)
        return None

    def resend(self, sandbox: Sandbox, delivery_id: str, now: float) -> Delivery:
        """Schedule one more attempt at a delivery, even if it is over; raises KeyError if unknown."""
        wanted = sandbox.deliveries[delivery_id].again(now)
        sandbox.keep(wanted, next_attempt_at(wanted, self._policy(sandbox.vendor, wanted.lifecycle)))
        return wanted

    def subscribe(self, sandbox: Sandbox, webhook: Webhook, now: float) -> None:
        """Set an account's webhook from now on; the old one gets the transitions until now."""
        self.create_deliveries(sandbox, now)
        sandbox.webhook = webhook
        lifecycles = self.served[sandbox.vendor].lifecycles
        for job in [*sandbox.jobs.values()]:
            rule = lifecycles[job.lifecycle].deliver
            due = next_move(job, now) if rule is not None and rule.is_of_account else None
            if due is not None:
                past = history(job, now, self.engines.open(sandbox, job.lifecycle, now).inspect)
                sandbox.jobs[job.id] = replace(job, reported=sum(1 for _ in past))
                sandbox.job_due_at[job.id] = due

    def _create_deliveries(self, sandbox: Sandbox, jobs: Iterable[str], now: float) -> None:
        for job_id in jobs:
            job = sandbox.jobs.get(job_id)
            if job is None:
                del sandbox.job_due_at[job_id]
                continue
            engine = self.engines.open(sandbox, job.lifecycle, now)
            past, due = [*history(job, now, engine.inspect, engine.lifecycle.words)], next_move(job, now)
            deliveries = self.messages.deliveries(engine, job, past[job.reported :])
            sandbox.jobs[job_id] = replace(job, reported=len(past))
            put(sandbox.job_due_at, job_id, due)
            sandbox.faults = sandbox.faults[len(deliveries) :]
            for delivery in deliveries:
                sandbox.add(delivery)

    @cached_property
    def _policy(self) -> Callable[[str, str], RetryPolicy]:
        """A function that returns the retry policy of a vendor's lifecycle, with a cache."""
        return lru_cache(maxsize=None)(self._policy_of)

    def _policy_of(self, vendor: str, lifecycle: str) -> RetryPolicy:
        rule = self.served[vendor].lifecycles[lifecycle].deliver
        return RetryPolicy() if rule is None else rule.retry_policy
