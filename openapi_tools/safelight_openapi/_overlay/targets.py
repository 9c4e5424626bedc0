"""Targets: RFC 9535 queries, and the places they select.

Of jsonpath-rfc9535 only what versions 1 and 2 have in common is used; 2 needs Python 3.12.
"""

from jsonpath_rfc9535 import JSONPathEnvironment, JSONPathError, JSONPathQuery

from safelight_openapi._overlay.errors import RefusalError
from safelight_openapi._overlay.places import Place
from safelight_openapi._overlay.regexps import linear
from safelight_openapi._reading.documents import JSON

_DEEPEST = (
    1_000  # levels a query descends; the library stops at 100. Python's own limit comes first, and is caught
)


def parsed(query: str) -> JSONPathQuery:
    """Parse a query; raises `RefusalError` unless it is one of RFC 9535."""
    environment = JSONPathEnvironment()
    environment.max_recursion_depth = _DEEPEST
    functions = getattr(environment, "functions", None) or environment.function_extensions  # version 2, 1
    functions |= {name: linear(name, functions[name]) for name in ("match", "search")}
    try:
        return environment.compile(query)
    except (JSONPathError, RecursionError) as error:
        raise RefusalError(
            f"{query} is not a query of RFC 9535 ({_reason(error)}); "
            "a name of more than letters, digits and _ goes in brackets, as in $['x-name']"
        ) from error


def selected(document: JSON, query: str) -> tuple[Place, ...]:
    """List the places a query selects, each once, in the query's order."""
    try:
        return tuple(dict.fromkeys(node.location for node in parsed(query).finditer(document)))
    except JSONPathError as error:
        raise RefusalError(f"{query} cannot be answered ({_reason(error)})") from error


def _reason(error: Exception) -> str:
    """Say why in a few words: version 2 draws the query on several lines, with a mark below it."""
    return str(error.args[0]) if error.args else str(error)
