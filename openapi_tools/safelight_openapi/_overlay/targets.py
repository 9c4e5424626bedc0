"""Targets: RFC 9535 queries, and the locations they select.

Only the parts of jsonpath-rfc9535 that versions 1 and 2 share are used; version 2 needs Python 3.12.
"""

from jsonpath_rfc9535 import JSONPathEnvironment, JSONPathError, JSONPathQuery

from safelight_openapi._overlay.errors import RejectedActionError
from safelight_openapi._overlay.locations import Location
from safelight_openapi._overlay.regexps import linear_time_function
from safelight_openapi._reading.documents import JSONValue

# Levels that a query descends. The library's default is 100; Python's limit is reached first, and caught.
_MAX_DEPTH = 1_000


def compile_query(query: str) -> JSONPathQuery:
    """Parse a query; raises RejectedActionError if it is not valid by RFC 9535."""
    environment = JSONPathEnvironment()
    environment.max_recursion_depth = _MAX_DEPTH
    functions = getattr(environment, "functions", None) or environment.function_extensions  # version 2, 1
    functions |= {name: linear_time_function(name, functions[name]) for name in ("match", "search")}
    try:
        return environment.compile(query)
    except (JSONPathError, RecursionError) as error:
        raise RejectedActionError(
            f"{query} is not a query of RFC 9535 ({_reason(error)}); "
            "write names with other characters than letters, digits and _ in brackets, as in $['x-name']"
        ) from error


def select_locations(document: JSONValue, query: str) -> tuple[Location, ...]:
    """Return the locations a query selects, each once, in the query's order."""
    try:
        return tuple(dict.fromkeys(node.location for node in compile_query(query).finditer(document)))
    except JSONPathError as error:
        raise RejectedActionError(f"{query} cannot be evaluated ({_reason(error)})") from error


def _reason(error: Exception) -> str:
    """Return the reason in one line; the message of version 2 also has the query with a mark below it."""
    return str(error.args[0]) if error.args else str(error)
