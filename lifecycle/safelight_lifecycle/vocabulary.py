"""The types in which an API's lifecycles are described: generated tables for clients are made of them.

Expressions are OpenAPI runtime expressions (`$response.body#/status`), times are seconds, operations are
operationIds. What an API does not offer is None.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from safelight_lifecycle.states import State


@dataclass(frozen=True, slots=True, kw_only=True)
class JobId:
    """The place of a job's id in the response to a submission, and the parameter that takes it afterwards.

    `also` are further places of the id. `urls` are places of a URL that ends with `path`, that of the read
    operation, in which the id takes the place of the parameter in braces.
    """

    expression: str
    parameter: str
    also: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The operation that returns a job's status, and places in its response."""

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
    """A link to a file, in the response of `operation` or, if that is None, of the read operation.

    `expires` is how long the link works; `renew` says that calling `operation` again gives a fresh one.
    """

    url: str
    operation: str | None = None
    allowed: frozenset[State] = frozenset(State)
    expires: float | None = None
    renew: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Links to several files in the response of the read operation; `each` is the JSONPath of them."""

    each: str
    allowed: frozenset[State] = frozenset(State)
    expires: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """How one kind of job is submitted, read, cancelled, deleted and downloaded.

    A job of one file has a `result`, a job of several `results`. `errors` is the place of the reasons of a
    failure in the response of the read operation.
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
