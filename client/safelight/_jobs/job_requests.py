"""Requests about one job: what is known of it, and how its operations are called."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO
from urllib.parse import urljoin

from safelight._errors import UnsupportedOperationError
from safelight._http.response import ApiResponse
from safelight._jobs.operations import OperationClient
from safelight._jobs.status import JobStatus, read_status
from safelight_lifecycle import JSON, Expression, JobResult, Lifecycle, RequestParts


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOrigin:
    """What is known of a job's submission: with the job's id, all that another process needs to go on.

    `values` are those at the places in its request and response that later requests need, such as
    `$request.path.model` or `$response.body#/status_url`. URLs among them may give access to the job.
    """

    operation: str = ""
    values: Mapping[str, JSON] = field(default_factory=dict, repr=False)


def job_origin(
    lifecycle: Lifecycle, operation: str, request: RequestParts, response: ApiResponse
) -> JobOrigin:
    """Return what later requests need of a submission. URLs are complete: they may be relative to it."""
    links = {*_links(lifecycle)}
    values: dict[str, JSON] = {}
    for place in (*links, *_parameters(lifecycle)):
        value = request.value(place) if place.is_request else response.value(place)
        if value is not None:
            values[str(place)] = urljoin(response.url, str(value)) if place in links else value
    return JobOrigin(operation=operation, values=values)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRequests:
    """The operations of one job; `error_message` is a JSON Pointer from an error of the job to its text."""

    id: str
    origin: JobOrigin
    lifecycle: Lifecycle
    operations: OperationClient
    error_message: str = ""

    @property
    def result(self) -> JobResult | None:
        """The result of the operation that submitted the job."""
        return self.lifecycle.result_of(self.origin.operation)

    def read(self) -> ApiResponse:
        """Call the operation that reads the job, at the URL that the submission was given."""
        read = self.lifecycle.read
        if read is None:
            raise UnsupportedOperationError("this service reports the state of jobs by webhooks only")
        return self.call(read.operation, follow=read.follow, accepted=frozenset(read.by_status))

    def status(self, response: ApiResponse) -> JobStatus:
        """Return the status in a response of the operation that reads the job."""
        return read_status(response, self.lifecycle, error_message=self.error_message)

    def call(
        self,
        operation: str,
        *,
        follow: Expression | None = None,
        parameters: Mapping[str, JSON] | None = None,
        body: object = None,
        accepted: frozenset[int] = frozenset(),
    ) -> ApiResponse:
        """Call an operation, at the URL `follow` of the submission's response if that is known.

        Statuses that are `accepted` are no errors. Raises ValueError if a parameter is missing.
        """
        url = self._link(follow)
        return self.operations.call(
            operation, self._with_own(parameters), url=url, body=body, accepted=accepted
        )

    def fetch(
        self,
        operation: str,
        into: BinaryIO,
        *,
        follow: Expression | None = None,
        parameters: Mapping[str, JSON] | None = None,
    ) -> None:
        """Write the body of an operation's response to a file."""
        self.operations.fetch(operation, self._with_own(parameters), into, url=self._link(follow))

    def _with_own(self, parameters: Mapping[str, JSON] | None) -> Mapping[str, JSON]:
        """Return parameters with those that every operation of the job has: its id, and what goes with it."""
        ids = self.lifecycle.ids
        others = {name: self.origin.values.get(str(place)) for name, place in ids.others.items()}
        own = {ids.parameter: self.id} if ids.parameter else {}
        return {**others, **own, **(parameters or {})}

    def _link(self, place: Expression | None) -> str:
        return str(self.origin.values.get(str(place), ""))


def _links(lifecycle: Lifecycle) -> Iterator[Expression]:
    """Yield the places, in the response to a submission, of the URLs that are called."""
    parts = (lifecycle.read, *lifecycle.moves, *_results(lifecycle))
    yield from (part.follow for part in parts if part is not None and part.follow is not None)


def _parameters(lifecycle: Lifecycle) -> Iterator[Expression]:
    """Yield the places of parameters in the request of a submission, or in its response."""
    yield from lifecycle.ids.others.values()
    for result in _results(lifecycle):
        values = result.parameters.values()
        yield from (place for place in values if isinstance(place, Expression) and place.is_request)


def _results(lifecycle: Lifecycle) -> Iterator[JobResult]:
    usual = (lifecycle.result, *(one.result for one in lifecycle.submit))
    yield from (one for one in (*usual, *lifecycle.results.values()) if one is not None)
