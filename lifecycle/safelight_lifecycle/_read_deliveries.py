"""Reads `deliver` of a lifecycle."""

from safelight_lifecycle._conditions import read_condition
from safelight_lifecycle._deliveries import (
    BodyOf,
    DeliveryRule,
    EventFilter,
    RetryRule,
    Secret,
    SecretSource,
    Signature,
    SignatureScheme,
    Unsigned,
)
from safelight_lifecycle._durations import parse_duration
from safelight_lifecycle._expressions import Expression, ExpressionSource, parse_expression
from safelight_lifecycle._nodes import read_duration
from safelight_lifecycle._places import place_or_text
from safelight_lifecycle._pointers import JSON, parse_pointer
from safelight_lifecycle._values import read_members, read_value
from safelight_lifecycle._words import Words


def read_deliveries(node: JSON, words: Words) -> tuple[DeliveryRule, ...]:
    """Return the webhooks; none if the key is missing."""
    listed = [] if node is None else node if isinstance(node, list) else [node]
    return tuple(_delivery(one, words) for one in listed)


def _delivery(node: JSON, words: Words) -> DeliveryRule:
    for name in node.get("events", {}):
        words.reference(name)
    return DeliveryRule(
        target=_target(node["target"]),
        is_public=node.get("public", False),
        on=words.select(node["on"]),
        sign=_signature(node["sign"]),
        webhook=node.get("webhook", ""),
        events=node.get("events", {}),
        callback=node.get("callback", ""),
        body=_body(node.get("body"), words),
        filter=_filter(node["filter"], words) if "filter" in node else None,
        when=read_condition(node.get("when")),
        method=place_or_text(node.get("method", "POST")),
        headers={
            place_or_text(name): read_value(value, words) for name, value in node.get("headers", {}).items()
        },
        retry=_retry(node["retry"]) if "retry" in node else None,
    )


def _target(node: JSON) -> Expression | None:
    if "query" in node:
        return Expression(part=ExpressionSource.QUERY, is_request=True, name=node["query"])
    return _field(node["field"]) if "field" in node else None


def _field(name: str) -> Expression:
    """Return the place of a field of the request's body, which is named, or is a pointer."""
    pointer = parse_pointer(name) if name.startswith("/") else (name,)
    return Expression(part=ExpressionSource.BODY, is_request=True, pointer=pointer)


def _body(node: JSON, words: Words) -> JSON:
    return BodyOf(node) if isinstance(node, str) else read_members(node, words) if node else None


def _filter(node: JSON, words: Words) -> EventFilter:
    selected = {name: words.select(listed) for name, listed in node["words"].items()}
    return EventFilter(place=parse_expression(node["from"]), words=selected)


def _retry(node: JSON) -> RetryRule:
    waits = tuple(map(parse_duration, node.get("waits", ())))
    return RetryRule(
        on=frozenset(node["on"]),
        waits=waits,
        first=read_duration(node.get("first")) or 0.0,
        factor=node.get("factor", 1.0),
        ceiling=read_duration(node.get("ceiling")),
        attempts=node.get("attempts", len(waits) + 1),
        timeout=read_duration(node.get("timeout")),
    )


def _signature(node: JSON) -> Signature | Unsigned:
    if isinstance(node, str):
        return Unsigned(node)
    return Signature(
        scheme=SignatureScheme(node["scheme"]),
        secret=_secret(node["secret"]),
        header=node.get("header", ""),
        format=node.get("format", ""),
        content=node.get("content", "{body}"),
        timestamp=node.get("timestamp", ""),
    )


def _secret(node: JSON) -> Secret:
    if "operation" in node:
        return Secret(
            source=SecretSource.OPERATION,
            operation=node["operation"],
            place=parse_expression(node["from"]),
            rotates=node.get("rotates", False),
        )
    if "field" in node:
        return Secret(source=SecretSource.FIELD, place=_field(node["field"]))
    if "keys" in node:
        return Secret(source=SecretSource.KEYS, keys=node["keys"])
    return Secret(source=SecretSource.ACCOUNT)
