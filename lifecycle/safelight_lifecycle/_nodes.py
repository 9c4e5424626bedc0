"""Small readers of members that many keys have."""

from safelight_lifecycle._durations import parse_duration
from safelight_lifecycle._paths import parse_path
from safelight_lifecycle._places import place_or_text
from safelight_lifecycle._pointers import JSON
from safelight_lifecycle._words import StateSet, Words


def read_duration(node: JSON) -> float | None:
    """Return seconds; None if the key is missing."""
    return None if node is None else parse_duration(node)


def read_path(node: JSON) -> str:
    """Return a JSONPath, checked; empty if the key is missing."""
    if node is not None:
        parse_path(node)
    return node or ""


def read_states(node: JSON, words: Words, default: StateSet) -> StateSet:
    """Return the states and words of a list; the default if the key is missing."""
    return default if node is None else words.select(node)


def read_texts(node: JSON) -> dict[str, JSON]:
    """Return parameters by name, each a text or a place; none if the key is missing."""
    return {name: place_or_text(value) for name, value in (node or {}).items()}
