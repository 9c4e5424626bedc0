"""Makes the deliveries of a job's changes: each with the vendor's body, once, and its signature."""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain, repeat
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from safelight_mock.config.base_urls import BaseUrls
from safelight_mock.config.services import Service
from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Job, NotInspectedError, State, Status
from safelight_mock.core.lifecycle import Deliver
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import COPIES, PUT_OFF, Delivery, Webhook, WebhookFault, signature
from safelight_mock.wire.listener import ServerAddress
from safelight_mock.wire.logs import log
from safelight_mock.wire.messages import JSON, Presign, Request

INBOX = "/_safelight/inbox/"  # where the server's own inboxes are


class Destination(NamedTuple):
    """Where the messages of a job go, by which rule; `inbox` is the name of an own inbox, or empty."""

    rule: Deliver
    target: str
    inbox: str


class WebhookMessage(NamedTuple):
    """The notification of one change: the vendor's body, and the state that is in it.

    Without a `vendor_state` in the body, the state is that of the change.
    """

    id: str
    value: JSON
    state: State
    vendor_state: str


class WebhookMessages(msgspec.Struct, frozen=True, kw_only=True):
    """The messages of all vendors. `presign` makes links, for a request, to the files of a sandbox's jobs."""

    served: Mapping[str, Service]
    base_urls: BaseUrls
    address: ServerAddress
    presign: Callable[[Request, Sandbox], Presign]

    def deliveries(self, engine: Engine, job: Job, changes: Sequence[Status]) -> list[Delivery]:
        """Return a delivery of each change that has a webhook, with the next faults of the sandbox.

        Raises NotInspectedError.
        """
        sandbox, rule = engine.sandbox, engine.lifecycle.deliver
        target = rule.address(job, sandbox.webhook) if rule is not None else ""
        if rule is None or not target or not (notified := rule.notified(changes)):
            return []
        base = self.base_urls.of_job(job.origin, self.address.listener)
        here = self.base_urls.path_here(target, base, self.address.listener)
        to = Destination(rule, target, here.removeprefix(INBOX) if here.startswith(INBOX) else "")
        request = self._request(sandbox, base)
        faults = chain(sandbox.faults, repeat(None))
        made: list[Delivery] = []
        for found in notified:
            then, again = replace(engine, now=found.since), replace(request, at=found.since)
            message = self._message(then, again, found)
            if message is None or (rule.is_of_account and message.state not in sandbox.webhook.on):
                continue
            made.append(self._delivery(engine, to, found, message, next(faults)))
        return made

    def _request(self, sandbox: Sandbox, base: str) -> Request:
        """Return a request as vendors' functions need one, for links that belong to none."""
        origin, listener = self.base_urls.public_url or base, self.address.listener
        request = Request(method="GET", path="", at=0.0, origin=origin, listener=listener)
        options = self.served[sandbox.vendor].options
        return replace(request, options=options, presign=self.presign(request, sandbox))

    def _message(self, engine: Engine, request: Request, found: Status) -> WebhookMessage | None:
        """Have the vendor write the body; None if it has none to write or its function is broken."""
        payload = self.served[engine.sandbox.vendor].vendor.webhook_payload
        id_ = engine.sandbox.id_of(f"{found.job.id}/{found.state}")
        try:
            value = None if payload is None else payload(engine, request, found, id_)
        except NotInspectedError:
            raise
        except Exception:
            log.exception("no webhook can be sent for job %s", found.job.id)
            return None
        if value is None:
            return None
        # Of a batch, which is over by other rules than its job.
        vendor_state = engine.lifecycle.word_in(value)
        state = engine.lifecycle.meaning(vendor_state) if vendor_state else found.state
        return WebhookMessage(str(id_), value, state, vendor_state)

    def _delivery(
        self,
        engine: Engine,
        to: Destination,
        found: Status,
        message: WebhookMessage,
        fault: WebhookFault | None,
    ) -> Delivery:
        rule, is_late = to.rule, fault in (WebhookFault.LATE, WebhookFault.OUT_OF_ORDER)
        body = msgspec.json.encode(message.value)
        signed = _signed(rule, engine.sandbox.webhook, body, fault)
        schema = self.served[engine.sandbox.vendor].api.webhooks[rule.described.webhook]
        violation = schema.first_violation(message.value)
        if violation is not None:
            log.error("%s of job %s may not leave: %s", rule.described.webhook, found.job.id, violation)
        first = found.since + PUT_OFF if is_late else found.since
        return Delivery(
            id=message.id,
            job=found.job.id,
            lifecycle=engine.name,
            state=message.state,
            vendor_state=message.vendor_state or found.vendor_state,
            at=found.since,
            target=to.target,
            headers={"content-type": "application/json", **signed},
            body=body.decode(),
            first=None if fault is WebhookFault.NEVER else first,
            copies=COPIES if fault is WebhookFault.DUPLICATE else 1,
            trails=fault is WebhookFault.OUT_OF_ORDER,
            inbox=to.inbox,
            fault=fault or "",
            error="" if violation is None else violation.message,
        )


def _signed(rule: Deliver, account: Webhook, body: bytes, fault: WebhookFault | None) -> Mapping[str, str]:
    """Return the header with the signature, of an account that has a secret."""
    if rule.sign is None or not account.secret:
        return {}
    secrets = {
        WebhookFault.WRONG_SIGNATURE: f"not {account.secret}",
        WebhookFault.OLD_SECRET: account.old_secret,
    }
    secret = account.secret if fault is None else secrets.get(fault, account.secret)
    return {rule.sign.header.lower(): signature(secret, body, rule.sign.format)}
