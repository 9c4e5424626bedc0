"""The table of rules: the class of each change in each direction, with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from safelight_codegen._drift.changes import ChangeSeverity, Direction, DocumentChange, JsonOrAbsent

_B, _R, _H = ChangeSeverity.BREAKING, ChangeSeverity.REVIEW, ChangeSeverity.HARMLESS
_REQUEST, _RESPONSE, _NEITHER = Direction.REQUEST, Direction.RESPONSE, Direction.NEITHER


class ValueSetChange(StrEnum):
    """How the set of allowed values changed."""

    NARROWED = "narrowed"
    WIDENED = "widened"
    REPLACED = "replaced"  # some values removed, others added
    UNCLEAR = "changed"  # undecidable, such as another pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """The class of a change, with the reason."""

    severity: ChangeSeverity
    reason: str


_REMOVED = "programs that use it fail"
_UNUSED = "no program depends on it yet"
_REJECTED = "values that were accepted may be rejected"
_UNKNOWN = "the service may return values that clients do not know"
_KNOWN = "the service returns nothing that it could not return before"
_ACCEPTED = "everything that was accepted still is"
_NAMED = "names in generated code are derived from it"

# A row: rule, direction, severity, reason.
_ROWS: tuple[tuple[str, Direction, ChangeSeverity, str], ...] = (
    ("operation removed", _NEITHER, _B, _REMOVED),
    ("operation added", _NEITHER, _H, _UNUSED),
    ("operation moved", _NEITHER, _B, "requests are sent to a path that no longer exists"),
    ("operationId renamed", _NEITHER, _B, "the generated function has this name"),
    ("operationId added", _NEITHER, _R, _NAMED),
    ("operationId removed", _NEITHER, _R, _NAMED),
    ("tags changed", _NEITHER, _R, "generated modules are in a folder named after the first tag"),
    ("deprecated", _NEITHER, _R, "it still works, but may be removed"),
    ("deprecation lifted", _NEITHER, _H, "it will not be removed"),
    ("webhook removed", _NEITHER, _B, "it will no longer be delivered"),
    ("webhook added", _NEITHER, _H, _UNUSED),
    ("webhook's response changed", _NEITHER, _R, "the service may expect another response from receivers"),
    ("server removed", _NEITHER, _B, "requests to its URL may fail"),
    ("server added", _NEITHER, _H, "the other URLs remain"),
    ("first server changed", _NEITHER, _R, "a client without a base URL uses the first server"),
    ("server declared", _NEITHER, _R, "the vendor declared none before, and an overlay may declare another"),
    ("server's details changed", _NEITHER, _R, "its variables may change the URL"),
    ("security tightened", _NEITHER, _B, "credentials that sufficed no longer do"),
    ("security relaxed", _NEITHER, _H, "credentials that sufficed still do"),
    ("parameter removed", _REQUEST, _B, _REMOVED),
    ("parameter removed", _RESPONSE, _B, _REMOVED),
    ("parameter added", _REQUEST, _H, "it is optional for clients"),
    ("parameter added", _RESPONSE, _H, "clients can ignore it"),
    ("required parameter added", _REQUEST, _B, "requests without it are rejected"),
    ("required parameter added", _RESPONSE, _H, "clients can ignore it"),
    ("parameter became required", _REQUEST, _B, "requests without it are rejected"),
    ("parameter became required", _RESPONSE, _H, _KNOWN),
    ("parameter became optional", _REQUEST, _H, _ACCEPTED),
    ("parameter became optional", _RESPONSE, _B, "the service may omit it"),
    ("serialization changed", _REQUEST, _B, "the same value is sent in another form"),
    ("serialization changed", _RESPONSE, _B, "the same value is sent in another form"),
    ("property removed", _REQUEST, _B, "requests that send it are rejected, or it is ignored"),
    ("property removed", _RESPONSE, _B, "the service no longer returns it"),
    ("property added", _REQUEST, _H, "it is optional for clients"),
    ("property added", _RESPONSE, _H, "clients can ignore it"),
    ("property added to a closed object", _REQUEST, _H, "it is optional for clients"),
    ("property added to a closed object", _RESPONSE, _R, "the schema excluded further properties"),
    ("required property added", _REQUEST, _B, "requests without it are rejected"),
    ("required property added", _RESPONSE, _H, "clients can ignore it"),
    ("property became required", _REQUEST, _B, "requests without it are rejected"),
    ("property became required", _RESPONSE, _H, "it was optional, and is now always returned"),
    ("property became optional", _REQUEST, _H, _ACCEPTED),
    ("property became optional", _RESPONSE, _B, "the service may omit it"),
    ("default changed", _REQUEST, _R, "requests without it may have another result"),
    ("default changed", _RESPONSE, _H, "the service's responses do not change"),
    ("property became readOnly", _REQUEST, _B, "requests that send it may be rejected, or it is ignored"),
    ("property is no longer readOnly", _REQUEST, _H, "requests without it are still accepted"),
    ("required property is no longer readOnly", _REQUEST, _B, "requests without it are rejected"),
    ("property became writeOnly", _RESPONSE, _B, "the service no longer returns it"),
    ("property is no longer writeOnly", _RESPONSE, _H, "clients can continue to ignore it"),
    ("required property is no longer writeOnly", _RESPONSE, _H, "clients can continue to ignore it"),
    ("choices overlap", _REQUEST, _B, "a value that was accepted now matches two members of oneOf"),
    (
        "choices overlap",
        _RESPONSE,
        _B,
        "the service may return a value that matched two members of oneOf before",
    ),
    ("choices may overlap", _REQUEST, _R, "it is undecided whether a value matches two members of oneOf"),
    ("choices may overlap", _RESPONSE, _R, "it is undecided whether a value matched two members of oneOf"),
    ("choices not compared", _REQUEST, _R, "the schema has more choices than are compared"),
    ("choices not compared", _RESPONSE, _R, "the schema has more choices than are compared"),
    ("body removed", _REQUEST, _B, "its content is ignored"),
    ("body removed", _RESPONSE, _B, "the service no longer returns it"),
    ("body added", _REQUEST, _H, "it is optional for clients"),
    ("body added", _RESPONSE, _H, "clients can ignore it"),
    ("required body added", _REQUEST, _B, "requests without it are rejected"),
    ("required body added", _RESPONSE, _H, "clients can ignore it"),
    ("body became required", _REQUEST, _B, "requests without it are rejected"),
    ("body became required", _RESPONSE, _H, _KNOWN),
    ("body became optional", _REQUEST, _H, _ACCEPTED),
    ("body became optional", _RESPONSE, _B, "the service may omit it"),
    ("media type removed", _REQUEST, _B, _REJECTED),
    ("media type removed", _RESPONSE, _B, "the service returns another one"),
    ("media type added", _REQUEST, _H, _ACCEPTED),
    ("media type added", _RESPONSE, _R, "clients without an Accept header may receive it"),
    ("response removed", _RESPONSE, _B, "success has another status than clients expect"),
    ("response added", _RESPONSE, _R, "clients may not support it"),
    ("error removed", _RESPONSE, _H, _KNOWN),
    ("error added", _RESPONSE, _H, "clients treat every status from 400 as an error"),
    ("header removed", _RESPONSE, _B, "the service no longer returns it"),
    ("header added", _RESPONSE, _H, "clients can ignore it"),
    ("header became required", _RESPONSE, _H, "it was optional, and is now always returned"),
    ("header became optional", _RESPONSE, _B, "the service may omit it"),
    ("object opened", _REQUEST, _H, _ACCEPTED),
    ("object opened", _RESPONSE, _R, "the service may return properties without a schema"),
    ("schema removed", _NEITHER, _R, "a generated class has its name, and overlays may refer to it"),
    ("schema added", _NEITHER, _H, _UNUSED),
    ("documentation changed", _NEITHER, _H, "it is documentation; requests and responses do not change"),
    ("notation changed", _NEITHER, _H, "requests and responses do not change"),
    ("not supported", _NEITHER, _R, "this part of a document is not compared"),
)

_VALUE_CHANGES: Mapping[tuple[ValueSetChange, Direction], Classification] = {
    (ValueSetChange.NARROWED, _REQUEST): Classification(severity=_B, reason=_REJECTED),
    (ValueSetChange.NARROWED, _RESPONSE): Classification(severity=_H, reason=_KNOWN),
    (ValueSetChange.WIDENED, _REQUEST): Classification(severity=_H, reason=_ACCEPTED),
    (ValueSetChange.WIDENED, _RESPONSE): Classification(severity=_B, reason=_UNKNOWN),
    (ValueSetChange.REPLACED, _REQUEST): Classification(severity=_B, reason=_REJECTED),
    (ValueSetChange.REPLACED, _RESPONSE): Classification(severity=_B, reason=_UNKNOWN),
    (ValueSetChange.UNCLEAR, _REQUEST): Classification(
        severity=_R, reason="it is undecided whether fewer values are accepted"
    ),
    (ValueSetChange.UNCLEAR, _RESPONSE): Classification(
        severity=_R, reason="it is undecided whether more values may be returned"
    ),
}

RULES: Mapping[tuple[str, Direction], Classification] = {
    (rule, direction): Classification(severity=severity, reason=reason)
    for rule, direction, severity, reason in _ROWS
}


def classify(  # noqa: PLR0913 - the parts of a change, all named
    rule: str,
    pointer: str,
    *,
    was: JsonOrAbsent,
    now: JsonOrAbsent,
    direction: Direction = Direction.NEITHER,
    operations: tuple[str, ...] = (),
) -> DocumentChange:
    """Return a change with the severity and the reason of `RULES` for its rule and direction.

    `rule` is a name of the table, `pointer` the location in the new document (in the old one for removals),
    `was` and `now` the values there, `operations` the names of the operations that it affects. Raises
    KeyError for a rule that the table lacks.
    """
    return _change(rule, RULES[rule, direction], pointer, was, now, direction, operations)


def classify_values(  # noqa: PLR0913 - the parts of a change, all named
    what: str,
    change: ValueSetChange,
    pointer: str,
    *,
    was: JsonOrAbsent,
    now: JsonOrAbsent,
    direction: Direction,
    operations: tuple[str, ...] = (),
) -> DocumentChange:
    """Return a change of the allowed values; severity and reason depend on `change` and direction only.

    `what` is what has these values, such as `type`; with `change` it is the name of the rule. The other
    arguments are those of `classify`.
    """
    return _change(
        f"{what} {change}", _VALUE_CHANGES[change, direction], pointer, was, now, direction, operations
    )


def _change(  # noqa: PLR0913, PLR0917 - the shared part of the two functions above
    rule: str,
    classification: Classification,
    pointer: str,
    was: JsonOrAbsent,
    now: JsonOrAbsent,
    direction: Direction,
    operations: tuple[str, ...],
) -> DocumentChange:
    return DocumentChange(
        rule=rule,
        severity=classification.severity,
        reason=classification.reason,
        direction=direction,
        pointer=pointer,
        was=was,
        now=now,
        operations=operations,
    )
