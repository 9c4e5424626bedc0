"""What a keyword's change does to the set of values that fit a schema, keyword by keyword."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from safelight_codegen._drift.changes import ABSENT, Value
from safelight_codegen._drift.flattened_schemas import View
from safelight_codegen._drift.rules import Turn
from safelight_openapi import JSON

_TYPES = frozenset({"string", "number", "integer", "boolean", "object", "array", "null"})
_HINTS = {"object": ("properties", "required", "additionalProperties"), "array": ("items", "prefixItems")}
_WIDER_FORMATS = {("int32", "int64"), ("float", "double")}
_BINARY = {"binary": "application/octet-stream"}  # as OpenAPI 3.0 says it, and some 3.1 documents still


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """One keyword that allows other values now; the pointer is into the old document if it stands there."""

    keyword: str
    turn: Turn
    pointer: str
    was: Value
    now: Value


def turns(old: View, new: View) -> Iterator[Turned]:
    """Compare two views keyword by keyword; what lies deeper is left to the caller."""
    for keyword, compare in _COMPARE.items():
        turn = compare(old, new, keyword)
        if turn is not None:
            yield _turned(old, new, keyword, turn)


def types(whole: View) -> frozenset[str]:
    """Say which types a value may have; an integer is a number, and what describes members has members."""
    if any(one == {} or one is True for one in whole.values("not")):
        return frozenset()  # as `false`, which no value fits
    allowed = _TYPES
    for said in whole.values("type"):
        listed = {str(one) for one in (said if isinstance(said, list) else [said])}
        allowed &= listed | ({"integer"} if "number" in listed else set())
    if allowed == _TYPES:
        hinted = [kind for kind, hints in _HINTS.items() if any(whole.holders(hint) for hint in hints)]
        return frozenset(hinted) or allowed
    return allowed


def moved(old: frozenset[str] | None, new: frozenset[str] | None) -> Turn | None:
    """Say what became of a set; None allows everything."""
    if old == new:
        return None
    if new is None or (old is not None and old < new):
        return Turn.WIDENED
    return Turn.NARROWED if old is None or new < old else Turn.REPLACED


def _turned(old: View, new: View, keyword: str, turn: Turn) -> Turned:
    spellings = _SPELLINGS.get(keyword, (keyword,))
    spelled = next((one for one in spellings if old.values(one) != new.values(one)), keyword)
    place = old.where(spelled) or new.where(spelled) or old.at
    was, now = old.values(spelled), new.values(spelled)
    return Turned(
        keyword=spelled,
        turn=turn,
        pointer=place,
        was=was[0] if was else ABSENT,
        now=now[0] if now else ABSENT,
    )


def _type(old: View, new: View, _: str) -> Turn | None:
    return moved(types(old), types(new))


def _enum(old: View, new: View, _: str) -> Turn | None:
    return moved(allowed(old), allowed(new))


def allowed(whole: View) -> frozenset[str] | None:
    """Say which values are listed, each as JSON; None where `enum` and `const` list none."""
    listed = [said if isinstance(said, list) else [] for said in whole.values("enum")]
    listed += [[said] for said in whole.values("const")]
    sets = [frozenset(map(_written, one)) for one in listed]
    return frozenset.intersection(*sets) if sets else None


def _written(value: JSON) -> str:
    return json.dumps(value, sort_keys=True)


def _least(old: View, new: View, keyword: str) -> Turn | None:
    return _bound(_bounds(old, keyword, max), _bounds(new, keyword, max), tighter=lambda a, b: a > b)


def _most(old: View, new: View, keyword: str) -> Turn | None:
    return _bound(_bounds(old, keyword, min), _bounds(new, keyword, min), tighter=lambda a, b: a < b)


_Bound = tuple[int | float, int]  # an integer as it is: 2**63 and its neighbours are the same float


def _bounds(whole: View, keyword: str, tightest: Callable[[list[_Bound]], _Bound]) -> _Bound | None:
    """Find the tightest bound: its value, and how an exclusive one stands to an inclusive one."""
    weights = {"exclusiveMinimum": 1, "exclusiveMaximum": -1}
    said = [
        (value, weights.get(spelling, 0))
        for spelling in _SPELLINGS.get(keyword, (keyword,))
        for value in whole.values(spelling)
        if isinstance(value, int | float)
    ]
    bound = tightest(said) if said else None
    return None if bound == _ZERO and keyword in _NONE_IS_ZERO else bound


def _bound(
    old: _Bound | None, new: _Bound | None, *, tighter: Callable[[_Bound, _Bound], bool]
) -> Turn | None:
    if old == new:
        return None
    if old is None or (new is not None and tighter(new, old)):
        return Turn.NARROWED
    return Turn.WIDENED


def _format(old: View, new: View, keyword: str) -> Turn | None:
    old_said, new_said = (frozenset(map(str, one.values(keyword))) - _BINARY.keys() for one in (old, new))
    turn = moved(old_said or None, new_said or None)
    if turn is Turn.REPLACED and len(old_said) == len(new_said) == 1:
        pair = (*old_said, *new_said)
        return (
            Turn.WIDENED
            if pair in _WIDER_FORMATS
            else Turn.NARROWED
            if pair[::-1] in _WIDER_FORMATS
            else turn
        )
    return turn


def _content(old: View, new: View, keyword: str) -> Turn | None:
    """Text and bytes are sent in different ways, so none of them is narrower than the other."""
    return None if _encoded(old, keyword) == _encoded(new, keyword) else Turn.REPLACED


def _encoded(whole: View, keyword: str) -> set[str]:
    said = {str(one) for one in whole.values(keyword)}
    if keyword == "contentMediaType":
        said |= {_BINARY[str(one)] for one in whole.values("format") if str(one) in _BINARY}
    return said


def _pattern(old: View, new: View, keyword: str) -> Turn | None:
    old_said, new_said = (frozenset(map(str, one.values(keyword))) for one in (old, new))
    turn = moved(old_said or None, new_said or None)
    return Turn.UNCLEAR if turn is Turn.REPLACED else _reversed(turn, old_said, new_said)


def _reversed(turn: Turn | None, old: frozenset[str], new: frozenset[str]) -> Turn | None:
    """Several patterns all have to fit, so that more of them allow less."""
    if not old or not new:
        return turn
    return {Turn.NARROWED: Turn.WIDENED, Turn.WIDENED: Turn.NARROWED}.get(turn) if turn else None


def _unique(old: View, new: View, keyword: str) -> Turn | None:
    was, now = (True in one.values(keyword) for one in (old, new))
    return None if was == now else Turn.NARROWED if now else Turn.WIDENED


def _multiple(old: View, new: View, keyword: str) -> Turn | None:
    was, now = (_steps(one.values(keyword)) for one in (old, new))
    if was == now:
        return None
    if not was or not now:
        return Turn.NARROWED if now else Turn.WIDENED
    if was[0] % now[0] == 0:
        return Turn.WIDENED
    return Turn.NARROWED if now[0] % was[0] == 0 else Turn.REPLACED


def _steps(said: list[JSON]) -> list[Fraction]:
    """Read steps as the decimal fractions they are; anything but a positive number does not count."""
    numbers = (one for one in said if isinstance(one, int | float) and not isinstance(one, bool))
    return [Fraction(str(one)) for one in numbers if one > 0]


_SPELLINGS = {
    "enum": ("enum", "const"),
    "minimum": ("minimum", "exclusiveMinimum"),
    "maximum": ("maximum", "exclusiveMaximum"),
    "contentMediaType": ("contentMediaType", "format"),
}
_ZERO: _Bound = (0, 0)
_NONE_IS_ZERO = ("minLength", "minItems", "minProperties")
_COMPARE: dict[str, Callable[[View, View, str], Turn | None]] = {
    "type": _type,
    "enum": _enum,
    **dict.fromkeys(("minimum", *_NONE_IS_ZERO), _least),
    **dict.fromkeys(("maximum", "maxLength", "maxItems", "maxProperties"), _most),
    "multipleOf": _multiple,
    "pattern": _pattern,
    "format": _format,
    "contentMediaType": _content,
    "contentEncoding": _content,
    "uniqueItems": _unique,
}
COMPARED = frozenset({*_COMPARE, *(one for spellings in _SPELLINGS.values() for one in spellings)})
