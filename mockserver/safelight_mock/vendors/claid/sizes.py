"""The size of a result and its margins, computed from the header of the input."""

import re
from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from safelight_mock.core.aspect_fit import Size, around, within
from safelight_mock.core.job import Inspection, Job
from safelight_mock.core.picture import LONGEST_SIDES, Picture
from safelight_mock.vendors.claid.edits import AUTO, KEPT, Edit, edit_of
from safelight_mock.wire.messages import JSON

LONGEST_SIDE = 32_000  # of a result, in pixels; ours: no limit is published
MEGAPIXELS = 256  # of a result; ours
LENGTHS = re.compile(r"(\d+)(%|px)")


class Margins(msgspec.Struct, frozen=True, kw_only=True):
    """Pixels around an image."""

    top: int = 0
    right: int = 0
    bottom: int = 0
    left: int = 0


def inside(edit: Edit, source: Picture) -> Size:
    """Return the size of the image before it is extended by outpainting."""
    own = source.width, source.height
    frame = _frame(edit, own)
    match edit.fit["type"]:
        case "cover":
            return around(own, frame)
        case "bounds" | "outpaint":
            return within(own, frame)
    return frame


def output(edit: Edit, source: Picture) -> Picture:
    """Return format and size of the result."""
    width, height = _outside(edit, source)
    return Picture(format=edit.file, width=width, height=height)


def framed(job: Job, inspection: Inspection) -> Picture:
    """Return the image that is resized: the input or, for a clipped edit, its subject."""
    source, box = job.source.picture, inspection.subject
    return source if box is None else replace(source, width=box.width, height=box.height)


def output_of(job: Job, inspection: Inspection) -> Picture:
    """Return format and size of the result of an edit whose input was inspected."""
    edit = edit_of(job)
    return output(edit, framed(job, inspection)) if edit.is_clipped else job.output


def margins(edit: Edit, size: Size) -> Margins:
    """Return the padding of a result of that size in pixels; documented as clockwise from the top."""
    width, height = size
    match [(int(number), unit) for number, unit in LENGTHS.findall(edit.padding)]:
        case []:
            return Margins()
        case [one]:
            across, down = _margin(one, width), _margin(one, height)
        case [one, other]:
            across, down = _margin(one, width), _margin(other, height)
        case [top, right, bottom, left, *_]:
            return Margins(top=top[0], right=right[0], bottom=bottom[0], left=left[0])
    return Margins(top=down, right=across, bottom=down, left=across)


def error_of(edit: Edit, result: Picture) -> str:
    """Return why an edit of that size cannot be made; empty if it can."""
    width, height = result.width, result.height
    longest = min(LONGEST_SIDE, LONGEST_SIDES.get(result.format, LONGEST_SIDE))
    if max(width, height) > longest or result.megapixels > MEGAPIXELS:
        return f"Output image of {width}x{height} is too large."
    padding = margins(edit, (width, height))
    if max(padding.left, padding.right) * 2 > width or max(padding.top, padding.bottom) * 2 > height:
        return "Padding cannot be bigger than half of the image width or height."
    return ""


def _margin(length: tuple[int, str], whole: int) -> int:
    """Return a margin in pixels, rounded down, so that 50 % is at most half of the side."""
    number, unit = length
    return number if unit == "px" else whole * number // 100


def _outside(edit: Edit, source: Picture) -> Size:
    width, height = inside(edit, source)
    fit = edit.fit
    if fit["type"] != "outpaint":
        return width, height
    if fit.get("outpaint_by"):
        first, *rest = [(int(number), unit) for number, unit in LENGTHS.findall(fit["outpaint_by"])]
        return width + _length(first, width), height + _length((rest or [first])[0], height)
    return _frame(edit, (source.width, source.height))


def _frame(edit: Edit, own: Size) -> Size:
    """Return the requested width and height.

    With neither, the size stays. An absent side is "auto" by the schema's default and follows the other, as
    in the example of the async page. The page on resizing keeps it; the setting `absent_side` chooses.
    """
    sides = {name: edit.resizing.get(name) for name in ("width", "height")}
    if all(side in (None, AUTO) for side in sides.values()):
        return own
    width, height = (_side(sides, name, side, edit) for name, side in zip(sides, own, strict=True))
    width = width or max(1, round(own[0] * (height or 0) / own[1]))
    return width, height or max(1, round(own[1] * width / own[0]))


def _side(sides: Mapping[str, JSON], name: str, own: int, edit: Edit) -> int | None:
    """Return a side in pixels; None for one that follows the other."""
    length = sides[name]
    if length is None and edit.fit["type"] == "crop" and edit.absent_side == KEPT:
        return own
    if isinstance(length, int) or length in (None, AUTO):
        return None if length == AUTO else length
    return max(1, _length((int(length.removesuffix("%")), "%"), own))


def _length(length: tuple[int, str], whole: int) -> int:
    number, unit = length
    return number if unit == "px" else round(whole * number / 100)
