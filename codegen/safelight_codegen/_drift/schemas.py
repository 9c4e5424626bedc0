"""What changed between two schemas of one message, in the direction it is sent."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from safelight_codegen._drift.changes import ABSENT, Change, Direction, Value
from safelight_codegen._drift.flattened_schemas import View, choices, inner, is_cut, properties, view
from safelight_codegen._drift.keywords import turns, types
from safelight_codegen._drift.one_of_overlap import Side, overlap, required
from safelight_codegen._drift.rules import Turn, judged, turned
from safelight_codegen._drift.uncompared import same
from safelight_openapi import JSON, Node

_OPEN: tuple[JSON, ...] = (True, {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Two documents, which operation is looked at, and what of it has been compared.

    `echoes` are places of schemas that clients send. Where one stands in an answer, what was sent comes back:
    it can hold nothing new to the client, so it is judged as the request it was. But what the service sets in
    it, by `readOnly`, does not come back: `set_here` is the scene that this is judged in.
    """

    old: Node
    new: Node
    direction: Direction
    operation: str
    echoes: frozenset[str] = frozenset()
    seen: set[tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=set)
    set_here: "Scene | None" = None

    def judged(self, rule: str, pointer: str, *, was: Value, now: Value) -> Change:
        """Make a change of this operation in this direction."""
        return judged(rule, pointer, was=was, now=now, direction=self.direction, operations=(self.operation,))

    def turned(self, what: str, turn: Turn, pointer: str, *, was: Value, now: Value) -> Change:
        """Make a change of allowed values, of this operation in this direction."""
        return turned(
            what, turn, pointer, was=was, now=now, direction=self.direction, operations=(self.operation,)
        )


def towards(scene: Scene, direction: Direction) -> Scene:
    """Look at what is sent the other way; what was compared has to be compared again."""
    return replace(scene, direction=direction, seen=set())


def _as_echo(scene: Scene) -> Scene:
    """Look at an answer as at the request that comes back in it."""
    set_here = replace(scene, echoes=frozenset(), seen=set())
    return replace(towards(scene, Direction.REQUEST), set_here=set_here)


def schema_changes(old: JSON, old_at: str, new: JSON, new_at: str, scene: Scene) -> Iterator[Change]:
    """Compare the schema at `old_at` with the one at `new_at`."""
    yield from _views(view(old, old_at, scene.old), view(new, new_at, scene.new), scene)


def _views(old: View, new: View, scene: Scene) -> Iterator[Change]:
    """Pair the ways to fit either schema; a way without a partner is one less, or one more."""
    if (old.locations, new.locations) in scene.seen:
        return
    scene.seen.add((old.locations, new.locations))
    yield from _ways_to_choose(old, new, scene)
    ours, theirs = choices(old, scene.old), choices(new, scene.new)
    if (is_cut(ours) or is_cut(theirs)) and not same(scene.old, scene.new):
        yield scene.judged("choices not compared", old.at, was=ABSENT, now=ABSENT)
    if len(ours) == len(theirs) == 1:
        yield from _flat(ours[0], theirs[0], scene)
        return
    pairs, gone, come = _paired(ours, theirs)
    for one, other in pairs:
        yield from _flat(one, other, scene)
    for one in gone:
        yield scene.turned("choice", Turn.NARROWED, one.at, was=one.parts[-1].node, now=ABSENT)
    for other in come:
        yield scene.turned("choice", Turn.WIDENED, other.at, was=ABSENT, now=other.parts[-1].node)
    yield from _overlaps(
        Side(whole=old, choices=ours, document=scene.old),
        Side(whole=new, choices=theirs, document=scene.new),
        pairs,
        scene,
    )


def _ways_to_choose(old: View, new: View, scene: Scene) -> Iterator[Change]:
    """Tell of a `oneOf` that became an `anyOf`: what fits two of the members fits only the latter."""
    was, now = ([key for key in ("anyOf", "oneOf") if one.holders(key)] for one in (old, new))
    if was and now and was != now:
        place = old.where(was[0]) or old.at
        yield scene.turned("way to choose", Turn.UNCLEAR, place, was=[*was], now=[*now])


def _overlaps(old: Side, new: Side, pairs: list[tuple[View, View]], scene: Scene) -> Iterator[Change]:
    """Ask whether a request is refused, or an answer new, because of a second member of `oneOf` that fits."""
    if scene.direction is Direction.REQUEST:
        found = overlap(old, new, {other.locations: one for one, other in pairs})
    else:  # what fitted two members before could not come, and may now
        found = overlap(new, old, {one.locations: other for one, other in pairs})
    if found is None:
        return
    rule = "choices overlap" if found.is_proved else "choices may overlap"
    value = found.value if found.is_proved else ABSENT
    is_sent = scene.direction is Direction.REQUEST
    yield scene.judged(
        rule, found.other.at, was=value if is_sent else ABSENT, now=ABSENT if is_sent else value
    )


def _paired(ours: list[View], theirs: list[View]) -> tuple[list[tuple[View, View]], list[View], list[View]]:
    """Pair by the name referred to, else by equal content, else by a type that no other has."""
    pairs = list[tuple[View, View]]()
    for alike in (_same_name, _same_content, _same_type):
        for one in list(ours):
            partner = next((other for other in theirs if alike(one, other)), None)
            if partner is not None:
                pairs.append((one, partner))
                ours = [left for left in ours if left is not one]
                theirs = [left for left in theirs if left is not partner]
    return pairs, ours, theirs


def _same_name(one: View, other: View) -> bool:
    return one.parts[-1].at.startswith("/components/") and one.parts[-1].at == other.parts[-1].at


def _same_content(one: View, other: View) -> bool:
    return one.parts[-1].node == other.parts[-1].node


def _same_type(one: View, other: View) -> bool:
    return types(one) == types(other)


def _flat(old: View, new: View, scene: Scene) -> Iterator[Change]:
    if scene.direction is Direction.RESPONSE and not scene.echoes.isdisjoint(old.locations):
        scene = _as_echo(scene)
    found = list(turns(old, new))
    for one in found:
        yield scene.turned(one.keyword, one.turn, one.pointer, was=one.was, now=one.now)
    if any(one.keyword == "type" and one.turn is Turn.REPLACED for one in found):
        return
    yield from _notes(old, new, scene)
    if scene.set_here:
        yield from _members(old, new, scene.set_here, _is_read_only)
    yield from _members(old, new, scene, _SHOWN[scene.direction])
    yield from _others(old, new, scene)
    if old.holders("items") or new.holders("items"):
        yield from _views(inner(old, "items", scene.old), inner(new, "items", scene.new), scene)


def _notes(old: View, new: View, scene: Scene) -> Iterator[Change]:
    """Compare what a schema says beside which values fit it."""
    for keyword, rule in _NOTES.items():
        was, now = _last(old, keyword), _last(new, keyword)
        if not same(was, now):
            place = old.where(keyword) or new.where(keyword) or old.at
            yield scene.judged(rule, place, was=was, now=now)
    was, now = (True in one.values("deprecated") for one in (old, new))
    if was != now:
        place = old.where("deprecated") or new.where("deprecated") or old.at
        yield judged(
            "deprecated" if now else "deprecation lifted",
            place,
            was=was,
            now=now,
            operations=(scene.operation,),
        )


def _last(whole: View, keyword: str) -> Value:
    said = whole.values(keyword)
    return said[-1] if said else ABSENT


_NOTES = {"default": "default changed"}


def _is_read_only(property_: View) -> bool:
    return True in property_.values("readOnly")


def _is_write_only(property_: View) -> bool:
    return True in property_.values("writeOnly")


# Which properties a message has; `required` too holds in this direction only (OpenAPI 3.1.2, Schema Object).
_SHOWN: Mapping[Direction, Callable[[View], bool]] = {
    Direction.REQUEST: lambda property_: not _is_read_only(property_),
    Direction.RESPONSE: lambda property_: not _is_write_only(property_),
}


def _members(old: View, new: View, scene: Scene, is_shown: Callable[[View], bool]) -> Iterator[Change]:
    """Compare the properties that a message in the direction of `scene` has, or a part of them."""
    is_part = is_shown is not _SHOWN[scene.direction]
    ours, theirs = properties(old, scene.old), properties(new, scene.new)
    flipped = [name for name in ours if name in theirs and is_shown(ours[name]) != is_shown(theirs[name])]
    if not is_part:
        yield from (_flip(name, ours[name], theirs[name], new, scene) for name in flipped)
    hidden = {name for known in (ours, theirs) for name, one in known.items() if not is_shown(one)}
    if is_part:  # what is required and not described belongs to the rest, what was or is a part to the part
        hidden |= {*required(old), *required(new)} - ours.keys() - theirs.keys()
        hidden -= {name for known in (ours, theirs) for name, one in known.items() if is_shown(one)}
    ours, theirs = (
        {name: one for name, one in known.items() if name not in hidden} for known in (ours, theirs)
    )
    had, has = ([name for name in required(whole) if name not in hidden] for whole in (old, new))
    for name in dict.fromkeys((*ours, *had)):
        if name in ours and name not in theirs:
            yield scene.judged("property removed", ours[name].at, was=_shown(ours[name]), now=ABSENT)
        elif (name in had) != (name in has):
            rule = "property became required" if name in has else "property became optional"
            yield scene.judged(rule, _place(old, ours, name), was=name in had, now=name in has)
    for name in dict.fromkeys((*theirs, *has)):
        if name not in ours and (name in theirs or name not in had):
            rule = _arrival(old, required=name in has and name not in had)
            yield scene.judged(rule, _place(new, theirs, name), was=ABSENT, now=_shown(theirs.get(name)))
        if name not in ours and name in theirs and isinstance(_closing(old), dict):
            yield from _views(inner(old, "additionalProperties", scene.old), theirs[name], scene)
    for name in (name for name in ours if name in theirs):
        yield from _views(ours[name], theirs[name], scene)


def _arrival(old: View, *, required: bool) -> str:
    if required:
        return "required property added"
    return (
        "property added to a closed object"
        if False in old.values("additionalProperties")
        else "property added"
    )


def _flip(name: str, was: View, now: View, new: View, scene: Scene) -> Change:
    """Say that a property left, or entered, the messages of this direction."""
    keyword = "readOnly" if scene.direction is Direction.REQUEST else "writeOnly"
    is_hidden = True in now.values(keyword)
    if is_hidden:
        rule = f"property became {keyword}"
    else:
        rule = f"{'required property' if name in required(new) else 'property'} is no longer {keyword}"
    place = was.where(keyword) or now.where(keyword) or was.at
    return scene.judged(rule, place, was=not is_hidden, now=is_hidden)


def _place(whole: View, known: dict[str, View], name: str) -> str:
    return known[name].at if name in known else whole.where("required") or whole.at


def _shown(whole: View | None) -> Value:
    return whole.parts[-1].node if whole else ABSENT


def _others(old: View, new: View, scene: Scene) -> Iterator[Change]:
    """Compare what is said of properties that have no description of their own."""
    key = "additionalProperties"
    was, now = _closing(old), _closing(new)
    place = old.where(key) or new.where(key) or old.at
    if isinstance(was, dict) and isinstance(now, dict):
        yield from _views(inner(old, key, scene.old), inner(new, key, scene.new), scene)
    elif was is False and now is True:
        yield scene.judged("object opened", place, was=False, now=_last(new, key))
    elif was != now:
        narrowed = was is True or now is False
        turn = Turn.NARROWED if narrowed else Turn.WIDENED
        yield scene.turned(key, turn, place, was=_last(old, key), now=_last(new, key))


def _closing(whole: View) -> JSON:
    """Say what further properties may be: anything (true), nothing (false) or what fits a schema."""
    said = [one for one in whole.values("additionalProperties") if one not in _OPEN]
    return False if False in said else said[0] if said else True
