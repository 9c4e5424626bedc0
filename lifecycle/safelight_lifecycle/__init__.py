"""Readers of lifecycles for client, mock server and generator; standard library only.

An API's lifecycles are declared in its document under `x-async-jobs` (`async-jobs.schema.json` is the JSON
Schema). All names are imported from here; each is loaded when it is first used. Which module to open:

- `_lifecycle`: the types of a lifecycle: operations, and expressions for values in responses.
- `_states`: the states of a job.
- `_reader`: `x-async-jobs` of a document as these types.
- `_durations`: the ISO 8601 durations in it.
- `_expressions`: OpenAPI runtime expressions such as `$response.body#/data/id`, parsed and evaluated.
- `_pointers`: JSON Pointers (RFC 6901).
- `_paths`: the JSONPaths of lists: names and `[*]`.
- `_examples`: values that match a schema, for example responses, minimal requests and satisfiability checks.
- `_bounds`: the numbers among them.

This package imports no other package of the project.
"""

from importlib import import_module

TYPE_CHECKING = False  # as type checkers know it; importing it from typing takes most of the time

if TYPE_CHECKING:
    from safelight_lifecycle._durations import parse_duration
    from safelight_lifecycle._examples import media_example, schema_example
    from safelight_lifecycle._expressions import (
        Expression,
        ExpressionSource,
        evaluate_expression,
        parse_expression,
    )
    from safelight_lifecycle._lifecycle import (
        FileLink,
        FileLinks,
        JobId,
        JobLifecycle,
        ListOperation,
        ReadOperation,
        RestrictedOperation,
    )
    from safelight_lifecycle._paths import parse_path, select_values
    from safelight_lifecycle._pointers import (
        JSON,
        follow_tokens,
        format_pointer,
        is_array_index,
        parse_pointer,
        value_at,
    )
    from safelight_lifecycle._reader import EXTENSION, read_lifecycles
    from safelight_lifecycle._states import State

    __version__: str

__all__ = [
    "EXTENSION",
    "JSON",
    "Expression",
    "ExpressionSource",
    "FileLink",
    "FileLinks",
    "JobId",
    "JobLifecycle",
    "ListOperation",
    "ReadOperation",
    "RestrictedOperation",
    "State",
    "evaluate_expression",
    "follow_tokens",
    "format_pointer",
    "is_array_index",
    "media_example",
    "parse_duration",
    "parse_expression",
    "parse_path",
    "parse_pointer",
    "read_lifecycles",
    "schema_example",
    "select_values",
    "value_at",
]

_MODULES = {
    "EXTENSION": "safelight_lifecycle._reader",
    "JSON": "safelight_lifecycle._pointers",
    "Expression": "safelight_lifecycle._expressions",
    "ExpressionSource": "safelight_lifecycle._expressions",
    "FileLink": "safelight_lifecycle._lifecycle",
    "FileLinks": "safelight_lifecycle._lifecycle",
    "JobId": "safelight_lifecycle._lifecycle",
    "JobLifecycle": "safelight_lifecycle._lifecycle",
    "ListOperation": "safelight_lifecycle._lifecycle",
    "ReadOperation": "safelight_lifecycle._lifecycle",
    "RestrictedOperation": "safelight_lifecycle._lifecycle",
    "State": "safelight_lifecycle._states",
    "evaluate_expression": "safelight_lifecycle._expressions",
    "follow_tokens": "safelight_lifecycle._pointers",
    "format_pointer": "safelight_lifecycle._pointers",
    "is_array_index": "safelight_lifecycle._pointers",
    "media_example": "safelight_lifecycle._examples",
    "parse_duration": "safelight_lifecycle._durations",
    "parse_expression": "safelight_lifecycle._expressions",
    "parse_path": "safelight_lifecycle._paths",
    "parse_pointer": "safelight_lifecycle._pointers",
    "read_lifecycles": "safelight_lifecycle._reader",
    "schema_example": "safelight_lifecycle._examples",
    "select_values": "safelight_lifecycle._paths",
    "value_at": "safelight_lifecycle._pointers",
}

if not TYPE_CHECKING:  # a type checker would accept any misspelled name

    def __getattr__(name: str) -> object:
        if name == "__version__":
            return import_module("importlib.metadata").version("safelight")
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_MODULES[name]), name)

    def __dir__() -> list[str]:
        return [*__all__, "__version__"]
