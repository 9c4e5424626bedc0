"""Jobs at any vendor: submit, list, poll, wait, save results, cancel, delete.

Which operation to call, where its response holds which value, and what a vendor's states mean is in the
vendor's `Lifecycle`. Nothing here depends on a vendor.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import Self
from uuid import UUID

from safelight._errors import (
    ApiError,
    NetworkError,
    SafelightError,
    UnknownOutcomeError,
    UnsupportedOperationError,
    WaitTimeoutError,
)
from safelight._http.arguments import check_seconds, check_type
from safelight._http.response import ApiResponse
from safelight._jobs.job_requests import JobOrigin, JobRequests, job_origin
from safelight._jobs.listing import pages
from safelight._jobs.moves import chosen_move
from safelight._jobs.operations import OperationClient
from safelight._jobs.polling import Polling
from safelight._jobs.results import result_named, result_values, save_result, save_results
from safelight._jobs.status import JobStatus, is_over
from safelight._jobs.submission import PreparedSubmission, prepare, send, starts_job
from safelight_lifecycle import (
    JSON,
    Lifecycle,
    Removal,
    State,
    find_job_id,
    first_value,
    follow_tokens,
    select_values,
)

MAX_SEARCHES = 3  # for the job of a submission without a response: it may be listed with a delay
MAX_SEARCHED_JOBS = 200  # listed jobs that are searched each time, the newest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job by its id. Every method may raise ApiError, NetworkError and InvalidResponseError.

    `last_status` is the job's status when it was listed or submitted, None if that response has none.
    `origin` has the values of the submission that later requests need. Store it with the id, and another
    process can go on: `api.job(id, origin=origin)`. Jobs are made by the methods of a client. Several threads
    may use one job.
    """

    id: str
    _client: "JobClient" = field(repr=False, compare=False)
    last_status: JobStatus | None = field(default=None, compare=False)
    origin: JobOrigin = field(default_factory=JobOrigin, repr=False, compare=False)

    def status(self) -> JobStatus:
        """Request the job's status."""
        requests = self._requests()
        return requests.status(requests.read())

    def wait(
        self, *, timeout: float = 600.0, on_progress: Callable[[JobStatus], object] | None = None
    ) -> Self:
        """Poll until the job has succeeded, and return it.

        A job whose `last_status` is final is not polled. Delays between polls grow (see `Polling`), and are
        at least as long as `Retry-After` demands. `on_progress` is called with each status, in this thread.
        Temporary errors (429, 502, 503, 504, lost connections) are retried until `timeout` seconds have
        passed; `math.inf` waits without a limit. Raises JobFailedError, JobCancelledError, or
        WaitTimeoutError, whose `__cause__` is the last temporary error; ValueError for a negative `timeout`.
        """
        check_seconds("timeout", timeout, is_endless=True)
        if on_progress is not None and not callable(on_progress):
            raise TypeError(f"on_progress must be a function that takes a JobStatus, not {on_progress!r}")
        if self.last_status is not None and is_over(self.id, self.last_status):
            return self
        # Only reads are repeated here, so a temporary error costs nothing but time.
        polling = self._client.polling
        deadline, state, states = polling.clock() + timeout, "", set[str]()
        for delay in polling.delays():
            outcome = self._poll()
            if isinstance(outcome, JobStatus):
                state = outcome.vendor_state
                states.add(state)
                if on_progress is not None:
                    on_progress(outcome)
                if is_over(self.id, outcome):
                    break
            if not polling.wait(delay, at_least=outcome.retry_after, deadline=deadline):
                cause = outcome if isinstance(outcome, SafelightError) else None
                is_still = len(states) == 1 and self._client.operations.is_unencrypted
                raise WaitTimeoutError(self.id, timeout, state, is_clock_stopped=is_still) from cause
        return self

    def result(self, name: str = "") -> JSON:
        """Return the result as the API responds with it: a value, a URL, a file id, or a list of them.

        `name` is that of a further result (`results` in the lifecycle), empty for the main one. Raises
        NoResultError, JobFailedError or JobCancelledError if the job has no result, and
        UnsupportedOperationError for an unknown name or a result of bytes, which only `save` gives.
        """
        check_type("name", name, str, "the name of a result")
        requests = self._requests()
        result = result_named(requests, name)
        values = result_values(requests, result)
        return values if result.each else values[0]

    def save(self, path: str | PathLike[str], *, result: str = "") -> Path:
        """Write a result of a succeeded job to a file and return its path.

        `result` is the name of a further result, empty for the main one. An existing file is replaced when
        the download is complete. A value is written as text or JSON. The API key is not sent to the host of a
        URL. If the host rejects the URL and the API returns new ones, the download is retried once with a new
        URL. Raises DownloadError for a wrong length, OSError if the file cannot be written. Without a result
        it raises NoResultError, JobFailedError, JobCancelledError, or the service's ApiError (Topaz: 409).
        """
        check_type("path", path, (str, PathLike), "a path")
        check_type("result", result, str, "the name of a result")
        requests = self._requests()
        wanted = result_named(requests, result)
        if wanted.each:
            raise UnsupportedOperationError("this job can have several results: use save_all")
        return save_result(requests, wanted, Path(path))

    def save_all(self, folder: str | PathLike[str], *, result: str = "") -> list[Path]:
        """Download all results of a succeeded job to a folder and return their paths.

        The folder is created if needed. Files have the names that the service gives them, usually those of
        the inputs; a name that occurs twice gets a number. Errors of single inputs are in `status().reasons`.
        Raises what `save` raises.
        """
        check_type("folder", folder, (str, PathLike), "a path")
        check_type("result", result, str, "the name of a result")
        requests = self._requests()
        several = result_named(requests, result)
        if not several.each:
            raise UnsupportedOperationError("this job has one result: use save")
        return save_results(requests, several, Path(folder))

    def cancel(self) -> None:
        """Cancel the job; raises the service's ApiError if it is over (Topaz: 409)."""
        self.move(State.CANCELLED)

    def delete(self) -> None:
        """Delete the job and its files; raises the service's ApiError while the job runs (Topaz: 409)."""
        self.move(Removal.DELETED)

    def move(self, to: State | Removal | str, *, body: object = None) -> None:
        """Move the job to a state, or to one of the service's own states, such as `paused`.

        `body` is the request body, if the operation takes one. Raises the service's ApiError if the
        job's state does not allow it, UnsupportedOperationError if no operation does it.
        """
        check_type("to", to, str, "the name of a state")
        # The status is requested only if the operation can do several things.
        move = chosen_move(self._client.lifecycle, to, self.status)
        self._requests().call(move.operation, follow=move.follow, body=body)

    def _requests(self) -> JobRequests:
        return self._client.requests(self.id, self.origin)

    def _poll(self) -> JobStatus | ApiError | NetworkError:
        """Return the job's status, or the retryable error that came instead."""
        try:
            return self.status()
        except (ApiError, NetworkError) as error:
            if not error.is_retryable:
                raise
            return error


@dataclass(frozen=True, slots=True, kw_only=True)
class JobClient:
    """The jobs of one lifecycle at one vendor. Raises TypeError for another `polling`.

    `error_message` is the JSON Pointer, inside one error of a job, of the error's text; empty if the error is
    the text.
    """

    lifecycle: Lifecycle
    operations: OperationClient
    polling: Polling = field(default_factory=Polling)
    error_message: str = ""

    def __post_init__(self) -> None:
        check_type("polling", self.polling, Polling, "a Polling")

    def submit(self, operation: str, /, *, idempotency_key: str | None = None, **arguments: object) -> Job:
        """Send a submission and return its job.

        `arguments` are those of the operation's generated function, such as `body` and path parameters. A
        submission is sent once, because a second one might be charged again. If the API takes an idempotency
        key, it is sent again after temporary errors, with the same key: the caller's, or one that the client
        makes. Raises UnknownOutcomeError if the service may have carried it out and no usable response came,
        and ValueError for a request that starts no job.
        """
        prepared = prepare(self.lifecycle, self.operations, operation, idempotency_key, arguments)
        try:
            response = send(self.lifecycle, self.operations, self.polling, prepared, self._advice(prepared))
        except UnknownOutcomeError as error:
            found = self._find(prepared, error.job_id)  # by its nonce: then the job is known after all
            if found is None:
                raise
            return found
        job_id = find_job_id(self.lifecycle.ids_of(operation), response.value, prepared.parts.value)
        return self._submitted(job_id, prepared, response)

    def run(self, operation: str, /, **arguments: object) -> JSON:
        """Call a synchronous operation and return its result: a value, a URL, or several.

        It is sent once; raises UnknownOutcomeError if it may have been executed without a usable response.
        """
        request = self.operations.submission(operation, **arguments)
        if starts_job(self.lifecycle, operation, self.operations.parts(operation, request)):
            raise ValueError(f"{operation} starts a job: use submit")
        advice = "compare the account's credits with those before this call"
        response = self.operations.call_once(request, advice=advice)
        result = self.lifecycle.result_of(operation)
        if result is None or not (result.places or result.each):  # the result is the whole body
            return response.body
        found = first_value(result.places, response.value)
        return select_values(result.each, response.body) if result.each else found

    def job(
        self,
        job_id: str | int | UUID,
        *,
        parameters: Mapping[str, str] | None = None,
        origin: JobOrigin | None = None,
    ) -> Job:
        """Return the job with an id, without a request; raises ValueError for a text that cannot be an id.

        `parameters` are those that operations on the job take besides its id. `origin` is the `origin` of a
        Job of an earlier run; it replaces `parameters`.
        """
        # `.` and `..` would change the path of the URL.
        if not isinstance(job_id, str | int | UUID) or not str(job_id).strip("."):
            raise ValueError(f"{job_id!r} is not a job id; use the `id` of a Job")
        others = {
            str(place): (parameters or {}).get(name) for name, place in self.lifecycle.ids.others.items()
        }
        known = {place: value for place, value in others.items() if value is not None}
        return Job(id=str(job_id), _client=self, origin=origin or JobOrigin(values=known))

    def jobs(self, **parameters: object) -> list[Job]:
        """List the jobs of the account, or a page of them, each with its `last_status`."""
        return next(self._pages(parameters))

    def all_jobs(self, **parameters: object) -> Iterator[Job]:
        """Yield the jobs of all pages; a page is requested when its first job is taken."""
        for page in self._pages(parameters):
            yield from page

    def requests(self, job_id: str, origin: JobOrigin) -> JobRequests:
        """Return the requests about a job."""
        return JobRequests(
            id=job_id,
            origin=origin,
            lifecycle=self.lifecycle,
            operations=self.operations,
            error_message=self.error_message,
        )

    def _pages(self, parameters: Mapping[str, object]) -> Iterator[list[Job]]:
        if self.lifecycle.listing is None:
            raise UnsupportedOperationError("this service does not list jobs")
        for page in pages(self.operations, self.lifecycle.listing, self.lifecycle.ids, parameters):
            yield [self._listed(job_id, entry) for job_id, entry in page]

    def _listed(self, job_id: str, entry: ApiResponse) -> Job:
        status = self.requests(job_id, JobOrigin()).status(entry)
        return Job(id=job_id, _client=self, last_status=status)

    def _submitted(self, job_id: str, prepared: PreparedSubmission, response: ApiResponse) -> Job:
        """Return a job, with its status if the response has a state that the lifecycle knows."""
        origin = job_origin(self.lifecycle, prepared.operation, prepared.parts, response)
        word = first_value(self.lifecycle.read.state if self.lifecycle.read else (), response.value)
        is_known = isinstance(word, str) and word in self.lifecycle.words.by_name
        status = self.requests(job_id, origin).status(response) if is_known else None
        return Job(id=job_id, _client=self, last_status=status, origin=origin)

    def _find(self, prepared: PreparedSubmission, job_id: str) -> Job | None:
        """Return the job that a submission without a usable response has started; None if none is found."""
        if not prepared.nonce:
            return None
        for _, delay in zip(range(MAX_SEARCHES), self.polling.delays(), strict=False):
            try:
                found = self._with_nonce(prepared, job_id)
            except SafelightError:
                found = None  # the error of the submission is raised, not that of the search
            if found is not None:
                return found
            self.polling.sleep(delay)
        return None

    def _with_nonce(self, prepared: PreparedSubmission, job_id: str) -> Job | None:
        """Return the job whose response has the submission's nonce.

        It is read by its id if that is known, else the list is searched.
        """
        if job_id:
            entries = [(job_id, self.requests(job_id, JobOrigin()).read())]
        elif self.lifecycle.listing is not None:
            listed = pages(self.operations, self.lifecycle.listing, self.lifecycle.ids, {})
            entries = [*islice((entry for page in listed for entry in page), MAX_SEARCHED_JOBS)]
        else:
            return None
        pointer = self.lifecycle.nonce.pointer if self.lifecycle.nonce else ()
        same = (one for one in entries if follow_tokens(pointer, one[1].body) == prepared.nonce)
        return next((self._submitted(one, prepared, entry) for one, entry in same), None)

    def _advice(self, prepared: PreparedSubmission) -> str:
        """Return how the caller can find out whether a job was created."""
        if prepared.key:
            return f"only with idempotency_key={prepared.key!r} does the service recognise it"
        if self.lifecycle.listing is None:
            return "compare the account's credits with those before this call, since jobs are not listed"
        nonce = f", with {prepared.nonce!r} at {self.lifecycle.nonce}" if prepared.nonce else ""
        return f"look for the job in jobs(){nonce}"
