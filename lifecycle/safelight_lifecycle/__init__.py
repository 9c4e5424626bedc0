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
from typing import TYPE_CHECKING

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
    "EXTENSION": "_reader",
    "JSON": "_pointers",
    "Expression": "_expressions",
    "ExpressionSource": "_expressions",
    "FileLink": "_lifecycle",
    "FileLinks": "_lifecycle",
    "JobId": "_lifecycle",
    "JobLifecycle": "_lifecycle",
    "ListOperation": "_lifecycle",
    "ReadOperation": "_lifecycle",
    "RestrictedOperation": "_lifecycle",
    "State": "_states",
    "evaluate_expression": "_expressions",
    "follow_tokens": "_pointers",
    "format_pointer": "_pointers",
    "is_array_index": "_pointers",
    "media_example": "_examples",
    "parse_duration": "_durations",
    "parse_expression": "_expressions",
    "parse_path": "_paths",
    "parse_pointer": "_pointers",
    "read_lifecycles": "_reader",
    "schema_example": "_examples",
    "select_values": "_paths",
    "value_at": "_pointers",
}

if not TYPE_CHECKING:  # a type checker would accept any misspelled name

    def __getattr__(name: str) -> object:
        if name == "__version__":
            return import_module("importlib.metadata").version("safelight")
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)

    def __dir__() -> list[str]:
        return [*__all__, "__version__"]
