"""What a received webhook says of a job, by the `deliver` of its lifecycle."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from safelight._errors import InvalidWebhookError
from safelight._jobs.job import Job
from safelight_lifecycle import (
    JSON,
    BodyOf,
    ByWord,
    DeliveryRule,
    JobValue,
    Lifecycle,
    ResponseParts,
    State,
    find_job_id,
    follow_tokens,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEvent:
    """A webhook that was received.

    `job` and `state` are None if the body has neither id nor state. `id` is that of the notification, the
    same each time that the service tries it; empty if there is none. `is_signed` is false if the service does
    not sign its webhooks: then anyone can have sent it.
    """

    job: Job | None
    state: State | None
    id: str
    is_signed: bool
    body: JSON = field(repr=False)


def parse_body(body: bytes) -> JSON:
    """Return the body of a webhook; raises InvalidWebhookError for one that is not JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidWebhookError("its body is not JSON") from None


def notification_id(rule: DeliveryRule, headers: Mapping[str, str], body: JSON) -> str:
    """Return the id of a notification; empty if it has none."""
    names = [str(name).lower() for name, value in rule.headers.items() if value is JobValue.DELIVERY]
    pointers = [pointer for pointer, value in _members(rule).items() if value is JobValue.DELIVERY]
    found = (
        *(headers.get(name) for name in ("webhook-id", *names)),
        *(follow_tokens(p, body) for p in pointers),
    )
    return next((str(value) for value in found if value), "")


def webhook_job_id(lifecycle: Lifecycle, rule: DeliveryRule, body: JSON) -> str:
    """Return the id of the job that a webhook is about; empty if it has none."""
    pointers = [pointer for pointer, value in _members(rule).items() if value is JobValue.ID]
    reported = [place.pointer for place, value in lifecycle.reports.items() if value is JobValue.ID]
    found = (follow_tokens(pointer, body) for pointer in (*pointers, *([] if pointers else reported)))
    named = next((str(value) for value in found if isinstance(value, str | int) and value), "")
    return named or find_job_id(lifecycle.ids, ResponseParts(body=body).value)


def webhook_state(lifecycle: Lifecycle, rule: DeliveryRule, body: JSON) -> State | None:
    """Return the state in the body of a webhook; None if it says none."""
    if rule.body is BodyOf.READ:
        current = lifecycle.state_in(ResponseParts(body=body).value, 200)
        return current.state if current else None
    for pointer, value in _members(rule).items():
        text = follow_tokens(pointer, body)
        names = [text] if value is JobValue.STATE else _names(value, text)
        if names and isinstance(names[0], str):
            return _meaning(lifecycle, names[0])
    return None


def _members(rule: DeliveryRule) -> Mapping[tuple[str, ...], object]:
    return rule.body if isinstance(rule.body, Mapping) else {}


def _names(value: object, text: JSON) -> list[JSON]:
    """Return the words or states for which a body has a text."""
    return [name for name, one in value.values.items() if one == text] if isinstance(value, ByWord) else []


def _meaning(lifecycle: Lifecycle, name: str) -> State | None:
    try:
        return lifecycle.words.reference(name).state
    except ValueError:
        return None
