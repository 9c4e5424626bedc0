"""The errors of this package; all are subclasses of `SafelightError`.

Each passes all its values to `Exception`, so that it can be pickled, for example by a process pool.
"""

from collections.abc import Mapping

# Temporary conditions: too many requests, and gateways in front of a busy service.
RETRYABLE_STATUSES = frozenset({429, 502, 503, 504})


class SafelightError(Exception):
    """Base class of all errors of this package.

    `is_retryable` is true if the same call may succeed later and is safe to repeat: it had no effect, or
    repeating it does no harm. `retry_after` is how many seconds the service asks to wait before that, 0 if it
    does not say.
    """

    is_retryable: bool = False
    retry_after: float = 0.0


class ApiError(SafelightError):
    """The service, or the host of a file, returned an error status.

    `status` is the HTTP status. `message` is the service's own message, or else the name of the status.
    `request` is the method and the URL without its query. `body` is the first 2000 characters of the
    response, `headers` its headers by lower-case name. API keys and the queries of URLs are masked in all of
    them.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - pickling needs positional arguments
        self,
        status: int,
        message: str,
        request: str,
        retry_after: float = 0.0,
        body: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, message, request, retry_after, body, headers)
        self.status = status
        self.message = message
        self.request = request
        self.retry_after = retry_after
        self.body = body
        self.headers: Mapping[str, str] = headers or {}
        self.is_retryable: bool = status in RETRYABLE_STATUSES

    def __str__(self) -> str:
        return f"{self.request} returned {self.status}: {self.message}"


class NetworkError(SafelightError):
    """No complete response was received: no connection, a timeout, or a connection that was closed early."""

    is_retryable: bool = True


class NotConnectedError(NetworkError):
    """No connection was made and nothing was sent: unknown host, bad certificate, proxy or closed port."""


class InvalidResponseError(SafelightError):
    """A successful response lacks something that the API's document promises.

    `request`, `status`, `headers` and `body` are as in ApiError.
    """

    def __init__(
        self,
        message: str,
        request: str = "",
        status: int = 0,
        headers: Mapping[str, str] | None = None,
        body: str = "",
    ) -> None:
        super().__init__(message, request, status, headers, body)
        self.message = message
        self.request = request
        self.status = status
        self.headers: Mapping[str, str] = headers or {}
        self.body = body

    def __str__(self) -> str:
        return f"{self.request} returned {self.status}, but {self.message}" if self.request else self.message


class UnknownOutcomeError(SafelightError):
    """A paid request was sent, and it is unknown whether it was executed: do not send it again.

    The response was lost, is a server error (500, 502, …), or is successful but has no job id. `reason` says
    which of these, `advice` how to find out. `job_id` is the job's id if the response has it nevertheless.
    `request`, `status` (0 without a response), `headers` and `body` are as in ApiError. Never retryable.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - pickling needs positional arguments
        self,
        request: str,
        reason: str,
        advice: str,
        job_id: str = "",
        status: int = 0,
        headers: Mapping[str, str] | None = None,
        body: str = "",
    ) -> None:
        super().__init__(request, reason, advice, job_id, status, headers, body)
        self.request = request
        self.reason = reason
        self.advice = advice
        self.job_id = job_id
        self.status = status
        self.headers: Mapping[str, str] = headers or {}
        self.body = body

    def __str__(self) -> str:
        return (
            f"{self.request} {self.reason}; it may have been executed and charged, so do not send it again:"
            f" {self.advice}"
        )


class DownloadError(SafelightError):
    """A downloaded file has another length than its host announced; nothing was saved."""


class UnsupportedOperationError(SafelightError):
    """The service has no such operation, or none that does this in the job's state."""


class InvalidWebhookError(SafelightError):
    """A webhook is not genuine, or not what the API's document describes; do not act on it."""


class NoResultError(SafelightError):
    """A job has no result to download: it is not over, or the service stored the result elsewhere."""


class JobEndedError(SafelightError):
    """A job ended without a result.

    `job_id` is its id, `vendor_state` the service's name of its state, `reason` the service's explanation
    (empty if it gives none).
    """

    def __init__(self, job_id: str, vendor_state: str, reason: str = "") -> None:
        super().__init__(job_id, vendor_state, reason)
        self.job_id = job_id
        self.vendor_state = vendor_state
        self.reason = reason

    def __str__(self) -> str:
        return f"job {self.job_id} ended as {self.vendor_state}{self.reason and f': {self.reason}'}"


class JobFailedError(JobEndedError):
    """The service could not produce a result, for example because the image is damaged."""


class JobCancelledError(JobEndedError):
    """The job was cancelled."""


class WaitTimeoutError(SafelightError, TimeoutError):
    """A job was not over after `timeout` seconds of waiting. It continues; wait again, or cancel it.

    `vendor_state` is the last state that was polled; empty if no poll succeeded. `is_clock_stopped`: the
    state never changed and the server has plain http, as a mock server whose clock stands still.
    """

    def __init__(
        self, job_id: str, timeout: float, vendor_state: str = "", *, is_clock_stopped: bool = False
    ) -> None:
        super().__init__(job_id, timeout, vendor_state)
        self.job_id = job_id
        self.timeout = timeout
        self.vendor_state = vendor_state
        self.is_clock_stopped = is_clock_stopped

    def __str__(self) -> str:
        last = f" (last state: {self.vendor_state})" if self.vendor_state else ""
        clock = ". The clock of a mock server may stand still: advance it" if self.is_clock_stopped else ""
        return (
            f"job {self.job_id} was not over after {self.timeout:g} s{last}; wait again, or cancel it{clock}"
        )
