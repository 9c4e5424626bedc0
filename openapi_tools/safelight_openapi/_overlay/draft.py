"""A document to which overlays are applied; origins of edits are recorded and move with their values."""

from bisect import bisect, insort
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from safelight_lifecycle import format_pointer
from safelight_openapi._overlay.errors import RejectedActionError
from safelight_openapi._overlay.locations import Location, value_at
from safelight_openapi._overlay.merge import MergeEdit, plan_edits
from safelight_openapi._overlay.model import ActionOrigin
from safelight_openapi._reading.documents import JSONValue, count_values, string_keyed

MAX_MERGED = (
    500_000  # values merged into one document by all overlays: repeated copies of a part grow exponentially
)


class Draft:
    """A copy of a document that actions are applied to, and the origins of what they set."""

    __slots__ = ("_budget", "_origins", "document")

    def __init__(self, document: JSONValue) -> None:
        self.document = string_keyed(document)
        self._origins: dict[Location, ActionOrigin] = {}
        self._budget = MAX_MERGED

    def merge(self, location: Location, value: JSONValue, origin: ActionOrigin) -> tuple[Location, ...]:
        """Merge a value into the value at a location; return the locations that changed.

        Raises RejectedActionError if the shapes differ, or if all overlays together merge more than
        MAX_MERGED values; the limit is checked before anything is copied.
        """
        self._budget -= count_values(value, most=self._budget)
        if self._budget < 0:
            raise RejectedActionError(f"the overlays merge in more than {MAX_MERGED:,} values; merge less")
        # All edits are computed before the first is made, so a value that cannot be merged changes nothing.
        planned = tuple(plan_edits(value_at(self.document, location), value, location))
        for edit in planned:
            self._put(edit)
            self._origins[edit.location] = origin
        return tuple(edit.location for edit in planned)

    def remove(self, locations: tuple[Location, ...]) -> tuple[Location, ...]:
        """Remove the values at these locations; some may be inside others, or items of the same array."""
        if () in locations:
            raise RejectedActionError("the root cannot be removed; select its members", location="")
        # Deepest first, and last index first: then no removal moves or removes another one's location.
        for location in sorted(locations, key=_depth_and_index, reverse=True):
            del value_at(self.document, location[:-1])[location[-1]]
        self._origins = dict(_remaining(self._origins, locations))
        return locations

    def provenance(self) -> Mapping[str, ActionOrigin]:
        """Return the origins by JSON pointer."""
        return MappingProxyType(
            {format_pointer(location): origin for location, origin in self._origins.items()}
        )

    def _put(self, edit: MergeEdit) -> None:
        if not edit.location:
            self.document = edit.value
            return
        *before, key = edit.location
        container = value_at(self.document, tuple(before))
        if isinstance(container, list) and key == len(container):
            container.append(edit.value)
        else:
            container[key] = edit.value


def _depth_and_index(location: Location) -> tuple[int, int]:
    """Sort key: depth, then index in an array."""
    last = location[-1]
    return len(location), last if isinstance(last, int) else -1


def _remaining(
    origins: dict[Location, ActionOrigin], removed: tuple[Location, ...]
) -> Iterator[tuple[Location, ActionOrigin]]:
    """Yield the remaining origins, each at its new location.

    Removed items shift the items after them: `gaps` has the removed indices of each array, in order.
    """
    removed_set = set(removed)
    gaps: dict[Location, list[int]] = {}
    for *array, index in removed:
        if isinstance(index, int):
            insort(gaps.setdefault(tuple(array), []), index)
    for location, origin in origins.items():
        if not any(location[:length] in removed_set for length in range(1, len(location) + 1)):
            yield _moved(location, gaps), origin


def _moved(location: Location, gaps: dict[Location, list[int]]) -> Location:
    """Subtract from each index of a location the number of removed items before it."""
    return tuple(
        key - bisect(gaps.get(location[:depth], ()), key) if isinstance(key, int) else key
        for depth, key in enumerate(location)
    )
