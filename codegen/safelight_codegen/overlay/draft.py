"""A document being worked on: each edit is noted with its origin, and origins move with their values."""

from collections.abc import Mapping
from types import MappingProxyType

from safelight_codegen.documents import JSON, string_keyed
from safelight_codegen.overlay.errors import RefusalError
from safelight_codegen.overlay.merge import Edit, edits
from safelight_codegen.overlay.model import Origin
from safelight_codegen.overlay.places import Place, pointer, value_at


class Draft:
    """A private copy: what it was made from stays as it was."""

    __slots__ = ("_origins", "document")

    def __init__(self, document: JSON) -> None:
        self.document = string_keyed(document)
        self._origins: dict[Place, Origin] = {}

    def merge(self, place: Place, value: JSON, origin: Origin) -> tuple[Place, ...]:
        """Merge a value into what stands at a place; returns the places that are different now."""
        planned = tuple(edits(value_at(self.document, place), value, place))
        for edit in planned:
            self._put(edit)
            self._origins[edit.place] = origin
        return tuple(edit.place for edit in planned)

    def remove(self, places: tuple[Place, ...]) -> tuple[Place, ...]:
        """Remove what stands at these places, some of which may lie in others or beside them in one array."""
        for place in sorted(places, key=_depth_and_index, reverse=True):
            self._take(place)
        return places

    def provenance(self) -> Mapping[str, Origin]:
        """List the origins by JSON pointer."""
        return MappingProxyType({pointer(place): origin for place, origin in self._origins.items()})

    def _put(self, edit: Edit) -> None:
        if not edit.place:
            self.document = edit.value
            return
        *before, key = edit.place
        holder = value_at(self.document, tuple(before))
        if isinstance(holder, list) and key == len(holder):
            holder.append(edit.value)
        else:
            holder[key] = edit.value

    def _take(self, place: Place) -> None:
        if not place:
            raise RefusalError("the root cannot be removed, nothing holds it; select what is in it", place="")
        del value_at(self.document, place[:-1])[place[-1]]
        kept = {other: origin for other, origin in self._origins.items() if other[: len(place)] != place}
        self._origins = {_moved(other, place): origin for other, origin in kept.items()}


def _depth_and_index(place: Place) -> tuple[int, int]:
    """Sort by depth, then by index in an array: removed from the last, none takes or moves another."""
    last = place[-1] if place else -1
    return len(place), last if isinstance(last, int) else -1


def _moved(place: Place, removed: Place) -> Place:
    """Say where a place is once another is gone: one index down, if that was an earlier item of its array."""
    *array, gone = removed
    depth = len(array)
    if len(place) > depth and place[:depth] == tuple(array):
        key = place[depth]
        if isinstance(gone, int) and isinstance(key, int) and key > gone:
            return (*array, key - 1, *place[depth + 1 :])
    return place
