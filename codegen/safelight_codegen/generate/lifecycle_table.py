"""The Python table made from `x-async-jobs`, so that a client parses no document when it is imported."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from safelight_codegen.generate.errors import GenerationError
from safelight_lifecycle.reader import EXTENSION, read_lifecycles
from safelight_lifecycle.states import State

Document = Mapping[str, Any]

_HEAD = '''"""How jobs live at this vendor, and which module carries out each operation."""

from collections.abc import Mapping
from typing import Final

from safelight_lifecycle.vocabulary import JobId, Lifecycle, Link, Links, Listing, Move, Read, State
'''


def lifecycle_table(document: Document, modules: Mapping[str, str]) -> bytes:
    """Write the module `async_jobs`: LIFECYCLES by name, OPERATIONS from operationId to module."""
    _refuse_unknown(document.get(EXTENSION, {}), modules)
    try:
        lifecycles = read_lifecycles(document)
    except ValueError as error:
        raise GenerationError(f"{EXTENSION}: {error}") from error
    lines = (
        _HEAD,
        f"LIFECYCLES: Final[Mapping[str, Lifecycle]] = {_code(lifecycles)}",
        f"OPERATIONS: Final[Mapping[str, str]] = {_code(dict(sorted(modules.items())))}",
        '__all__ = ["LIFECYCLES", "OPERATIONS"]',
    )
    return "\n".join([*lines, ""]).encode()


def _code(value: object) -> str:
    """Write an expression that makes the value; fields that have their defaults are left out."""
    if isinstance(value, State):
        return f"State.{value.name}"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_code(key)}: {_code(item)}' for key, item in value.items())}}}"
    if isinstance(value, frozenset):
        return f"frozenset([{', '.join(_code(state) for state in State if state in value)}])"
    if is_dataclass(value):
        members = ((field, getattr(value, field.name)) for field in fields(value))
        given = (f"{field.name}={_code(member)}" for field, member in members if member != field.default)
        return f"{type(value).__name__}({', '.join(given)})"
    return repr(value)


def _refuse_unknown(jobs: Document, modules: Mapping[str, str]) -> None:
    for name, job in jobs.items():
        if lost := sorted({*_operations(job)} - modules.keys()):
            raise GenerationError(f"{EXTENSION}: {name} names {', '.join(lost)}, which no path has")


def _operations(job: Document) -> Iterator[str]:
    yield from job["submit"]
    yield from (part["operation"] for part in job.values() if isinstance(part, dict) and "operation" in part)
