"""The size of a result: by fields of the request such as width and height, a size or a ratio."""

import re
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from safelight_mock.core.picture import LONGEST_SIDES, Format, Picture
from safelight_mock.wire.messages import JSON

PAIR = re.compile(r"(\d{1,5})\s*[xX:*,/]\s*(\d{1,5})")
LINES = re.compile(r"(\d{3,4})p", re.IGNORECASE)
SIZES = ("size", "resolution", "image_size", "output_size", "dimensions")
RATIOS = ("aspect_ratio", "aspectRatio", "ratio")
WIDTHS = ("width", "output_width", "outputWidth", "imageWidth")
HEIGHTS = ("height", "output_height", "outputHeight", "imageHeight")
AREA = 1024 * 1024  # pixels of a result of which only the ratio is known
USUAL = (1024, 1024)
SMALLEST_SIZE = 32  # pixels of a side: a pair with a smaller number is a ratio
LONGEST = 8_192
STEP = 8  # pixels of which sides that follow from a ratio are multiples
DEEPEST = 3  # levels of a request in which sizes are looked for


def scaled_picture(source: Picture | None, factor: JSON, format_: Format, *, is_chosen: bool) -> Picture:
    """Return format and size of an image that is larger than its input by a factor.

    A format that cannot be so large gives way to PNG if the request has not chosen it.
    """
    times = factor if isinstance(factor, int | float) and not isinstance(factor, bool) else 1
    width, height = (source.width, source.height) if source is not None else USUAL
    made = Picture(format=format_, width=round(width * times), height=round(height * times))
    fits = max(made.width, made.height) <= LONGEST_SIDES.get(format_, made.width + made.height)
    return made if is_chosen or fits else replace(made, format=Format.PNG)


def output_picture(body: JSON, source: Picture | None, format_: Format) -> Picture:
    """Return format and size of an image that a request asks for; by default the size of its input."""
    width, height = _size(body, source)
    most = min(LONGEST, LONGEST_SIDES.get(format_, LONGEST))
    return Picture(format=format_, width=_within(width, most), height=_within(height, most))


def _size(body: JSON, source: Picture | None) -> tuple[int, int]:
    own = (source.width, source.height) if source is not None and source.width and source.height else None
    for fields in _objects(body):
        width, height = _number(fields, WIDTHS), _number(fields, HEIGHTS)
        if width and height:
            return width, height
        if width or height:
            return _scaled(own or USUAL, width, height)
        named = _named_size(fields, own)
        if named is not None:
            return named
    return own or USUAL


def _named_size(fields: Mapping[str, JSON], own: tuple[int, int] | None) -> tuple[int, int] | None:
    for name in (*SIZES, *RATIOS):
        text = fields.get(name)
        match = PAIR.fullmatch(text.strip()) if isinstance(text, str) else None
        if match is not None:
            return _of_pair(int(match[1]), int(match[2]))
        lines = LINES.fullmatch(text.strip()) if isinstance(text, str) else None
        if lines is not None:
            wide, high = own or (16, 9)
            return round(int(lines[1]) * wide / max(high, 1)), int(lines[1])
    return None


def _of_pair(first: int, second: int) -> tuple[int, int] | None:
    """Return a size, or one of the usual area with that ratio."""
    if not first or not second:
        return None
    if min(first, second) >= SMALLEST_SIZE:
        return first, second
    width = (AREA * first / second) ** 0.5
    return _rounded(width), _rounded(width * second / first)


def _scaled(size: tuple[int, int], width: int, height: int) -> tuple[int, int]:
    factor = width / size[0] if width else height / size[1]
    return width or round(size[0] * factor), height or round(size[1] * factor)


def _rounded(pixels: float) -> int:
    return max(STEP, round(pixels / STEP) * STEP)


def _number(fields: Mapping[str, JSON], names: tuple[str, ...]) -> int:
    values = (fields.get(name) for name in names)
    return next((int(one) for one in values if isinstance(one, int | float) and one > 0), 0)


def _within(pixels: int, most: int) -> int:
    return max(1, min(int(pixels), most))


def _objects(body: JSON, depth: int = DEEPEST) -> Iterator[Mapping[str, JSON]]:
    """Yield the objects in a body, the outer ones first."""
    if not isinstance(body, Mapping) or not depth:
        return
    yield body
    for inner in body.values():
        yield from _objects(inner, depth - 1)
