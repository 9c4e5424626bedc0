"""Sets webhooks of accounts."""

from msgspec.structs import replace

from safelight_mock.admin.admin_request import AdminRequest
from safelight_mock.core.job import State
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.wire.messages import JSON, Response
from safelight_mock.wire.problem import Kind, Problem


def show(request: AdminRequest) -> Response:
    """Handle getWebhook."""
    return Response.json(200, _body(request.sandbox(request.parameters["sandbox"])))


def change(request: AdminRequest) -> Response:
    """Handle updateWebhook; the secret is never returned."""
    sandbox, changes = request.sandbox(request.parameters["sandbox"]), request.values
    known = _states(request, sandbox)
    if not known and changes.keys() & {"url", "events"}:
        raise Problem(
            Kind.BAD_FIELD, detail=f"{sandbox.vendor} has no webhook by account; send its URL with each job"
        )
    webhook = sandbox.webhook
    if "secret" in changes and changes["secret"] != webhook.secret:
        webhook = webhook.signed(changes["secret"])
    events = tuple(map(State, changes.get("events", webhook.on or known)))
    _check_events(sandbox.vendor, events, known)
    webhook = replace(webhook, url=changes.get("url", webhook.url), on=events)
    request.backend.dispatcher.outbox.subscribe(sandbox, webhook, sandbox.now(request.at))
    sandbox.never_evicted = True
    return Response.json(200, _body(sandbox))


def _states(request: AdminRequest, sandbox: Sandbox) -> tuple[State, ...]:
    """Return the states that the vendor's account webhooks notify of."""
    lifecycles = request.backend.served[sandbox.vendor].lifecycles.values()
    notified = [
        cycle.states_of(rule) for cycle in lifecycles for rule in cycle.deliveries if rule.is_of_account
    ]
    return tuple(state for state in State if any(state in states for states in notified))


def _check_events(vendor: str, events: tuple[State, ...], known: tuple[State, ...]) -> None:
    """Raise Problem for a state that the vendor's account webhooks do not notify of."""
    unknown = [state for state in events if known and state not in known]
    if unknown:
        raise Problem(
            Kind.BAD_FIELD,
            field="events",
            detail=f"events: {vendor} sends no webhook for {', '.join(unknown)}; allowed: {', '.join(known)}",
        )


def _body(sandbox: Sandbox) -> dict[str, JSON]:
    webhook = sandbox.webhook
    return {"url": webhook.url, "events": [*webhook.on], "is_signed": bool(webhook.secret)}
