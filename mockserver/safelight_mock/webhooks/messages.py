"""Creates the deliveries for a job's transitions, each with the vendor's body and its signature."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, repeat
from math import floor
from typing import NamedTuple
from uuid import UUID

import msgspec
from msgspec.structs import replace

from safelight_lifecycle import by_word
from safelight_mock.config.base_urls import BaseUrls
from safelight_mock.config.services import Service
from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Job, NotInspectedError, State, Status
from safelight_mock.core.lifecycle import Deliver
from safelight_mock.core.recorded import Recorded
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import COPIES, FAULT_DELAY, Delivery, Webhook, WebhookFault
from safelight_mock.webhooks.signing import Signed, signature_headers
from safelight_mock.wire.listener import ServerAddress
from safelight_mock.wire.logs import log
from safelight_mock.wire.messages import Presign, Request
from safelight_mock.wire.missing_results import without_outputs
from safelight_mock.wire.placeholders import filled
from safelight_mock.wire.recorded_files import filling
from safelight_mock.wire.vendor import Notification

INBOX = "/_safelight/inbox/"  # where the server's own inboxes are


class Destination(NamedTuple):
    """Where the messages of a job go, by which rule; `inbox` is the name of an own inbox, or empty.

    `number` is which of the lifecycle's webhooks it is.
    """

    rule: Deliver
    target: str
    inbox: str
    number: int


class WebhookMessage(NamedTuple):
    """The notification of one change: what is sent, and the state that is in its body.

    Without a `vendor_state` in the body, the state is that of the change.
    """

    id: str
    sent: Notification
    state: State
    vendor_state: str


class WebhookMessages(msgspec.Struct, frozen=True, kw_only=True):
    """The messages of all vendors. `presign` makes links, for a request, to the files of a sandbox's jobs.

    `fault_of` returns what a scenario makes go wrong with the delivery of a change; it is asked where the
    sandbox has scenarios, or deliveries are `is_always_faulty`. `on_fault` is called with the vendor and
    the fault of a delivery.
    """

    served: Mapping[str, Service]
    base_urls: BaseUrls
    address: ServerAddress
    presign: Callable[[Request, Sandbox], Presign]
    fault_of: Callable[[Sandbox, Status], WebhookFault | None]
    is_always_faulty: bool
    on_fault: Callable[[str, WebhookFault], None]

    def deliveries(self, engine: Engine, job: Job, changes: Sequence[Status]) -> list[Delivery]:
        """Return a delivery of each change that has a webhook, with the next faults of the sandbox.

        Raises NotInspectedError.
        """
        rules = enumerate(engine.lifecycle.deliveries)
        faults = chain(engine.sandbox.faults, repeat(None))
        made = (self._deliveries(engine, job, changes, number, rule, faults) for number, rule in rules)
        return [delivery for of_rule in made for delivery in of_rule]

    def _deliveries(  # noqa: PLR0913, PLR0917 - of one of several webhooks
        self,
        engine: Engine,
        job: Job,
        changes: Sequence[Status],
        number: int,
        rule: Deliver,
        faults: Iterator[WebhookFault | None],
    ) -> Iterator[Delivery]:
        sandbox = engine.sandbox
        target = rule.address(job, sandbox.webhook)
        if not target or not (notified := rule.notified(changes)):
            return
        base = self.base_urls.of_job(job.origin, self.address.listener)
        here = self.base_urls.path_here(target, base, self.address.listener)
        inbox = here.removeprefix(INBOX) if here.startswith(INBOX) else ""
        to, request = Destination(rule, target, inbox, number), self._request(sandbox, base)
        for change in notified:
            then, again = replace(engine, now=change.since), replace(request, at=change.since)
            message = self._message(then, again, change, to)
            if message is None or (rule.is_of_account and message.state not in sandbox.webhook.on):
                continue
            fault = next(faults)
            if fault is None and (sandbox.has_scenarios or self.is_always_faulty):
                fault = self.fault_of(sandbox, change)
            if fault is not None:
                self.on_fault(sandbox.vendor, fault)
            yield self._delivery(engine, to, change, message, fault)

    def _request(self, sandbox: Sandbox, base: str) -> Request:
        """Return a request as vendors' functions need one, for links that belong to none."""
        origin, listener = self.base_urls.public_url or base, self.address.listener
        request = Request(method="GET", path="", at=0.0, origin=origin, listener=listener)
        options = self.served[sandbox.vendor].options
        return replace(request, options=options, presign=self.presign(request, sandbox))

    def _message(
        self, engine: Engine, request: Request, status: Status, to: Destination
    ) -> WebhookMessage | None:
        """Have the vendor write the body; None if it has none to write or its function is broken."""
        id_ = engine.sandbox.id_of(f"{status.job.id}/{_mark(engine, status)}{to.number or ''}")
        try:
            sent = self._notification(engine, request, status, to.rule, id_)
        except NotInspectedError:
            raise
        except Exception:
            log.exception("no webhook can be sent for job %s", status.job.id)
            return None
        if sent is None:
            return None
        fault = status.job.fault
        if fault is not None and fault.recorded is not None:
            sent = self._recorded(engine, request, status, fault.recorded, sent)
        # Of a batch, which is over by other rules than its job.
        vendor_state = engine.lifecycle.word_in(sent.value)
        state = engine.lifecycle.meaning(vendor_state) if vendor_state else status.state
        return WebhookMessage(str(id_), sent, state, vendor_state)

    def _notification(
        self, engine: Engine, request: Request, status: Status, rule: Deliver, id_: UUID
    ) -> Notification | None:
        service = self.served[engine.sandbox.vendor]
        if service.vendor.notify is not None:
            return service.vendor.notify(engine, request, status, rule, id_)
        payload = service.vendor.webhook_payload
        value = None if payload is None else payload(engine, request, status, id_)
        if value is None:
            return None
        if status.job.fault is not None and status.job.fault.without_result:
            return Notification(value=without_outputs(value))
        violation = service.api.webhooks[rule.described.webhook].first_problem(value)
        return Notification(value=value, violation=violation)

    def _recorded(
        self, engine: Engine, request: Request, status: Status, recorded: Recorded, sent: Notification
    ) -> Notification:
        """Return a notification with the body that was recorded for the state, if any was."""
        body, slug = by_word(recorded.deliveries, status.word_state), engine.sandbox.vendor
        if body is None:
            return sent
        api = f"{request.origin}/{slug}{self.served[slug].facts.base}"
        return replace(sent, value=filled(body, filling(status.job, request, api), sent.value), violation="")

    def _delivery(
        self,
        engine: Engine,
        to: Destination,
        status: Status,
        message: WebhookMessage,
        fault: WebhookFault | None,
    ) -> Delivery:
        sent, is_late = message.sent, fault in (WebhookFault.LATE, WebhookFault.OUT_OF_ORDER)
        if sent.violation:
            log.error("a webhook of job %s may not leave: %s", status.job.id, sent.violation)
        first = status.since + FAULT_DELAY if is_late else _first(status)
        body = msgspec.json.encode(sent.value)
        headers = {"content-type": "application/json", **sent.headers}
        signed = Signed(message.id, floor(status.since), headers, body)
        return Delivery(
            id=message.id,
            job=status.job.id,
            lifecycle=engine.name,
            state=message.state,
            vendor_state=message.vendor_state or status.vendor_state,
            at=status.since,
            target=to.target,
            headers={**headers, **_signature(to.rule, engine.sandbox.webhook, sent, signed, fault)},
            body=body.decode(),
            first=None if fault is WebhookFault.NEVER else first,
            method=sent.method,
            copies=COPIES if fault is WebhookFault.DUPLICATE else 1,
            trails=fault is WebhookFault.OUT_OF_ORDER,
            inbox=to.inbox,
            fault=fault or "",
            error=sent.violation,
        )


def _first(status: Status) -> float | None:
    """Return when the webhook of a change is sent first: with it, unless another time was recorded."""
    job = status.job
    recorded = None if job.fault is None else job.fault.recorded
    delivered = {} if recorded is None else recorded.delivered
    for name in (status.vendor_state, status.state):
        if name in delivered:
            after = delivered[name]
            return None if after is None else max(status.since, job.submitted + after)
    return status.since


def _mark(engine: Engine, status: Status) -> str:
    """Return what tells the changes of one job apart: the state or, where a state has several, the word."""
    usual = engine.lifecycle.words.get(status.state)
    has_own_word = status.vendor_state and status.vendor_state != usual
    return f"{status.state}/{status.vendor_state}" if has_own_word else status.state


def _signature(
    rule: Deliver, account: Webhook, sent: Notification, signed: Signed, fault: WebhookFault | None
) -> Mapping[str, str]:
    """Return the headers of the signature; none without a secret."""
    secret = account.secret if sent.secret is None else sent.secret
    if rule.sign is None or not secret:
        return {}
    secrets: Mapping[WebhookFault | None, str] = {
        WebhookFault.WRONG_SIGNATURE: f"not {secret}",
        WebhookFault.OLD_SECRET: account.old_secret,
    }
    return signature_headers(rule.sign, secrets.get(fault, secret), signed)
