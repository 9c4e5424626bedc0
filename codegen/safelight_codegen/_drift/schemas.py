"""Compares two schemas of a message, for the direction in which it is sent."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from safelight_codegen._drift.changes import ABSENT, Direction, DocumentChange, JsonOrAbsent
from safelight_codegen._drift.flattened_schemas import (
    FlattenedSchema,
    choices,
    flatten,
    is_truncated,
    properties,
    subschema,
)
from safelight_codegen._drift.keywords import allowed_types, keyword_changes
from safelight_codegen._drift.one_of_overlap import Side, find_overlap, required
from safelight_codegen._drift.rules import ValueSetChange, classify, classify_values
from safelight_codegen._drift.uncompared import is_same
from safelight_openapi import JSONValue, Node

_OPEN: tuple[JSONValue, ...] = (True, {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The comparison of one operation in one direction; `compared` are the pairs of schemas done so far.

    `echoes` are pointers of schemas that clients send. Where one occurs in a response, the response repeats
    what was sent, so nothing in it can be new to the client, and its changes are classified as those of a
    request. Properties that the service sets (`readOnly`) are not repeated: they are classified by
    `own_comparison`.
    """

    old: Node
    new: Node
    direction: Direction
    operation: str
    echoes: frozenset[str] = frozenset()
    compared: set[tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=set)
    own_comparison: "Comparison | None" = None

    def classify(self, rule: str, pointer: str, *, was: JsonOrAbsent, now: JsonOrAbsent) -> DocumentChange:
        """Return a change of this operation in this direction."""
        return classify(
            rule, pointer, was=was, now=now, direction=self.direction, operations=(self.operation,)
        )

    def classify_values(
        self, what: str, change: ValueSetChange, pointer: str, *, was: JsonOrAbsent, now: JsonOrAbsent
    ) -> DocumentChange:
        """Return a change of the allowed values, of this operation in this direction."""
        return classify_values(
            what, change, pointer, was=was, now=now, direction=self.direction, operations=(self.operation,)
        )


def in_direction(comparison: Comparison, direction: Direction) -> Comparison:
    """Return the comparison for another direction, in which nothing has been compared yet."""
    return replace(comparison, direction=direction, compared=set())


def _as_echo(comparison: Comparison) -> Comparison:
    """Return the comparison for a request that a response repeats."""
    own = replace(comparison, echoes=frozenset(), compared=set())
    return replace(in_direction(comparison, Direction.REQUEST), own_comparison=own)


def schema_changes(
    old: JSONValue, old_pointer: str, new: JSONValue, new_pointer: str, comparison: Comparison
) -> Iterator[DocumentChange]:
    """Compare the schema at `old_pointer` with the one at `new_pointer`."""
    yield from _views(
        flatten(old, old_pointer, comparison.old), flatten(new, new_pointer, comparison.new), comparison
    )


def _views(old: FlattenedSchema, new: FlattenedSchema, comparison: Comparison) -> Iterator[DocumentChange]:
    """Compare schemas by their choices (`anyOf` and `oneOf` expanded); others were removed or added.

    A pair that is being compared is skipped: recursive schemas lead back to it.
    """
    if (old.locations, new.locations) in comparison.compared:
        return
    comparison.compared.add((old.locations, new.locations))
    yield from _oneof_changes(old, new, comparison)
    ours, theirs = choices(old, comparison.old), choices(new, comparison.new)
    if (is_truncated(ours) or is_truncated(theirs)) and not is_same(comparison.old, comparison.new):
        yield comparison.classify("choices not compared", old.pointer, was=ABSENT, now=ABSENT)
    if len(ours) == len(theirs) == 1:
        yield from _flat(ours[0], theirs[0], comparison)
        return
    pairs, removed, added = _paired(ours, theirs)
    for one, other in pairs:
        yield from _flat(one, other, comparison)
    for one in removed:
        yield comparison.classify_values(
            "choice", ValueSetChange.NARROWED, one.pointer, was=one.parts[-1].node, now=ABSENT
        )
    for other in added:
        yield comparison.classify_values(
            "choice", ValueSetChange.WIDENED, other.pointer, was=ABSENT, now=other.parts[-1].node
        )
    yield from _overlaps(
        Side(whole=old, choices=ours, document=comparison.old),
        Side(whole=new, choices=theirs, document=comparison.new),
        pairs,
        comparison,
    )


def _oneof_changes(
    old: FlattenedSchema, new: FlattenedSchema, comparison: Comparison
) -> Iterator[DocumentChange]:
    """Yield a change between `oneOf` and `anyOf`, which allows values that match two members."""
    was, now = ([key for key in ("anyOf", "oneOf") if one.parts_with(key)] for one in (old, new))
    if was and now and was != now:
        pointer = old.pointer_of(was[0]) or old.pointer
        yield comparison.classify_values(
            "anyOf or oneOf", ValueSetChange.UNCLEAR, pointer, was=[*was], now=[*now]
        )


def _overlaps(
    old: Side, new: Side, pairs: list[tuple[FlattenedSchema, FlattenedSchema]], comparison: Comparison
) -> Iterator[DocumentChange]:
    """Yield a `oneOf` that rejects former requests, or allows new responses, because members overlap."""
    if comparison.direction is Direction.REQUEST:
        overlap = find_overlap(old, new, {other.locations: one for one, other in pairs})
    else:  # what matched two members before was not allowed, and is now
        overlap = find_overlap(new, old, {one.locations: other for one, other in pairs})
    if overlap is None:
        return
    rule = "choices overlap" if overlap.is_proven else "choices may overlap"
    value = overlap.value if overlap.is_proven else ABSENT
    is_sent = comparison.direction is Direction.REQUEST
    yield comparison.classify(
        rule, overlap.other.pointer, was=value if is_sent else ABSENT, now=ABSENT if is_sent else value
    )


def _paired(
    ours: list[FlattenedSchema], theirs: list[FlattenedSchema]
) -> tuple[list[tuple[FlattenedSchema, FlattenedSchema]], list[FlattenedSchema], list[FlattenedSchema]]:
    """Pair choices by component, else by content, else by type; also return those without a partner."""
    pairs = list[tuple[FlattenedSchema, FlattenedSchema]]()
    for matches in (_same_name, _same_content, _same_type):
        for one in list(ours):
            partner = next((other for other in theirs if matches(one, other)), None)
            if partner is not None:
                pairs.append((one, partner))
                ours = [left for left in ours if left is not one]
                theirs = [left for left in theirs if left is not partner]
    return pairs, ours, theirs


def _same_name(one: FlattenedSchema, other: FlattenedSchema) -> bool:
    return (
        one.parts[-1].pointer.startswith("/components/") and one.parts[-1].pointer == other.parts[-1].pointer
    )


def _same_content(one: FlattenedSchema, other: FlattenedSchema) -> bool:
    return one.parts[-1].node == other.parts[-1].node


def _same_type(one: FlattenedSchema, other: FlattenedSchema) -> bool:
    return allowed_types(one) == allowed_types(other)


def _flat(old: FlattenedSchema, new: FlattenedSchema, comparison: Comparison) -> Iterator[DocumentChange]:
    if comparison.direction is Direction.RESPONSE and not comparison.echoes.isdisjoint(old.locations):
        comparison = _as_echo(comparison)
    changes = list(keyword_changes(old, new))
    for one in changes:
        yield comparison.classify_values(one.keyword, one.change, one.pointer, was=one.was, now=one.now)
    if any(one.keyword == "type" and one.change is ValueSetChange.REPLACED for one in changes):
        return
    yield from _notes(old, new, comparison)
    if comparison.own_comparison:
        yield from _members(old, new, comparison.own_comparison, _is_read_only)
    yield from _members(old, new, comparison, _SHOWN[comparison.direction])
    yield from _others(old, new, comparison)
    if old.parts_with("items") or new.parts_with("items"):
        yield from _views(
            subschema(old, "items", comparison.old), subschema(new, "items", comparison.new), comparison
        )


def _notes(old: FlattenedSchema, new: FlattenedSchema, comparison: Comparison) -> Iterator[DocumentChange]:
    """Compare keywords that do not restrict values."""
    for keyword, rule in _NOTES.items():
        was, now = _last(old, keyword), _last(new, keyword)
        if not is_same(was, now):
            pointer = old.pointer_of(keyword) or new.pointer_of(keyword) or old.pointer
            yield comparison.classify(rule, pointer, was=was, now=now)
    was, now = (True in one.values("deprecated") for one in (old, new))
    if was != now:
        pointer = old.pointer_of("deprecated") or new.pointer_of("deprecated") or old.pointer
        yield classify(
            "deprecated" if now else "deprecation lifted",
            pointer,
            was=was,
            now=now,
            operations=(comparison.operation,),
        )


def _last(whole: FlattenedSchema, keyword: str) -> JsonOrAbsent:
    values = whole.values(keyword)
    return values[-1] if values else ABSENT


_NOTES = {"default": "default changed"}


def _is_read_only(property_: FlattenedSchema) -> bool:
    return True in property_.values("readOnly")


def _is_write_only(property_: FlattenedSchema) -> bool:
    return True in property_.values("writeOnly")


# Which properties a message has; `required` too holds in this direction only (OpenAPI 3.1.2, Schema Object).
_SHOWN: Mapping[Direction, Callable[[FlattenedSchema], bool]] = {
    Direction.REQUEST: lambda property_: not _is_read_only(property_),
    Direction.RESPONSE: lambda property_: not _is_write_only(property_),
}


def _members(
    old: FlattenedSchema,
    new: FlattenedSchema,
    comparison: Comparison,
    is_shown: Callable[[FlattenedSchema], bool],
) -> Iterator[DocumentChange]:
    """Compare the properties that messages in this direction have.

    With another `is_shown` than the direction's own, only a part of them is compared (see `own_comparison`);
    names in `required` without a property do not belong to that part.
    """
    is_part = is_shown is not _SHOWN[comparison.direction]
    ours, theirs = properties(old, comparison.old), properties(new, comparison.new)
    flipped = [name for name in ours if name in theirs and is_shown(ours[name]) != is_shown(theirs[name])]
    if not is_part:
        yield from (_visibility_change(name, ours[name], theirs[name], new, comparison) for name in flipped)
    hidden = {name for known in (ours, theirs) for name, one in known.items() if not is_shown(one)}
    if is_part:  # a property that was or is in the part belongs to it
        hidden |= {*required(old), *required(new)} - ours.keys() - theirs.keys()
        hidden -= {name for known in (ours, theirs) for name, one in known.items() if is_shown(one)}
    ours, theirs = (
        {name: one for name, one in known.items() if name not in hidden} for known in (ours, theirs)
    )
    had, has = ([name for name in required(whole) if name not in hidden] for whole in (old, new))
    for name in dict.fromkeys((*ours, *had)):
        if name in ours and name not in theirs:
            yield comparison.classify(
                "property removed", ours[name].pointer, was=_shown(ours[name]), now=ABSENT
            )
        elif (name in had) != (name in has):
            rule = "property became required" if name in has else "property became optional"
            yield comparison.classify(rule, _pointer(old, ours, name), was=name in had, now=name in has)
    for name in dict.fromkeys((*theirs, *has)):
        if name not in ours and (name in theirs or name not in had):
            rule = _addition_rule(old, required=name in has and name not in had)
            yield comparison.classify(
                rule, _pointer(new, theirs, name), was=ABSENT, now=_shown(theirs.get(name))
            )
        if name not in ours and name in theirs and isinstance(_additional(old), dict):
            yield from _views(
                subschema(old, "additionalProperties", comparison.old), theirs[name], comparison
            )
    for name in (name for name in ours if name in theirs):
        yield from _views(ours[name], theirs[name], comparison)


def _addition_rule(old: FlattenedSchema, *, required: bool) -> str:
    if required:
        return "required property added"
    return (
        "property added to a closed object"
        if False in old.values("additionalProperties")
        else "property added"
    )


def _visibility_change(
    name: str, was: FlattenedSchema, now: FlattenedSchema, new: FlattenedSchema, comparison: Comparison
) -> DocumentChange:
    """Return the change of a property that messages in this direction no longer have, or have now."""
    keyword = "readOnly" if comparison.direction is Direction.REQUEST else "writeOnly"
    is_hidden = True in now.values(keyword)
    if is_hidden:
        rule = f"property became {keyword}"
    else:
        rule = f"{'required property' if name in required(new) else 'property'} is no longer {keyword}"
    pointer = was.pointer_of(keyword) or now.pointer_of(keyword) or was.pointer
    return comparison.classify(rule, pointer, was=not is_hidden, now=is_hidden)


def _pointer(whole: FlattenedSchema, known: dict[str, FlattenedSchema], name: str) -> str:
    return known[name].pointer if name in known else whole.pointer_of("required") or whole.pointer


def _shown(whole: FlattenedSchema | None) -> JsonOrAbsent:
    return whole.parts[-1].node if whole else ABSENT


def _others(old: FlattenedSchema, new: FlattenedSchema, comparison: Comparison) -> Iterator[DocumentChange]:
    """Compare `additionalProperties`."""
    key = "additionalProperties"
    was, now = _additional(old), _additional(new)
    pointer = old.pointer_of(key) or new.pointer_of(key) or old.pointer
    if isinstance(was, dict) and isinstance(now, dict):
        yield from _views(
            subschema(old, key, comparison.old), subschema(new, key, comparison.new), comparison
        )
    elif was is False and now is True:
        yield comparison.classify("object opened", pointer, was=False, now=_last(new, key))
    elif was != now:
        narrowed = was is True or now is False
        change = ValueSetChange.NARROWED if narrowed else ValueSetChange.WIDENED
        yield comparison.classify_values(key, change, pointer, was=_last(old, key), now=_last(new, key))


def _additional(whole: FlattenedSchema) -> JSONValue:
    """Return what further properties may be: anything (true), nothing (false) or values of a schema."""
    restricted = [one for one in whole.values("additionalProperties") if one not in _OPEN]
    return False if False in restricted else restricted[0] if restricted else True
