"""What a job gives, and its input."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from safelight_lifecycle._conditions import ALWAYS, Condition
from safelight_lifecycle._record import EMPTY, Record
from safelight_lifecycle._states import State
from safelight_lifecycle._words import StateSet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from safelight_lifecycle._expressions import Expression
    from safelight_lifecycle._places import Places

SUCCEEDED = StateSet(frozenset([State.SUCCEEDED]))


class ResultKind(StrEnum):
    """Whether a result is behind a URL, the value itself, the body of an operation, or a file with an id."""

    URL = "url"
    VALUE = "value"
    BYTES = "bytes"
    FILE = "file"


class FileContent(Record):
    """The operation that responds with a file's bytes, and its parameter for the file's id."""

    operation: str
    parameter: str


class JobResult(Record):
    """One result, or several of a kind.

    It is at the first of `places` that has a value, or at each value that the JSONPath `each` selects, in the
    response of `operation`; of the read operation if that is empty. `parameters` are further ones of that
    operation: texts, or places in the submission's request or in the response of the read operation. `follow`
    is the place of that operation's URL in the response to the submission. `expires` is in seconds: how long
    a URL works; of bytes and files, how long after the job's end they exist. `renew`: reading again gives a
    new URL.
    """

    kind: ResultKind = ResultKind.URL
    places: Places = ()
    each: str = ""
    operation: str = ""
    follow: Expression | None = None
    parameters: Mapping[str, Expression | str] = EMPTY
    content: FileContent | None = None
    allowed: StateSet = SUCCEEDED
    media: str = ""
    when: Condition = ALWAYS
    expires: float | None = None
    renew: bool = False
    within: float | None = None


class JobInput(Record):
    """The operation that gives the job's input again: the place of its URL, which works `expires` seconds."""

    operation: str
    url: Expression
    expires: float | None = None
