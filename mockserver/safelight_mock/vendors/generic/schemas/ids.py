"""Ids of jobs and files, in the form that a document gives them."""

import re
from collections.abc import Iterable
from random import Random
from uuid import UUID

from safelight_mock.vendors.generic.schemas.made_values import patterned_text, stated_value
from safelight_mock.vendors.generic.schemas.shapes import Shape

PREFIXED = re.compile(r"([A-Za-z][A-Za-z0-9]*[_-])+")
UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
SHORTEST = 12  # characters after a prefix
LARGEST = 2**53 - 1  # the largest number that every reader of JSON knows
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
HEXADECIMAL = "0123456789abcdef"


def new_id(drawn: UUID, shapes: Iterable[Shape]) -> str:
    """Return the text of an id that follows from a drawn one, in the form that one of the schemas has.

    It is a whole number, a UUID, a text of the schema's pattern, or like its example: with the prefix of that
    and as long. Without any of these it is a UUID.
    """
    for shape in shapes:
        made = _formed(drawn, shape)
        if made:
            return made
    return str(drawn)


def _formed(drawn: UUID, shape: Shape) -> str:
    chance = Random(drawn.int)  # noqa: S311 - ids follow from the seed
    if shape.types and shape.types[0] in ("integer", "number"):
        most = min(int(shape.node.get("maximum", LARGEST)), LARGEST)
        return str(max(int(shape.node.get("minimum", 1)), drawn.int % most))
    if shape.node.get("format") == "uuid":
        return str(drawn)
    if "pattern" in shape.node:
        made = patterned_text(str(shape.node["pattern"]), chance)
        if made:
            return made
    stated = stated_value(shape)
    example = stated.value if stated is not None else None
    return _like(example, chance) if isinstance(example, str) and example else ""


def _like(example: str, chance: Random) -> str:
    """Return an id with the prefix, the length and the alphabet of an example."""
    if UUID_TEXT.fullmatch(example):
        return str(UUID(int=chance.getrandbits(128), version=4))
    match = PREFIXED.match(example)
    prefix = match[0] if match else ""
    rest = example[len(prefix) :]
    if rest.isdecimal() and not prefix:
        return prefix + "".join(chance.choice("123456789") for _ in rest)
    letters = HEXADECIMAL if re.fullmatch("[0-9a-f]{16,}", rest) else LETTERS
    return prefix + "".join(chance.choice(letters) for _ in range(max(len(rest), SHORTEST)))
