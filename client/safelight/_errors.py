"""Everything that can go wrong, as sentences with the values a caller needs.

Each error hands all its values to `Exception`, so that it can be pickled on its way out of a worker process.
"""

from collections.abc import Mapping

# What waiting may mend: too many requests, and gateways in front of a busy service.
RETRYABLE = frozenset({429, 502, 503, 504})


class SafelightError(Exception):
    """What this package raises.

    `is_retryable` says that the same call may be made again, and may well succeed a little later: it has done
    nothing yet, or doing it twice does no harm.
    """

    is_retryable = False
    retry_after = 0.0


class ApiError(SafelightError):
    """A service said no, or a file's host did.

    `status` is the HTTP status, `message` the service's own words or else the status's name, `request` the
    method and the address without its query, `retry_after` the seconds the service asks to wait (0 when it
    does not ask), `body` the first 2000 characters of the answer, `headers` its headers by lower-case name.
    Keys and the queries of links are masked.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - all positional, or it could not be pickled
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
        self.headers = headers or {}
        self.is_retryable = status in RETRYABLE

    def __str__(self) -> str:
        return f"{self.request} answered {self.status}: {self.message}"


class NetworkError(SafelightError):
    """No answer came, or none that was whole: no connection, no name, no certificate, or no byte in time."""

    is_retryable = True


class NotConnectedError(NetworkError):
    """No connection was made, so that nothing was sent: name, certificate, proxy, or a closed port."""


class UnexpectedAnswerError(SafelightError):
    """An answer of success that does not hold what the service's description promises.

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
        self.headers = headers or {}
        self.body = body

    def __str__(self) -> str:
        return f"{self.request} answered {self.status}, but {self.message}" if self.request else self.message


class UnknownOutcomeError(SafelightError):
    """A call that costs credits was sent, and nothing says whether it was carried out: do not send it again.

    The answer was lost, is a server's error (500, 502, …), or one of success without a job's id. `reason`
    says which, `advice` how to find out. `job_id` is the job's, when the answer names it all the same.
    `request`, `status` (0 without an answer), `headers` and `body` are as in ApiError.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - all positional, or it could not be pickled
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
        self.headers = headers or {}
        self.body = body

    def __str__(self) -> str:
        return (
            f"{self.request} {self.reason}; do not send it again, it may be done and paid for: {self.advice}"
        )


class DownloadError(SafelightError):
    """A file came with another length than its host announced; nothing was saved."""


class NotOfferedError(SafelightError):
    """The service has no such operation."""


class NoResultError(SafelightError):
    """There is nothing to download: the job goes on, or its result was put elsewhere."""


class JobEndedError(SafelightError):
    """A job ended without a result.

    `job_id` names it, `word` is the service's own word for its state, `reason` what the service says about it
    (empty when it says nothing).
    """

    def __init__(self, job_id: str, word: str, reason: str = "") -> None:
        super().__init__(job_id, word, reason)
        self.job_id = job_id
        self.word = word
        self.reason = reason

    def __str__(self) -> str:
        return f"job {self.job_id} ended as {self.word}{self.reason and f': {self.reason}'}"


class JobFailedError(JobEndedError):
    """The service could not make the result, for instance because the image is damaged."""


class JobCancelledError(JobEndedError):
    """Somebody cancelled the job."""


class WaitTimeoutError(SafelightError, TimeoutError):
    """A job did not end within `timeout` seconds. It goes on; wait again, or cancel it."""

    def __init__(self, job_id: str, timeout: float) -> None:
        super().__init__(job_id, timeout)
        self.job_id = job_id
        self.timeout = timeout

    def __str__(self) -> str:
        return f"job {self.job_id} did not end within {self.timeout:g} s"
