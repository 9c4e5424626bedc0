"""Times, numbers, ids and texts as the schema at their place wants them."""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import formatdate
from math import floor

from safelight_mock.vendors.generic.schemas.made_values import matches, stated_value
from safelight_mock.vendors.generic.schemas.shapes import Shape
from safelight_mock.wire.messages import JSON

IN_MILLISECONDS = 10**11  # a number above is not a time in seconds: that would be the year 5138
SHAPES_OF_TIMES = (  # that are tried for a pattern
    "",
    "2026-11-21T12:00:00Z",
    "2026-11-21T12:00:00.000000",
    "2026-11-21T12:00:00",
    "2026-11-21 12:00:00",
    "2026-11-21T12:00:00+00:00",
)
Convert = Callable[[JSON], JSON]


def time_in(shape: Shape, name: str = "") -> Convert:
    """Return what writes a time, in seconds since 1970, at a place with that name."""
    example = _example(shape)
    is_number = shape.types[:1] in (("integer",), ("number",)) or (not shape.types and _is_number(example))
    if is_number:
        in_milliseconds = name.lower().endswith("ms") or (_is_number(example) and example > IN_MILLISECONDS)
        return _number_of_time(1000 if in_milliseconds else 1, is_whole="integer" in shape.types)
    if shape.node.get("format") == "date":
        return lambda at: datetime.fromtimestamp(at, UTC).date().isoformat()
    if isinstance(example, str) and example.isdigit():
        factor = 1000 if int(example) > IN_MILLISECONDS else 1
        return lambda at: str(floor(at * factor))
    if isinstance(example, str) and example.endswith("GMT"):
        return lambda at: formatdate(at, usegmt=True)
    pattern = shape.node.get("pattern")
    if isinstance(pattern, str) and not isinstance(example, str):
        return next(
            (one for one in map(_iso_like, SHAPES_OF_TIMES) if matches(pattern, str(one(0)))), _iso_like("")
        )
    return _iso_like(example if isinstance(example, str) else "")


def number_in(shape: Shape) -> Convert:
    """Return what writes a number: whole, as a text, or as it is."""
    example = _example(shape)
    if shape.types[:1] == ("integer",):
        return lambda number: None if number is None else floor(number)
    if shape.types[:1] == ("string",):
        suffix = "%" if isinstance(example, str) and example.endswith("%") else ""
        return lambda number: None if number is None else f"{number:g}{suffix}"
    return lambda number: number if number is None or number != int(number) else int(number)


def text_in(shape: Shape) -> Convert:
    """Return what writes a text, at a place for numbers or booleans as one."""
    if shape.types[:1] == ("boolean",):
        return lambda text: {"true": True, "false": False}.get(str(text), text)
    is_whole = bool(shape.types) and shape.types[0] in ("integer", "number")
    if is_whole:
        return lambda text: int(text) if isinstance(text, str) and text.lstrip("-").isdecimal() else text
    return lambda text: text


def lines_in(shape: Shape) -> Convert:
    """Return what writes the lines of a log: as a text, or as an array of texts or of objects."""
    if shape.is_array:
        items = shape.node.get("items", {})
        names = items.get("properties", {}) if isinstance(items, dict) else {}
        named = next((name for name in ("message", "text", "msg", "line") if name in names), "")
        if not names and "$ref" not in items:
            return list
        return lambda lines: [{named or "message": line} for line in lines]
    return lambda lines: "\n".join((*lines, ""))


def measured_in(shape: Shape) -> Convert:
    """Return what writes a measured time: as it is, but at a place for integers or texts."""
    return plain(shape) if shape.types[:1] == ("number",) else number_in(shape)


def described_members(shape: Shape, value: JSON) -> JSON:
    """Return an object with those of the members that a schema describes; other values as they are."""
    if not isinstance(value, dict) or not shape.properties:
        return value
    return {name: _whole(value[name], node) for name, node in shape.properties.items() if name in value}


def _whole(value: JSON, node: JSON) -> JSON:
    """Return a number as an integer where the schema has one: 2.0 is an integer in JSON Schema."""
    is_whole = isinstance(value, float) and isinstance(node, dict) and node.get("type") == "integer"
    return int(value) if is_whole else value


def plain(_: Shape) -> Convert:
    """Return what writes a value as it is."""
    return lambda value: value


def _number_of_time(factor: int, *, is_whole: bool) -> Convert:
    if is_whole:
        return lambda at: floor(at * factor)
    return lambda at: round(at * factor, 3)


def _iso_like(example: str) -> Convert:
    """Return what writes a time in ISO 8601, with as many digits and the zone of an example."""
    seconds, _, fraction = example.partition(".")
    digits = len(fraction) - len(fraction.lstrip("0123456789"))
    spec = "microseconds" if digits > 3 else "milliseconds" if digits or not example else "seconds"  # noqa: PLR2004
    has_zone = not example or example.endswith("Z") or "+" in example
    zone = "+00:00" if "+00:00" in example else "Z" if has_zone else ""
    separator = " " if " " in seconds.strip() else "T"

    def written(at: float) -> str:
        naive = datetime.fromtimestamp(at, UTC).replace(tzinfo=None)
        return f"{naive.isoformat(separator, timespec=spec)}{zone}"

    return written


def _example(shape: Shape) -> JSON:
    stated = stated_value(shape)
    return None if stated is None else stated.value


def _is_number(value: JSON) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
