"""Conditions on responses, as Criterion Objects of Arazzo 1.0.1, and places as Arazzo writes them."""

import re
from collections.abc import Iterable, Sequence

from safelight_lifecycle import JSON, Expression, ExpressionSource, format_pointer, parse_path

Criterion = dict[str, str]

_NAME = re.compile(r"[A-Za-z_]\w*")


def expression_text(place: Expression) -> str:
    """Return a place as a runtime expression of Arazzo."""
    message = "$request" if place.is_request else "$response"
    if place.part is ExpressionSource.BODY:
        pointer = format_pointer(place.pointer)
        return f"{message}.body#{pointer}" if pointer else f"{message}.body"
    return f"{message}.{place.part}.{place.name}"


def status_is(statuses: Sequence[str]) -> Criterion:
    """Return the condition that a response has one of the documented statuses, else 2xx."""
    exact = [status for status in statuses if status.isdigit()]
    if exact:
        return {"condition": " || ".join(f"$statusCode == {status}" for status in exact)}
    return {"condition": "$statusCode >= 200 && $statusCode < 300"}


def value_is(places: Sequence[Expression], values: Iterable[JSON]) -> Criterion:
    """Return the condition that the first place of several that has a value has one of `values`."""
    listed = list(values)
    if len(places) == 1:
        text = expression_text(places[0])
        return {"condition": " || ".join(f"{text} == {_literal(value)}" for value in listed)}
    tests = [f"{_query(place.pointer)} == {_literal(value)}" for place in places for value in listed]
    return _in_body(" || ".join(tests))


def is_present(places: Sequence[Expression]) -> Criterion:
    """Return the condition that one of several places in a body is there."""
    return _in_body(" || ".join(_query(place.pointer) for place in places))


def path_selects(path: str) -> Criterion:
    """Return the condition that a JSONPath of names and `[*]` selects something in the body."""
    return _in_body("@" + path.removeprefix("$"))


def path_selects_one(path: str, pointer: Sequence[str], expression: str) -> Criterion:
    """Return the condition that an entry of a path to `[*]` has at a pointer what an expression has.

    An expression in braces is replaced by its value as JSON before the condition is read.
    """
    entries = "@" + path.removeprefix("$").removesuffix("[*]")
    return _in_body(f"{entries}[?{_query(pointer)} == {{{expression}}}]")


def first_of(path: str) -> Sequence[str]:
    """Return the reference tokens of the first value that such a JSONPath selects."""
    return ["0" if name is None else name for name in parse_path(path)]


def _in_body(test: str) -> Criterion:
    """Return a JSONPath criterion.

    A filter tests the values below the root, and the specification's own examples test the body with one:
    runners put it into a list.
    """
    return {"context": "$response.body", "condition": f"$[?{test}]", "type": "jsonpath"}


def _query(pointer: Sequence[str]) -> str:
    return "@" + "".join(map(_segment, pointer))


def _segment(token: str) -> str:
    if token.isdigit():
        return f"[{token}]"
    return f".{token}" if _NAME.fullmatch(token) else f"[{_literal(token)}]"


def _literal(value: JSON) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, int | float):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"
