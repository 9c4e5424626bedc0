"""Which kind of OpenAPI object is at which location of a document.

This is needed to distinguish the keyword `example` from a property called `example`. The grammar covers
OpenAPI 3.0 and 3.1; members that it does not name are plain data, and are neither walked nor rewritten.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from safelight_lifecycle import format_pointer
from safelight_openapi._reading.documents import JSONValue

Rules = Mapping[str, Callable[[dict[str, JSONValue]], dict[str, JSONValue]]]


@dataclass(frozen=True, slots=True)
class SingleMember:
    """The member is an object of this kind."""

    kind: str


@dataclass(frozen=True, slots=True)
class MemberCollection:
    """The member is a list or a map of objects of this kind."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecObject:
    """An OpenAPI object with its kind and its JSON pointer."""

    kind: str
    pointer: str
    node: dict[str, JSONValue]


_OPERATION = SingleMember("operation")
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_PARAMETER: Mapping[str, SingleMember | MemberCollection] = {
    "schema": SingleMember("schema"),
    "content": MemberCollection("media type"),
    "examples": MemberCollection("example"),
}

GRAMMAR: Mapping[str, Mapping[str, SingleMember | MemberCollection]] = {
    "document": {
        "paths": MemberCollection("path item"),
        "webhooks": MemberCollection("path item"),
        "components": SingleMember("components"),
        "info": SingleMember("info"),
    },
    "components": {
        "schemas": MemberCollection("schema"),
        "responses": MemberCollection("response"),
        "parameters": MemberCollection("parameter"),
        "examples": MemberCollection("example"),
        "requestBodies": MemberCollection("request body"),
        "headers": MemberCollection("header"),
        "securitySchemes": MemberCollection("security scheme"),
        "links": MemberCollection("link"),
        "callbacks": MemberCollection("callback"),
        "pathItems": MemberCollection("path item"),
    },
    "path item": {"parameters": MemberCollection("parameter"), **dict.fromkeys(METHODS, _OPERATION)},
    "operation": {
        "parameters": MemberCollection("parameter"),
        "requestBody": SingleMember("request body"),
        "responses": MemberCollection("response"),
        "callbacks": MemberCollection("callback"),
    },
    "callback": {"*": SingleMember("path item")},
    "request body": {"content": MemberCollection("media type")},
    "response": {
        "headers": MemberCollection("header"),
        "content": MemberCollection("media type"),
        "links": MemberCollection("link"),
    },
    "parameter": _PARAMETER,
    "header": _PARAMETER,
    "media type": {
        "schema": SingleMember("schema"),
        "examples": MemberCollection("example"),
        "encoding": MemberCollection("encoding"),
    },
    "encoding": {"headers": MemberCollection("header")},
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
            SingleMember("schema"),
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
            MemberCollection("schema"),
        ),
    },
}


def walk_objects(document: dict[str, JSONValue], *, leaves: Collection[str] = ()) -> Iterator[SpecObject]:
    """Yield every OpenAPI object of a document, parents before children; references are not followed.

    Objects of the kinds in `leaves` are yielded without what is below them.
    """
    return _walk("document", "", document, leaves)


def rewrite_objects(document: dict[str, JSONValue], rules: Rules) -> JSONValue:
    """Return a copy of a document in which each object of a kind in `rules` is replaced by its rule's result.

    Children are replaced before their parents.
    """
    return _rewrite("document", document, rules)


def _walk(kind: str, pointer: str, node: JSONValue, leaves: Collection[str]) -> Iterator[SpecObject]:
    if not isinstance(node, dict):
        return
    yield SpecObject(kind=kind, pointer=pointer, node=node)
    if kind in leaves:
        return
    for key, member in node.items():
        expected = _expected(kind, key)
        if isinstance(expected, SingleMember):
            yield from _walk(expected.kind, pointer + format_pointer((key,)), member, leaves)
        elif expected:
            for name, item in _items(member):
                yield from _walk(expected.kind, pointer + format_pointer((key, name)), item, leaves)


def _rewrite(kind: str, node: JSONValue, rules: Rules) -> JSONValue:
    if not isinstance(node, dict):
        return node
    copy = {key: _rewrite_member(_expected(kind, key), member, rules) for key, member in node.items()}
    return rules[kind](copy) if kind in rules else copy


def _rewrite_member(
    expected: SingleMember | MemberCollection | None, member: JSONValue, rules: Rules
) -> JSONValue:
    if isinstance(expected, SingleMember):
        return _rewrite(expected.kind, member, rules)
    if expected and isinstance(member, list):
        return [_rewrite(expected.kind, item, rules) for item in member]
    if expected and isinstance(member, dict):
        return {name: _rewrite(expected.kind, item, rules) for name, item in member.items()}
    return member


def _expected(kind: str, key: str) -> SingleMember | MemberCollection | None:
    members = GRAMMAR.get(kind, {})
    return members.get(key) or (None if key.startswith("x-") else members.get("*"))


def _items(member: JSONValue) -> Iterator[tuple[str, JSONValue]]:
    if isinstance(member, dict):
        yield from member.items()
    elif isinstance(member, list):
        yield from ((str(index), item) for index, item in enumerate(member))
