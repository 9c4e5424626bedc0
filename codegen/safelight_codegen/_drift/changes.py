"""The nouns of drift: a change, what kind of thing it is, and whom it concerns."""

from dataclasses import dataclass
from enum import Enum, IntEnum, StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from safelight_openapi import JSON


class Severity(IntEnum):
    """How bad a change is for somebody who built on the document before it."""

    HARMLESS = 0
    LOOK = 1
    BREAKING = 2

    @property
    def word(self) -> str:
        """How a person says it."""
        return ("harmless", "needs a look", "breaking")[self]


class Direction(StrEnum):
    """Who sends what has changed: we do, the service does, or it is not about a message."""

    REQUEST = "request"
    RESPONSE = "response"
    NEITHER = "neither"


class Absent(Enum):
    """What stands where nothing stands; `null` is a value."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT
SILENT = ("documentation changed", "written otherwise")  # rules of changes that no call notices
Value: TypeAlias = "JSON | Absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between two documents that a person would name.

    `pointer` is a JSON pointer into the vendored document, or into the new one where the vendored one has
    nothing; both are read as OpenAPI 3.1.
    """

    rule: str  # the row of the table of rules
    severity: Severity
    why: str
    direction: Direction
    pointer: str
    was: Value
    now: Value
    operations: tuple[str, ...] = ()  # operationIds of the vendored document, or method and path

    @property
    def adds(self) -> bool:
        """Whether there is something to offer that was not there."""
        return self.rule.endswith(("added", "widened")) and self.severity is not Severity.BREAKING
