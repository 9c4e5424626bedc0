"""Rules for requests that the schema does not have.

Some are in the vendor's prose; the others reject values that no result could be made of. The messages are
ours, in the style of the vendor's.
"""

import re
from collections.abc import Iterator

from safelight_mock.vendors.claid.addresses import LOADED, OTHER_SCHEME, scheme
from safelight_mock.vendors.claid.edits import AUTO, Edit, EditOptions
from safelight_mock.vendors.claid.errors import invalid
from safelight_mock.vendors.claid.sizes import LONGEST_SIDE
from safelight_mock.vendors.claid.storage import STORAGE
from safelight_mock.wire.messages import JSON

SIDES = ("width", "height")
PERCENT = re.compile(r"[1-9]\d{0,3}%", re.ASCII)  # at most a hundredfold
PADDING = re.compile(r"(\d{1,5}(%|px)( \d{1,5}(%|px))?|\d{1,5}px( \d{1,5}px){3})", re.ASCII)
OUTPAINT = re.compile(r"\d{1,5}(%|px)( \d{1,5}(%|px))?", re.ASCII)
FEATHERING = re.compile(r"\d{1,4}%", re.ASCII)
COLOUR = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})|transparent", re.IGNORECASE | re.ASCII)
ANY_COLOUR = "transparent"  # for an absent one
MOST_DPI = 65_535  # the limit of JPEG
HALF = 50  # percent

TOO_LITTLE, TOO_MUCH = "ensure this value is greater than 0", "ensure this value is less than or equal to {}"

Finding = tuple[str, str]
"""The path of a field, and what is wrong with it."""


def check(edit: Edit, *, strict: bool, below: str = "") -> None:
    """Raise VendorError for an edit that breaks a rule; `below` is the prefix of its paths.

    `strict` rejects a width and a height that are both "auto", as one of the vendor's pages does.
    """
    broken: dict[str, list[str]] = {}
    for path, text in (*_operations(edit, strict=strict), *_output(edit)):
        broken.setdefault(below + path, []).append(text)
    if broken:
        raise invalid(broken)


def _operations(edit: Edit, *, strict: bool) -> Iterator[Finding]:
    yield from (_finding("resizing", *finding) for finding in _resizing(edit.resizing, strict=strict))
    yield from (_finding("resizing.fit", *finding) for finding in _fit(edit.fit))
    if edit.padding and (not PADDING.fullmatch(edit.padding) or _percents(edit.padding) > HALF):
        yield _finding("padding", "", "padding can not be bigger than half of the image width or height")
    if not COLOUR.fullmatch(edit.background.get("color", ANY_COLOUR)):
        yield _finding("background", "color", "value is not a hexadecimal color or 'transparent'")
    if edit.style and scheme(edit.style["style_reference_image"]) not in LOADED:
        yield _finding("generative", "style_transfer.style_reference_image", OTHER_SCHEME)


def _finding(part: str, field: str, text: str) -> Finding:
    return f"operations.{part}{'.' if field else ''}{field}", text


def _resizing(resizing: EditOptions, *, strict: bool) -> Iterator[Finding]:
    for name in SIDES:
        yield from ((name, text) for text in _side(resizing.get(name)))
    lengths = {resizing[name] for name in SIDES if resizing.get(name) not in (None, AUTO)}
    kinds = {*map(type, lengths)}
    if len(kinds) > 1:
        yield "", "width and height should be of the same type, or 'auto'"
    elif kinds == {str} and len(lengths) > 1:
        yield "", "width and height in percent should have the same value, or 'auto'"
    if strict and all(resizing.get(name) == AUTO for name in SIDES):
        yield "", "width and height cannot both be 'auto'"


def _side(length: JSON) -> Iterator[str]:
    if isinstance(length, str) and length != AUTO and not PERCENT.fullmatch(length):
        yield "value is neither 'auto' nor a percentage"
    if isinstance(length, int) and length <= 0:
        yield TOO_LITTLE
    if isinstance(length, int) and length > LONGEST_SIDE:
        yield TOO_MUCH.format(LONGEST_SIDE)


def _fit(fit: EditOptions) -> Iterator[Finding]:
    lengths = fit.get("outpaint_by")
    if lengths is not None and not OUTPAINT.fullmatch(lengths):
        yield "outpaint_by", "value is not one or two lengths in pixels or percent"
    if not FEATHERING.fullmatch(fit.get("feathering", "15%")):
        yield "feathering", "value is not a percentage"


def _output(edit: Edit) -> Iterator[Finding]:
    dpi = edit.metadata.get("dpi")
    if dpi is not None and dpi <= 0:
        yield "output.metadata.dpi", TOO_LITTLE
    if dpi is not None and dpi > MOST_DPI:
        yield "output.metadata.dpi", TOO_MUCH.format(MOST_DPI)
    if edit.destination and scheme(edit.destination) != STORAGE:
        yield edit.destination_field, OTHER_SCHEME


def _percents(padding: str) -> int:
    return max((int(value.removesuffix("%")) for value in padding.split() if value.endswith("%")), default=0)
