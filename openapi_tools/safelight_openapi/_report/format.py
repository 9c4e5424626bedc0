"""What OpenAPI 3.1 does not allow, by its official JSON Schema, and what that cannot say of operations.

The validator of openapi-spec-validator checks the same, and takes 35 s for a document of 3 MB.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs

from safelight_lifecycle import format_pointer, value_at
from safelight_openapi._findings.candidates import closest
from safelight_openapi._findings.finding import Action, Finding, FindingCode, Severity
from safelight_openapi._findings.fixes import remove_value, rename_member, set_value
from safelight_openapi._report.locations import Location, value_at_location
from safelight_openapi._structure.operations import DocumentOperation, operations_by_id
from safelight_openapi._structure.references import Node

LONGEST = 160  # characters of a message that repeats a value
_PARAMETER = re.compile(r"\{([^{}]+)\}")


def format_findings(document: Node) -> Iterator[Finding]:
    """Yield warnings: a document with these can be served."""
    validator = _validator()
    for error in validator.iter_errors(document) if validator else ():
        text = " ".join(error.message.split())
        at: Location = tuple(error.instance_path)
        unexpected = [str(key) for key in getattr(error.kind, "unexpected", ())]
        if unexpected:
            yield from (_unexpected(error, at, key, document) for key in unexpected)
            continue
        yield _warning(at, text if len(text) <= LONGEST else f"{text[:LONGEST]}…", ())
    for operation in operations_by_id(document).values():
        yield from _undeclared(operation)


def _unexpected(error: Any, at: Location, key: str, document: Node) -> Finding:  # noqa: ANN401 - as it is typed
    """Return the finding of a member that OpenAPI does not have at a location."""
    rules = value_at(format_pointer(tuple(error.schema_path)[:-1]), _schema())
    allowed = rules.get("properties", {}) if isinstance(rules, dict) else {}
    present = value_at_location(at, document)
    members = present if isinstance(present, dict) else {}
    similar = closest(key, [name for name in allowed if name not in members])
    reason = f"OpenAPI has no {key} here."
    fix: tuple[Action, ...] = (remove_value((*at, key), reason),)
    if similar:
        fix = rename_member((*at, key), similar[0], members.get(key), reason)
    return Finding(
        code=FindingCode.INVALID_DOCUMENT,
        message=f"OpenAPI has no member {key} here",
        pointer=format_pointer((*at, key)),
        actual=key,
        expected=", ".join(allowed),
        candidates=similar,
        fix=fix,
        severity=Severity.WARNING,
    )


def is_format_known() -> bool:
    """Whether the official schema is installed: the mock server does without it."""
    return _validator() is not None


@cache
def _validator() -> jsonschema_rs.Validator | None:
    schema = _schema()
    return jsonschema_rs.validator_for(schema) if schema else None


@cache
def _schema() -> dict[str, Any]:
    """Return the official schema; empty if it is not installed."""
    try:
        from openapi_spec_validator.schemas import schema_v31  # noqa: PLC0415 - it takes 0.1 s
    except ModuleNotFoundError:
        return {}
    return dict(schema_v31)


def _undeclared(operation: DocumentOperation) -> Iterator[Finding]:
    """Yield the parameters of a path that no parameter declares."""
    at = ("paths", operation.path, operation.method)
    for name in _PARAMETER.findall(operation.path):
        if operation.parameter(name, "path") is None:
            missing: Any = {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            reason = f"The path has a parameter {name}."
            fix = (set_value(at, {"parameters": [missing]}, reason),)
            yield _warning(at, f"the path has a parameter {name}, which is not declared", fix)


def _warning(at: Location, message: str, fix: Any) -> Finding:  # noqa: ANN401 - actions are JSON
    return Finding(
        code=FindingCode.INVALID_DOCUMENT,
        message=message,
        pointer=format_pointer(at),
        fix=fix,
        severity=Severity.WARNING,
    )
