"""What the server writes about a job: a name, a place in the submission, or one of a few objects."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias

from safelight_lifecycle._expressions import Expression, parse_expression
from safelight_lifecycle._pointers import JSON, parse_pointer
from safelight_lifecycle._record import Record
from safelight_lifecycle._words import StateSet, Words


class JobValue(StrEnum):
    """The values that have a name."""

    ID = "id"
    PARENT = "parent"
    STATE = "state"
    PROGRESS = "progress"
    SUBMITTED = "submitted"
    STARTED = "started"
    ENDED = "ended"
    UPDATED = "updated"
    EXPIRES = "expires"
    DEADLINE = "deadline"
    SECONDS = "seconds"
    TOOK = "took"
    PRICE = "price"
    POSITION = "position"
    LOGS = "logs"
    ERROR = "error"
    RESULT = "result"
    URL = "url"
    DELIVERY = "delivery"


class Since(Record, kw_only=False):
    """The time at which a job first got one of these states or words; nothing before."""

    states: StateSet


class ByWord(Record, kw_only=False):
    """One value for each word or state (see `by_word`); nothing in others."""

    values: Mapping[str, JSON]

    def __hash__(self) -> int:  # all values can be members of sets
        return hash(frozenset(self.values))


class OperationUrl(Record, kw_only=False):
    """The URL of an operation for the job."""

    operation: str


class NamedResult(Record, kw_only=False):
    """One of the lifecycle's `results`."""

    name: str


class Constant(Record, kw_only=False):
    """A value that is always the same."""

    value: JSON


Value: TypeAlias = JobValue | Expression | Since | ByWord | OperationUrl | NamedResult | Constant
Pointer: TypeAlias = tuple[str, ...]


def read_value(node: JSON, words: Words) -> Value:
    """Return a value; raises ValueError for one that does not exist."""
    if isinstance(node, str):
        return parse_expression(node) if node.startswith("$") else JobValue(node)
    (kind, content), *_ = node.items()
    if kind == "since":
        return Since(words.one(content))
    if kind == "words":
        for name in content:
            words.reference(name)
        return ByWord(content)
    return _PLAIN[kind](content)


def read_report(node: JSON, words: Words) -> Mapping[Expression, Value]:
    """Return values by the places at which they are written."""
    return {parse_expression(place): read_value(value, words) for place, value in (node or {}).items()}


def read_members(node: JSON, words: Words) -> Mapping[Pointer, Value]:
    """Return values by the pointers at which they are written."""
    return {parse_pointer(pointer): read_value(value, words) for pointer, value in (node or {}).items()}


_PLAIN: Mapping[str, type[OperationUrl | NamedResult | Constant]] = {
    "url": OperationUrl,
    "result": NamedResult,
    "value": Constant,
}
