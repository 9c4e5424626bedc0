"""What merging one value into another comes to, as a list of edits; nothing is changed here."""

from collections.abc import Iterator
from dataclasses import dataclass

from safelight_lifecycle import format_pointer
from safelight_openapi._overlay.errors import RefusalError
from safelight_openapi._overlay.places import Place
from safelight_openapi._reading.documents import JSON, string_keyed


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Put a value at a place: over what stands there, as a new property, or one past the end of an array."""

    place: Place
    value: JSON


def shape(value: JSON) -> str:
    """Name the shape of a value; only what has the same shape can be merged."""
    match value:
        case dict():
            return "an object"
        case list():
            return "an array"
        case _:
            return "a primitive"


def edits(old: JSON, new: JSON, place: Place) -> Iterator[Edit]:
    """List what merges `new` into the selected `old`; to an array, a single value is its next item."""
    single = isinstance(old, list) and not isinstance(new, list)
    return _inner_edits(old, [new] if single else new, place)


def _inner_edits(old: JSON, new: JSON, place: Place) -> Iterator[Edit]:
    match old, new:
        case dict(), dict():
            for key, value in new.items():
                if key in old:
                    yield from _inner_edits(old[key], value, (*place, key))
                else:
                    yield _edit((*place, key), value)
        case list(), list():
            for index, item in enumerate(new, start=len(old)):
                yield _edit((*place, index), item)
        case _ if shape(old) != shape(new):
            raise RefusalError(
                f"{shape(new)} cannot be merged into {shape(old)}; remove the old one in an action before",
                place=format_pointer(place),
            )
        case _ if (type(old), old) != (type(new), new):  # Python takes 1, 1.0 and true for equal
            yield _edit(place, new)


def _edit(place: Place, value: JSON) -> Edit:
    return Edit(place=place, value=string_keyed(value))
