"""The words in which each vendor's `async_jobs` table describes how its jobs live.

Expressions are OpenAPI runtime expressions (`$response.body#/status`), times are seconds, operations are operationIds.
What a vendor does not offer is None.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """The five states every vendor's words are mapped to."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobId:
    """Where the answer to a submission says the job's id, and the parameter that carries it afterwards.

    `also` are further places of it. `urls` are places of a URL that ends with `path`, the read operation's path,
    where the id has the place of the parameter in braces.
    """

    expression: str
    parameter: str
    also: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The operation that tells how a job is doing, and where in its answer."""

    operation: str
    state: str
    progress: str | None = None
    eta: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The operation that lists jobs; `each` is a JSONPath to one job's entry."""

    operation: str
    each: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An operation on a job that the vendor allows in some states only."""

    operation: str
    allowed: frozenset[State]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link to a file: in the answer of `operation`, or, when that is None, in the answer of the read operation.

    `expires` is how long the link works; `renew` says that calling `operation` again gives a fresh one.
    """

    url: str
    operation: str | None = None
    allowed: frozenset[State] = frozenset(State)
    expires: float | None = None
    renew: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Links to several files in the answer of the read operation; `each` is a JSONPath to every one of them."""

    each: str
    allowed: frozenset[State] = frozenset(State)
    expires: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """How one kind of job is submitted, read, stopped, forgotten and collected.

    A job of one file has a `result`, a job of several `results`. `errors` is where the answer of the read operation
    says why a job failed.
    """

    name: str
    submit: tuple[str, ...]
    id: JobId
    read: Read
    states: Mapping[str, State]
    listing: Listing | None = None
    cancel: Move | None = None
    forget: Move | None = None
    result: Link | None = None
    results: Links | None = None
    input: Link | None = None
    errors: str | None = None


__all__ = ["JobId", "Lifecycle", "Link", "Links", "Listing", "Move", "Read", "State"]
