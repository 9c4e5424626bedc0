"""Writes lifecycles and requests as a Python table, so that importing a client parses no document."""

from collections.abc import Mapping
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
    JobList,
    JobMove,
    JobRead,
    JobResult,
    JobValue,
    Lifecycle,
    Record,
    Submission,
    Word,
    read_async_jobs,
)

Document = dict[str, Any]

# What clients do not read of a lifecycle: a server's and a checker's part, which would only be loaded there.
# A field that is not listed is in every generated client; tests/conformance has a test of clients for its
# key.
NOT_READ_BY_CLIENT: Mapping[type[Record], frozenset[str]] = {
    Lifecycle: frozenset(
        {
            *("input", "accepts", "scale", "deadline", "concurrency", "retention", "timing", "price"),
            "stream",
        }
    ),
    Submission: frozenset({"of", "timing", "price"}),
    JobRead: frozenset({"retry_after"}),
    JobList: frozenset({"filter"}),
    Word: frozenset({"share", "waits", "after", "cause", "only"}),
    JobMove: frozenset({"is_ignored"}),
    JobResult: frozenset({"when", "expires", "within"}),
    DeliveryRule: frozenset(
        {"is_public", "webhook", "events", "callback", "filter", "when", "method", "retry"}
    ),
    Idempotency: frozenset({"keeps", "conflict"}),
}

_NONE = object()  # a default that no value equals

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
    made = api_table(document, jobs._replace(lifecycles=lifecycles), modules)
    return made._replace(lifecycles=client_part(made.lifecycles))


def table_source(api: ApiTable) -> bytes:
    """Return the module `async_jobs`: API, LIFECYCLES by name, OPERATIONS from operationId to module."""
    members = {name: _code(getattr(api, name)) for name in api._fields}
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
    if isinstance(value, Expression) or not isinstance(value, Record):
        return value
    unread = NOT_READ_BY_CLIENT.get(type(value), frozenset())
    members = {
        name: _default(value, name) if name in unread else client_part(getattr(value, name))
        for name in value._fields
    }
    if isinstance(value, Lifecycle | JobList):  # of what the server writes, the client looks for ids alone
        members["reports"] = {place: one for place, one in value.reports.items() if one is JobValue.ID}
    return value._replace(**members)


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
    return _call(value) if isinstance(value, Record) else repr(value)


def _call(value: Record) -> str:
    members = ((name, getattr(value, name)) for name in value._fields)
    changed = ((name, member) for name, member in members if member != _default(value, name))
    return f"{type(value).__name__}({', '.join(f'{name}={_code(member)}' for name, member in changed)})"


def _default(value: Record, name: str) -> object:
    return getattr(type(value), name, _NONE)
