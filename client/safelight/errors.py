"""Everything that can go wrong, as sentences with the values a caller needs.

Each error hands all its values to `Exception`, so that it can be pickled on its way out of a worker process.
"""

# What waiting may mend: too many requests, and gateways in front of a busy service.
PASSING = frozenset({429, 502, 503, 504})


class SafelightError(Exception):
    """What this package raises. `is_passing` says that the same call may well succeed a little later."""

    is_passing = False
    retry_after = 0.0


class ApiError(SafelightError):
    """A service said no, or a file's host did.

    `status` is the HTTP status, `message` the service's own words or else the status's name, `request` the
    method and the address without its query, `retry_after` the seconds the service asks to wait (0 when it
    does not ask), `body` the first 2000 characters of the answer.
    """

    def __init__(
        self, status: int, message: str, request: str, retry_after: float = 0.0, body: str = ""
    ) -> None:
        super().__init__(status, message, request, retry_after, body)
        self.status = status
        self.message = message
        self.request = request
        self.retry_after = retry_after
        self.body = body
        self.is_passing = status in PASSING

    def __str__(self) -> str:
        return f"{self.request} answered {self.status}: {self.message}"


class NetworkError(SafelightError):
    """No answer came: no connection, no name, no certificate, or no byte in time."""

    is_passing = True


class UnexpectedAnswerError(SafelightError):
    """An answer of success that does not hold what the service's description promises."""


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
