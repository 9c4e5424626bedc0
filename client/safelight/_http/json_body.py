"""JSON request bodies from plain values and generated classes, sent exactly as the caller gave them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from safelight_lifecycle import JSON


@runtime_checkable
class GeneratedModel(Protocol):
    """The part of a generated class that is used here."""

    def to_dict(self) -> dict[str, JSON]:
        """Return the fields that were set."""


@dataclass(frozen=True, slots=True)
class JsonBody:
    """A request body that the generated functions accept in place of their own classes.

    Those would leave out fields that the document does not describe.
    """

    content: dict[str, JSON]

    @classmethod
    def from_fields(cls, fields: Mapping[str, object]) -> "JsonBody":
        """Return a body; fields with the value None are left out.

        Raises TypeError or ValueError for values that JSON cannot represent.
        """
        return cls(plain_json({name: value for name, value in fields.items() if value is not None}))

    def to_dict(self) -> dict[str, JSON]:
        """Return all fields."""
        return self.content


def plain_json(value: object) -> JSON:
    """Return JSON for values and generated classes; raises TypeError or ValueError for anything else."""
    return json.loads(json.dumps(value, default=_plain, allow_nan=False))


def _plain(value: object) -> object:
    if isinstance(value, GeneratedModel):
        return value.to_dict()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{value!r} cannot be sent as JSON")
