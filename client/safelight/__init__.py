"""Typed clients for asynchronous image-processing APIs: submit an image, wait for the job, save the result.

    from safelight import Topaz

    with Topaz(api_key="…") as topaz:
        topaz.enhance("photo.jpg", output_width=2000).wait().save("large.jpg")

What this package raises about a service or a job is a `SafelightError`; about a wrong argument, a ValueError.
"""

from safelight.errors import (
    ApiError,
    DownloadError,
    JobCancelledError,
    JobEndedError,
    JobFailedError,
    NetworkError,
    NotOfferedError,
    SafelightError,
    UnexpectedAnswerError,
    WaitTimeoutError,
)
from safelight.files import ImageSource
from safelight.jobs import Job
from safelight.patience import Patience
from safelight.status import Status
from safelight.topaz import Topaz
from safelight_clients.lifecycle import State

__all__ = [
    "ApiError",
    "DownloadError",
    "ImageSource",
    "Job",
    "JobCancelledError",
    "JobEndedError",
    "JobFailedError",
    "NetworkError",
    "NotOfferedError",
    "Patience",
    "SafelightError",
    "State",
    "Status",
    "Topaz",
    "UnexpectedAnswerError",
    "WaitTimeoutError",
]
