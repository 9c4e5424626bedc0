"""Finds differences that the other modules do not compare, so that no difference is missing from a report.

Both documents are walked in parallel by the grammar of OpenAPI. A difference is documentation, or in a part
that other modules compare by its meaning, or in a part that no module supports, which needs review.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from safelight_codegen._drift.changes import ABSENT, JsonOrAbsent
from safelight_codegen._drift.keywords import COMPARED
from safelight_lifecycle import format_pointer
from safelight_openapi import GRAMMAR, METHODS, JSONValue, MemberCollection, Node, SingleMember, as_mapping

_PROSE = frozenset({"description", "summary", "title", "example", "examples", "externalDocs", "$comment"})
_PROSE_OF = {"document": frozenset({"tags", "openapi"}), "components": frozenset({"examples"})}

# Members that other modules compare, by kind of object.
_COMPARED: Mapping[str, frozenset[str]] = {
    "document": frozenset({"paths", "webhooks", "servers", "security", "components"}),
    "components": frozenset(
        {"responses", "parameters", "requestBodies", "headers", "securitySchemes", "pathItems"}
    ),
    "path item": frozenset({*METHODS, "parameters", "servers", "$ref"}),
    "operation": frozenset(
        {"operationId", "parameters", "requestBody", "responses", "security", "servers", "deprecated", "tags"}
    ),
    "request body": frozenset({"content", "required", "$ref"}),
    "response": frozenset({"headers", "content", "$ref"}),
    "parameter": frozenset(
        {
            "name",
            "in",
            "required",
            "schema",
            "content",
            "style",
            "explode",
            "allowReserved",
            "deprecated",
            "$ref",
        }
    ),
    "header": frozenset({"required", "schema", "content", "style", "explode", "deprecated", "$ref"}),
    "media type": frozenset({"schema"}),
    "security scheme": frozenset(
        {"type", "name", "in", "scheme", "flows", "openIdConnectUrl", "bearerFormat"}
    ),
    "schema": COMPARED
    | {"$ref", "allOf", "anyOf", "oneOf", "properties", "required", "items", "additionalProperties"}
    | {"default", "deprecated", "readOnly", "writeOnly"},
}
_UNSUPPORTED = frozenset(  # not compared, including everything inside
    {"callbacks", "links", "if", "then", "else", "not", "contains", "propertyNames", "patternProperties"}
    | {
        "dependentSchemas",
        "prefixItems",
        "unevaluatedItems",
        "unevaluatedProperties",
        "contentSchema",
        "$defs",
    }
)
_OPERATIONS = frozenset({"paths", "webhooks"})  # their members are reported as operations


@dataclass(frozen=True, slots=True, kw_only=True)
class UncomparedDifference:
    """A difference in one object: its rule, and the pointers of the object and of the difference."""

    rule: str
    parent: str
    pointer: str
    was: JsonOrAbsent
    now: JsonOrAbsent


def find_uncompared(old: Node, new: Node) -> Iterator[UncomparedDifference]:
    """Yield every difference of two documents, each as deep as both have the same structure."""
    yield from _of("document", "", old, new)


def _of(kind: str, parent: str, old: Node, new: Node) -> Iterator[UncomparedDifference]:
    for key in dict.fromkeys((*old, *new)):
        was, now = old.get(key, ABSENT), new.get(key, ABSENT)
        if is_same(was, now):
            continue
        expected = None if key in _UNSUPPORTED and kind != "components" else GRAMMAR.get(kind, {}).get(key)
        if isinstance(expected, SingleMember) and isinstance(was, dict) and isinstance(now, dict):
            yield from _of(expected.kind, parent + format_pointer((key,)), was, now)
        elif isinstance(expected, MemberCollection) and key not in _PROSE and _are_collections(was, now):
            yield from _each(kind, key, expected.kind, parent, was, now)
        else:
            pointer = parent + format_pointer((key,))
            yield UncomparedDifference(
                rule=_rule(kind, key), parent=parent, pointer=pointer, was=was, now=now
            )


def _each(  # noqa: PLR0913, PLR0917 - a location in two documents
    kind: str, key: str, inner: str, parent: str, was: JsonOrAbsent, now: JsonOrAbsent
) -> Iterator[UncomparedDifference]:
    ours, theirs = _items(was), _items(now)
    for name in dict.fromkeys((*ours, *theirs)):
        one, other = ours.get(name, ABSENT), theirs.get(name, ABSENT)
        pointer = parent + format_pointer((key, name))
        if isinstance(one, dict) and isinstance(other, dict):
            yield from _of(inner, pointer, one, other)
        elif key not in _OPERATIONS and not is_same(one, other):
            yield UncomparedDifference(
                rule=_member_rule(kind, key, one, other),
                parent=pointer,
                pointer=pointer,
                was=one,
                now=other,
            )


def _member_rule(kind: str, key: str, one: JsonOrAbsent, other: JsonOrAbsent) -> str:
    if (kind, key) == ("components", "schemas"):
        return (
            "schema removed" if other is ABSENT else "schema added" if one is ABSENT else "notation changed"
        )
    return _rule(kind, key)


def _rule(kind: str, key: str) -> str:
    if (
        key.startswith("x-")
        or key in _PROSE | _PROSE_OF.get(kind, frozenset())
        or kind in ("info", "example")
    ):
        return "documentation changed"
    return "notation changed" if key in _COMPARED.get(kind, ()) else "not supported"


def _are_collections(was: JsonOrAbsent, now: JsonOrAbsent) -> bool:
    """Whether both are lists or mappings; an absent one counts as empty."""
    return all(one is ABSENT or isinstance(one, dict | list) for one in (was, now))


def _items(members: JsonOrAbsent) -> dict[str, JSONValue]:
    if isinstance(members, list):
        return {str(index): member for index, member in enumerate(members)}
    return {} if members is ABSENT else as_mapping(members)


def is_same(one: JsonOrAbsent, other: JsonOrAbsent) -> bool:
    """Whether two values are equal in JSON; in Python, 1 and True are equal."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    return (isinstance(one, bool), one) == (isinstance(other, bool), other)
