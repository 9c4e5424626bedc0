"""Locations in a document: the keys and indices from its root to a value."""

from typing import Any, TypeAlias

from safelight_openapi._reading.documents import JSONValue

Location: TypeAlias = tuple[str | int, ...]


def value_at(document: JSONValue, location: Location) -> Any:  # noqa: ANN401 — the caller knows the type
    """Return the value at a location; raises KeyError or IndexError if it does not exist."""
    value: Any = document
    for key in location:
        value = value[key]
    return value
