"""Violations of a schema, independent of the validator library."""

from collections.abc import Iterable, Iterator

import msgspec
from jsonschema_rs import ValidationError

from safelight_mock.wire.messages import JSON

Path = tuple[str | int, ...]


class Violation(msgspec.Struct, frozen=True):
    """A broken rule: path, schema keyword, the keyword's value in the schema, and the invalid value."""

    path: Path
    rule: str
    expected: JSON
    value: JSON


def violations(errors: Iterable[ValidationError]) -> Iterator[Violation]:
    """Yield every broken rule, of a choice those of every branch; an enum hides the type of its value."""
    errors = [*errors]
    listed = {_path(error) for error in errors if error.kind.name == "enum"}
    for error in errors:
        if error.kind.name != "type" or _path(error) not in listed:
            yield from _violations(error)


def _violations(error: ValidationError) -> Iterator[Violation]:
    path, kind = _path(error), error.kind
    value: JSON = error.instance
    match kind.name:
        case "required":
            yield Violation((*path, kind.value), kind.name, kind.value, value)
        case "additionalProperties":
            yield from (Violation((*path, name), kind.name, None, value[name]) for name in kind.value)
        case "anyOf" | "oneOf":
            for branch in getattr(kind, "context", ()):
                yield from () if _is_not_null(branch) else violations(branch)
        case "type":
            expected = next((name for name in kind.value if name != "null"), "null")
            yield Violation(path, kind.name, expected, value)
        case rule:
            yield Violation(path, rule, kind.value, value)


def _is_not_null(branch: list[ValidationError]) -> bool:
    """Return whether a branch is the `type: null` of a nullable field, which needs no message."""
    return [error.kind.value for error in branch if error.kind.name == "type"] == [["null"]]


def _path(error: ValidationError) -> Path:
    return tuple(error.instance_path)
