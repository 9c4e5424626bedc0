"""A value corrected as its schema asks: what is wrong is made anew or, if that is wrong too, left out."""

from collections import Counter
from collections.abc import Collection, Iterator
from random import Random

from jsonschema_rs import ValidationError

from safelight_mock.vendors.generic.schemas.body_edits import MISSING, copied
from safelight_mock.vendors.generic.schemas.made_values import text_of
from safelight_mock.vendors.generic.schemas.plain_values import plain_values
from safelight_mock.vendors.generic.schemas.shapes import Shapes, Tokens
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.schema import Schema, unambiguous

ROUNDS = 24  # of validation; each may show that what is around a part has to go, too


def valid_parts(value: JSON, schema: Schema, written: Collection[Tokens] = ()) -> JSON:
    """Return a copy of a value in which what its schema forbids is corrected, as far as that is possible.

    What is at `written` places stays, as it is replaced later. A wrong part is made from types, formats and
    bounds alone; then it is left out; then, if it is required, the object around it, and so on.
    """
    left = copied(value)
    seen: Counter[Tokens] = Counter()
    for _ in range(ROUNDS):
        found = {place for one in unambiguous(schema.errors(left)) for place in _places(one)}
        wrong = [one for one in found if one and not any(place[: len(one)] == one for place in written)]
        if not wrong:
            break
        seen.update(wrong)
        # Later items of an array come first, so that the indexes of the others stay the same.
        for place in sorted(wrong, key=lambda one: [token.zfill(9) for token in one], reverse=True):
            _correct(left, place, seen[place], schema)
    return left


def _places(error: ValidationError) -> Iterator[Tokens]:
    """Yield the places of an error: of the value, or of members that the object must or must not have."""
    at = tuple(map(str, error.instance_path))
    missing = getattr(error.kind, "property", None)
    named = [missing] if isinstance(missing, str) else getattr(error.kind, "unexpected", ())
    yield from [(*at, name) for name in named] or [at]


def _correct(value: JSON, place: Tokens, count: int, schema: Schema) -> None:
    """Correct what is at a place that has been wrong this many times."""
    made = _made(place, schema) if count == 1 else MISSING
    if made is not MISSING:
        _change(value, place, made)
        return
    gone = place[: len(place) - max(count - 2, 0)]
    if gone:
        _change(value, gone, MISSING)


def _made(place: Tokens, schema: Schema) -> JSON:
    shape = Shapes(schema.document).at(dict(schema.described), place)
    if shape is None or not shape.types:
        return MISSING
    if shape.types[0] == "string" and "pattern" in shape.node:
        return text_of(shape, Random(0))  # noqa: S311 - an example
    return next(plain_values(schema.document, dict(shape.node)))


def _change(value: JSON, place: Tokens, new: JSON) -> None:
    """Write a value at a place, or leave out what is there if it is MISSING."""
    around = _around(value, place)
    last = place[-1]
    if isinstance(around, dict):
        if new is MISSING:
            around.pop(last, None)
        else:
            around[last] = new
    elif isinstance(around, list) and last.isdecimal() and int(last) < len(around):
        if new is MISSING:
            del around[int(last)]
        else:
            around[int(last)] = new


def _around(value: JSON, place: Tokens) -> JSON:
    for token in place[:-1]:
        if isinstance(value, dict):
            value = value.get(token)
        elif isinstance(value, list) and token.isdecimal() and int(token) < len(value):
            value = value[int(token)]
        else:
            return None
    return value
