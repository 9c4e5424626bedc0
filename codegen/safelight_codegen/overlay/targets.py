"""Targets: RFC 9535 queries, and the places they select."""

from functools import lru_cache

from jsonpath_rfc9535 import JSONPathEnvironment, JSONPathError, JSONPathQuery

from safelight_codegen.documents import JSON
from safelight_codegen.overlay.errors import Refusal
from safelight_codegen.overlay.places import Place


class _Environment(JSONPathEnvironment):
    max_recursion_depth = (
        1_000  # the library's own limit is 100; Python's comes first and is refused in words
    )


_ENVIRONMENT = _Environment()


@lru_cache(maxsize=1024)
def parsed(query: str) -> JSONPathQuery:
    """Parse a query; raises `Refusal` unless it is one of RFC 9535."""
    try:
        return _ENVIRONMENT.compile(query)
    except (JSONPathError, RecursionError) as error:
        raise Refusal(
            f"{query} is not a query of RFC 9535 ({error}); a name that is more than letters, digits and _ goes "
            f"in brackets, as in $['x-name']"
        ) from error


def selected(document: JSON, query: str) -> tuple[Place, ...]:
    """List the places a query selects, each once, in the order of the query."""
    try:
        return tuple(dict.fromkeys(node.location for node in parsed(query).finditer(document)))
    except JSONPathError as error:
        raise Refusal(f"{query} cannot be answered ({error})") from error
