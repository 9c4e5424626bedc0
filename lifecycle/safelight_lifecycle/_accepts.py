"""Which inputs an API takes."""

from safelight_lifecycle._expressions import Expression, parse_expression
from safelight_lifecycle._pointers import JSON
from safelight_lifecycle._record import Record


class AcceptedInput(Record):
    """The place of an image, or its URL, in a submission, its media types, and the pixels it may have.

    Without `media` any type is accepted, without `pixels` (width times height) any size.
    """

    place: Expression
    media: tuple[str, ...] = ()
    pixels: int | None = None


def read_accepted(node: JSON) -> AcceptedInput:
    """Return which inputs are accepted."""
    return AcceptedInput(
        place=parse_expression(node["from"]), media=tuple(node.get("media", ())), pixels=node.get("pixels")
    )
