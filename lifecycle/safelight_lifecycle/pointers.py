"""JSON Pointers (RFC 6901): text to reference tokens and back, and the value at a place."""

import re
from collections.abc import Iterable
from typing import Any, TypeAlias

JSON: TypeAlias = Any  # a decoded document

_POINTER = re.compile(r"(?:/(?:[^~/]|~[01])*)*")
_INDEX = re.compile(r"0|[1-9][0-9]*")


def parse_pointer(pointer: str) -> tuple[str, ...]:
    """Return the reference tokens, unescaped; raises ValueError for text that is not a JSON Pointer."""
    if not _POINTER.fullmatch(pointer):
        raise ValueError(f"{pointer!r} is not a JSON Pointer; '~' must be '~0', and it starts with '/'")
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:])


def format_pointer(tokens: Iterable[str | int]) -> str:
    """Write reference tokens as a JSON Pointer."""
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)


def follow(tokens: Iterable[str], value: JSON) -> JSON:
    """Return the value that reference tokens lead to; None where there is none."""
    for token in tokens:
        value = child(value, token)
    return value


def value_at(pointer: str, value: JSON) -> JSON:
    """Return the value a pointer leads to, None where there is none; raises ValueError for other text."""
    return follow(parse_pointer(pointer), value)


def child(value: JSON, token: str) -> JSON:
    """Return a member of an object or an entry of an array; None where there is none.

    An index has no leading zero and is written in ASCII digits (RFC 6901, section 4).
    """
    if isinstance(value, dict):
        return value.get(token)
    if isinstance(value, list) and is_index(token) and int(token) < len(value):
        return value[int(token)]
    return None


def is_index(token: str) -> bool:
    """Whether a reference token can name an entry of an array."""
    return _INDEX.fullmatch(token) is not None
