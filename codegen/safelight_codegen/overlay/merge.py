"""What merging one value into another comes to, as a list of edits; nothing is changed here."""

from collections.abc import Iterator
from dataclasses import dataclass

from safelight_codegen.documents import JSON, string_keyed
from safelight_codegen.overlay.errors import Refusal
from safelight_codegen.overlay.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Put a value at a place: over what stands there, as a new property, or one past the end of an array."""

    place: Place
    value: JSON


def edits(old: JSON, new: JSON, place: Place) -> Iterator[Edit]:
    """List what makes the selected `old` say `new`: an array takes a single value as its next item."""
    single = isinstance(old, list) and not isinstance(new, list)
    return _property_edits(old, [new] if single else new, place)


def shape(value: JSON) -> str:
    """Name the kind of a value: an object, an array or a primitive."""
    return {dict: "an object", list: "an array"}.get(type(value), "a primitive")


def _property_edits(old: JSON, new: JSON, place: Place) -> Iterator[Edit]:
    match old, new:
        case dict(), dict():
            for key, value in new.items():
                if key in old:
                    yield from _property_edits(old[key], value, (*place, key))
                else:
                    yield _edit((*place, key), value)
        case list(), list():
            for index, item in enumerate(new, start=len(old)):
                yield _edit((*place, index), item)
        case _ if shape(old) != shape(new):
            raise Refusal(
                f"{shape(new)} cannot be merged into {shape(old)}; remove the old value in an action before",
                place=place,
            )
        case _ if (type(old), old) != (type(new), new):  # to Python, not to JSON, 1 is 1.0 and true
            yield _edit(place, new)


def _edit(place: Place, value: JSON) -> Edit:
    return Edit(place=place, value=string_keyed(value))
