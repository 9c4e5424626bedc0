"""Writes lifecycles and requests as a Python table, so that importing a client parses no document."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from enum import Enum
from typing import Any

import safelight_lifecycle
from safelight_codegen._generate.api_table import api_table, called_operations
from safelight_codegen._generate.errors import GenerationError
from safelight_lifecycle import (
    EXTENSION,
    ApiTable,
    DeliveryRule,
    Expression,
    Idempotency,
    JobIds,
    JobList,
    JobMove,
    JobRead,
    JobResult,
    JobValue,
    Lifecycle,
    Submission,
    Word,
    read_async_jobs,
)

Document = dict[str, Any]

# What the client reads; a server's and a checker's part of a lifecycle would only be loaded there.
READ: Mapping[type, frozenset[str]] = {
    Lifecycle: frozenset(
        {
            *("name", "submit", "sync", "ids", "read", "listing", "words", "moves", "result", "results"),
            *("errors", "reports", "wait", "deliver", "idempotency", "nonce"),
        }
    ),
    Submission: frozenset({"operation", "ids", "when", "result"}),
    JobIds: frozenset({"places", "urls", "parameter", "template", "others"}),
    JobRead: frozenset({"operation", "state", "by_status", "follow", "progress", "progress_max", "eta"}),
    JobList: frozenset({"operation", "each", "like", "reports", "paging"}),
    Word: frozenset({"name", "means", "then"}),
    JobMove: frozenset({"operation", "to", "allowed", "every", "follow"}),
    JobResult: frozenset(
        {
            *("kind", "places", "each", "operation", "follow", "parameters", "content", "allowed"),
            *("media", "renew"),
        }
    ),
    DeliveryRule: frozenset({"target", "on", "body", "headers", "sign"}),
    Idempotency: frozenset({"header"}),
}

_HEAD = f'''"""The lifecycles of this API's jobs, and how its operations are called."""

from collections.abc import Mapping
from typing import Final

from safelight_lifecycle import {", ".join(safelight_lifecycle.__all__)}
'''  # names that are not used are removed when it is formatted


def lifecycle_table(
    document: Document, modules: Mapping[str, str], *, left_out: list[str] | None = None
) -> bytes:
    """Return the module `async_jobs` of a document; raises what `client_table` raises."""
    return table_source(client_table(document, modules, left_out=left_out))


def client_table(
    document: Document, modules: Mapping[str, str], *, left_out: list[str] | None = None
) -> ApiTable:
    """Return what a client knows of an API.

    Raises GenerationError if a lifecycle is invalid. One that names an operation without a module is left out
    and noted in `left_out`; without that, GenerationError is raised.
    """
    try:
        jobs = read_async_jobs(document)
    except (KeyError, LookupError, ValueError) as error:
        raise GenerationError(f"{EXTENSION}: {error}") from error
    lifecycles = _callable(jobs.lifecycles, modules, left_out)
    made = api_table(document, replace(jobs, lifecycles=lifecycles), modules)
    return replace(made, lifecycles=client_part(made.lifecycles))


def table_source(api: ApiTable) -> bytes:
    """Return the module `async_jobs`: API, LIFECYCLES by name, OPERATIONS from operationId to module."""
    members = {field.name: _code(getattr(api, field.name)) for field in fields(api)}
    members |= {"lifecycles": "LIFECYCLES", "modules": "OPERATIONS"}
    lines = (
        _HEAD,
        f"LIFECYCLES: Final[Mapping[str, Lifecycle]] = {_code(api.lifecycles)}",
        f"OPERATIONS: Final[Mapping[str, str]] = {_code(api.modules)}",
        f"API: Final = ApiTable({', '.join(f'{name}={code}' for name, code in members.items())})",
        '__all__ = ["API", "LIFECYCLES", "OPERATIONS"]',
    )
    return "\n".join([*lines, ""]).encode()


def client_part(value: Any) -> Any:  # noqa: ANN401 - a lifecycle, or any part of one
    """Return a lifecycle, or a part of one, without what the client does not read."""
    if isinstance(value, tuple):
        return tuple(map(client_part, value))
    if isinstance(value, dict):
        return {key: client_part(one) for key, one in value.items()}
    if isinstance(value, Expression) or not is_dataclass(value) or isinstance(value, type):
        return value
    read = READ.get(type(value), frozenset(field.name for field in fields(value)))
    members = {
        field.name: client_part(getattr(value, field.name)) if field.name in read else _default(field)
        for field in fields(value)
    }
    if isinstance(value, Lifecycle | JobList):  # of what the server writes, the client looks for ids alone
        members["reports"] = {place: one for place, one in value.reports.items() if one is JobValue.ID}
    return replace(value, **members)


def _callable(
    lifecycles: Mapping[str, Lifecycle], modules: Mapping[str, str], left_out: list[str] | None
) -> Mapping[str, Lifecycle]:
    """Return the lifecycles whose operations have modules; raises GenerationError without `left_out`."""
    problems = {name: _without_module(lifecycle, modules) for name, lifecycle in lifecycles.items()}
    for problem in filter(None, problems.values()):
        if left_out is None:
            raise GenerationError(problem)
        left_out.append(f"{problem}; the lifecycle is left out")
    return {name: lifecycle for name, lifecycle in lifecycles.items() if not problems[name]}


def _without_module(lifecycle: Lifecycle, modules: Mapping[str, str]) -> str:
    """Return a message about operations without a module; empty if all have one."""
    absent = sorted({*called_operations(lifecycle)} - modules.keys())
    named = f"{EXTENSION}: {lifecycle.name} names {', '.join(absent)}"
    return f"{named}, for which no module was generated" if absent else ""


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


def _default(field: Field[Any]) -> object:
    return field.default if field.default_factory is MISSING else field.default_factory()
