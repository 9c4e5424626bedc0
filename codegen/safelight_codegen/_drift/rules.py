"""The table of rules: which change is of which class in which direction, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from safelight_codegen._drift.changes import Change, Direction, Severity, Value

_B, _L, _H = Severity.BREAKING, Severity.LOOK, Severity.HARMLESS
_CALL, _ANSWER, _NEITHER = Direction.REQUEST, Direction.RESPONSE, Direction.NEITHER


class Turn(StrEnum):
    """What became of the set of values that are allowed."""

    NARROWED = "narrowed"
    WIDENED = "widened"
    REPLACED = "replaced"  # some are gone, others have come
    UNCLEAR = "changed"  # nobody can tell by looking


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The class of a change, and the reason for it."""

    severity: Severity
    why: str


_GONE = "whoever uses it finds it gone"
_UNUSED = "nobody can depend on it yet"
_REFUSED = "what was sent until now may be refused"
_UNTOLD = "something may come that no client was told of"
_KNOWN = "whatever comes could have come before"
_TAKEN = "whatever was sent is still taken"
_NAMED = "generated code is named after it"

# A row: what happened, in which direction, its class, the reason.
_ROWS: tuple[tuple[str, Direction, Severity, str], ...] = (
    ("operation removed", _NEITHER, _B, _GONE),
    ("operation added", _NEITHER, _H, _UNUSED),
    ("operation moved", _NEITHER, _B, "calls go to an address where it is no more"),
    ("operationId renamed", _NEITHER, _B, "the generated function has this name"),
    ("operationId added", _NEITHER, _L, _NAMED),
    ("operationId removed", _NEITHER, _L, _NAMED),
    ("tags changed", _NEITHER, _L, "generated modules lie in a folder named after the first tag"),
    ("deprecated", _NEITHER, _L, "it still works, and will not forever"),
    ("deprecation lifted", _NEITHER, _H, "it is there to stay"),
    ("webhook removed", _NEITHER, _B, "whoever waits for it waits in vain"),
    ("webhook added", _NEITHER, _H, _UNUSED),
    ("webhook's answer changed", _NEITHER, _L, "the service may expect another answer from receivers"),
    ("server removed", _NEITHER, _B, "calls to its address may go nowhere"),
    ("server added", _NEITHER, _H, "the addresses known before are still there"),
    ("first server changed", _NEITHER, _L, "a client that is told no address takes the first"),
    ("server stated", _NEITHER, _L, "until now the vendor named none, and an overlay may name another"),
    ("server's details changed", _NEITHER, _L, "its variables may lead to other addresses"),
    ("security tightened", _NEITHER, _B, "the credentials that sufficed no longer do"),
    ("security relaxed", _NEITHER, _H, "the credentials that sufficed still do"),
    ("parameter removed", _CALL, _B, _GONE),
    ("parameter removed", _ANSWER, _B, _GONE),
    ("parameter added", _CALL, _H, "nobody has to send it"),
    ("parameter added", _ANSWER, _H, "nobody has to read it"),
    ("required parameter added", _CALL, _B, "calls without it are refused"),
    ("required parameter added", _ANSWER, _H, "nobody has to read it"),
    ("parameter became required", _CALL, _B, "calls without it are refused"),
    ("parameter became required", _ANSWER, _H, _KNOWN),
    ("parameter became optional", _CALL, _H, _TAKEN),
    ("parameter became optional", _ANSWER, _B, "who relies on it may not get it"),
    ("way of writing changed", _CALL, _B, "the same value is spelled otherwise on the wire"),
    ("way of writing changed", _ANSWER, _B, "the same value is spelled otherwise on the wire"),
    ("property removed", _CALL, _B, "who sends it is refused or no longer heard"),
    ("property removed", _ANSWER, _B, "who reads it finds nothing"),
    ("property added", _CALL, _H, "nobody has to send it"),
    ("property added", _ANSWER, _H, "nobody has to read it"),
    ("property added to a closed object", _CALL, _H, "nobody has to send it"),
    ("property added to a closed object", _ANSWER, _L, "it was said that no more would come"),
    ("required property added", _CALL, _B, "bodies without it are refused"),
    ("required property added", _ANSWER, _H, "nobody has to read it"),
    ("property became required", _CALL, _B, "bodies without it are refused"),
    ("property became required", _ANSWER, _H, "it came at times, now it always does"),
    ("property became optional", _CALL, _H, _TAKEN),
    ("property became optional", _ANSWER, _B, "who relies on it may not get it"),
    ("default changed", _CALL, _L, "who sends nothing may get another result"),
    ("default changed", _ANSWER, _H, "it says nothing about what comes"),
    ("property became readOnly", _CALL, _B, "requests that send it may be rejected, or it is ignored"),
    ("property is no longer readOnly", _CALL, _H, "requests may go on without it"),
    ("required property is no longer readOnly", _CALL, _B, "bodies without it are refused"),
    ("property became writeOnly", _ANSWER, _B, "who reads it finds nothing"),
    ("property is no longer writeOnly", _ANSWER, _H, "clients may go on ignoring it"),
    ("required property is no longer writeOnly", _ANSWER, _H, "clients may go on ignoring it"),
    ("choices overlap", _CALL, _B, "a value that was accepted fits two members of oneOf now"),
    ("choices overlap", _ANSWER, _B, "a value may come that fitted two members of oneOf before"),
    ("choices may overlap", _CALL, _L, "whether a value fits two members of oneOf is undecided"),
    ("choices may overlap", _ANSWER, _L, "whether a value fitted two members of oneOf is undecided"),
    ("choices not compared", _CALL, _L, "the schema has more choices than are compared"),
    ("choices not compared", _ANSWER, _L, "the schema has more choices than are compared"),
    ("body removed", _CALL, _B, "what was sent in it is no longer heard"),
    ("body removed", _ANSWER, _B, "who reads it finds nothing"),
    ("body added", _CALL, _H, "nobody has to send it"),
    ("body added", _ANSWER, _H, "nobody has to read it"),
    ("required body added", _CALL, _B, "calls without it are refused"),
    ("required body added", _ANSWER, _H, "nobody has to read it"),
    ("body became required", _CALL, _B, "calls without it are refused"),
    ("body became required", _ANSWER, _H, _KNOWN),
    ("body became optional", _CALL, _H, _TAKEN),
    ("body became optional", _ANSWER, _B, "who relies on it may not get it"),
    ("media type removed", _CALL, _B, _REFUSED),
    ("media type removed", _ANSWER, _B, "who reads it gets something else"),
    ("media type added", _CALL, _H, _TAKEN),
    ("media type added", _ANSWER, _L, "clients that do not choose may get it"),
    ("answer removed", _ANSWER, _B, "the success that clients wait for has another status"),
    ("answer added", _ANSWER, _L, "clients may not know what to make of it"),
    ("error removed", _ANSWER, _H, _KNOWN),
    ("error added", _ANSWER, _H, "clients take every status from 400 for an error"),
    ("header removed", _ANSWER, _B, "who reads it finds nothing"),
    ("header added", _ANSWER, _H, "nobody has to read it"),
    ("header became required", _ANSWER, _H, "it came at times, now it always does"),
    ("header became optional", _ANSWER, _B, "who relies on it may not get it"),
    ("object opened", _CALL, _H, _TAKEN),
    ("object opened", _ANSWER, _L, "properties may come that no schema describes"),
    ("schema removed", _NEITHER, _L, "a generated class has its name, and overlays may point at it"),
    ("schema added", _NEITHER, _H, _UNUSED),
    ("documentation changed", _NEITHER, _H, "it is for people; no call is different for it"),
    ("written otherwise", _NEITHER, _H, "no call is different for it"),
    ("not understood", _NEITHER, _L, "this part of a document is not compared by its meaning"),
)

_TURNS: Mapping[tuple[Turn, Direction], Verdict] = {
    (Turn.NARROWED, _CALL): Verdict(severity=_B, why=_REFUSED),
    (Turn.NARROWED, _ANSWER): Verdict(severity=_H, why=_KNOWN),
    (Turn.WIDENED, _CALL): Verdict(severity=_H, why=_TAKEN),
    (Turn.WIDENED, _ANSWER): Verdict(severity=_B, why=_UNTOLD),
    (Turn.REPLACED, _CALL): Verdict(severity=_B, why=_REFUSED),
    (Turn.REPLACED, _ANSWER): Verdict(severity=_B, why=_UNTOLD),
    (Turn.UNCLEAR, _CALL): Verdict(severity=_L, why="whether less is taken cannot be told by looking"),
    (Turn.UNCLEAR, _ANSWER): Verdict(severity=_L, why="whether more may come cannot be told by looking"),
}

RULES: Mapping[tuple[str, Direction], Verdict] = {
    (rule, direction): Verdict(severity=severity, why=why) for rule, direction, severity, why in _ROWS
}


def judged(  # noqa: PLR0913 - a change has these parts, all named
    rule: str,
    pointer: str,
    *,
    was: Value,
    now: Value,
    direction: Direction = Direction.NEITHER,
    operations: tuple[str, ...] = (),
) -> Change:
    """Make a change of the class that the table gives it."""
    return _change(rule, RULES[rule, direction], pointer, was, now, direction, operations)


def turned(  # noqa: PLR0913 - a change has these parts, all named
    what: str,
    turn: Turn,
    pointer: str,
    *,
    was: Value,
    now: Value,
    direction: Direction,
    operations: tuple[str, ...] = (),
) -> Change:
    """Make a change of what values are allowed; its class follows from turn and direction alone."""
    return _change(f"{what} {turn}", _TURNS[turn, direction], pointer, was, now, direction, operations)


def _change(  # noqa: PLR0913, PLR0917 - what the two above have in common
    rule: str,
    verdict: Verdict,
    pointer: str,
    was: Value,
    now: Value,
    direction: Direction,
    operations: tuple[str, ...],
) -> Change:
    return Change(
        rule=rule,
        severity=verdict.severity,
        why=verdict.why,
        direction=direction,
        pointer=pointer,
        was=was,
        now=now,
        operations=operations,
    )
