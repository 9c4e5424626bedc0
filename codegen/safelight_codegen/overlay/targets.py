"""Targets: RFC 9535 queries, and the places they select."""

from jsonpath_rfc9535 import JSONPathEnvironment, JSONPathError, JSONPathQuery

from safelight_codegen.documents import JSON
from safelight_codegen.overlay.errors import RefusalError
from safelight_codegen.overlay.places import Place


class _Environment(JSONPathEnvironment):
    max_recursion_depth = 1_000  # the library stops at 100; Python's own limit comes first and is caught


def parsed(query: str) -> JSONPathQuery:
    """Parse a query; raises `RefusalError` unless it is one of RFC 9535."""
    try:
        return _Environment().compile(query)
    except (JSONPathError, RecursionError) as error:
        raise RefusalError(
            f"{query} is not a query of RFC 9535 ({error}); "
            "a name of more than letters, digits and _ goes in brackets, as in $['x-name']"
        ) from error


def selected(document: JSON, query: str) -> tuple[Place, ...]:
    """List the places a query selects, each once, in the query's order."""
    try:
        return tuple(dict.fromkeys(node.location for node in parsed(query).finditer(document)))
    except JSONPathError as error:
        raise RefusalError(f"{query} cannot be answered ({error})") from error
