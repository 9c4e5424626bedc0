"""All that changed from one OpenAPI document to another, each change with its class."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from safelight_codegen._drift.changes import ABSENT, Absent, Change, Direction, Value
from safelight_codegen._drift.messages import (
    answer_changes,
    body_changes,
    deprecation,
    parameter_changes,
)
from safelight_codegen._drift.operation_matching import Call, calls, paired, sent_schemas
from safelight_codegen._drift.rules import judged
from safelight_codegen._drift.schemas import Scene, towards
from safelight_codegen._drift.servers_and_security import security_changes, server_changes
from safelight_codegen._drift.uncompared import Leftover, leftovers
from safelight_openapi import Node, dump_json

_Reach = dict[str, set[str]]  # where a schema stands -> the operations that use it


def compare(old: Node, new: Node, *, sent: frozenset[str] = frozenset()) -> tuple[Change, ...]:
    """Compare two normalised documents: the worst changes first, then in the order of the documents.

    `sent` names schemas that clients send elsewhere, by their places; see `Scene.echoes`.
    """
    reach: _Reach = {}
    echoes = sent | sent_schemas(old)
    meant = [*_operations(old, new, reach, echoes), *_webhooks(old, new, reach)]
    said = [*_gathered(meant), *_gathered(_rest(old, new, meant, reach))]
    return tuple(sorted(said, key=lambda change: -change.severity))


def _operations(old: Node, new: Node, reach: _Reach, echoes: frozenset[str]) -> Iterator[Change]:
    pairs, gone, come = paired(calls(old), calls(new))
    for one in gone:
        yield judged("operation removed", one.spot.at, was=one.place, now=ABSENT, operations=(one.name,))
    for one in come:
        yield judged("operation added", one.spot.at, was=ABSENT, now=one.place, operations=(one.name,))
    for one, other in pairs:
        yield from _names(one, other)
        yield from security_changes(one, old, other, new)
        yield from server_changes(one, old, other, new)
        yield from deprecation(one.spot, other.spot, one.name)
        scene = Scene(old=old, new=new, direction=Direction.REQUEST, operation=one.name, echoes=echoes)
        yield from _messages(one, other, scene, reach)


def _names(old: Call, new: Call) -> Iterator[Change]:
    names = (old.name,)
    if old.address != new.address:
        yield judged("operation moved", old.spot.at, was=old.place, now=new.place, operations=names)
    was, now = old.operation_id, new.operation_id
    if was != now:
        rule = f"operationId {'added' if was is None else 'removed' if now is None else 'renamed'}"
        place = old.spot.at + "/operationId"
        yield judged(rule, place, was=_or_absent(was), now=_or_absent(now), operations=names)
    if _first_tag(old) != _first_tag(new):
        place = old.spot.at + "/tags"
        yield judged("tags changed", place, was=_first_tag(old), now=_first_tag(new), operations=names)


def _or_absent(name: str | None) -> Value:
    return ABSENT if name is None else name


def _first_tag(call: Call) -> Value:
    tags = call.spot.node.get("tags")
    return tags[0] if isinstance(tags, list) and tags else ABSENT


def _messages(one: Call, other: Call, sent: Scene, reach: _Reach) -> Iterator[Change]:
    old, new, answered = sent.old, sent.new, towards(sent, Direction.RESPONSE)
    yield from parameter_changes(one.parameters(old), other.parameters(new), sent)
    yield from body_changes(one.body(old), other.body(new), sent)
    yield from answer_changes(one.answers(old), other.answers(new), answered)
    _note(reach, (sent, answered))


def _webhooks(old: Node, new: Node, reach: _Reach) -> Iterator[Change]:
    """Compare notifications: the service sends what would be a request elsewhere."""
    pairs, gone, come = paired(calls(old, "webhooks"), calls(new, "webhooks"))
    for one in gone:
        yield judged("webhook removed", one.spot.at, was=one.place, now=ABSENT, operations=(one.name,))
    for one in come:
        yield judged("webhook added", one.spot.at, was=ABSENT, now=one.place, operations=(one.name,))
    for one, other in pairs:
        sent = Scene(old=old, new=new, direction=Direction.RESPONSE, operation=one.name)
        yield from _names(one, other)
        yield from deprecation(one.spot, other.spot, one.name)
        yield from parameter_changes(one.parameters(old), other.parameters(new), sent)
        yield from body_changes(one.body(old), other.body(new), sent)
        _note(reach, (sent,))
        was, now = one.spot.node.get("responses", {}), other.spot.node.get("responses", {})
        if was != now:
            place = one.spot.at + "/responses"
            yield judged("webhook's answer changed", place, was=was, now=now, operations=(one.name,))


def _note(reach: _Reach, scenes: Iterable[Scene]) -> None:
    for scene in scenes:
        for place in (place for ours, theirs in scene.seen for place in (*ours, *theirs)):
            reach.setdefault(place, set()).add(scene.operation)


def _rest(old: Node, new: Node, meant: list[Change], reach: _Reach) -> Iterator[Change]:
    """Say what nobody compared; what was compared and came out the same is only written otherwise."""
    told = {change.pointer for change in meant}
    owners = {one.spot.at: one.name for part in ("paths", "webhooks") for one in calls(old, part)}
    for left in leftovers(old, new):
        if any(_covers(place, left) for place in told):
            continue
        found = {name for place, name in owners.items() if _within(left.pointer, place)}
        found |= {name for place, names in reach.items() if _within(left.pointer, place) for name in names}
        otherwise = left.rule == "written otherwise"
        yield judged(
            left.rule,
            left.holder if otherwise else left.pointer,
            was=ABSENT if otherwise else left.was,
            now=ABSENT if otherwise else left.now,
            operations=tuple(sorted(found)),
        )


def _covers(place: str, left: Leftover) -> bool:
    """Whether a change at `place` speaks of this difference: it holds it, or lies within what differs."""
    return left.rule == "written otherwise" and (_within(left.pointer, place) or _within(place, left.holder))


def _within(place: str, holder: str) -> bool:
    return place == holder or place.startswith(holder + "/")


def _gathered(changes: Iterable[Change]) -> list[Change]:
    """Put together what is one change seen from several operations."""
    found: dict[tuple[object, ...], Change] = {}
    for change in changes:
        key = (change.rule, change.direction, change.pointer, _key(change.was), _key(change.now))
        known = found.get(key, change)
        names = tuple(dict.fromkeys((*known.operations, *change.operations)))
        found[key] = replace(known, operations=names)
    return [change for change in found.values() if not _repeats(change, found.values())]


def _repeats(change: Change, others: Iterable[Change]) -> bool:
    """Whether it is said already of what holds this place that it is written otherwise."""
    return change.rule == "written otherwise" and any(
        other.rule == change.rule and change.pointer.startswith(other.pointer + "/") for other in others
    )


def _key(value: Value) -> str:
    return value.name if isinstance(value, Absent) else dump_json(value)
