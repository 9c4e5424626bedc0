"""Copy-on-write mappings: a copy has its changes apart until they are merged; and an index by due time."""

from collections.abc import Collection, Iterator, Mapping, MutableMapping, ValuesView
from heapq import heapify, heappop, heappush, merge
from math import inf
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar

V = TypeVar("V")
MISSING: Final[Any] = object()

Entry = tuple[float, int, str]
"""A time, the place of the name among all, and the name: names of one time keep their order."""

SLACK = (
    64  # entries out of date that may be left in a heap, so that a small one is not made anew all the time
)


class PartChange(NamedTuple):
    """What a working copy has changed of a mapping.

    - `fresh`: the values that were set: new ones in order, and replacements
    - `gone`: the keys that were removed, even if they were set again
    - `before`: the values that were removed or replaced, by key
    """

    fresh: Mapping[str, Any]
    gone: Collection[str]
    before: Mapping[str, Any]


class Copied(Protocol):
    """A working copy of a mapping."""

    @property
    def overlay(self) -> "OverlayMapping[Any]":
        """Where its changes are; lasts as long as the copy."""

    def change(self) -> PartChange:
        """Return what was changed since it was made or merged."""

    def merge(self) -> None:
        """Apply the changes to the original."""


class OverlayMapping(MutableMapping[str, V], Generic[V]):
    """A mapping over a base that it does not change: with `fresh` values, and without keys that are `gone`.

    It behaves as a copy of the base would, order included: a value that replaces another keeps its place,
    and a key that is removed and set again comes last. Making one, and any operation but iteration, costs the
    same however large the base is. While an overlay is in use its base must not change but by `merge`.
    """

    __slots__ = ("added", "base", "fresh", "gone")

    def __init__(self, base: MutableMapping[str, V]) -> None:
        self.base: MutableMapping[str, V] = base
        self.fresh: dict[str, V] = {}
        self.gone: dict[str, None] = {}  # a key that was set again stays in it: it comes last now
        self.added: int = 0  # keys in `fresh` that take no key's place in the base

    @property
    def overlay(self) -> "OverlayMapping[V]":
        """Itself."""
        return self

    def change(self) -> PartChange:
        """Return what was changed since it was made or merged."""
        return PartChange(self.fresh, self.gone, self.before())

    def before(self) -> dict[str, V]:
        """Return the values of the base that were removed or replaced, by key."""
        if not self.gone and self.added == len(self.fresh):
            return {}
        keys = self.gone | dict.fromkeys(self.fresh)
        return {key: self.base[key] for key in keys if key in self.base}

    def over(self, plain: Mapping[str, V]) -> dict[str, V]:
        """Return all of it as a dict, from one with the contents of the base, which is copied quickly."""
        whole = dict(plain)
        for key in self.gone:
            del whole[key]
        whole.update(self.fresh)
        return whole

    def merge(self) -> None:
        """Apply the changes to the base."""
        for key in self.gone:
            del self.base[key]
        self.base.update(self.fresh)
        self.drop()

    def drop(self) -> None:
        """Discard all changes."""
        self.fresh, self.gone, self.added = {}, {}, 0  # what `change` has returned stays as it is

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - of `V`, or whatever the default is
        """Return the value of a key, or a default."""
        value = self.fresh.get(key, MISSING)
        if value is not MISSING:
            return value
        return default if key in self.gone else self.base.get(key, default)

    def __getitem__(self, key: str) -> V:
        value: V = self.get(key, MISSING)
        if value is MISSING:
            raise KeyError(key)
        return value

    def __setitem__(self, key: str, value: V) -> None:
        if key not in self.fresh and not self._is_below(key):
            self.added += 1
        self.fresh[key] = value

    def __delitem__(self, key: str) -> None:
        was_set = self.fresh.pop(key, MISSING) is not MISSING
        if self._is_below(key):
            self.gone[key] = None
        elif was_set:
            self.added -= 1
        else:
            raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        return key in self.fresh or self._is_below(key)

    def __len__(self) -> int:
        return len(self.base) - len(self.gone) + self.added

    def __iter__(self) -> Iterator[str]:
        yield from (key for key in self.base if key not in self.gone)
        yield from (key for key in self.fresh if not self._is_below(key))

    def __reversed__(self) -> Iterator[str]:
        yield from (key for key in reversed(self.fresh) if not self._is_below(key))
        yield from (key for key in backwards(self.base) if key not in self.gone)

    def __repr__(self) -> str:
        return repr(dict(self))

    def values(self) -> ValuesView[V]:
        """Return all values: the base's own while nothing is changed: ten times as fast."""
        return ValuesView(self) if self.fresh or self.gone else self.base.values()

    def _is_below(self, key: object) -> bool:
        return key not in self.gone and key in self.base


def put(times: MutableMapping[str, float], name: str, at: float | None) -> None:
    """Set the time of a name, as the last one of its time, or remove the name."""
    times.pop(name, None)
    if at is not None:
        times[name] = at


def backwards(mapping: Mapping[str, V]) -> Iterator[str]:
    """Yield the keys of a mapping that keeps an order, the last one first."""
    return reversed(mapping)  # type: ignore[arg-type] # as all of ours can be


class DueIndex(MutableMapping[str, float]):
    """Times by name, in the order in which the names were set, with the earliest one; copied on write.

    Reading the earliest time costs O(1), setting a time O(log n). A heap entry is valid while it is the
    object in `_entries`. Others are left by names that were removed or set again, and are dropped at the top.
    """

    __slots__ = ("_below", "_entries", "_heap", "_places", "first")

    def __init__(self, times: Mapping[str, float] | None = None) -> None:
        self._below: DueIndex | None = None
        self._entries: MutableMapping[str, Entry] = {}
        self._heap: list[Entry] = []
        self._places = 0
        self.first: float = inf
        """The earliest time, or infinity."""
        for name, at in (times or {}).items():
            self[name] = at

    def copy(self) -> "DueIndex":
        """Return a working copy, made at the same cost however many entries there are."""
        copied = DueIndex.__new__(DueIndex)
        copied._below, copied._entries = self, OverlayMapping(self._entries)  # noqa: SLF001 - of this class
        copied._heap, copied._places = [], self._places  # noqa: SLF001 - of this class
        copied.first = self.first
        return copied

    def frozen(self) -> "DueIndex":
        """Return an immutable copy of the times by name; takes a millisecond for 100,000."""
        copied = DueIndex()
        below = self if self._below is None else self._below
        copied._entries = self.overlay.over(below._entries)  # noqa: SLF001 - of this class
        return copied

    @property
    def overlay(self) -> OverlayMapping[Entry]:
        """Where the changes of a copy are."""
        return self._entries if isinstance(self._entries, OverlayMapping) else OverlayMapping(self._entries)

    def change(self) -> PartChange:
        """Return what was changed since it was made or merged."""
        overlay = self.overlay
        before = {name: at for name, (at, _, _) in overlay.before().items()}
        return PartChange({name: at for name, (at, _, _) in overlay.fresh.items()}, overlay.gone, before)

    def merge(self) -> None:
        """Apply the changes to the original."""
        below, entries = self._below, self._entries
        if below is None or not isinstance(entries, OverlayMapping):
            return
        for name in entries.gone:
            del below[name]
        for name, (at, _, _) in entries.fresh.items():
            below[name] = at
        entries.drop()
        self._heap, self._places, self.first = [], below._places, below.first  # noqa: SLF001 - of this class

    def in_order(self) -> Iterator[tuple[float, str]]:
        """Yield times and names, the earliest first; what is set meanwhile may be missed."""
        for entry in merge(*map(_walk, self._heaps())):
            if self._entries.get(entry[2]) is entry:
                yield entry[0], entry[2]

    def due(self, now: float) -> Iterator[str]:
        """Yield the names whose time has come, the earliest first."""
        for at, name in self.in_order() if self.first <= now else ():
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
        if at <= self.first:
            self.first = at
        elif before is not None and before[0] == self.first:
            self.first = self._earliest()
        if self._below is None and len(self._heap) > 2 * len(self._entries) + SLACK:
            self._heap = [*self._entries.values()]
            heapify(self._heap)

    def __delitem__(self, name: str) -> None:
        before = self._entries[name]
        del self._entries[name]
        if before[0] == self.first:
            self.first = self._earliest()

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __repr__(self) -> str:
        return repr(dict(self))

    def _earliest(self) -> float:
        """Find the earliest time."""
        first = min((heap[0] for heap in self._heaps()), default=None)
        if first is None or self._entries.get(first[2]) is first:
            return inf if first is None else first[0]
        return next((at for at, _ in self.in_order()), inf)  # that one is hidden by a copy

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
