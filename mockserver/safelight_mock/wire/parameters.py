"""Path and query parameters of a call, read when a handler asks for them.

A parameter nobody asks for is not looked at: services ignore what does not concern the call at hand.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from safelight_mock.wire.messages import JSON
from safelight_mock.wire.problem import Kind, Problem
from safelight_mock.wire.schema import Schema


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a spec says of one parameter."""

    place: str
    required: bool
    schema: Schema


class Query(Mapping[str, str]):
    """What a query says by name, the first of each; knows for which nobody asked."""

    def __init__(self, query: str) -> None:
        self._texts = {name: texts[0] for name, texts in parse_qs(query, keep_blank_values=True).items()}
        self._asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self._asked.add(name)
        return self._texts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    @property
    def unread(self) -> tuple[str, ...]:
        """The names for which nobody asked."""
        return tuple(name for name in self._texts if name not in self._asked)


@dataclass(frozen=True, slots=True)
class Parameters(Mapping[str, JSON]):
    """Described parameters by name, and what the call says of them by place (`path`, `query`)."""

    described: Mapping[str, Parameter]
    told: Mapping[str, Mapping[str, str]]
    strict: bool

    def __getitem__(self, name: str) -> JSON:
        """Return a parameter in its type, or its default; raises Problem for a wrong or missing one."""
        parameter = self.described[name]
        text = self.told[parameter.place].get(name)
        value = None if text is None else parameter.schema.read(text, strict=self.strict)
        if parameter.required if value is None else not parameter.schema.accepts(value):
            raise Problem(Kind.BAD_PARAMETER, place=name)
        return parameter.schema.default if value is None else value

    @property
    def unread(self) -> tuple[str, ...]:
        """The names in the query for which nobody asked."""
        query = self.told["query"]
        return query.unread if isinstance(query, Query) else ()

    def __iter__(self) -> Iterator[str]:
        return iter(self.described)

    def __len__(self) -> int:
        return len(self.described)
