"""Webhooks: which transitions are notified, the body and headers that are sent, and the signing secret."""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from uuid import UUID

import msgspec

from safelight_lifecycle import (
    BodyOf,
    DeliveryRule,
    Expression,
    ResultKind,
    Secret,
    SecretSource,
    Signature,
    SignatureScheme,
    by_word,
    follow_tokens,
    value_at,
)
from safelight_lifecycle import format_pointer as pointer_of
from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Status
from safelight_mock.core.lifecycle import Deliver
from safelight_mock.vendors.generic.bodies.facts import NOTHING, JobFacts
from safelight_mock.vendors.generic.bodies.templates import Media
from safelight_mock.vendors.generic.bodies.writes import result_places, results_of, value_writes, writes_of
from safelight_mock.vendors.generic.examples import EVERYTHING, check_known, example_response
from safelight_mock.vendors.generic.kinds import JobKind
from safelight_mock.vendors.generic.public_keys import signing_key
from safelight_mock.vendors.generic.schemas.shapes import EACH
from safelight_mock.wire.messages import JSON, Request, Response
from safelight_mock.wire.schema import Schema, resolve
from safelight_mock.wire.vendor import Notification

METHODS = frozenset({"POST", "PUT", "PATCH"})
STANDARD_SECRET = "whsec_"  # noqa: S105 - how the secrets of Standard Webhooks begin; the rest is base64


class Notifications(msgspec.Struct, frozen=True, kw_only=True):
    """Builds the webhook notifications of an API."""

    kinds: Mapping[str, JobKind]

    def notify(
        self, engine: Engine, request: Request, status: Status, rule: Deliver, id_: UUID
    ) -> Notification | None:
        """Return the notification of a transition; None if the submission did not ask for it."""
        kind, described = self.kinds[engine.name], rule.described
        facts = msgspec.structs.replace(kind.facts(engine, request, status), delivery=str(id_))
        if not (kind.has(facts.job) and is_notified(described, facts)):
            return None
        media = _media(kind, described, facts)
        value = _body(kind, described, facts, media)
        violation = "" if media is None or facts.lacks_result else _schema(kind, media).first_problem(value)
        return Notification(
            value=value,
            headers=dict(_headers(described, facts)),
            method=_method(described, facts),
            secret=_secret(kind, described, facts),
            violation=violation,
        )


def target_details(kind: JobKind, values: Mapping[Expression, JSON]) -> Mapping[str, str]:
    """Return the webhook URLs of a new job, by the field in which it keeps them."""
    rules = (Deliver.of(one) for one in kind.lifecycle.deliver)
    targets = ((rule.field, values.get(rule.described.target)) for rule in rules if rule.described.target)
    return {field: value for field, value in targets if isinstance(value, str) and value}


def is_notified(rule: DeliveryRule, facts: JobFacts) -> bool:
    """Return whether a submission asked to be notified of the state that its job has reached."""
    value = facts.submission.value
    if not rule.when.holds(value):
        return False
    selected = None if rule.filter is None else rule.filter.selected(value(rule.filter.place))
    return selected is None or any(facts.reached in states for states in selected)


def _media(kind: JobKind, rule: DeliveryRule, facts: JobFacts) -> Media | None:
    """Return the media type and schema of a webhook in the document; None if it has none."""
    document = kind.described.api.document
    name = by_word(rule.events, facts.reached) or rule.webhook
    item = document.get("webhooks", {}).get(name) if name else None
    if rule.callback:
        callbacks = kind.described.api.operations[facts.job.operation].described.get("callbacks", {})
        paths = resolve(document, callbacks.get(rule.callback, {}))
        item = next(iter(paths.values()), None)
    if item is None:
        return None
    described = resolve(document, item)
    sent: Mapping[str, JSON] = next(
        (described[one] for one in ("post", "put", "patch") if one in described), {}
    )
    media = kind.described.media_of(sent.get("requestBody", {}), 0)
    return media if media.media_type.endswith("json") else None


def _body(kind: JobKind, rule: DeliveryRule, facts: JobFacts, media: Media | None) -> JSON:
    read, described = kind.lifecycle.read, kind.described
    if isinstance(rule.body, Mapping) or (rule.body is None and media is not None):
        own = rule.body if isinstance(rule.body, Mapping) else None
        use = media or Media(status=0, media_type="application/json", schema={})
        schema = _schema(kind, use)
        shown = msgspec.structs.replace(facts, results=lambda _, name: shown_result(kind, facts, name))
        template = described.template_for(
            id(rule),  # the rule lives as long as the cached template
            use,
            facts,
            lambda: value_writes(own) if own is not None else writes_of(facts.lifecycle, facts.job.operation),
            lambda response: schema.accepts(response.value),
        )
        return template.value(shown)
    result = kind.lifecycle.result_of(facts.job.operation)
    if rule.body is BodyOf.RESULT and result is not None and result.operation:
        return described.template(result.operation, described.success(result.operation), facts).value(facts)
    if read is None:
        return {}
    return described.template(
        read.operation, described.read_status(kind.lifecycle, facts.status), facts
    ).value(facts)


def shown_result(kind: JobKind, facts: JobFacts, name: str) -> JSON:
    """Return a result as a response has it: a value, a list, or the whole body of its operation."""
    result = results_of(kind.lifecycle, facts.job.operation).get(name)
    if result is None or facts.reached not in result.allowed or facts.lacks_result:
        return NOTHING
    if result.kind is ResultKind.BYTES:
        return facts.url_of(result.operation)
    operation = result.operation or (kind.lifecycle.read.operation if kind.lifecycle.read else "")
    body = kind.described.template(operation, kind.described.success(operation), facts).value(facts)
    if result.each and result.operation:
        return body
    place = next(iter(result_places(result)), ())
    value = follow_tokens(place[: place.index(EACH)] if EACH in place else place, body)
    return NOTHING if value is None else value


def _schema(kind: JobKind, media: Media) -> Schema:
    return Schema(kind.described.api.document, media.schema or {})


def _headers(rule: DeliveryRule, facts: JobFacts) -> Iterator[tuple[str, str]]:
    for name, value in rule.headers.items():
        named = facts.submission.value(name) if isinstance(name, Expression) else name
        sent = facts.value(value)
        if isinstance(named, str) and named and sent is not NOTHING:
            yield named, str(sent)


def _method(rule: DeliveryRule, facts: JobFacts) -> str:
    value = facts.submission.value(rule.method) if isinstance(rule.method, Expression) else rule.method
    method = str(value).upper()
    return method if method in METHODS else "POST"


def _secret(kind: JobKind, rule: DeliveryRule, facts: JobFacts) -> str | None:
    """Return the signing secret: "" if the webhook is not signed, None for that of the account."""
    secret = rule.sign.secret if isinstance(rule.sign, Signature) else None
    match secret:
        case Secret(source=SecretSource.FIELD, place=Expression() as place):
            return str(facts.submission.value(place) or "")
        case Secret(source=SecretSource.OPERATION, rotates=False):
            return facts.engine.sandbox.webhook.secret or operation_secret(kind, secret, facts.engine)
        case Secret(source=SecretSource.KEYS):
            return signing_key(facts.engine)
    return None


def operation_secret(kind: JobKind, secret: Secret, engine: Engine) -> str:
    """Return the webhook secret that an operation returns: its example's, or one derived for the sandbox."""
    shown = example_response(kind.described, secret.operation, engine).value
    pointer = "" if secret.place is None else pointer_of(secret.place.pointer)
    text = str(value_at(pointer, shown) or "")
    if text.startswith(STANDARD_SECRET) or not _is_standard(kind):
        return text
    drawn = blake2b(secret.operation.encode(), key=signing_key(engine).encode()[:64], digest_size=24)
    return f"{STANDARD_SECRET}{b64encode(drawn.digest()).decode()}"


def respond_with_secret(kind: JobKind, secret: Secret, engine: Engine, request: Request) -> Response:
    """Handle the operation that returns the webhook secret: a new one if it rotates, else the current one."""
    check_known(kind.described, request)
    if not secret.rotates:
        request.trace.made_up = EVERYTHING
    else:
        engine.sandbox.webhook = engine.sandbox.webhook.signed(_new_secret(kind, engine))
    text = engine.sandbox.webhook.secret or operation_secret(kind, secret, engine)
    shown = example_response(kind.described, secret.operation, engine)
    if secret.place is None or not isinstance(shown.value, dict):
        return shown
    value = _with_value(shown.value, secret.place.pointer, text)
    return Response.json(shown.status, value, shown.headers)


def _new_secret(kind: JobKind, engine: Engine) -> str:
    """Return a new secret of 32 bytes: as hex digits, or in the format of Standard Webhooks."""
    drawn, seed = engine.sandbox.draw().bytes, engine.sandbox.seed.encode()
    made = blake2b(drawn, key=seed[:64], digest_size=32)
    return f"{STANDARD_SECRET}{b64encode(made.digest()).decode()}" if _is_standard(kind) else made.hexdigest()


def _with_value(node: JSON, tokens: Sequence[str], value: str) -> JSON:
    """Return a copy of a nested object with a value at a JSON Pointer."""
    if not tokens:
        return value
    inner = node if isinstance(node, dict) else {}
    return {**inner, tokens[0]: _with_value(inner.get(tokens[0]), tokens[1:], value)}


def _is_standard(kind: JobKind) -> bool:
    """Return whether webhooks are signed by Standard Webhooks, which prescribes the format of secrets."""
    signs = (one.sign for one in kind.lifecycle.deliver)
    return any(
        isinstance(one, Signature) and one.scheme is SignatureScheme.STANDARD_WEBHOOKS for one in signs
    )
