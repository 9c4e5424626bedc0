"""The types that describe an API's lifecycles; the generated tables of the clients consist of them.

Expressions are OpenAPI runtime expressions (`$response.body#/status`), times are in seconds, operations are
operationIds. None means that the API does not offer it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from safelight_lifecycle._states import State


@dataclass(frozen=True, slots=True, kw_only=True)
class JobId:
    """Where the response to a submission holds the job's id, and which parameter of operations takes it.

    `expression` is tried first, then `also`. Last come `urls`: expressions for URLs of the read operation,
    whose path template is `path`; the id is what matches the template's `parameter`.
    """

    expression: str
    parameter: str
    also: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOperation:
    """The operation that returns a job's status, and expressions for values in its response."""

    operation: str
    state: str
    progress: str | None = None
    eta: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOperation:
    """The operation that lists jobs; `each` is the JSONPath of the entries."""

    operation: str
    each: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictedOperation:
    """An operation on a job that the API allows in some states only."""

    operation: str
    allowed: frozenset[State]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLink:
    """A link to a file, in the response of `operation` or, without one, of the read operation.

    `expires` is how long the link works, `renew` whether another call of `operation` returns a new one.
    """

    url: str
    operation: str | None = None
    allowed: frozenset[State] = frozenset(State)
    expires: float | None = None
    renew: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLinks:
    """Links to several files in the response of the read operation; `each` is their JSONPath."""

    each: str
    allowed: frozenset[State] = frozenset(State)
    expires: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobLifecycle:
    """How one kind of job is submitted, read, cancelled, deleted and downloaded.

    A job with one file has a `result`, a job with several has `results`. `errors` is the expression for the
    reasons of a failure in the response of the read operation.
    """

    name: str
    submit: tuple[str, ...]
    id: JobId
    read: ReadOperation
    states: Mapping[str, State]
    listing: ListOperation | None = None
    cancel: RestrictedOperation | None = None
    delete: RestrictedOperation | None = None
    result: FileLink | None = None
    results: FileLinks | None = None
    input: FileLink | None = None
    errors: str | None = None
