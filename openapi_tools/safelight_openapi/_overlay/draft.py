"""A document being worked on: each edit is noted with its origin, and origins move with their values."""

from bisect import bisect, insort
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from safelight_lifecycle import format_pointer
from safelight_openapi._overlay.errors import RefusalError
from safelight_openapi._overlay.merge import Edit, edits
from safelight_openapi._overlay.model import Origin
from safelight_openapi._overlay.places import Place, value_at
from safelight_openapi._reading.documents import JSON, string_keyed, weight

MOST_MERGED = 500_000  # values that overlays may merge into one document; copies that double pass any bound


class Draft:
    """A private copy: what it was made from stays as it was."""

    __slots__ = ("_origins", "_room", "document")

    def __init__(self, document: JSON) -> None:
        self.document = string_keyed(document)
        self._origins: dict[Place, Origin] = {}
        self._room = MOST_MERGED

    def merge(self, place: Place, value: JSON, origin: Origin) -> tuple[Place, ...]:
        """Merge a value into what stands at a place; returns the places that are different now.

        Raises RefusalError for one value too many, before it is copied.
        """
        self._room -= weight(value, most=self._room)
        if self._room < 0:
            raise RefusalError(f"the overlays merge in more than {MOST_MERGED:,} values; merge less")
        planned = tuple(edits(value_at(self.document, place), value, place))
        for edit in planned:
            self._put(edit)
            self._origins[edit.place] = origin
        return tuple(edit.place for edit in planned)

    def remove(self, places: tuple[Place, ...]) -> tuple[Place, ...]:
        """Remove what stands at these places, some of which may lie in others or beside them in one array."""
        if () in places:
            raise RefusalError("the root cannot be removed, nothing holds it; select what is in it", place="")
        for place in sorted(places, key=_depth_and_index, reverse=True):
            del value_at(self.document, place[:-1])[place[-1]]
        self._origins = dict(_survivors(self._origins, places))
        return places

    def provenance(self) -> Mapping[str, Origin]:
        """List the origins by JSON pointer."""
        return MappingProxyType({format_pointer(place): origin for place, origin in self._origins.items()})

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


def _depth_and_index(place: Place) -> tuple[int, int]:
    """Sort by depth, then by index in an array: removed from the last, none takes or moves another."""
    last = place[-1]
    return len(place), last if isinstance(last, int) else -1


def _survivors(origins: dict[Place, Origin], removed: tuple[Place, ...]) -> Iterator[tuple[Place, Origin]]:
    """List the origins that are left, each at its new place."""
    gone = set(removed)
    gaps: dict[Place, list[int]] = {}
    for *array, index in removed:
        if isinstance(index, int):
            insort(gaps.setdefault(tuple(array), []), index)
    for place, origin in origins.items():
        if not any(place[:length] in gone for length in range(1, len(place) + 1)):
            yield _moved(place, gaps), origin


def _moved(place: Place, gaps: dict[Place, list[int]]) -> Place:
    """Take from each index in a place the number of items that were removed before it."""
    return tuple(
        key - bisect(gaps.get(place[:depth], ()), key) if isinstance(key, int) else key
        for depth, key in enumerate(place)
    )
