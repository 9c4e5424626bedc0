"""The form of `x-async-jobs` against its JSON Schema, down to the key or value that is wrong."""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import jsonschema_rs

from safelight_lifecycle import format_pointer, value_at
from safelight_openapi._checks.lifecycle_parts import ROOT
from safelight_openapi._checks.lifecycles import SCHEMA
from safelight_openapi._findings.candidates import closest
from safelight_openapi._findings.finding import Action, Finding, FindingCode
from safelight_openapi._findings.fixes import remove_value, rename_member, set_value
from safelight_openapi._reading.documents import JSONValue
from safelight_openapi._report.locations import Location, value_at_location

LONGEST = 160  # characters of a message that repeats a value


def form_findings(described: JSONValue) -> Iterator[Finding]:
    """Yield what does not match the schema; in a union, what is wrong with the most likely member."""
    validator = jsonschema_rs.validator_for(_schema())
    for error in validator.iter_errors(described):
        for inner in _innermost(error):
            yield from _finding(inner, described)


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return schema


def _innermost(error: Any) -> Iterator[Any]:  # noqa: ANN401 - errors of unions have no public type
    """Yield the errors of the member of a union whose type fits, or the error itself."""
    members = [list(member) for member in getattr(error.kind, "context", ())]
    at = list(error.instance_path)
    fitting = [
        member
        for member in members
        if not any(list(one.instance_path) == at and one.kind.name in ("type", "pattern") for one in member)
    ]
    chosen = min(fitting, key=len, default=[])
    if not chosen or (len(chosen) == 1 and chosen[0].kind.name == "enum" and len(fitting) > 1):
        chosen = []
    yield from (deeper for one in chosen for deeper in _innermost(one)) if chosen else [error]


def _finding(error: Any, described: JSONValue) -> Iterator[Finding]:  # noqa: ANN401 - as above
    at: Location = tuple(error.instance_path)
    node = value_at(format_pointer(tuple(error.schema_path)[:-1]), _schema())
    allowed = list(node.get("properties", {})) if isinstance(node, dict) else []
    if error.kind.name == "additionalProperties" and allowed:
        present = value_at_location(at, described)
        free = [key for key in allowed if not isinstance(present, dict) or key not in present]
        yield from (
            _unknown_key((*ROOT, *at), str(key), present, free, allowed) for key in error.kind.unexpected
        )
        return
    value = value_at_location(at, described)
    names = _alternatives(node) if isinstance(node, dict) else []
    similar = closest(value, names) if isinstance(value, str) else ()
    yield Finding(
        code=FindingCode.INVALID_LIFECYCLE,
        message=_sentence(error, names),
        pointer=format_pointer((*ROOT, *at)),
        actual=value if isinstance(value, str | int | float | bool) else None,
        expected=", ".join(names),
        candidates=similar,
        fix=tuple(set_value((*ROOT, *at), name, f"{value} is not allowed here.") for name in similar[:1]),
    )


def _unknown_key(
    at: Location, key: str, present: JSONValue, free: Sequence[str], allowed: Sequence[str]
) -> Finding:
    similar = closest(key, free)
    value = present.get(key) if isinstance(present, dict) else None
    reason = f"There is no key {key} here."
    fix: tuple[Action, ...] = (remove_value((*at, key), reason),)
    if similar:
        fix = rename_member((*at, key), similar[0], value, reason)
    return Finding(
        code=FindingCode.UNKNOWN_KEY,
        message=f"the key {key} is not one of {', '.join(allowed)}",
        pointer=format_pointer((*at, key)),
        actual=key,
        expected=", ".join(allowed),
        candidates=similar,
        fix=fix,
    )


def _alternatives(node: Any) -> list[str]:  # noqa: ANN401 - a part of a schema
    """Return the texts that a schema allows, also those of the members of a union."""
    inner = [name for one in node.get("oneOf", ()) for name in _alternatives(_resolved(one))]
    return [*map(str, node.get("enum", ())), *inner]


def _resolved(node: Any) -> Any:  # noqa: ANN401 - a part of a schema
    return value_at(node["$ref"].removeprefix("#"), _schema()) if "$ref" in node else node


def _sentence(error: Any, names: Sequence[str]) -> str:  # noqa: ANN401 - as above
    if names:
        return f"the value must be one of {', '.join(names)}"
    if error.kind.name == "required":
        return f"the key {error.kind.property} is missing"
    text = " ".join(error.message.split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
