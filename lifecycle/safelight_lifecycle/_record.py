"""The base class of values: immutable, compared by their fields. docs/why.md says why not a dataclass."""

from __future__ import annotations

from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Iterable

EMPTY: Final[MappingProxyType[Any, Any]] = MappingProxyType({})  # the default of a mapping, shared by all


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Record:
    """A value with at least one field: the annotated names of its class and of the bases of that.

    A default is an attribute of the class, shared by all its instances. Fields are given by name; with
    `kw_only=False` also in order, and can be matched so.
    """

    _fields: ClassVar[tuple[str, ...]] = ()
    _ordered: ClassVar[tuple[str, ...]]
    _known: ClassVar[frozenset[str]]
    _required: ClassVar[frozenset[str]]
    _values: ClassVar[Any]  # an attrgetter of all fields, which Python 3.11 cannot subscript

    def __init_subclass__(cls, *, kw_only: bool = True) -> None:
        cls._fields = tuple(dict.fromkeys((*cls._fields, *cls.__annotations__)))
        cls._ordered = () if kw_only else cls._fields
        cls._known = frozenset(cls._fields)
        cls._required = frozenset(name for name in cls._fields if not hasattr(cls, name))
        cls._values = attrgetter(*cls._fields)
        type.__setattr__(cls, "__match_args__", cls._ordered)  # type checkers have their own

    def __init__(self, *positional: object, **values: object) -> None:
        if positional:
            values = self._by_name(positional, values)
        if not self._required <= values.keys() <= self._known:
            raise TypeError(self._misuse(values))
        self.__dict__.update(values)

    @classmethod
    def _by_name(cls, positional: tuple[object, ...], named: dict[str, object]) -> dict[str, object]:
        names = cls._ordered[: len(positional)]
        if len(names) < len(positional):
            raise TypeError(f"{cls.__name__} takes {len(names)} values in order, not {len(positional)}")
        if twice := named.keys() & names:
            raise TypeError(f"{cls.__name__} has {min(twice)!r} twice")
        return {**dict(zip(names, positional, strict=True)), **named}

    @classmethod
    def _misuse(cls, names: Iterable[str]) -> str:
        """Return which names of fields are missing or unknown."""
        if missing := [name for name in cls._fields if name in cls._required.difference(names)]:
            return f"{cls.__name__} lacks {', '.join(missing)}"
        unknown = min(set(names) - cls._known)
        return f"{cls.__name__} has no field {unknown!r}; its fields are {', '.join(cls._fields)}"

    def _given(self) -> dict[str, object]:
        """Return the values that were given; the dictionary of the instance has cached properties, too."""
        return {name: value for name, value in self.__dict__.items() if name in self._known}

    def _replace(self, **changes: object) -> Self:
        """Return the same with other values of some fields."""
        return type(self)(**{**self._given(), **changes})

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__}.{name} cannot be set; a record is immutable")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__}.{name} cannot be deleted; a record is immutable")

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return bool(self._values(self) == self._values(other))

    def __hash__(self) -> int:
        return hash(self._values(self))

    def __repr__(self) -> str:
        members = (f"{name}={getattr(self, name)!r}" for name in self._fields)
        return f"{type(self).__qualname__}({', '.join(members)})"

    def __reduce__(self) -> tuple[object, ...]:  # without the shared defaults, which cannot be pickled
        return _made, (type(self), self._given())


def _made(kind: type[Record], values: dict[str, object]) -> Record:
    return kind(**values)
