"""Writes `x-async-jobs` as a Python table, so that importing a client parses no document."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from enum import Enum
from typing import Any

from safelight_codegen._generate.errors import GenerationError
from safelight_lifecycle import (
    EXTENSION,
    Expression,
    JobIds,
    JobList,
    JobMove,
    JobRead,
    JobResult,
    Lifecycle,
    Submission,
    Word,
    read_async_jobs,
)

Document = Mapping[str, Any]

# What the client reads; a server's and a checker's part of a lifecycle would only be loaded there.
READ: Mapping[type, frozenset[str]] = {
    Lifecycle: frozenset({"name", "submit", "ids", "read", "listing", "words", "moves", "result", "errors"}),
    Submission: frozenset({"operation", "ids"}),
    JobIds: frozenset({"places", "urls", "parameter", "template"}),
    JobRead: frozenset({"operation", "state", "by_status", "progress", "progress_max", "eta"}),
    JobList: frozenset({"operation", "each"}),
    Word: frozenset({"name", "means"}),
    JobMove: frozenset({"operation", "to", "every"}),
    JobResult: frozenset({"places", "each", "operation", "allowed", "renew"}),
}

_HEAD = '''"""The lifecycles of this vendor's jobs, and the module that executes each operation."""

from collections.abc import Mapping
from typing import Final

from safelight_lifecycle import (
    JobIds,
    JobList,
    JobMove,
    JobRead,
    JobResult,
    Lifecycle,
    Removal,
    State,
    StateSet,
    Submission,
    Word,
    Words,
    WordState,
    parse_expression,
)
'''


def lifecycle_table(
    document: Document, modules: Mapping[str, str], *, left_out: list[str] | None = None
) -> bytes:
    """Return the module `async_jobs`: LIFECYCLES by name, OPERATIONS from operationId to module.

    Raises GenerationError if a lifecycle is invalid. One that names an operation without a module is left out
    and noted in `left_out`; without that, GenerationError is raised.
    """
    try:
        read = read_async_jobs(document).lifecycles
    except (KeyError, LookupError, ValueError) as error:
        raise GenerationError(f"{EXTENSION}: {error}") from error
    lifecycles = {name: client_part(lifecycle) for name, lifecycle in read.items()}
    for name, lifecycle in [*lifecycles.items()]:
        if problem := _unknown_operations(lifecycle, modules):
            if left_out is None:
                raise GenerationError(problem)
            left_out.append(f"{problem}; the lifecycle is left out")
            del lifecycles[name]
    lines = (
        _HEAD,
        f"LIFECYCLES: Final[Mapping[str, Lifecycle]] = {_code(lifecycles)}",
        f"OPERATIONS: Final[Mapping[str, str]] = {_code(dict(sorted(modules.items())))}",
        '__all__ = ["LIFECYCLES", "OPERATIONS"]',
    )
    return "\n".join([*lines, ""]).encode()


def client_part(value: Any) -> Any:  # noqa: ANN401 - a lifecycle, or any part of one
    """Return a lifecycle, or a part of one, without what the client does not read."""
    if isinstance(value, tuple):
        return tuple(map(client_part, value))
    if isinstance(value, Expression) or not is_dataclass(value) or isinstance(value, type):
        return value
    read = READ.get(type(value), frozenset(field.name for field in fields(value)))
    members = {
        field.name: client_part(getattr(value, field.name)) if field.name in read else _default(field)
        for field in fields(value)
    }
    return replace(value, **members)


def _default(field: Field[Any]) -> object:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _code(value: object) -> str:
    """Return a Python expression for a value; fields with their default value are left out."""
    match value:
        case Expression():
            return f"parse_expression({str(value)!r})"
        case Enum():
            return f"{type(value).__name__}.{value.name}"
        case dict():
            return f"{{{', '.join(f'{_code(key)}: {_code(item)}' for key, item in value.items())}}}"
        case frozenset():
            return f"frozenset([{', '.join(sorted(map(_code, value)))}])"
        case tuple():
            return f"({''.join(f'{_code(item)}, ' for item in value)})"
    return _call(value) if is_dataclass(value) else repr(value)


def _call(value: Any) -> str:  # noqa: ANN401 - of any type of a lifecycle
    members = ((field, getattr(value, field.name)) for field in fields(value))
    changed = ((field.name, member) for field, member in members if member != _default(field))
    return f"{type(value).__name__}({', '.join(f'{name}={_code(member)}' for name, member in changed)})"


def _unknown_operations(lifecycle: Lifecycle, modules: Mapping[str, str]) -> str:
    """Return a message about operations without a module; empty if all have one."""
    absent = sorted({*_operations(lifecycle)} - modules.keys() - {""})
    named = f"{EXTENSION}: {lifecycle.name} names {', '.join(absent)}"
    return f"{named}, for which no module was generated" if absent else ""


def _operations(lifecycle: Lifecycle) -> Iterator[str]:
    one_each = (lifecycle.read, lifecycle.listing, lifecycle.result)
    yield from (
        part.operation for part in (*lifecycle.submit, *lifecycle.moves, *one_each) if part is not None
    )
