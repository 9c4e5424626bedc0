"""Compares the set of values that a schema allows, keyword by keyword."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from safelight_codegen._drift.changes import ABSENT, JsonOrAbsent
from safelight_codegen._drift.flattened_schemas import FlattenedSchema
from safelight_codegen._drift.rules import ValueSetChange
from safelight_openapi import JSONValue

_TYPES = frozenset({"string", "number", "integer", "boolean", "object", "array", "null"})
_HINTS = {"object": ("properties", "required", "additionalProperties"), "array": ("items", "prefixItems")}
_WIDER_FORMATS = {("int32", "int64"), ("float", "double")}
_BINARY = {"binary": "application/octet-stream"}  # the notation of OpenAPI 3.0, which some 3.1 documents use


@dataclass(frozen=True, slots=True, kw_only=True)
class KeywordChange:
    """A keyword that allows other values now; the pointer is into the old document if it is there."""

    keyword: str
    change: ValueSetChange
    pointer: str
    was: JsonOrAbsent
    now: JsonOrAbsent


def keyword_changes(old: FlattenedSchema, new: FlattenedSchema) -> Iterator[KeywordChange]:
    """Yield the changes of two schemas themselves; the caller compares their subschemas."""
    for keyword, compare in _COMPARE.items():
        change = compare(old, new, keyword)
        if change is not None:
            yield _keyword_change(old, new, keyword, change)


def allowed_types(whole: FlattenedSchema) -> frozenset[str]:
    """Return the types a value may have; `number` includes `integer`.

    A schema without `type` that describes properties or items counts as an object or an array, because that
    is what authors mean, although JSON Schema allows other types.
    """
    if any(one == {} or one is True for one in whole.values("not")):
        return frozenset()  # equivalent to `false`, which allows no value
    types = _TYPES
    for declared in whole.values("type"):
        listed = {str(one) for one in (declared if isinstance(declared, list) else [declared])}
        types &= listed | ({"integer"} if "number" in listed else set())
    if types == _TYPES:
        hinted = [kind for kind, hints in _HINTS.items() if any(whole.parts_with(hint) for hint in hints)]
        return frozenset(hinted) or types
    return types


def compare_sets(old: frozenset[str] | None, new: frozenset[str] | None) -> ValueSetChange | None:
    """Return how a set changed; None is the set of all values."""
    if old == new:
        return None
    if new is None or (old is not None and old < new):
        return ValueSetChange.WIDENED
    return ValueSetChange.NARROWED if old is None or new < old else ValueSetChange.REPLACED


def _keyword_change(
    old: FlattenedSchema, new: FlattenedSchema, keyword: str, change: ValueSetChange
) -> KeywordChange:
    keywords = _KEYWORDS.get(keyword, (keyword,))
    changed = next((one for one in keywords if old.values(one) != new.values(one)), keyword)
    pointer = old.pointer_of(changed) or new.pointer_of(changed) or old.pointer
    was, now = old.values(changed), new.values(changed)
    return KeywordChange(
        keyword=changed,
        change=change,
        pointer=pointer,
        was=was[0] if was else ABSENT,
        now=now[0] if now else ABSENT,
    )


def _type(old: FlattenedSchema, new: FlattenedSchema, _: str) -> ValueSetChange | None:
    return compare_sets(allowed_types(old), allowed_types(new))


def _enum(old: FlattenedSchema, new: FlattenedSchema, _: str) -> ValueSetChange | None:
    return compare_sets(allowed_values(old), allowed_values(new))


def allowed_values(whole: FlattenedSchema) -> frozenset[str] | None:
    """Return the values of `enum` and `const`, each as JSON; None without these keywords."""
    listed = [declared if isinstance(declared, list) else [] for declared in whole.values("enum")]
    listed += [[declared] for declared in whole.values("const")]
    sets = [frozenset(map(_written, one)) for one in listed]
    return frozenset.intersection(*sets) if sets else None


def _written(value: JSONValue) -> str:
    return json.dumps(value, sort_keys=True)


def _least(old: FlattenedSchema, new: FlattenedSchema, keyword: str) -> ValueSetChange | None:
    return _bound(_bounds(old, keyword, max), _bounds(new, keyword, max), tighter=lambda a, b: a > b)


def _most(old: FlattenedSchema, new: FlattenedSchema, keyword: str) -> ValueSetChange | None:
    return _bound(_bounds(old, keyword, min), _bounds(new, keyword, min), tighter=lambda a, b: a < b)


_Bound = tuple[
    int | float, int
]  # value and exclusivity. Integers stay integers: 2**63 and its neighbours are the same float


def _bounds(
    whole: FlattenedSchema, keyword: str, tightest: Callable[[list[_Bound]], _Bound]
) -> _Bound | None:
    """Return the tightest bound: its value, and 1 or -1 if it is exclusive, which makes it tighter than 0."""
    weights = {"exclusiveMinimum": 1, "exclusiveMaximum": -1}
    declared = [
        (value, weights.get(name, 0))
        for name in _KEYWORDS.get(keyword, (keyword,))
        for value in whole.values(name)
        if isinstance(value, int | float)
    ]
    bound = tightest(declared) if declared else None
    return None if bound == _ZERO and keyword in _DEFAULT_ZERO else bound


def _bound(
    old: _Bound | None, new: _Bound | None, *, tighter: Callable[[_Bound, _Bound], bool]
) -> ValueSetChange | None:
    if old == new:
        return None
    if old is None or (new is not None and tighter(new, old)):
        return ValueSetChange.NARROWED
    return ValueSetChange.WIDENED


def _format(old: FlattenedSchema, new: FlattenedSchema, keyword: str) -> ValueSetChange | None:
    old_values, new_values = (frozenset(map(str, one.values(keyword))) - _BINARY.keys() for one in (old, new))
    change = compare_sets(old_values or None, new_values or None)
    if change is ValueSetChange.REPLACED and len(old_values) == len(new_values) == 1:
        pair = (*old_values, *new_values)
        return (
            ValueSetChange.WIDENED
            if pair in _WIDER_FORMATS
            else ValueSetChange.NARROWED
            if pair[::-1] in _WIDER_FORMATS
            else change
        )
    return change


def _content(old: FlattenedSchema, new: FlattenedSchema, keyword: str) -> ValueSetChange | None:
    """Compare media types and encodings, of which none is narrower: text and bytes are sent differently."""
    return None if _encoded(old, keyword) == _encoded(new, keyword) else ValueSetChange.REPLACED


def _encoded(whole: FlattenedSchema, keyword: str) -> set[str]:
    declared = {str(one) for one in whole.values(keyword)}
    if keyword == "contentMediaType":
        declared |= {_BINARY[str(one)] for one in whole.values("format") if str(one) in _BINARY}
    return declared


def _pattern(old: FlattenedSchema, new: FlattenedSchema, keyword: str) -> ValueSetChange | None:
    old_values, new_values = (frozenset(map(str, one.values(keyword))) for one in (old, new))
    change = compare_sets(old_values or None, new_values or None)
    return (
        ValueSetChange.UNCLEAR
        if change is ValueSetChange.REPLACED
        else _reversed(change, old_values, new_values)
    )


def _reversed(
    change: ValueSetChange | None, old: frozenset[str], new: frozenset[str]
) -> ValueSetChange | None:
    """Return the change for patterns: all of them have to match, so more of them allow less."""
    if not old or not new:
        return change
    return (
        {
            ValueSetChange.NARROWED: ValueSetChange.WIDENED,
            ValueSetChange.WIDENED: ValueSetChange.NARROWED,
        }.get(change)
        if change
        else None
    )


def _unique(old: FlattenedSchema, new: FlattenedSchema, keyword: str) -> ValueSetChange | None:
    was, now = (True in one.values(keyword) for one in (old, new))
    return None if was == now else ValueSetChange.NARROWED if now else ValueSetChange.WIDENED


def _multiple(old: FlattenedSchema, new: FlattenedSchema, keyword: str) -> ValueSetChange | None:
    was, now = (_steps(one.values(keyword)) for one in (old, new))
    if was == now:
        return None
    if not was or not now:
        return ValueSetChange.NARROWED if now else ValueSetChange.WIDENED
    if was[0] % now[0] == 0:
        return ValueSetChange.WIDENED
    return ValueSetChange.NARROWED if now[0] % was[0] == 0 else ValueSetChange.REPLACED


def _steps(declared: list[JSONValue]) -> list[Fraction]:
    """Return the positive steps as exact fractions: as floats, 0.3 would not be a multiple of 0.1."""
    numbers = (one for one in declared if isinstance(one, int | float) and not isinstance(one, bool))
    return [Fraction(str(one)) for one in numbers if one > 0]


_KEYWORDS = {
    "enum": ("enum", "const"),
    "minimum": ("minimum", "exclusiveMinimum"),
    "maximum": ("maximum", "exclusiveMaximum"),
    "contentMediaType": ("contentMediaType", "format"),
}
_ZERO: _Bound = (0, 0)
_DEFAULT_ZERO = ("minLength", "minItems", "minProperties")
_COMPARE: dict[str, Callable[[FlattenedSchema, FlattenedSchema, str], ValueSetChange | None]] = {
    "type": _type,
    "enum": _enum,
    **dict.fromkeys(("minimum", *_DEFAULT_ZERO), _least),
    **dict.fromkeys(("maximum", "maxLength", "maxItems", "maxProperties"), _most),
    "multipleOf": _multiple,
    "pattern": _pattern,
    "format": _format,
    "contentMediaType": _content,
    "contentEncoding": _content,
    "uniqueItems": _unique,
}
COMPARED = frozenset({*_COMPARE, *(one for keywords in _KEYWORDS.values() for one in keywords)})
