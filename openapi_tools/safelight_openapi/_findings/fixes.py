"""Overlay actions (version 1.1) that correct a value of a document."""

import re
from collections.abc import Sequence

from safelight_openapi._findings.finding import Action
from safelight_openapi._reading.documents import JSONValue

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ESCAPED = {"'": r"\'", "\\": r"\\", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t"}

Location = Sequence[str | int]  # keys and indices from the root to a value


def json_path(location: Location) -> str:
    """Return the RFC 9535 query that selects the value at a location."""
    return "$" + "".join(map(_segment, location))


def set_value(location: Location, value: JSONValue, reason: str) -> Action:
    """Return the action that merges a value into the one at a location, or replaces a primitive."""
    return {"target": json_path(location), "description": reason, "update": value}


def add_member(location: Location, name: str, value: JSONValue, reason: str) -> Action:
    """Return the action that adds a member to the object at a location, or replaces a primitive member."""
    return set_value(location, {name: value}, reason)


def remove_value(location: Location, reason: str) -> Action:
    """Return the action that removes the value at a location."""
    return {"target": json_path(location), "description": reason, "remove": True}


def rename_member(location: Location, name: str, value: JSONValue, reason: str) -> tuple[Action, ...]:
    """Return the actions that rename the member at a location, and put it last; `value` is what it has."""
    return remove_value(location, reason), add_member(location[:-1], name, value, reason)


def _segment(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    return f".{key}" if _NAME.fullmatch(key) else f"['{''.join(map(_escape, key))}']"


def _escape(character: str) -> str:
    if character in _ESCAPED:
        return _ESCAPED[character]
    return f"\\u{ord(character):04x}" if character < " " else character
