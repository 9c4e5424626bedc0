"""Typed clients for asynchronous image-processing APIs: submit an image, wait for the job, save the result.

    from safelight import Topaz

    with Topaz(api_key="…") as topaz:
        topaz.enhance("photo.jpg", output_width=2000).wait().save("large.jpg")

`Claid` and `Tengr` work alike, though most of what they do begins with the address of an image.
What this package raises about a service or a job is a `SafelightError`; about a wrong argument, a ValueError.
"""

from safelight.claid import Claid
from safelight.errors import (
    ApiError,
    DownloadError,
    JobCancelledError,
    JobEndedError,
    JobFailedError,
    NetworkError,
    NoResultError,
    NotConnectedError,
    NotOfferedError,
    SafelightError,
    UnexpectedAnswerError,
    UnknownOutcomeError,
    WaitTimeoutError,
)
from safelight.files import ImageSource
from safelight.jobs import Job
from safelight.patience import Patience
from safelight.picture import Picture
from safelight.status import Status
from safelight.tengr import Tengr
from safelight.topaz import Topaz
from safelight_lifecycle import State

__all__ = [
    "ApiError",
    "Claid",
    "DownloadError",
    "ImageSource",
    "Job",
    "JobCancelledError",
    "JobEndedError",
    "JobFailedError",
    "NetworkError",
    "NoResultError",
    "NotConnectedError",
    "NotOfferedError",
    "Patience",
    "Picture",
    "SafelightError",
    "State",
    "Status",
    "Tengr",
    "Topaz",
    "UnexpectedAnswerError",
    "UnknownOutcomeError",
    "WaitTimeoutError",
]
