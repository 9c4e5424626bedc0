"""Looking at deliveries, and sending one again."""

from dataclasses import asdict

from safelight_mock.admin.admin_request import Asked
from safelight_mock.core.overlay_mapping import backwards
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import Delivery
from safelight_mock.wire.messages import JSON, Reply
from safelight_mock.wire.problem import Kind, Problem


def list_all(asked: Asked) -> Reply:
    """Answer listDeliveries: the one made last comes first."""
    job = asked.parameters["job"]
    found = [
        (sandbox, delivery)
        for sandbox in asked.sandboxes()
        for delivery in map(sandbox.deliveries.__getitem__, backwards(sandbox.deliveries))
        if job in (None, delivery.job)
    ]
    found.sort(key=lambda pair: -pair[1].at)
    return Reply.json(200, [_body(*pair) for pair in found[: asked.parameters["limit"]]])


def resend(asked: Asked) -> Reply:
    """Answer resendDelivery: whatever became of it, it is sent once more."""
    wanted = asked.parameters["delivery"]
    for sandbox in asked.sandboxes():
        if wanted in sandbox.deliveries:
            copy = asked.sandbox(sandbox.name)
            again = asked.backend.dispatcher.outbox.resend(copy, wanted, copy.now(asked.at))
            return Reply.json(200, _body(copy, again))
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
