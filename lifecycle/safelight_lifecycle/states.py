"""The states of a job, apart from `vocabulary`: the mock server needs nothing else of it at its start."""

from enum import StrEnum
from typing import Self


class State(StrEnum):
    """The five states that every API's state words are mapped to."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded", True
    FAILED = "failed", True
    CANCELLED = "cancelled", True

    is_over: bool  # an attribute: the mock server reads it often

    def __new__(cls, value: str, is_over: bool = False) -> Self:  # noqa: FBT001, FBT002 - as members are written
        """Make a member of its value and whether a job keeps this state."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.is_over = is_over
        return member
