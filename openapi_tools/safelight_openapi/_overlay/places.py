"""Places in a document: the keys and indices that lead from its root to a value."""

from typing import Any, TypeAlias

from safelight_openapi._reading.documents import JSON

Place: TypeAlias = tuple[str | int, ...]


def value_at(document: JSON, place: Place) -> Any:  # noqa: ANN401 — the caller knows what it looked for
    """Follow a place that exists."""
    value: Any = document
    for key in place:
        value = value[key]
    return value
