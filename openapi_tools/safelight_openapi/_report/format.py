"""What OpenAPI 3.1 does not allow, by its official JSON Schema, and what that cannot say of operations.

The validator of openapi-spec-validator checks the same, and takes 35 s for a document of 3 MB.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs

from safelight_lifecycle import format_pointer
from safelight_openapi._findings.finding import Finding, FindingCode, Severity
from safelight_openapi._findings.fixes import remove_value, set_value
from safelight_openapi._report.locations import Location
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
        unexpected = getattr(error.kind, "unexpected", ())
        message = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
        fix = tuple(remove_value((*at, str(key)), "OpenAPI does not have it here.") for key in unexpected)
        yield _warning(at, message, fix)
    for operation in operations_by_id(document).values():
        yield from _undeclared(operation)


def is_format_known() -> bool:
    """Whether the official schema is installed: the mock server does without it."""
    return _validator() is not None


@cache
def _validator() -> jsonschema_rs.Validator | None:
    try:
        from openapi_spec_validator.schemas import schema_v31  # noqa: PLC0415 - it takes 0.1 s
    except ModuleNotFoundError:
        return None
    return jsonschema_rs.validator_for(dict(schema_v31))


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
