"""What changed in the messages of an operation: parameters, bodies, answers and their headers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from safelight_codegen._drift.changes import ABSENT, Change
from safelight_codegen._drift.rules import judged
from safelight_codegen._drift.schemas import Scene, schema_changes
from safelight_lifecycle import format_pointer
from safelight_openapi import JSON, MAX_REFERENCES, Node, as_mapping, node_at

_STYLE = {"query": "form", "cookie": "form"}
_ANY = "XX"  # ends the key of a range of statuses, as 4XX
_USUAL = ";charset=utf-8"  # what JSON is written in, said or not (RFC 8259)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """An object of a document, references followed, and where it stands."""

    at: str
    node: Node

    def member(self, key: str) -> "Spot":
        """Step down; to an empty object if there is nothing."""
        return Spot(at=self.at + format_pointer((key,)), node=as_mapping(self.node.get(key)))


def spot(node: JSON, at: str, document: Node) -> Spot:
    """Follow the reference at a place, if one stands there."""
    for _ in range(MAX_REFERENCES):
        reference = as_mapping(node).get("$ref")
        if not isinstance(reference, str):
            break
        at = reference.removeprefix("#")
        node = node_at(document, at)
    return Spot(at=at, node=as_mapping(node))


def parameter_changes(
    old: Mapping[tuple[str, str], Spot], new: Mapping[tuple[str, str], Spot], scene: Scene
) -> Iterator[Change]:
    """Compare parameters, known by where they go and by their name."""
    for key in dict.fromkeys((*old, *new)):
        yield from _carrier(
            "parameter", old.get(key), new.get(key), scene, style=_STYLE.get(key[0], "simple")
        )


def body_changes(old: Spot, new: Spot, scene: Scene) -> Iterator[Change]:
    """Compare the bodies of a request, or of a notification."""
    if not old.node and not new.node:
        return
    if not (old.node and new.node):
        yield _appeared("body", old if old.node else None, new if new.node else None, scene)
        return
    yield from _requirement("body", old, new, scene)
    yield from content_changes(old, new, scene)


def answer_changes(old: Mapping[str, Spot], new: Mapping[str, Spot], scene: Scene) -> Iterator[Change]:
    """Compare answers status by status; one that is not listed has the answer of its range."""
    for status in dict.fromkeys((*old, *new)):
        ours, theirs = _under(old, status), _under(new, status)
        if theirs is None and any(_is_within(one, status) for one in new):
            continue  # compared status by status
        what = "answer" if status[:1] in ("1", "2", "3") else "error"
        if ours is None or theirs is None:
            yield _appeared(what, ours, theirs, scene)
            continue
        yield from header_changes(ours, theirs, scene)
        yield from content_changes(ours, theirs, scene)


def _under(answers: Mapping[str, Spot], status: str) -> Spot | None:
    return answers.get(status) or answers.get(status[:1] + _ANY)


def _is_within(status: str, range_: str) -> bool:
    return range_.endswith(_ANY) and status[:1] == range_[:1]


def header_changes(old: Spot, new: Spot, scene: Scene) -> Iterator[Change]:
    """Compare headers, whose names have no case (RFC 9110)."""
    ours, theirs = _headers(old, scene.old), _headers(new, scene.new)
    for name in dict.fromkeys((*ours, *theirs)):
        yield from _carrier("header", ours.get(name), theirs.get(name), scene, style="simple")


def content_changes(old: Spot, new: Spot, scene: Scene) -> Iterator[Change]:
    """Compare what a body may be written as."""
    ours, theirs = _media(old), _media(new)
    for media in dict.fromkeys((*ours, *theirs)):
        one, other = ours.get(media), theirs.get(media)
        if one is None or other is None:
            yield _appeared("media type", one, other, scene)
        else:
            yield from _schemas(one, other, scene)


def _carrier(what: str, old: Spot | None, new: Spot | None, scene: Scene, *, style: str) -> Iterator[Change]:
    """Compare what carries one value: a parameter or a header."""
    if old is None or new is None:
        yield _appeared(what, old, new, scene)
        return
    yield from _requirement(what, old, new, scene)
    was, now = (_writing(one.node, style) for one in (old, new))
    if was != now:
        yield scene.judged("way of writing changed", old.at, was=was, now=now)
    yield from deprecation(old, new, scene.operation)
    yield from _schemas(old, new, scene)
    yield from content_changes(old, new, scene)


def deprecation(old: Spot, new: Spot, operation: str) -> Iterator[Change]:
    """Say whether something is to go, or is no longer."""
    was, now = (one.node.get("deprecated") is True for one in (old, new))
    if was != now:
        rule = "deprecated" if now else "deprecation lifted"
        yield judged(rule, old.at + "/deprecated", was=was, now=now, operations=(operation,))


def _appeared(what: str, old: Spot | None, new: Spot | None, scene: Scene) -> Change:
    if old is not None:
        return scene.judged(f"{what} removed", old.at, was=old.node, now=ABSENT)
    if new is None:
        raise AssertionError(what)
    required = new.node.get("required") is True and what in ("parameter", "body")
    return scene.judged(
        f"required {what} added" if required else f"{what} added", new.at, was=ABSENT, now=new.node
    )


def _requirement(what: str, old: Spot, new: Spot, scene: Scene) -> Iterator[Change]:
    was, now = (one.node.get("required") is True for one in (old, new))
    if was != now:
        rule = f"{what} became {'required' if now else 'optional'}"
        yield scene.judged(rule, old.at + "/required", was=was, now=now)


def _writing(node: Node, style: str) -> JSON:
    """Say how a value is spelled, with what the specification takes for granted filled in."""
    chosen = node.get("style", style)
    explode = node.get("explode", chosen == "form")
    return {"style": chosen, "explode": explode, "allowReserved": node.get("allowReserved", False)}


def _schemas(old: Spot, new: Spot, scene: Scene) -> Iterator[Change]:
    ours, theirs = (one.node.get("schema", {}) for one in (old, new))
    yield from schema_changes(ours, old.at + "/schema", theirs, new.at + "/schema", scene)


def _headers(whole: Spot, document: Node) -> dict[str, Spot]:
    held = whole.member("headers")
    return {
        name.lower(): spot(node, held.at + format_pointer((name,)), document)
        for name, node in held.node.items()
        if name.lower() != "content-type"  # OpenAPI ignores it: `content` says it
    }


def _media(whole: Spot) -> dict[str, Spot]:
    held = whole.member("content")
    return {
        name.replace(" ", "").lower().removesuffix(_USUAL): Spot(
            at=held.at + format_pointer((name,)), node=as_mapping(node)
        )
        for name, node in held.node.items()
    }
