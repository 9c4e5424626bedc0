"""Requests as JSON: what a caller gives goes out as it is, in plain dicts and in generated classes alike."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from safelight._http.response import JSON


@runtime_checkable
class Model(Protocol):
    """What all generated classes can do."""

    def to_dict(self) -> dict[str, JSON]:
        """Return the fields that were given."""


@dataclass(frozen=True, slots=True)
class Body:
    """A request. It passes for a generated one, and holds what that would leave out as unknown."""

    content: dict[str, JSON]

    @classmethod
    def of(cls, fields: Mapping[str, object]) -> "Body":
        """Leave out what is None; raises TypeError or ValueError for what JSON cannot hold."""
        given = {name: value for name, value in fields.items() if value is not None}
        return cls(json.loads(json.dumps(given, default=_plain, allow_nan=False)))

    def to_dict(self) -> dict[str, JSON]:
        """Return all of it."""
        return self.content


def _plain(value: object) -> object:
    if isinstance(value, Model):
        return value.to_dict()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{value!r} cannot be sent as JSON")
