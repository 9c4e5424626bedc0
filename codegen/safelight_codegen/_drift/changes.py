"""Changes between two documents, with severity and direction."""

from dataclasses import dataclass
from enum import Enum, IntEnum, StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from safelight_openapi import JSONValue


class ChangeSeverity(IntEnum):
    """What a change means for programs that use the API."""

    HARMLESS = 0
    REVIEW = 1
    BREAKING = 2

    @property
    def label(self) -> str:
        """The text in reports."""
        return ("harmless", "needs review", "breaking")[self]


class Direction(StrEnum):
    """Who sends the changed message: the client, the service, or neither, if it is not about a message."""

    REQUEST = "request"
    RESPONSE = "response"
    NEITHER = "neither"


class Absent(Enum):
    """The absence of a value; `null` is a value."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT
NEUTRAL_RULES = (
    "documentation changed",
    "notation changed",
)  # rules of changes that do not affect any request
JsonOrAbsent: TypeAlias = "JSONValue | Absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentChange:
    """A difference between two documents.

    `pointer` is a JSON pointer into the vendored document, or for an addition into the new one; both are
    converted to OpenAPI 3.1 first.
    """

    rule: str  # a row of the table in `rules`
    severity: ChangeSeverity
    reason: str
    direction: Direction
    pointer: str
    was: JsonOrAbsent
    now: JsonOrAbsent
    operations: tuple[str, ...] = ()  # operationIds of the vendored document, or else method and path

    @property
    def is_addition(self) -> bool:
        """Whether the API offers something new."""
        return self.rule.endswith(("added", "widened")) and self.severity is not ChangeSeverity.BREAKING
