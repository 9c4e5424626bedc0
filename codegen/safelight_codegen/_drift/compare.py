"""Compares two OpenAPI documents: every change with its class."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from safelight_codegen._drift.changes import ABSENT, Absent, Direction, DocumentChange, JsonOrAbsent
from safelight_codegen._drift.messages import (
    body_changes,
    deprecation,
    parameter_changes,
    response_changes,
)
from safelight_codegen._drift.operation_matching import (
    ComparedOperation,
    list_operations,
    pair_operations,
    sent_schemas,
)
from safelight_codegen._drift.rules import classify
from safelight_codegen._drift.schemas import Comparison, in_direction
from safelight_codegen._drift.servers_and_security import security_changes, server_changes
from safelight_codegen._drift.uncompared import UncomparedDifference, find_uncompared
from safelight_openapi import Node, dump_json

_Users = dict[str, set[str]]  # operations by the pointer of a schema that they use


def compare_documents(
    old: Node, new: Node, *, sent: frozenset[str] = frozenset()
) -> tuple[DocumentChange, ...]:
    """Compare two normalised documents; the result begins with the most severe changes.

    `sent` are pointers of schemas that clients send in other documents; see `Comparison.echoes`.
    """
    users: _Users = {}
    echoes = sent | sent_schemas(old)
    explained = [*_operations(old, new, users, echoes), *_webhooks(old, new, users)]
    changes = [*_merged(explained), *_merged(_uncompared(old, new, explained, users))]
    return tuple(sorted(changes, key=lambda change: -change.severity))


def _operations(old: Node, new: Node, users: _Users, echoes: frozenset[str]) -> Iterator[DocumentChange]:
    pairs, removed, added = pair_operations(list_operations(old), list_operations(new))
    yield from _unpaired("operation", removed, added)
    for one, other in pairs:
        yield from _names(one, other)
        yield from security_changes(one, old, other, new)
        yield from server_changes(one, old, other, new)
        yield from deprecation(one.operation, other.operation, one.name)
        comparison = Comparison(
            old=old, new=new, direction=Direction.REQUEST, operation=one.name, echoes=echoes
        )
        yield from _messages(one, other, comparison, users)


def _unpaired(
    kind: str, removed: Iterable[ComparedOperation], added: Iterable[ComparedOperation]
) -> Iterator[DocumentChange]:
    """Yield the operations or webhooks that only one of the documents has."""
    for one in removed:
        yield classify(
            f"{kind} removed", one.operation.pointer, was=one.label, now=ABSENT, operations=(one.name,)
        )
    for one in added:
        yield classify(
            f"{kind} added", one.operation.pointer, was=ABSENT, now=one.label, operations=(one.name,)
        )


def _names(old: ComparedOperation, new: ComparedOperation) -> Iterator[DocumentChange]:
    names = (old.name,)
    if old.route != new.route:
        yield classify(
            "operation moved", old.operation.pointer, was=old.label, now=new.label, operations=names
        )
    was, now = old.operation_id, new.operation_id
    if was != now:
        rule = f"operationId {'added' if was is None else 'removed' if now is None else 'renamed'}"
        pointer = old.operation.pointer + "/operationId"
        yield classify(rule, pointer, was=_or_absent(was), now=_or_absent(now), operations=names)
    if _first_tag(old) != _first_tag(new):
        pointer = old.operation.pointer + "/tags"
        yield classify("tags changed", pointer, was=_first_tag(old), now=_first_tag(new), operations=names)


def _or_absent(name: str | None) -> JsonOrAbsent:
    return ABSENT if name is None else name


def _first_tag(one: ComparedOperation) -> JsonOrAbsent:
    tags = one.operation.node.get("tags")
    return tags[0] if isinstance(tags, list) and tags else ABSENT


def _messages(
    one: ComparedOperation, other: ComparedOperation, sent: Comparison, users: _Users
) -> Iterator[DocumentChange]:
    old, new, received = sent.old, sent.new, in_direction(sent, Direction.RESPONSE)
    yield from parameter_changes(one.parameters(old), other.parameters(new), sent)
    yield from body_changes(one.body(old), other.body(new), sent)
    yield from response_changes(one.responses(old), other.responses(new), received)
    _record_users(users, (sent, received))


def _webhooks(old: Node, new: Node, users: _Users) -> Iterator[DocumentChange]:
    """Compare webhooks, whose requests are sent by the service."""
    pairs, removed, added = pair_operations(
        list_operations(old, "webhooks"), list_operations(new, "webhooks")
    )
    yield from _unpaired("webhook", removed, added)
    for one, other in pairs:
        sent = Comparison(old=old, new=new, direction=Direction.RESPONSE, operation=one.name)
        yield from _names(one, other)
        yield from deprecation(one.operation, other.operation, one.name)
        yield from parameter_changes(one.parameters(old), other.parameters(new), sent)
        yield from body_changes(one.body(old), other.body(new), sent)
        _record_users(users, (sent,))
        was, now = one.operation.node.get("responses", {}), other.operation.node.get("responses", {})
        if was != now:
            pointer = one.operation.pointer + "/responses"
            yield classify("webhook's response changed", pointer, was=was, now=now, operations=(one.name,))


def _record_users(users: _Users, comparisons: Iterable[Comparison]) -> None:
    for comparison in comparisons:
        for pointer in (pointer for ours, theirs in comparison.compared for pointer in (*ours, *theirs)):
            users.setdefault(pointer, set()).add(comparison.operation)


def _uncompared(
    old: Node, new: Node, explained: list[DocumentChange], users: _Users
) -> Iterator[DocumentChange]:
    """Yield differences that no comparison explained.

    A difference in a part that is compared by its meaning is only another notation of the same.
    """
    compared = {change.pointer for change in explained}
    owners = {
        one.operation.pointer: one.name
        for part in ("paths", "webhooks")
        for one in list_operations(old, part)
    }
    for left in find_uncompared(old, new):
        if any(_explains(pointer, left) for pointer in compared):
            continue
        names = {name for pointer, name in owners.items() if _within(left.pointer, pointer)}
        names |= {
            name
            for pointer, operations in users.items()
            if _within(left.pointer, pointer)
            for name in operations
        }
        is_notation = left.rule == "notation changed"
        yield classify(
            left.rule,
            left.parent if is_notation else left.pointer,
            was=ABSENT if is_notation else left.was,
            now=ABSENT if is_notation else left.now,
            operations=tuple(sorted(names)),
        )


def _explains(pointer: str, left: UncomparedDifference) -> bool:
    """Whether a change at `pointer` includes this difference, or is inside the object that differs."""
    return left.rule == "notation changed" and (
        _within(left.pointer, pointer) or _within(pointer, left.parent)
    )


def _within(pointer: str, parent: str) -> bool:
    return pointer == parent or pointer.startswith(parent + "/")


def _merged(changes: Iterable[DocumentChange]) -> list[DocumentChange]:
    """Merge equal changes of several operations into one."""
    merged: dict[tuple[object, ...], DocumentChange] = {}
    for change in changes:
        key = (change.rule, change.direction, change.pointer, _key(change.was), _key(change.now))
        known = merged.get(key, change)
        names = tuple(dict.fromkeys((*known.operations, *change.operations)))
        merged[key] = replace(known, operations=names)
    return [change for change in merged.values() if not _is_included(change, merged.values())]


def _is_included(change: DocumentChange, others: Iterable[DocumentChange]) -> bool:
    """Whether a change of notation is reported for an object that includes this one."""
    return change.rule == "notation changed" and any(
        other.rule == change.rule and change.pointer.startswith(other.pointer + "/") for other in others
    )


def _key(value: JsonOrAbsent) -> str:
    return value.name if isinstance(value, Absent) else dump_json(value)
