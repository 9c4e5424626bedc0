"""Places: runtime expressions as the keys of a lifecycle have them, and the values that are there."""

from collections.abc import Callable
from typing import TypeAlias

from safelight_lifecycle._expressions import Expression, parse_expression
from safelight_lifecycle._pointers import JSON

Places: TypeAlias = tuple[Expression, ...]
"""Places that are tried in order."""

ValueReader: TypeAlias = Callable[[Expression], JSON]
"""Returns the value at a place of one message, None if it has none; `ResponseParts.value` is one."""


def read_places(node: JSON) -> Places:
    """Return the places of a key that takes one or a list; none if the key is missing."""
    listed = [] if node is None else [node] if isinstance(node, str) else node
    return tuple(parse_expression(text) for text in listed)


def read_place(node: JSON) -> Expression | None:
    """Return the place of a key that takes one; None if the key is missing."""
    return None if node is None else parse_expression(node)


def place_or_text(text: str) -> Expression | str:
    """Return a place, or a text that is not a place as it is."""
    return parse_expression(text) if text.startswith(("$request.", "$response.")) else text


def first_value(places: Places, value: ValueReader) -> JSON:
    """Return the first value at one of several places, or None."""
    return next((present for present in map(value, places) if present is not None), None)
