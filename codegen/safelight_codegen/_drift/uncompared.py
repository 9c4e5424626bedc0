"""What differs and was compared by nobody: nothing that is new in a document goes unsaid.

Both documents are walked side by side by the grammar of OpenAPI. A difference is prose, or something this
package compares by its meaning elsewhere, or something it does not understand; the last needs a person.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from safelight_codegen._drift.changes import ABSENT, Value
from safelight_codegen._drift.keywords import COMPARED
from safelight_lifecycle import format_pointer
from safelight_openapi import GRAMMAR, JSON, METHODS, MemberCollection, Node, SingleMember, as_mapping

_PROSE = frozenset({"description", "summary", "title", "example", "examples", "externalDocs", "$comment"})
_PROSE_OF = {"document": frozenset({"tags", "openapi"}), "components": frozenset({"examples"})}

# What is compared by its meaning, kind by kind.
_MEANING: Mapping[str, frozenset[str]] = {
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
_UNREAD = frozenset(  # not compared, so nothing inside them is either
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
_WHOLE = frozenset({"paths", "webhooks"})  # one more or less is told operation by operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """One difference in one object: what kind of key it is, where the object and the difference stand."""

    rule: str
    holder: str
    pointer: str
    was: Value
    now: Value


def leftovers(old: Node, new: Node) -> Iterator[Leftover]:
    """List every difference of two documents, as small as both have a place for it."""
    yield from _of("document", "", old, new)


def _of(kind: str, at: str, old: Node, new: Node) -> Iterator[Leftover]:
    for key in dict.fromkeys((*old, *new)):
        was, now = old.get(key, ABSENT), new.get(key, ABSENT)
        if same(was, now):
            continue
        expected = None if key in _UNREAD and kind != "components" else GRAMMAR.get(kind, {}).get(key)
        if isinstance(expected, SingleMember) and isinstance(was, dict) and isinstance(now, dict):
            yield from _of(expected.kind, at + format_pointer((key,)), was, now)
        elif isinstance(expected, MemberCollection) and key not in _PROSE and _held(was, now):
            yield from _each(kind, key, expected.kind, at, was, now)
        else:
            place = at + format_pointer((key,))
            yield Leftover(rule=_rule(kind, key), holder=at, pointer=place, was=was, now=now)


def _each(  # noqa: PLR0913, PLR0917 - a place in two documents
    kind: str, key: str, inner: str, at: str, was: Value, now: Value
) -> Iterator[Leftover]:
    ours, theirs = _items(was), _items(now)
    for name in dict.fromkeys((*ours, *theirs)):
        one, other = ours.get(name, ABSENT), theirs.get(name, ABSENT)
        place = at + format_pointer((key, name))
        if isinstance(one, dict) and isinstance(other, dict):
            yield from _of(inner, place, one, other)
        elif key not in _WHOLE and not same(one, other):
            yield Leftover(
                rule=_named(kind, key, one, other),
                holder=place,
                pointer=place,
                was=one,
                now=other,
            )


def _named(kind: str, key: str, one: Value, other: Value) -> str:
    if (kind, key) == ("components", "schemas"):
        return (
            "schema removed" if other is ABSENT else "schema added" if one is ABSENT else "written otherwise"
        )
    return _rule(kind, key)


def _rule(kind: str, key: str) -> str:
    if (
        key.startswith("x-")
        or key in _PROSE | _PROSE_OF.get(kind, frozenset())
        or kind in ("info", "example")
    ):
        return "documentation changed"
    return "written otherwise" if key in _MEANING.get(kind, ()) else "not understood"


def _held(was: Value, now: Value) -> bool:
    """Whether there are members to look at one by one; an absent map is an empty one."""
    return all(one is ABSENT or isinstance(one, dict | list) for one in (was, now))


def _items(members: Value) -> dict[str, JSON]:
    if isinstance(members, list):
        return {str(index): member for index, member in enumerate(members)}
    return {} if members is ABSENT else as_mapping(members)


def same(one: Value, other: Value) -> bool:
    """Python takes 1 and true for equal, JSON does not."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return (isinstance(one, bool), one) == (isinstance(other, bool), other)
