"""Writes `x-async-jobs` as a Python table, so that importing a client parses no document."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from safelight_codegen._generate.errors import GenerationError
from safelight_lifecycle import EXTENSION, State, read_lifecycles

Document = Mapping[str, Any]

_HEAD = '''"""The lifecycles of this vendor's jobs, and the module that executes each operation."""

from collections.abc import Mapping
from typing import Final

from safelight_lifecycle import (
    FileLink,
    FileLinks,
    JobId,
    JobLifecycle,
    ListOperation,
    ReadOperation,
    RestrictedOperation,
    State,
)
'''


def lifecycle_table(document: Document, modules: Mapping[str, str]) -> bytes:
    """Return the module `async_jobs`: LIFECYCLES by name, OPERATIONS from operationId to module.

    Raises GenerationError if a lifecycle is invalid or names an operation without a module.
    """
    _refuse_unknown(document.get(EXTENSION, {}), modules)
    try:
        lifecycles = read_lifecycles(document)
    except ValueError as error:
        raise GenerationError(f"{EXTENSION}: {error}") from error
    lines = (
        _HEAD,
        f"LIFECYCLES: Final[Mapping[str, JobLifecycle]] = {_code(lifecycles)}",
        f"OPERATIONS: Final[Mapping[str, str]] = {_code(dict(sorted(modules.items())))}",
        '__all__ = ["LIFECYCLES", "OPERATIONS"]',
    )
    return "\n".join([*lines, ""]).encode()


def _code(value: object) -> str:
    """Return a Python expression for a value; fields with their default value are left out."""
    if isinstance(value, State):
        return f"State.{value.name}"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_code(key)}: {_code(item)}' for key, item in value.items())}}}"
    if isinstance(value, frozenset):
        return f"frozenset([{', '.join(_code(state) for state in State if state in value)}])"
    if is_dataclass(value):
        members = ((field, getattr(value, field.name)) for field in fields(value))
        arguments = (f"{field.name}={_code(member)}" for field, member in members if member != field.default)
        return f"{type(value).__name__}({', '.join(arguments)})"
    return repr(value)


def _refuse_unknown(jobs: Document, modules: Mapping[str, str]) -> None:
    for name, job in jobs.items():
        if absent := sorted({*_operations(job)} - modules.keys()):
            raise GenerationError(
                f"{EXTENSION}: {name} names {', '.join(absent)}, for which no module was generated"
            )


def _operations(job: Document) -> Iterator[str]:
    yield from job["submit"]
    yield from (part["operation"] for part in job.values() if isinstance(part, dict) and "operation" in part)
