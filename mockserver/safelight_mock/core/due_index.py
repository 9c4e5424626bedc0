"""When names have to be looked at again: the earliest is known without a look at all of them."""

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from heapq import heapify, heappop, heappush, merge
from math import inf

from safelight_mock.core.overlay_mapping import Overlay

Entry = tuple[float, int, str]
"""A time, the place of the name among all, and the name: names of one time keep their order."""

SLACK = (
    64  # entries out of date that may be left in a heap, so that a small one is not made anew all the time
)


class Agenda(MutableMapping[str, float]):
    """Times by name, in the order in which the names were set, as in a dict; a copy keeps its changes apart.

    To ask for the earliest costs O(log n). An entry in a heap counts while it is the very one in `_entries`.
    The others were left by names that were removed or set anew, and are dropped when they come first.
    """

    __slots__ = ("_below", "_entries", "_heap", "_places")

    def __init__(self, times: Mapping[str, float] | None = None) -> None:
        self._below: Agenda | None = None
        self._entries: MutableMapping[str, Entry] = {}
        self._heap: list[Entry] = []
        self._places = 0
        self.update(times or {})

    def copy(self) -> "Agenda":
        """Return a working copy, made at the same cost however much is on the agenda."""
        copied = Agenda.__new__(Agenda)
        copied._below, copied._entries = self, Overlay(self._entries)  # noqa: SLF001 - of this class
        copied._heap, copied._places = [], self._places  # noqa: SLF001 - of this class
        return copied

    @property
    def gone(self) -> Iterable[str]:
        """The names that were removed from what this is a copy of."""
        return self._entries.gone if isinstance(self._entries, Overlay) else ()

    @property
    def fresh(self) -> Mapping[str, float]:
        """The times that were set in a copy; all, of what is none."""
        entries = self._entries.fresh if isinstance(self._entries, Overlay) else self._entries
        return {name: at for name, (at, _, _) in entries.items()}

    @property
    def overlay(self) -> Overlay[Entry]:
        """Where the changes of a copy are."""
        return self._entries if isinstance(self._entries, Overlay) else Overlay(self._entries)

    def merge(self) -> None:
        """Change what this is a copy of as this was changed."""
        if self._below is None or not isinstance(self._entries, Overlay):
            return
        for name in self._entries.gone:
            del self._below[name]
        self._below.update(self.fresh)
        self._entries.drop()
        self._heap, self._places = [], self._below._places  # noqa: SLF001 - of this class

    @property
    def first(self) -> float:
        """The earliest time; infinity, if there is none."""
        return next((at for at, _ in self.in_order()), inf) if self._entries else inf

    def in_order(self) -> Iterator[tuple[float, str]]:
        """Yield times and names, the earliest first; what is set meanwhile may be missed."""
        for entry in merge(*map(_walk, self._heaps())):
            if self._entries.get(entry[2]) is entry:
                yield entry[0], entry[2]

    def due(self, now: float) -> Iterator[str]:
        """Yield the names whose time has come, the earliest first."""
        for at, name in self.in_order():
            if at > now:
                return
            yield name

    def __getitem__(self, name: str) -> float:
        return self._entries[name][0]

    def __setitem__(self, name: str, at: float) -> None:
        before = self._entries.get(name)
        entry = (at, self._places if before is None else before[1], name)
        self._places += before is None
        self._entries[name] = entry
        heappush(self._heap, entry)
        if self._below is None and len(self._heap) > 2 * len(self._entries) + SLACK:
            self._heap = [*self._entries.values()]
            heapify(self._heap)

    def __delitem__(self, name: str) -> None:
        del self._entries[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __repr__(self) -> str:
        return repr(dict(self))

    def _heaps(self) -> tuple[list[Entry], ...]:
        """Return all heaps with entries, each with one in the first place that counts.

        A copy passes over entries of its base that it has hidden, but only the base itself may drop one.
        """
        while self._heap and self._entries.get(self._heap[0][2]) is not self._heap[0]:
            heappop(self._heap)
        own = (self._heap,) if self._heap else ()
        return own if self._below is None else (*self._below._heaps(), *own)  # noqa: SLF001


def _walk(heap: list[Entry]) -> Iterator[Entry]:
    """Yield the entries of a heap in order without changing it: each comes before the two below it."""
    ahead = [(heap[0], 0)]
    while ahead:
        entry, place = heappop(ahead)
        yield entry
        for below in range(2 * place + 1, min(2 * place + 3, len(heap))):
            heappush(ahead, (heap[below], below))
