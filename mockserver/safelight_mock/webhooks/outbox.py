"""Creates a delivery of each change of a job that has a webhook: once, with its bytes and its signature."""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain, repeat

import msgspec
from msgspec.structs import replace

from safelight_mock.config.base_urls import BaseUrls
from safelight_mock.config.engines import Engines
from safelight_mock.config.services import Service
from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Job, NotInspectedError, State, Status, history, next_move
from safelight_mock.core.lifecycle import Deliver, SignatureHeader
from safelight_mock.core.overlay_mapping import backwards
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import (
    COPIES,
    PUT_OFF,
    Attempt,
    Delivery,
    RetryPolicy,
    Webhook,
    WebhookFault,
    next_try,
    signature,
)
from safelight_mock.webhooks.attempts import Due
from safelight_mock.wire.listener import ServerAddress
from safelight_mock.wire.logs import log
from safelight_mock.wire.messages import JSON, Presign, Request
from safelight_mock.wire.vendor import WebhookPayload

INBOX = "/_safelight/inbox/"  # where the twin's own inboxes are
MOST = 1_000  # deliveries that a sandbox keeps, and as many more as are not over


class WebhookMessage(msgspec.Struct, frozen=True, kw_only=True):
    """The notification of one transition: the vendor's body, and where it goes.

    `state` and `vendor_state` are those that the body has; without a `vendor_state` it has none.
    """

    id: str
    found: Status
    rule: Deliver
    target: str
    value: JSON
    state: State
    vendor_state: str


class Outbox(msgspec.Struct, frozen=True, kw_only=True):
    """The deliveries of all sandboxes. It sends nothing, and changes working copies only."""

    served: Mapping[str, Service]
    engines: Engines
    base_urls: BaseUrls
    address: ServerAddress
    presign: Callable[[Request, Sandbox], Presign]

    def notice(self, sandbox: Sandbox, now: float) -> None:
        """Create deliveries of what has happened to jobs until now; raises NotInspectedError."""
        for name in [*sandbox.due_jobs(now)]:
            job = sandbox.jobs.get(name)
            if job is None:
                del sandbox.agenda[name]
            else:
                self._notice(sandbox, job, now)

    def due(self, sandbox: Sandbox, now: float) -> Due | None:
        """Return the delivery that is to be tried now, if there is one."""
        delivery_id = next(sandbox.due_deliveries(now), None)
        if delivery_id is None:
            return None
        delivery = sandbox.deliveries[delivery_id]
        return Due(delivery, now, self._schedule(sandbox, delivery).timeout)

    def record(self, sandbox: Sandbox, delivery_id: str, attempt: Attempt) -> None:
        """Write down what came of an attempt."""
        delivery = sandbox.deliveries.get(delivery_id)
        if delivery is not None:
            self._keep(sandbox, delivery.tried(attempt))

    def resend(self, sandbox: Sandbox, delivery_id: str, now: float) -> Delivery:
        """Have a delivery sent once more, whatever became of it; raises KeyError for an unknown one."""
        wanted = sandbox.deliveries[delivery_id].again(now)
        self._keep(sandbox, wanted)
        return wanted

    def subscribe(self, sandbox: Sandbox, webhook: Webhook, now: float) -> None:
        """Set an account's webhook from now on; the old one gets what has happened so far."""
        self.notice(sandbox, now)
        sandbox.webhook = webhook
        lifecycles = self.served[sandbox.vendor].lifecycles
        for job in [*sandbox.jobs.values()]:
            rule = lifecycles[job.lifecycle].deliver
            due = next_move(job, now) if rule is not None and rule.target.account else None
            if due is not None:
                past = history(job, now, self.engines.open(sandbox, job.lifecycle, now).look)
                sandbox.jobs[job.id] = replace(job, reported=sum(1 for _ in past))
                sandbox.agenda[job.id] = due

    def _schedule(self, sandbox: Sandbox, delivery: Delivery) -> RetryPolicy:
        """Return when a delivery is tried again."""
        rule = self.served[sandbox.vendor].lifecycles[delivery.lifecycle].deliver
        return RetryPolicy() if rule is None else rule.schedule

    def _notice(self, sandbox: Sandbox, job: Job, now: float) -> None:
        engine = self.engines.open(sandbox, job.lifecycle, now)
        past = [*history(job, now, engine.look, engine.lifecycle.words)]
        notices = [*self._notices(engine, past[job.reported :])]
        sandbox.jobs[job.id] = replace(job, reported=len(past))
        due = next_move(job, now)
        sandbox.agenda.pop(job.id)
        if due is not None:
            sandbox.agenda[job.id] = due
        faults = chain(sandbox.faults, repeat(None))
        sandbox.faults = sandbox.faults[len(notices) :]
        for notice, fault in zip(notices, faults, strict=False):
            self._add(sandbox, self._delivery(engine, notice, fault))

    def _notices(self, engine: Engine, changes: list[Status]) -> Iterator[WebhookMessage]:
        """Yield the changes that have a webhook."""
        rule, service = engine.lifecycle.deliver, self.served[engine.sandbox.vendor]
        payload = service.vendor.webhook_payload
        if rule is None or payload is None:
            return
        for found in changes:
            target = rule.address(found.job, engine.sandbox.webhook) if found.state in rule.on else ""
            if not target:
                continue
            notice = self._made(engine.at(found.since), payload, rule, found, target)
            if notice is None or (rule.target.account and notice.state not in engine.sandbox.webhook.on):
                continue
            yield notice

    def _made(
        self, engine: Engine, payload: WebhookPayload, rule: Deliver, found: Status, target: str
    ) -> WebhookMessage | None:
        """Have the vendor write the body; nothing, if it has none to write or its function is broken."""
        sandbox, urls, listener = engine.sandbox, self.base_urls, self.address.listener
        options = self.served[sandbox.vendor].options
        base = urls.public_url or urls.of_job(found.job.origin, listener)
        call = Request(method="GET", path="", at=engine.now, origin=base, listener=listener)
        call = msgspec.structs.replace(call, options=options, presign=self.presign(call, sandbox))
        notice_id = sandbox.id_of(f"{found.job.id}/{found.state}")
        try:
            value = payload(engine, call, found, notice_id)
        except NotInspectedError:
            raise
        except Exception:
            log.exception("no webhook can be sent for job %s", found.job.id)
            return None
        if value is None:
            return None
        vendor_state = engine.lifecycle.read.vendor_state(
            value
        )  # of a batch, which is over by other rules than its job
        state = engine.lifecycle.meaning(vendor_state) if vendor_state else found.state
        return WebhookMessage(
            id=str(notice_id),
            found=found,
            target=target,
            value=value,
            state=state,
            vendor_state=vendor_state,
            rule=rule,
        )

    def _delivery(self, engine: Engine, notice: WebhookMessage, fault: WebhookFault | None) -> Delivery:
        found, rule = notice.found, notice.rule
        violation = self.served[engine.sandbox.vendor].api.webhooks[rule.webhook].first_fault(notice.value)
        if violation is not None:
            log.error("%s of job %s may not leave: %s", rule.webhook, found.job.id, violation)
        late = (
            found.since + PUT_OFF if fault in (WebhookFault.LATE, WebhookFault.OUT_OF_ORDER) else found.since
        )
        body = msgspec.json.encode(notice.value)
        signed = _signed(rule, engine.sandbox.webhook, body, fault)
        return Delivery(
            id=notice.id,
            job=found.job.id,
            lifecycle=engine.name,
            state=notice.state,
            vendor_state=notice.vendor_state or found.vendor_state,
            at=found.since,
            target=notice.target,
            headers={"content-type": "application/json", **signed},
            body=body.decode(),
            first=None if fault is WebhookFault.NEVER else late,
            copies=COPIES if fault is WebhookFault.DUPLICATE else 1,
            trails=fault is WebhookFault.OUT_OF_ORDER,
            inbox=self._inbox(notice.target, found.job),
            fault=fault or "",
            error="" if violation is None else violation.message,
        )

    def _inbox(self, target: str, job: Job) -> str:
        """Return the name of the inbox that an address leads to, as the caller or this machine has it."""
        urls, listener = self.base_urls, self.address.listener
        own = (urls.of_job(job.origin, listener), urls.public_url, *listener.on_this_machine())
        starts = (f"{base}{INBOX}" for base in own)
        return next((target.removeprefix(start) for start in starts if target.startswith(start)), "")

    def _add(self, sandbox: Sandbox, delivery: Delivery) -> None:
        """Take a delivery in; one that trails, and was not sent meanwhile, is overtaken by it."""
        last = sandbox.deliveries.get(next(backwards(sandbox.deliveries), ""))
        self._keep(sandbox, delivery)
        if last is not None and last.trails and last.id in sandbox.tries and delivery.first is not None:
            del sandbox.deliveries[last.id], sandbox.tries[last.id]
            self._keep(sandbox, replace(last, first=delivery.first, trails=False))
        if len(sandbox.deliveries) > max(MOST, len(sandbox.tries)):
            over = (name for name in sandbox.deliveries if name not in sandbox.tries)
            del sandbox.deliveries[next(over)]

    def _keep(self, sandbox: Sandbox, delivery: Delivery) -> None:
        due = next_try(delivery, self._schedule(sandbox, delivery))
        sandbox.deliveries[delivery.id] = delivery
        sandbox.tries.pop(delivery.id, None)
        if due is not None:
            sandbox.tries[delivery.id] = due


def _signed(rule: Deliver, account: Webhook, body: bytes, fault: WebhookFault | None) -> Mapping[str, str]:
    """Return the header with the signature, of an account that has a secret."""
    if not isinstance(rule.sign, SignatureHeader) or not account.secret:
        return {}
    secrets = {
        WebhookFault.WRONG_SIGNATURE: f"not {account.secret}",
        WebhookFault.OLD_SECRET: account.old_secret,
    }
    secret = account.secret if fault is None else secrets.get(fault, account.secret)
    return {rule.sign.header.lower(): signature(secret, body, rule.sign.format)}
