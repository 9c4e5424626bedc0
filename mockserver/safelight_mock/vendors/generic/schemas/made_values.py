"""Values made from schemas, each with its origin, for responses of which a document has no example."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from random import Random

import msgspec
from jsonschema_rs import Draft202012Validator

from safelight_lifecycle import format_pointer, schema_example
from safelight_mock.vendors.generic.schemas.shapes import EACH, Shape, Shapes, Tokens, Wanted, within
from safelight_mock.wire.messages import JSON

DEEPEST = 12  # levels of a value
MOST = 2_000  # values of one body
ITEMS = 64  # of one array
LONGEST = 200  # characters of a pattern that is tried
LONGEST_PIECE, USUAL_COUNT = 256, 12  # of a repeated piece
REPEATED_GROUP = re.compile(
    r"\)(?:[*+]|\{\d+(?:,\d*)?\})"
)  # such patterns can take a backtracking matcher exponential time
COMMON = (  # texts of which one often has a pattern that is too hard
    "2026-11-21T12:00:00Z",
    "2026-11-21T12:00:00+00:00",
    "2026-11-21",
    "12:00:00",
    "6f1d3c52-90ab-4c1e-8d2f-7a4b5c6d7e8f",
    "https://example.com/text",
    "someone@example.com",
    "1",
    "1.0",
    "1.0.0",
    "PT1M",
    "#123456",
    "192.0.2.1",
    "en-US",
    "TEXT",
)
STATED = ("const", "example", "examples", "default", "enum")


class Origin(StrEnum):
    """Where a value of a response comes from."""

    EXAMPLE = "example"
    SCHEMA = "schema"
    LIFECYCLE = "lifecycle"
    ECHO = "echo"
    MADE_UP = "made up"


Origins = dict[str, Origin]
"""The origins of the scalar values of a body, by JSON Pointer."""


class Maker(msgspec.Struct, kw_only=True):
    """Makes one value and notes the origins of what is in it; `chance` decides what no schema does.

    An object has what its schema requires, what is wanted, and what has an example. Without a `required`
    list it has everything: most such schemas are of documents that never say what is required.
    """

    shapes: Shapes
    chance: Random
    origins: Origins = msgspec.field(default_factory=dict)
    left: int = MOST

    def make(self, schema: JSON, wanted: Iterable[Wanted] = ()) -> JSON:
        """Return a value of a schema in which these places are written."""
        wanted = tuple(wanted)
        return self._value(self.shapes.of(schema, wanted), wanted, (), frozenset())

    def note(self, value: JSON, origin: Origin, at: Tokens = ()) -> None:
        """Note the origin of each scalar in a value."""
        members = value.items() if isinstance(value, Mapping) else ()
        items = enumerate(value) if isinstance(value, list) else ()
        for name, inner in (*members, *items):
            self.note(inner, origin, (*at, str(name)))
        if not isinstance(value, Mapping | list):
            self.origins[format_pointer(at)] = origin

    def _value(self, shape: Shape, wanted: tuple[Wanted, ...], at: Tokens, around: frozenset[str]) -> JSON:
        """Make a value; `around` are the references of the values that it is in."""
        self.left -= 1
        if self.left < 0 or len(at) > DEEPEST:
            return {} if shape.is_object else [] if shape.is_array else None
        is_whole = not any(one.tokens for one in wanted)
        if stated := (stated_value(shape) if is_whole else None):
            self.note(stated.value, stated.origin, at)
            return stated.value
        around |= shape.chain
        if shape.is_object:
            names = self._names(shape, wanted, around)
            return {name: self._member(shape, name, wanted, at, around) for name in names}
        if shape.is_array:
            return self._items(shape, wanted, at, around)
        value = self._scalar(shape)
        self.note(value, Origin.MADE_UP, at)
        return value

    def _names(self, shape: Shape, wanted: tuple[Wanted, ...], around: frozenset[str]) -> list[str]:
        needed = {*shape.required, *(one.tokens[0] for one in wanted if one.tokens and one.weight)}
        listed = [name for name in shape.properties if name in needed or self._is_shown(shape, name, around)]
        others = [name for name in dict.fromkeys(shape.required) if name not in shape.properties]
        return [*listed, *others]

    def _is_shown(self, shape: Shape, name: str, around: frozenset[str]) -> bool:
        """Whether a member is made although nothing requires it."""
        inner = self.shapes.of(shape.properties[name])
        if (inner.chain & around and inner.is_object) or not _can_make(inner):
            return False
        return any(key in inner.node for key in STATED) or not (shape.required or inner.null)

    def _member(
        self, shape: Shape, name: str, wanted: tuple[Wanted, ...], at: Tokens, around: frozenset[str]
    ) -> JSON:
        inner = self.shapes.member(shape, name, wanted) or Shape({}, null=True)
        if inner.null and inner.chain & around:
            return None
        return self._value(inner, within(wanted, name), (*at, name), around)

    def _items(
        self, shape: Shape, wanted: tuple[Wanted, ...], at: Tokens, around: frozenset[str]
    ) -> list[JSON]:
        """Make one item, or as many as are required or wanted; none if an item contains itself."""
        least, most = int(shape.node.get("minItems", 0)), int(shape.node.get("maxItems", MOST))
        fixed = len(shape.node.get("prefixItems", ()))
        indexes = [int(one.tokens[0]) for one in wanted if one.tokens and one.tokens[0].isdecimal()]
        repeats = bool(self.shapes.of(shape.node.get("items", {})).chain & around)
        count = min(max(least, fixed, 0 if repeats else 1, *(index + 1 for index in indexes)), most, ITEMS)
        return [self._item(shape, index, wanted, at, around) for index in range(count)]

    def _item(
        self, shape: Shape, index: int, wanted: tuple[Wanted, ...], at: Tokens, around: frozenset[str]
    ) -> JSON:
        token = str(index)
        below = (*within(wanted, token), *within(wanted, EACH))
        inner = self.shapes.of(_schema_of_item(shape, index), below)
        return self._value(inner, below, (*at, token), around)

    def _scalar(self, shape: Shape) -> JSON:
        """Make a value that nothing but type, format, pattern and bounds describes."""
        if not shape.types:
            return None if shape.null else schema_example(dict(shape.node), {})
        if shape.types[0] == "string":
            return text_of(shape, self.chance)
        return schema_example({**shape.node, "type": shape.types[0]}, {})


class Stated(msgspec.Struct, frozen=True):
    """A value that a schema contains."""

    value: JSON
    origin: Origin


def stated_value(shape: Shape) -> Stated | None:
    """Return the value that a schema contains, the best one first; None if it has none."""
    node = shape.node
    if "const" in node:
        return Stated(node["const"], Origin.SCHEMA)
    examples = [node["example"]] if "example" in node else node.get("examples", [])
    if isinstance(examples, list) and examples:
        return Stated(examples[0], Origin.EXAMPLE)
    if node.get("default") is not None:
        return Stated(node["default"], Origin.SCHEMA)
    values = [value for value in node.get("enum", ()) if value is not None]
    return Stated(values[0], Origin.SCHEMA) if values else None


def text_of(shape: Shape, chance: Random) -> str:
    """Make a text of a format or pattern."""
    node = shape.node
    if node.get("format") == "uuid":
        return uuid_text(chance)
    least, most = node.get("minLength", 0), node.get("maxLength", LONGEST_PIECE)
    usual = str(schema_example({**node, "type": "string"}, {}))
    if "pattern" not in node:
        return usual
    pattern = str(node["pattern"])
    made = patterned_text(pattern, chance, least, most)
    if made is not None:
        return made
    free = {name: value for name, value in node.items() if name != "pattern"}
    tried = (usual, str(schema_example({**free, "type": "string"}, {})), *COMMON)
    fitting = (one for one in tried if least <= len(one) <= most and matches(pattern, one))
    return next(fitting, usual)


def _can_make(shape: Shape) -> bool:
    """Whether a text that fits the pattern of a schema can be made, or is in it."""
    pattern = shape.node.get("pattern")
    if not isinstance(pattern, str) or shape.types[:1] != ("string",) or stated_value(shape) is not None:
        return True
    return matches(pattern, text_of(shape, Random(0)))  # noqa: S311 - not a secret


def matches(pattern: str, text: str) -> bool:
    """Whether a text has a pattern; false for one that could take too long, or that is not known."""
    try:
        if REPEATED_GROUP.search(pattern):
            return bool(Draft202012Validator({"pattern": pattern}).is_valid(text))
        return re.search(pattern, text) is not None
    except (re.error, ValueError):  # ECMA-262 syntax
        return False


def uuid_text(chance: Random) -> str:
    """Return a UUID, version 4."""
    from uuid import UUID  # noqa: PLC0415 - few documents have one outside of ids

    return str(UUID(int=chance.getrandbits(128), version=4))


def patterned_text(pattern: str, chance: Random, least: int = 0, most: int = LONGEST_PIECE) -> str | None:
    """Return a text that matches a simple pattern: texts, classes and counts; None for others.

    What it repeats it repeats as often as its length allows, which is between `least` and `most` characters.
    """
    if len(pattern) > LONGEST:
        return None
    inside = _without_groups(REPEATED_GROUP.sub(")", pattern)).removeprefix("^").removesuffix("$")
    counts = ((USUAL_COUNT, 0), (min(least, most), 0), (0, 0), (min(least, most), min(least, most)))
    texts = ("".join(_pieces(inside, chance, usual, many)) for usual, many in counts)
    made = next((text for text in texts if least <= len(text) <= most), "")
    return made if made and matches(pattern, made) else None


OPTIONAL_GROUP = re.compile(r"\((?:\?:)?[^()\[\]]*\)\?")
GROUP = re.compile(r"\((?:\?:)?([^()|\\\[]*)(?:\|[^()]*)?\)(?![*+{?])")
PIECE = re.compile(r"(\[[^\]]+\]|\\[dwsDWS]|\\.|[^\\[\](){}*+?|])(\{\d+(?:,\d*)?\}|[*+?])?")
CLASSES: Mapping[str, str] = {
    r"\d": "0123456789",
    r"\w": "abcdefghijklmnopqrstuvwxyz0123456789",
    r"\s": " ",
    ".": "abcdefghijklmnopqrstuvwxyz",
}


def _without_groups(pattern: str) -> str:
    """Return a pattern without groups: of each the first alternative, nothing if it is optional."""
    count = 1
    while count:
        pattern, dropped = OPTIONAL_GROUP.subn("", pattern)
        pattern, count = GROUP.subn(r"\1", pattern)
        count += dropped
    return pattern


def _pieces(pattern: str, chance: Random, usual: int, many: int) -> Iterable[str]:
    """Yield texts for the pieces that are understood; `*` and `+` repeat at least `many` times."""
    for piece, count in PIECE.findall(pattern):
        letters = CLASSES.get(piece) or (_letters(piece[1:-1]) if piece[0] == "[" else piece[-1])
        yield "".join(chance.choice(letters) for _ in range(_count(count, usual, many))) if letters else ""


def _count(text: str, usual: int, many: int) -> int:
    """Return how often a piece is repeated: of a range as often as usual if it allows that."""
    if text[:1] == "{":
        least, comma, most = text[1:-1].partition(",")
        wanted = min(int(most or usual), usual) if comma else 0
        return min(max(int(least), wanted), LONGEST_PIECE)
    many = usual if usual > USUAL_COUNT else many
    return {"": 1, "*": many, "?": 0, "+": many or (8 if usual else 1)}[text]


def _letters(inside: str) -> str:
    """Return the characters of a class."""
    if inside.startswith("^"):
        return "".join(letter for letter in CLASSES[r"\w"] if letter not in _letters(inside[1:]))
    ranges = re.findall(r"(\\[dws]|\\.|.)(?:-(\\.|[^\]]))?", inside)
    return "".join(_range(first, last) for first, last in ranges)


def _range(first: str, last: str) -> str:
    if first in CLASSES and first != ".":
        return CLASSES[first]
    begin = first[-1]
    return "".join(map(chr, range(ord(begin), ord(last[-1] if last else begin) + 1)))


def _schema_of_item(shape: Shape, index: int) -> JSON:
    first = shape.node.get("prefixItems", ())
    return first[index] if index < len(first) else shape.node.get("items", {})
