"""Setting where an account is told of its jobs, and what goes wrong with that."""

from dataclasses import replace

from safelight_mock.admin.admin_request import AdminRequest
from safelight_mock.core.job import State
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import WebhookFault
from safelight_mock.wire.messages import JSON, Response
from safelight_mock.wire.problem import Kind, Problem


def show(asked: AdminRequest) -> Response:
    """Answer showWebhook."""
    return Response.json(200, _body(asked.sandbox(asked.parameters["sandbox"])))


def change(asked: AdminRequest) -> Response:
    """Answer changeWebhook: what is not given stays, and the secret is never shown again."""
    sandbox, wanted = asked.sandbox(asked.parameters["sandbox"]), asked.values
    known = _states(asked, sandbox)
    if not known and wanted.keys() & {"url", "events"}:
        raise Problem(
            Kind.BAD_FIELD, why=f"{sandbox.vendor} is told an address with each job, not by account."
        )
    webhook = sandbox.webhook
    if "secret" in wanted and wanted["secret"] != webhook.secret:
        webhook = webhook.signed(wanted["secret"])
    events = tuple(map(State, wanted.get("events", webhook.on or known)))
    _check_events(sandbox.vendor, events, known)
    webhook = replace(webhook, url=wanted.get("url", webhook.url), on=events)
    asked.backend.dispatcher.outbox.subscribe(sandbox, webhook, sandbox.now(asked.at))
    sandbox.is_kept = True
    return Response.json(200, _body(sandbox))


def mishaps(asked: AdminRequest) -> Response:
    """Answer showMishaps."""
    return Response.json(200, {"next": [*asked.sandbox(asked.parameters["sandbox"]).mishaps]})


def set_mishaps(asked: AdminRequest) -> Response:
    """Answer setMishaps."""
    sandbox = asked.sandbox(asked.parameters["sandbox"])
    sandbox.mishaps = tuple(map(WebhookFault, asked.values["next"]))
    sandbox.is_kept = True
    return mishaps(asked)


def _states(asked: AdminRequest, sandbox: Sandbox) -> tuple[State, ...]:
    """Return the states of which accounts of a vendor can be told."""
    lifecycles = asked.backend.served[sandbox.vendor].lifecycles.values()
    rules = [cycle.deliver for cycle in lifecycles if cycle.deliver and cycle.deliver.target.account]
    return tuple(state for state in State if any(state in rule.on for rule in rules))


def _check_events(vendor: str, events: tuple[State, ...], known: tuple[State, ...]) -> None:
    """Raise Problem for a state of which no account of the vendor is notified."""
    strange = [state for state in events if known and state not in known]
    if strange:
        raise Problem(
            Kind.BAD_FIELD,
            place="events",
            why=f"events: {vendor} sends no webhook for {', '.join(strange)}; it does for {', '.join(known)}",
        )


def _body(sandbox: Sandbox) -> dict[str, JSON]:
    webhook = sandbox.webhook
    return {"url": webhook.url, "events": [*webhook.on], "is_signed": bool(webhook.secret)}
