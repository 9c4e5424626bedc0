"""The operations on a job: those that submit, read, list and change it.

Operations are operationIds, or method and path (`POST /v1/renders`) for operations without one.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from safelight_lifecycle._conditions import ALWAYS, Condition
from safelight_lifecycle._record import EMPTY, Record
from safelight_lifecycle._words import EVERY_STATE, StateSet, WordState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from safelight_lifecycle._expressions import Expression
    from safelight_lifecycle._ids import JobIds
    from safelight_lifecycle._limits import Timing
    from safelight_lifecycle._places import Places
    from safelight_lifecycle._results import JobResult
    from safelight_lifecycle._values import Pointer, Value


class Submission(Record):
    """An operation that starts a job, if its request meets `when`; otherwise it responds with the result.

    `of` is the place, in the request, of the id of the job that this one is made from. What is None is that
    of the lifecycle.
    """

    operation: str
    ids: JobIds | None = None
    when: Condition = ALWAYS
    of: Expression | None = None
    result: JobResult | None = None
    timing: Timing | None = None
    price: float | None = None


class JobRead(Record):
    """The operation that reads a job.

    `state` is the place of the word, `by_status` the states by the status code with which it responds. The
    client calls the URL at `follow`, in the response to the submission, if there is one. `retry_after` is in
    seconds, `progress` reaches `progress_max`.
    """

    operation: str
    state: Places = ()
    by_status: Mapping[int, StateSet] = EMPTY
    follow: Expression | None = None
    progress: Places = ()
    progress_max: float = 100.0
    eta: Places = ()
    retry_after: float | None = None


class PagingKind(StrEnum):
    """What the position of a page is: a count of jobs, a text of the server, or the id of a job."""

    OFFSET = "offset"
    CURSOR = "cursor"
    AFTER = "after"


class Paging(Record):
    """The parameters of position (`at`) and size (`limit`) of a list, and the places of what follows."""

    kind: PagingKind
    at: str
    limit: str = ""
    default: int | None = None
    next: Expression | None = None
    more: Expression | None = None


class JobList(Record):
    """The operation that lists jobs, the newest first; `each` is the JSONPath of the entries.

    An entry is like the part of the response of the read operation at `like`, the whole if that is None, and
    has `reports` besides. `filter` has parameters that select jobs, by name, and what they select by.
    """

    operation: str
    each: str
    like: Expression | None = None
    reports: Mapping[Pointer, Value] = EMPTY
    paging: Paging | None = None
    filter: Mapping[str, str] = EMPTY


class Removal(StrEnum):
    """What an operation removes: the job, or its results and inputs only."""

    DELETED = "deleted"
    PURGED = "purged"


class JobMove(Record):
    """An operation by which a client changes a job, the states in which it may, and what the job becomes.

    In other states it is refused or, with `is_ignored`, responded to as if it were done. With `every` the
    operation takes no id and is applied to every job that is allowed to. `follow` is the place, in the
    response to the submission, of the URL to call.
    """

    operation: str
    to: WordState | Removal
    allowed: StateSet = EVERY_STATE
    is_ignored: bool = False
    every: bool = False
    follow: Expression | None = None
