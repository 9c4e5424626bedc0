"""Typed clients for asynchronous image-processing APIs: submit an image, wait for the job, save the result.

    from safelight import Topaz

    with Topaz(api_key="…") as topaz:
        topaz.enhance("photo.jpg", output_width=2000).wait().save("large.jpg")

`Claid` and `Tengr` work alike, though most of what they do begins with the address of an image.
What this package raises about a service or a job is a `SafelightError`; about a wrong argument, a ValueError.

Rooms, each importing only those below it: `vendors`, one client each; `jobs`; `files`, uploads and downloads;
`http`, requests and responses; `errors`. `cli` is the command.
"""

from safelight._errors import (
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
from safelight._files.image_source import ImageSource
from safelight._jobs.edit_result import Picture
from safelight._jobs.job import Job
from safelight._jobs.polling import Patience
from safelight._jobs.status import Status
from safelight._vendors.claid import Claid
from safelight._vendors.tengr import Tengr
from safelight._vendors.topaz import Topaz
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
