"""Jobs at any vendor: submit, list, poll, wait, save results, cancel, delete.

Which operation to call, where its response holds which value, and what a vendor's states mean is in the
vendor's `Lifecycle`. Nothing here depends on a vendor.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Self
from uuid import UUID

from safelight._errors import (
    ApiError,
    NetworkError,
    NoResultError,
    UnsupportedOperationError,
    WaitTimeoutError,
)
from safelight._files.downloads import download_file, file_names
from safelight._http.messages import join_messages
from safelight._http.response import ApiResponse
from safelight._jobs.operations import OperationClient
from safelight._jobs.polling import Polling
from safelight._jobs.status import TERMINAL_ERRORS, JobStatus, join_places, read_status, require_text
from safelight_lifecycle import (
    JSON,
    JobResult,
    Lifecycle,
    Removal,
    State,
    StateSet,
    WordState,
    find_job_id,
    first_value,
    select_values,
)

if TYPE_CHECKING:
    from safelight._http.session import Session

# Statuses of file hosts for an expired link; which of these depends on the host.
EXPIRED_STATUSES = frozenset({400, 401, 403, 404, 410})


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job by its id. Every method may raise ApiError, NetworkError and InvalidResponseError.

    `last_status` is the job's status when it was listed by `jobs()`, None for other jobs. Jobs are made by
    the methods of a client. A job may be used by several threads at once.
    """

    id: str
    _client: "JobClient" = field(repr=False, compare=False)
    last_status: JobStatus | None = field(default=None, compare=False)

    def status(self) -> JobStatus:
        """Request the job's status."""
        return self._client.status(self._read())

    def wait(
        self, *, timeout: float = 600.0, on_progress: Callable[[JobStatus], object] | None = None
    ) -> Self:
        """Poll until the job has succeeded, and return it.

        Delays between polls grow (see `Polling`), and are at least as long as `Retry-After` demands.
        `on_progress` is called with each status, in this thread. Temporary errors (429, 502, 503, 504, lost
        connections) are retried until `timeout` seconds have passed; `math.inf` waits without a limit. Raises
        JobFailedError, JobCancelledError, or WaitTimeoutError, whose `__cause__` is the last temporary error.
        """
        # Only reads are repeated here, so a temporary error costs nothing but time.
        polling = self._client.polling
        deadline = polling.clock() + timeout
        for delay in polling.delays():
            status, error = self._poll()
            if status is not None and on_progress is not None:
                on_progress(status)
            if status is not None and self._is_over(status):
                break
            if not polling.wait(delay, at_least=error.retry_after if error else 0.0, deadline=deadline):
                raise WaitTimeoutError(self.id, timeout) from error
        return self

    def save(self, path: str | PathLike[str]) -> Path:
        """Download the result of a succeeded job to a file and return its path.

        An existing file is replaced when the download is complete. The API key is not sent to the file's
        host. If the host rejects the link and the API returns new ones, the download is retried once with a
        new link. Raises DownloadError for a wrong length, OSError if the file cannot be written. Without a
        result it raises NoResultError, JobFailedError, JobCancelledError, or the service's ApiError (Topaz:
        409).
        """
        link = self._client.lifecycle.result
        if link is None or not link.places:
            raise UnsupportedOperationError("this job can have several results: use save_all")
        # A link is requested for each download, since it may expire; hosts report that with various statuses.
        url = self._result_url(link)
        try:
            return download_file(self._client.session, url, Path(path))
        except ApiError as error:
            if not link.renew or error.status not in EXPIRED_STATUSES:
                raise
        return download_file(self._client.session, self._result_url(link), Path(path))

    def save_all(self, folder: str | PathLike[str]) -> list[Path]:
        """Download all results of a succeeded job to a folder and return their paths.

        The folder is created if needed. Files have the names that the service gives them, usually those of
        the inputs; a name that occurs twice gets a number. Errors of single inputs are in `status().reasons`.
        Raises what `save` raises.
        """
        links = self._client.lifecycle.result
        if links is None or not links.each:
            raise UnsupportedOperationError("this job has one result: use save")
        urls = self._result_urls(links)
        Path(folder).mkdir(parents=True, exist_ok=True)
        paths = (Path(folder, name) for name in file_names(urls))
        return [download_file(self._client.session, url, path) for url, path in zip(urls, paths, strict=True)]

    def cancel(self) -> None:
        """Cancel the job; raises the service's ApiError if it is over (Topaz: 409)."""
        self._change("cancel", State.CANCELLED)

    def delete(self) -> None:
        """Delete the job and its files; raises the service's ApiError while the job runs (Topaz: 409)."""
        self._change("delete", Removal.DELETED)

    def _poll(self) -> tuple[JobStatus | None, ApiError | NetworkError | None]:
        try:
            return self.status(), None
        except (ApiError, NetworkError) as error:
            if not error.is_retryable:
                raise
            return None, error

    def _is_over(self, status: JobStatus) -> bool:
        """Whether the job is over; raises an error if it ended without a result."""
        error = TERMINAL_ERRORS.get(status.state)
        if error is not None:
            raise error(self.id, status.vendor_state, join_messages([*dict.fromkeys(status.reasons)]))
        return status.state.is_over

    def _change(self, verb: str, to: State | Removal) -> None:
        operation = self._client.lifecycle.operation_to(to)
        if operation is None:
            raise UnsupportedOperationError(f"this service cannot {verb} jobs")
        self._call(operation)

    def _call(self, operation: str) -> ApiResponse:
        return self._client.operations.call(operation, self.id)

    def _read(self) -> ApiResponse:
        read = self._client.lifecycle.read
        if read is None:
            raise UnsupportedOperationError("this service reports the state of jobs by webhooks only")
        return self._call(read.operation)

    def _result_url(self, link: JobResult) -> str:
        if link.operation:
            return require_text(link.places, self._call(link.operation))
        response = self._read()
        return self._urls_of([first_value(link.places, response.value)], response, link.allowed)[0]

    def _result_urls(self, links: JobResult) -> list[str]:
        response = self._read()
        return self._urls_of(select_values(links.each, response.body), response, links.allowed)

    def _urls_of(self, values: Iterable[JSON], response: ApiResponse, allowed: StateSet) -> list[str]:
        """Return the URLs among values of a status response; raises an error if the job has no result."""
        status = self._client.status(response)
        urls = [url for url in values if url and isinstance(url, str)]
        if urls and WordState(status.vendor_state, status.state) in allowed:
            return urls
        self._is_over(status)  # raises if the job failed, which explains more than NoResultError
        raise NoResultError(f"job {self.id} ({status.vendor_state}) has no result to download")


@dataclass(frozen=True, slots=True, kw_only=True)
class JobClient:
    """The jobs of one lifecycle at one vendor.

    `error_message` is a JSON Pointer from an error of a job to its text.
    """

    lifecycle: Lifecycle
    operations: OperationClient
    session: "Session"
    polling: Polling = field(default_factory=Polling)
    error_message: str = ""

    def submit(self, operation: str, body: object) -> Job:
        """Send a submission once and return its job; a second request might be charged again.

        Raises UnknownOutcomeError if it may have been executed without a usable response.
        """
        ids = self.lifecycle.ids_of(operation)
        response = self.operations.call_once(operation, ids=ids, advice=self._advice, body=body)
        return self.job(find_job_id(ids, response.value))

    def job(self, job_id: str | int | UUID) -> Job:
        """Return the job with an id, without a request; raises ValueError for a text that cannot be an id."""
        if not str(job_id).strip("."):
            raise ValueError(f"{str(job_id)!r} is not a job id")
        return Job(id=str(job_id), _client=self)

    def jobs(self, **page: object) -> list[Job]:
        """List the jobs of the account, or a page of them, each with its `last_status`."""
        if self.lifecycle.listing is None:
            raise UnsupportedOperationError("this service does not list jobs")
        response = self.operations.call(self.lifecycle.listing.operation, **page)
        entries = select_values(self.lifecycle.listing.each, response.body)
        return [self._listed(replace(response, body=entry)) for entry in entries]

    def status(self, response: ApiResponse) -> JobStatus:
        """Return the status in a response of the read operation."""
        return read_status(response, self.lifecycle, error_message=self.error_message)

    @property
    def _advice(self) -> str:
        """How a caller finds out whether a job was created whose id is unknown."""
        if self.lifecycle.listing is None:
            return "compare the account's credits with before, since the service does not list jobs"
        return "look for the job in jobs()"

    def _listed(self, entry: ApiResponse) -> Job:
        ids = self.lifecycle.ids
        job_id = find_job_id(ids, entry.value)
        if not job_id:
            raise entry.invalid(f"it has no {join_places(ids.places)}")
        return Job(id=job_id, _client=self, last_status=self.status(entry))
