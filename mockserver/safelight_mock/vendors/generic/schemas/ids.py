"""Ids of jobs and files, in the form that a document gives them."""

import re
from collections.abc import Iterable, Sequence
from random import Random
from uuid import UUID

from safelight_mock.vendors.generic.schemas.made_values import matches, patterned_text, stated_value
from safelight_mock.vendors.generic.schemas.shapes import Shape

PREFIXED = re.compile(r"([A-Za-z][A-Za-z0-9]*[_-])+")
UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
SHORTEST = 12  # characters after a prefix
LONGEST = 256
LARGEST = 2**53 - 1  # the largest number that every reader of JSON knows
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
HEXADECIMAL = "0123456789abcdef"


def new_id(drawn: UUID, shapes: Iterable[Shape]) -> str:
    """Return the text of an id that follows from a drawn one, in the form that one of the schemas has.

    It is a whole number, a UUID, a text of the schema's pattern, or like its example: with the prefix of that
    and as long. Without any of these it is a UUID. If the schemas have several forms, it is the first that
    fits all of them, if one does.
    """
    listed = list(shapes)
    made = [*filter(None, (_formed(drawn, shape) for shape in listed)), str(drawn), _letters(drawn, listed)]
    return next((one for one in made if all(_fits(one, shape) for shape in listed)), made[0])


def _fits(text: str, shape: Shape) -> bool:
    """Whether a text has the length, the pattern and the format that a schema asks for."""
    node = shape.node
    if shape.types and shape.types[0] in ("integer", "number"):
        return text.isdecimal()
    has_length = node.get("minLength", 0) <= len(text) <= node.get("maxLength", len(text))
    is_uuid = node.get("format") != "uuid" or UUID_TEXT.fullmatch(text) is not None
    return has_length and is_uuid and ("pattern" not in node or matches(str(node["pattern"]), text))


def _letters(drawn: UUID, shapes: Sequence[Shape]) -> str:
    """Return letters and digits, as many as all schemas allow."""
    least = max((int(shape.node.get("minLength", 0)) for shape in shapes), default=0)
    most = min((int(shape.node.get("maxLength", LONGEST)) for shape in shapes), default=LONGEST)
    chance = Random(drawn.int)  # noqa: S311 - ids follow from the seed
    return "".join(chance.choice(LETTERS) for _ in range(min(max(least, SHORTEST), most)))


def _formed(drawn: UUID, shape: Shape) -> str:
    chance = Random(drawn.int)  # noqa: S311 - ids follow from the seed
    if shape.types and shape.types[0] in ("integer", "number"):
        most = min(int(shape.node.get("maximum", LARGEST)), LARGEST)
        return str(max(int(shape.node.get("minimum", 1)), drawn.int % most))
    if shape.node.get("format") == "uuid":
        return str(drawn)
    if "pattern" in shape.node:
        least, most = shape.node.get("minLength", 0), shape.node.get("maxLength", LONGEST)
        made = patterned_text(str(shape.node["pattern"]), chance, least, most)
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
