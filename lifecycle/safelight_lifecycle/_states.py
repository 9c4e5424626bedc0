"""The states of a job, in a module of their own: the mock server needs only these when it starts."""

from enum import StrEnum
from typing import Self


class State(StrEnum):
    """The states of a job; every API's own names of states are mapped to these five."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded", True
    FAILED = "failed", True
    CANCELLED = "cancelled", True

    is_over: (
        bool  # set in __new__: the mock server reads it for every job it lists, and a property costs more
    )

    def __new__(cls, value: str, is_over: bool = False) -> Self:  # noqa: FBT001, FBT002 - as members are written
        """Make a member; `is_over` is whether the state is final."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.is_over = is_over
        return member
