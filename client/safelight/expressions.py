"""Where in an answer a value stands: OpenAPI runtime expressions, and the JSONPath of lists."""

import re
from collections.abc import Iterable

from safelight.answers import JSON, Answer

BODY = "$response.body"
HEADER = "$response.header."
PATH = re.compile(r"\$(?:\.\w+|\[\*\])*")
STEP = re.compile(r"\.(\w+)|\[\*\]")


def evaluate(expression: str, answer: Answer) -> JSON:
    """Return the value an expression points at, or None; raises ValueError for any other text."""
    source, _, pointer = expression.partition("#")
    if source == BODY:
        return follow(pointer, answer.body)
    if expression.startswith(HEADER):
        return answer.headers.get(expression.removeprefix(HEADER).lower())
    raise ValueError(f"{expression!r} is no expression about a response")


def follow(pointer: str, value: JSON) -> JSON:
    """Follow a JSON Pointer (RFC 6901), to None when it leads nowhere."""
    for token in pointer.split("/")[1:]:
        value = _child(value, token.replace("~1", "/").replace("~0", "~"))
    return value


def every(path: str, body: JSON) -> list[JSON]:
    """Return what a JSONPath of names and `[*]` selects; raises ValueError for any other path."""
    if not PATH.fullmatch(path):
        raise ValueError(f"{path!r} is no path of names and [*]")
    found = [body]
    for name in STEP.findall(path):
        found = [child for value in found for child in _children(value, name)]
    return found


def _child(value: JSON, token: str) -> JSON:
    if isinstance(value, dict):
        return value.get(token)
    if isinstance(value, list) and token.isdecimal() and int(token) < len(value):
        return value[int(token)]
    return None


def _children(value: JSON, name: str) -> Iterable[JSON]:
    if not name:
        return value if isinstance(value, list) else []
    return [value[name]] if isinstance(value, dict) and name in value else []
