"""A job at any vendor: asking, waiting, saving its result.

Which operation to call, where its answer holds what, and what a vendor's words mean: all of it is read from
the vendor's `JobLifecycle`. Nothing here knows a vendor.
"""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path
from typing import Self
from uuid import UUID

from safelight._errors import ApiError, NetworkError, NoResultError, NotOfferedError, WaitTimeoutError
from safelight._files.downloads import fetch, names
from safelight._http.messages import said
from safelight._http.response import JSON, Answer
from safelight._http.session import Line
from safelight._jobs.job_ids import job_id
from safelight._jobs.operations import Calls
from safelight._jobs.polling import Patience
from safelight._jobs.status import ENDS, Status, told
from safelight_lifecycle import FileLink, FileLinks, JobLifecycle, RestrictedOperation, State, select_values

# How hosts of files say that a link is no longer good; which of these is a matter of the host.
EXPIRED = frozenset({400, 401, 403, 404, 410})


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One kind of job at one vendor: its lifecycle, and what it takes to call the vendor.

    `sentence` is a JSON Pointer from an error of a job to the words it has.
    """

    lifecycle: JobLifecycle
    calls: Calls
    line: Line
    patience: Patience
    sentence: str = ""

    def submit(self, operation: str, body: object) -> "Job":
        """Send a request, once: a second one might be paid for twice."""
        ids = self.lifecycle.id
        answer = self.calls.call_once(operation, ids=ids, advice=self._advice, body=body)
        return self.job(job_id(ids, answer))

    def job(self, job_id: str | int | UUID) -> "Job":
        """Return the job of that id without asking; raises ValueError for what cannot be an id."""
        if not str(job_id).strip("."):
            raise ValueError(f"{str(job_id)!r} is no job's id")
        return Job(id=str(job_id), service=self)

    def jobs(self, **page: object) -> "list[Job]":
        """List the jobs the service knows, or a page of them, each with how it was doing as `seen`."""
        if self.lifecycle.listing is None:
            raise NotOfferedError("this service lists no jobs")
        answer = self.calls.call(self.lifecycle.listing.operation, **page)
        entries = select_values(self.lifecycle.listing.each, answer.body)
        return [self._listed(replace(answer, body=entry)) for entry in entries]

    def status(self, answer: Answer) -> Status:
        """Read how a job is doing off an answer."""
        return Status.of(answer, self.lifecycle, sentence=self.sentence)

    @property
    def _advice(self) -> str:
        """How to find out whether a job was submitted whose id did not come."""
        if self.lifecycle.listing is None:
            return "the service lists no jobs, so see what credits are left"
        return "look for it in jobs()"

    def _listed(self, entry: Answer) -> "Job":
        job_id = told(self.lifecycle.id.expression, entry)
        return Job(id=job_id, service=self, seen=self.status(entry))


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job by its id. Every method may raise ApiError, NetworkError and UnexpectedAnswerError.

    `seen` is how the job was doing when it was listed, None for a job that comes from elsewhere.
    """

    id: str
    service: Service = field(repr=False, compare=False)
    seen: Status | None = field(default=None, compare=False)

    def status(self) -> Status:
        """Ask how the job is doing."""
        return self.service.status(self._read())

    def wait(self, *, timeout: float = 600.0, on_progress: Callable[[Status], object] | None = None) -> Self:
        """Return this job once it has succeeded.

        Asks after growing rests, and no sooner than `Retry-After` says; `on_progress` is called with each
        status. Outages that pass are waited out. Raises JobFailedError, JobCancelledError, or
        WaitTimeoutError after `timeout` seconds (`math.inf` for never).
        """
        patience = self.service.patience
        until = patience.clock() + timeout
        for pause in patience.pauses():
            status, trouble = self._look()
            if status is not None and on_progress is not None:
                on_progress(status)
            if status is not None and self._is_over(status):
                break
            if not patience.rest(pause, at_least=trouble.retry_after if trouble else 0.0, until=until):
                raise WaitTimeoutError(self.id, timeout) from trouble
        return self

    def save(self, path: str | PathLike[str]) -> Path:
        """Download the result of a succeeded job to a file and return its path.

        The file appears whole or not at all, in place of an older one. The file's host never sees the key. A
        link it refuses is renewed once, where the vendor gives out new ones. Raises DownloadError for a wrong
        length, OSError when the file cannot be written, and when there is no result (yet) NoResultError,
        JobFailedError, JobCancelledError, or whatever ApiError the service has for that (at Topaz 409).
        """
        link = self.service.lifecycle.result
        if link is None:
            raise NotOfferedError("this job may have several results: use save_all")
        url = self._url(link)
        try:
            return fetch(self.service.line, url, Path(path))
        except ApiError as refusal:
            if not link.renew or refusal.status not in EXPIRED:
                raise
        return fetch(self.service.line, self._url(link), Path(path))

    def save_all(self, folder: str | PathLike[str]) -> list[Path]:
        """Download all results of a succeeded job into a folder, made when it is missing; return their paths.

        Files are named as the service names them, usually after the inputs; of two of one name the later gets
        a number. What went wrong with single inputs is in `status().reasons`. Raises what `save` raises.
        """
        links = self.service.lifecycle.results
        if links is None:
            raise NotOfferedError("this job has one result: use save")
        urls = self._urls(links)
        Path(folder).mkdir(parents=True, exist_ok=True)
        paths = (Path(folder, name) for name in names(urls))
        return [fetch(self.service.line, url, path) for url, path in zip(urls, paths, strict=True)]

    def cancel(self) -> None:
        """Stop the job; a service refuses when it is over (ApiError, at Topaz 409)."""
        self._move(self.service.lifecycle.cancel, "cancels no jobs")

    def delete(self) -> None:
        """Delete what the service keeps about the job; it refuses while the job goes on (at Topaz 409)."""
        self._move(self.service.lifecycle.delete, "deletes no jobs")

    def _look(self) -> tuple[Status | None, ApiError | NetworkError | None]:
        try:
            return self.status(), None
        except (ApiError, NetworkError) as error:
            if not error.is_retryable:
                raise
            return None, error

    def _is_over(self, status: Status) -> bool:
        error = ENDS.get(status.state)
        if error is not None:
            raise error(self.id, status.word, said([*dict.fromkeys(status.reasons)]))
        return status.state.is_over

    def _move(self, move: RestrictedOperation | None, refusal: str) -> None:
        if move is None:
            raise NotOfferedError(f"this service {refusal}")
        self._call(move.operation)

    def _call(self, operation: str) -> Answer:
        return self.service.calls.call(operation, self.id)

    def _read(self) -> Answer:
        return self._call(self.service.lifecycle.read.operation)

    def _url(self, link: FileLink) -> str:
        if link.operation is not None:
            return told(link.url, self._call(link.operation))
        answer = self._read()
        return self._linked([answer.value(link.url)], answer, link.allowed)[0]

    def _urls(self, links: FileLinks) -> list[str]:
        answer = self._read()
        return self._linked(select_values(links.each, answer.body), answer, links.allowed)

    def _linked(self, found: Iterable[JSON], answer: Answer, allowed: Container[State]) -> list[str]:
        status = self.service.status(answer)
        urls = [url for url in found if url and isinstance(url, str)]
        if urls and status.state in allowed:
            return urls
        self._is_over(status)  # tells of a failure
        raise NoResultError(f"job {self.id} ({status.word}) has no result to download")
