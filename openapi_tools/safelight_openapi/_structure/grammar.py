"""Which kind of OpenAPI object stands where in a document.

Only by knowing this can `example` the keyword be told from `example` the property name. The grammar covers
OpenAPI 3.0 and 3.1; a place it does not name holds plain data, which nobody descends into.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from safelight_lifecycle import format_pointer
from safelight_openapi._reading.documents import JSON

Rules = Mapping[str, Callable[[dict[str, JSON]], dict[str, JSON]]]


@dataclass(frozen=True, slots=True)
class One:
    """The member is an object of this kind."""

    kind: str


@dataclass(frozen=True, slots=True)
class Each:
    """The member is a list or a map of objects of this kind."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One OpenAPI object: its kind, its JSON pointer and itself."""

    kind: str
    pointer: str
    node: dict[str, JSON]


_OPERATION = One("operation")
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_PARAMETER: Mapping[str, One | Each] = {
    "schema": One("schema"),
    "content": Each("media type"),
    "examples": Each("example"),
}

GRAMMAR: Mapping[str, Mapping[str, One | Each]] = {
    "document": {
        "paths": Each("path item"),
        "webhooks": Each("path item"),
        "components": One("components"),
        "info": One("info"),
    },
    "components": {
        "schemas": Each("schema"),
        "responses": Each("response"),
        "parameters": Each("parameter"),
        "examples": Each("example"),
        "requestBodies": Each("request body"),
        "headers": Each("header"),
        "securitySchemes": Each("security scheme"),
        "links": Each("link"),
        "callbacks": Each("callback"),
        "pathItems": Each("path item"),
    },
    "path item": {"parameters": Each("parameter"), **dict.fromkeys(METHODS, _OPERATION)},
    "operation": {
        "parameters": Each("parameter"),
        "requestBody": One("request body"),
        "responses": Each("response"),
        "callbacks": Each("callback"),
    },
    "callback": {"*": One("path item")},
    "request body": {"content": Each("media type")},
    "response": {"headers": Each("header"), "content": Each("media type"), "links": Each("link")},
    "parameter": _PARAMETER,
    "header": _PARAMETER,
    "media type": {
        "schema": One("schema"),
        "examples": Each("example"),
        "encoding": Each("encoding"),
    },
    "encoding": {"headers": Each("header")},
    "schema": {
        **dict.fromkeys(
            (
                "additionalProperties",
                "contains",
                "contentSchema",
                "else",
                "if",
                "items",
                "not",
                "propertyNames",
                "then",
                "unevaluatedItems",
                "unevaluatedProperties",
            ),
            One("schema"),
        ),
        **dict.fromkeys(
            (
                "$defs",
                "allOf",
                "anyOf",
                "dependentSchemas",
                "oneOf",
                "patternProperties",
                "prefixItems",
                "properties",
            ),
            Each("schema"),
        ),
    },
}


def places(document: dict[str, JSON]) -> Iterator[Place]:
    """Every OpenAPI object of `document`, parents before children; references are not followed."""
    return _places("document", "", document)


def rewrite(document: dict[str, JSON], rules: Rules) -> JSON:
    """Copy `document`, putting each object of a kind named in `rules` through its rule, children first."""
    return _rewrite("document", document, rules)


def _places(kind: str, where: str, node: JSON) -> Iterator[Place]:
    if not isinstance(node, dict):
        return
    yield Place(kind=kind, pointer=where, node=node)
    for key, member in node.items():
        expected = _expected(kind, key)
        if isinstance(expected, One):
            yield from _places(expected.kind, where + format_pointer((key,)), member)
        elif expected:
            for name, item in _items(member):
                yield from _places(expected.kind, where + format_pointer((key, name)), item)


def _rewrite(kind: str, node: JSON, rules: Rules) -> JSON:
    if not isinstance(node, dict):
        return node
    copy = {key: _rewrite_member(_expected(kind, key), member, rules) for key, member in node.items()}
    return rules[kind](copy) if kind in rules else copy


def _rewrite_member(expected: One | Each | None, member: JSON, rules: Rules) -> JSON:
    if isinstance(expected, One):
        return _rewrite(expected.kind, member, rules)
    if expected and isinstance(member, list):
        return [_rewrite(expected.kind, item, rules) for item in member]
    if expected and isinstance(member, dict):
        return {name: _rewrite(expected.kind, item, rules) for name, item in member.items()}
    return member


def _expected(kind: str, key: str) -> One | Each | None:
    members = GRAMMAR.get(kind, {})
    return members.get(key) or (None if key.startswith("x-") else members.get("*"))


def _items(member: JSON) -> Iterator[tuple[str, JSON]]:
    if isinstance(member, dict):
        yield from member.items()
    elif isinstance(member, list):
        yield from ((str(index), item) for index, item in enumerate(member))
