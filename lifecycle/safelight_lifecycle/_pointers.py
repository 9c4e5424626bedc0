"""JSON Pointers (RFC 6901): text to reference tokens and back, and the value a pointer refers to."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

JSON: TypeAlias = Any  # a decoded document

_POINTER = re.compile(r"(?:/(?:[^~/]|~[01])*)*")
_INDEX = re.compile(r"0|[1-9][0-9]*")


def parse_pointer(pointer: str) -> tuple[str, ...]:
    """Return the reference tokens, unescaped; raises ValueError for text that is not a JSON Pointer."""
    if not _POINTER.fullmatch(pointer):
        raise ValueError(
            f"{pointer!r} is not a JSON Pointer: it must begin with '/', and '~' must be written '~0'"
        )
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:])


def format_pointer(tokens: Iterable[str | int]) -> str:
    """Return reference tokens as a JSON Pointer, escaped."""
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)


def follow_tokens(tokens: Iterable[str], value: JSON) -> JSON:
    """Return the value that reference tokens lead to; None if it does not exist."""
    for token in tokens:
        value = child_value(value, token)
    return value


def value_at(pointer: str, value: JSON) -> JSON:
    """Return the value a pointer refers to, None if it does not exist; raises ValueError for other text."""
    return follow_tokens(parse_pointer(pointer), value)


def with_value_at(tokens: Sequence[str], body: JSON, value: JSON) -> JSON:
    """Return a copy of a body with a value where tokens lead through objects; missing ones are added."""
    if not tokens:
        return value
    first, *rest = tokens
    members = body if isinstance(body, dict) else {}
    return {**members, first: with_value_at(rest, members.get(first), value)}


def child_value(value: JSON, token: str) -> JSON:
    """Return a member of an object or an item of an array; None if it does not exist.

    An index has no leading zero and is written in ASCII digits (RFC 6901, section 4).
    """
    if isinstance(value, dict):
        return value.get(token)
    if isinstance(value, list) and is_array_index(token) and int(token) < len(value):
        return value[int(token)]
    return None


def is_array_index(token: str) -> bool:
    """Whether a reference token can be an index of an array."""
    return _INDEX.fullmatch(token) is not None
