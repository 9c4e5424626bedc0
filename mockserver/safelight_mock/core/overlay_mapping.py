"""A working copy of a mapping: changes stay apart from what it was made of until they are merged."""

from collections.abc import Iterable, Iterator, Mapping, MutableMapping, ValuesView
from typing import Any, Final, Generic, Protocol, TypeVar

V = TypeVar("V")
MISSING: Final[Any] = object()


class Copied(Protocol):
    """A working copy of a mapping: what was changed in it, and how that is made good."""

    @property
    def gone(self) -> Iterable[str]:
        """The keys that were removed from what this is a copy of, even if they were set again."""

    @property
    def fresh(self) -> Mapping[str, Any]:
        """What was set: new values in the order they came, and those in place of others."""

    @property
    def overlay(self) -> "Overlay[Any]":
        """Where its changes are; lasts as long as the copy."""

    def merge(self) -> None:
        """Change what this is a copy of as this was changed."""


class Overlay(MutableMapping[str, V], Generic[V]):
    """A mapping over a base that it does not change: with `fresh` values, and without keys that are `gone`.

    It behaves as a copy of the base would, order included: a value that replaces another keeps its place,
    and a key that is removed and set again comes last. Making one, and any operation but iteration, costs the
    same however large the base is. While an overlay is in use its base must not change but by `merge`.
    """

    __slots__ = ("_added", "base", "fresh", "gone")

    def __init__(self, base: MutableMapping[str, V]) -> None:
        self.base = base
        self.fresh: dict[str, V] = {}
        self.gone: dict[str, None] = {}  # a key that was set again stays in it: it comes last now
        self._added = 0  # keys in `fresh` that take no key's place in the base

    @property
    def overlay(self) -> "Overlay[V]":
        """Itself."""
        return self

    @property
    def hidden(self) -> list[V]:
        """The values of the base that were removed or replaced."""
        keys = self.gone | dict.fromkeys(self.fresh)
        return [self.base[key] for key in keys if key in self.base]

    def merge(self) -> None:
        """Change the base as this was changed."""
        for key in self.gone:
            del self.base[key]
        self.base.update(self.fresh)
        self.drop()

    def drop(self) -> None:
        """Forget what was changed."""
        self.fresh, self.gone, self._added = {}, {}, 0

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
            self._added += 1
        self.fresh[key] = value

    def __delitem__(self, key: str) -> None:
        was_set = self.fresh.pop(key, MISSING) is not MISSING
        if self._is_below(key):
            self.gone[key] = None
        elif was_set:
            self._added -= 1
        else:
            raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        return key in self.fresh or self._is_below(key)

    def __len__(self) -> int:
        return len(self.base) - len(self.gone) + self._added

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


def backwards(mapping: Mapping[str, V]) -> Iterator[str]:
    """Yield the keys of a mapping that keeps an order, the last one first."""
    return reversed(mapping)  # type: ignore[arg-type] # as all of ours can be
