"""Lists webhook deliveries, and sends one again."""

from functools import partial
from itertools import chain, islice

from msgspec.structs import asdict

from safelight_mock.admin.admin_request import AdminRequest
from safelight_mock.core.overlay_mapping import backwards
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import Delivery, Outcome
from safelight_mock.storage.transaction import Transaction
from safelight_mock.wire.messages import JSON, Response
from safelight_mock.wire.problem import Kind, Problem


def list_all(request: AdminRequest) -> Response:
    """Handle listDeliveries: the newest first."""
    limit = request.parameters["limit"]
    pages = [
        request.backend.sandboxes.read(partial(_page, request, name), request.at) for name in request.names()
    ]
    newest = sorted(chain.from_iterable(pages), key=lambda body: -body["at"])
    return Response.json(200, newest[:limit])


def _page(request: AdminRequest, name: str, transaction: Transaction) -> list[dict[str, JSON]]:
    """Return the newest deliveries of a sandbox, at most the limit of the request."""
    sandbox, job = transaction.before(name), request.parameters["job"]
    if sandbox is None:
        return []
    newest = map(sandbox.deliveries.__getitem__, backwards(sandbox.deliveries))
    matching = (delivery for delivery in newest if job in (None, delivery.job))
    return [_body(sandbox, delivery) for delivery in islice(matching, request.parameters["limit"])]


def resend(request: AdminRequest) -> Response:
    """Handle resendDelivery, whatever the outcome of the delivery."""
    delivery = request.parameters["delivery"]
    name = next(request.allowed(request.store.with_delivery(delivery)), None)
    copy = None if name is None else request.sandbox(name)
    if copy is not None and delivery in copy.deliveries:
        again = request.backend.dispatcher.outbox.resend(copy, delivery, copy.now(request.at))
        return Response.json(200, _body(copy, again))
    raise Problem(
        Kind.UNKNOWN_ROUTE, detail=f"unknown delivery {delivery!r}; GET /_safelight/deliveries lists them"
    )


def _not_allowed(delivery: Delivery) -> str:
    """Return why no request was made; empty if one was."""
    if not delivery.attempts or delivery.attempts[-1].outcome is not Outcome.NOT_ALLOWED:
        return ""
    from safelight_mock.outgoing.urls import webhook_problem  # noqa: PLC0415 - it imports the HTTP client

    return f"it is not sent to {delivery.target}: {webhook_problem(delivery.target)}"


def _body(sandbox: Sandbox, delivery: Delivery) -> dict[str, JSON]:
    return {
        "id": delivery.id,
        "sandbox": sandbox.name,
        "label": sandbox.label,
        "vendor": sandbox.vendor,
        "job": delivery.job,
        "state": delivery.state,
        "vendor_state": delivery.vendor_state,
        "at": delivery.at,
        "target": delivery.target,
        "headers": delivery.headers,
        "body": delivery.body,
        "fault": delivery.fault,
        "error": delivery.error or _not_allowed(delivery),
        "attempts": [asdict(attempt) for attempt in delivery.attempts],
        "next_attempt": sandbox.next_attempt_at.get(delivery.id),
    }
