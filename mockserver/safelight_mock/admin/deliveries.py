"""Looking at deliveries, and sending one again."""

from dataclasses import asdict
from functools import partial
from itertools import chain, islice

from safelight_mock.admin.admin_request import AdminRequest
from safelight_mock.core.overlay_mapping import backwards
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import Delivery
from safelight_mock.storage.transaction import Transaction
from safelight_mock.wire.messages import JSON, Response
from safelight_mock.wire.problem import Kind, Problem


def list_all(asked: AdminRequest) -> Response:
    """Answer listDeliveries: the one made last comes first."""
    limit = asked.parameters["limit"]
    pages = [asked.backend.sandboxes.read(partial(_page, asked, name), asked.at) for name in asked.names()]
    newest = sorted(chain.from_iterable(pages), key=lambda body: -body["at"])
    return Response.json(200, newest[:limit])


def _page(asked: AdminRequest, name: str, transaction: Transaction) -> list[dict[str, JSON]]:
    """Return the newest deliveries of a sandbox, no more than are shown."""
    sandbox, job = transaction.before(name), asked.parameters["job"]
    if sandbox is None:
        return []
    newest = map(sandbox.deliveries.__getitem__, backwards(sandbox.deliveries))
    wanted = (delivery for delivery in newest if job in (None, delivery.job))
    return [_body(sandbox, delivery) for delivery in islice(wanted, asked.parameters["limit"])]


def resend(asked: AdminRequest) -> Response:
    """Answer resendDelivery: whatever became of it, it is sent once more."""
    wanted = asked.parameters["delivery"]
    name = next(asked.allowed(asked.store.with_delivery(wanted)), None)
    copy = None if name is None else asked.sandbox(name)
    if copy is not None and wanted in copy.deliveries:
        again = asked.backend.dispatcher.outbox.resend(copy, wanted, copy.now(asked.at))
        return Response.json(200, _body(copy, again))
    raise Problem(Kind.UNKNOWN_ROUTE, why=f"No delivery has the id {wanted}.")


def _body(sandbox: Sandbox, delivery: Delivery) -> dict[str, JSON]:
    return {
        "id": delivery.id,
        "sandbox": sandbox.name,
        "label": sandbox.label,
        "vendor": sandbox.vendor,
        "job": delivery.job,
        "state": delivery.state,
        "word": delivery.word,
        "at": delivery.at,
        "target": delivery.target,
        "headers": delivery.headers,
        "body": delivery.body,
        "mishap": delivery.mishap,
        "fault": delivery.fault,
        "attempts": [asdict(attempt) for attempt in delivery.attempts],
        "next_try": sandbox.tries.get(delivery.id),
    }
