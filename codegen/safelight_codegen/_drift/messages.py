"""Compares the messages of an operation: parameters, bodies, responses and their headers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from safelight_codegen._drift.changes import ABSENT, DocumentChange
from safelight_codegen._drift.rules import classify
from safelight_codegen._drift.schemas import Comparison, schema_changes
from safelight_lifecycle import format_pointer
from safelight_openapi import MAX_REFERENCES, JSONValue, Node, as_mapping, node_at

_STYLE = {"query": "form", "cookie": "form"}
_ANY = "XX"  # ends the key of a range of statuses, such as 4XX
_USUAL = ";charset=utf-8"  # the encoding of JSON, whether declared or not (RFC 8259)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocatedObject:
    """An object of a document with its pointer; references are resolved."""

    pointer: str
    node: Node

    def member(self, key: str) -> "LocatedObject":
        """Return a member, or an empty object if it does not exist."""
        return LocatedObject(
            pointer=self.pointer + format_pointer((key,)), node=as_mapping(self.node.get(key))
        )


def resolve_at(node: JSONValue, pointer: str, document: Node) -> LocatedObject:
    """Return the object at a pointer, or the one that its reference leads to."""
    for _ in range(MAX_REFERENCES):
        reference = as_mapping(node).get("$ref")
        if not isinstance(reference, str):
            break
        pointer = reference.removeprefix("#")
        node = node_at(document, pointer)
    return LocatedObject(pointer=pointer, node=as_mapping(node))


def parameter_changes(
    old: Mapping[tuple[str, str], LocatedObject],
    new: Mapping[tuple[str, str], LocatedObject],
    comparison: Comparison,
) -> Iterator[DocumentChange]:
    """Compare parameters, which are identified by location and name."""
    for key in dict.fromkeys((*old, *new)):
        yield from _parameter_or_header(
            "parameter", old.get(key), new.get(key), comparison, style=_STYLE.get(key[0], "simple")
        )


def body_changes(old: LocatedObject, new: LocatedObject, comparison: Comparison) -> Iterator[DocumentChange]:
    """Compare the bodies of requests."""
    if not old.node and not new.node:
        return
    if not (old.node and new.node):
        yield _added_or_removed("body", old if old.node else None, new if new.node else None, comparison)
        return
    yield from _requirement("body", old, new, comparison)
    yield from content_changes(old, new, comparison)


def response_changes(
    old: Mapping[str, LocatedObject], new: Mapping[str, LocatedObject], comparison: Comparison
) -> Iterator[DocumentChange]:
    """Compare responses by status; a status that is not listed has the response of its range."""
    for status in dict.fromkeys((*old, *new)):
        ours, theirs = _response_for(old, status), _response_for(new, status)
        if theirs is None and any(_is_within(one, status) for one in new):
            continue  # the range was split into single statuses, which are compared
        what = "response" if status[:1] in ("1", "2", "3") else "error"
        if ours is None or theirs is None:
            yield _added_or_removed(what, ours, theirs, comparison)
            continue
        yield from header_changes(ours, theirs, comparison)
        yield from content_changes(ours, theirs, comparison)


def _response_for(responses: Mapping[str, LocatedObject], status: str) -> LocatedObject | None:
    return responses.get(status) or responses.get(status[:1] + _ANY)


def _is_within(status: str, range_: str) -> bool:
    return range_.endswith(_ANY) and status[:1] == range_[:1]


def header_changes(
    old: LocatedObject, new: LocatedObject, comparison: Comparison
) -> Iterator[DocumentChange]:
    """Compare headers, whose names are case-insensitive (RFC 9110)."""
    ours, theirs = _headers(old, comparison.old), _headers(new, comparison.new)
    for name in dict.fromkeys((*ours, *theirs)):
        yield from _parameter_or_header(
            "header", ours.get(name), theirs.get(name), comparison, style="simple"
        )


def content_changes(
    old: LocatedObject, new: LocatedObject, comparison: Comparison
) -> Iterator[DocumentChange]:
    """Compare the media types of a body."""
    ours, theirs = _media(old), _media(new)
    for media in dict.fromkeys((*ours, *theirs)):
        one, other = ours.get(media), theirs.get(media)
        if one is None or other is None:
            yield _added_or_removed("media type", one, other, comparison)
        else:
            yield from _schemas(one, other, comparison)


def _parameter_or_header(
    what: str, old: LocatedObject | None, new: LocatedObject | None, comparison: Comparison, *, style: str
) -> Iterator[DocumentChange]:
    """Compare a parameter or a header."""
    if old is None or new is None:
        yield _added_or_removed(what, old, new, comparison)
        return
    yield from _requirement(what, old, new, comparison)
    was, now = (_serialization(one.node, style) for one in (old, new))
    if was != now:
        yield comparison.classify("serialization changed", old.pointer, was=was, now=now)
    yield from deprecation(old, new, comparison.operation)
    yield from _schemas(old, new, comparison)
    yield from content_changes(old, new, comparison)


def deprecation(old: LocatedObject, new: LocatedObject, operation: str) -> Iterator[DocumentChange]:
    """Yield the change if `deprecated` changed."""
    was, now = (one.node.get("deprecated") is True for one in (old, new))
    if was != now:
        rule = "deprecated" if now else "deprecation lifted"
        yield classify(rule, old.pointer + "/deprecated", was=was, now=now, operations=(operation,))


def _added_or_removed(
    what: str, old: LocatedObject | None, new: LocatedObject | None, comparison: Comparison
) -> DocumentChange:
    if old is not None:
        return comparison.classify(f"{what} removed", old.pointer, was=old.node, now=ABSENT)
    if new is None:
        raise AssertionError(what)
    required = new.node.get("required") is True and what in ("parameter", "body")
    return comparison.classify(
        f"required {what} added" if required else f"{what} added", new.pointer, was=ABSENT, now=new.node
    )


def _requirement(
    what: str, old: LocatedObject, new: LocatedObject, comparison: Comparison
) -> Iterator[DocumentChange]:
    was, now = (one.node.get("required") is True for one in (old, new))
    if was != now:
        rule = f"{what} became {'required' if now else 'optional'}"
        yield comparison.classify(rule, old.pointer + "/required", was=was, now=now)


def _serialization(node: Node, style: str) -> JSONValue:
    """Return how a value is serialized, with the defaults of the specification."""
    chosen = node.get("style", style)
    explode = node.get("explode", chosen == "form")
    return {"style": chosen, "explode": explode, "allowReserved": node.get("allowReserved", False)}


def _schemas(old: LocatedObject, new: LocatedObject, comparison: Comparison) -> Iterator[DocumentChange]:
    ours, theirs = (one.node.get("schema", {}) for one in (old, new))
    yield from schema_changes(ours, old.pointer + "/schema", theirs, new.pointer + "/schema", comparison)


def _headers(whole: LocatedObject, document: Node) -> dict[str, LocatedObject]:
    container = whole.member("headers")
    return {
        name.lower(): resolve_at(node, container.pointer + format_pointer((name,)), document)
        for name, node in container.node.items()
        if name.lower() != "content-type"  # ignored by OpenAPI, which has `content` instead
    }


def _media(whole: LocatedObject) -> dict[str, LocatedObject]:
    container = whole.member("content")
    return {
        name.replace(" ", "").lower().removesuffix(_USUAL): LocatedObject(
            pointer=container.pointer + format_pointer((name,)), node=as_mapping(node)
        )
        for name, node in container.node.items()
    }
