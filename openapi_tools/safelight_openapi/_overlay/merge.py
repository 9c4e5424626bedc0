"""Computes the edits that merge one value into another, without changing either."""

from collections.abc import Iterator
from dataclasses import dataclass

from safelight_lifecycle import format_pointer
from safelight_openapi._overlay.errors import RejectedActionError
from safelight_openapi._overlay.locations import Location
from safelight_openapi._reading.documents import JSONValue, string_keyed


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeEdit:
    """Set a value at a location: replace it, add a property, or append to an array (index = its length)."""

    location: Location
    value: JSONValue


def shape_name(value: JSONValue) -> str:
    """Return the name of a value's shape; only values of the same shape can be merged."""
    match value:
        case dict():
            return "an object"
        case list():
            return "an array"
        case _:
            return "a primitive"


def plan_edits(old: JSONValue, new: JSONValue, location: Location) -> Iterator[MergeEdit]:
    """Yield the edits that merge `new` into `old`, which is at `location`.

    Objects are merged recursively, arrays are concatenated, primitives are replaced (specification, section
    4.4.3). Only at the target itself may a single value be appended to an array; below it, shapes must be
    equal. Raises RejectedActionError otherwise.
    """
    single = isinstance(old, list) and not isinstance(new, list)
    return _inner_edits(old, [new] if single else new, location)


def _inner_edits(old: JSONValue, new: JSONValue, location: Location) -> Iterator[MergeEdit]:
    match old, new:
        case dict(), dict():
            for key, value in new.items():
                if key in old:
                    yield from _inner_edits(old[key], value, (*location, key))
                else:
                    yield _edit((*location, key), value)
        case list(), list():
            for index, item in enumerate(new, start=len(old)):
                yield _edit((*location, index), item)
        case _ if shape_name(old) != shape_name(new):
            raise RejectedActionError(
                f"{shape_name(new)} cannot be merged into {shape_name(old)}; remove the old value first",
                location=format_pointer(location),
            )
        case _ if (type(old), old) != (type(new), new):  # in Python, 1, 1.0 and True are equal
            yield _edit(location, new)


def _edit(location: Location, value: JSONValue) -> MergeEdit:
    return MergeEdit(location=location, value=string_keyed(value))
