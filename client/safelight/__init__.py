"""Typed clients for asynchronous image-processing APIs: submit an image, wait for the job, save the result.

    from safelight import Topaz

    with Topaz(api_key="…") as topaz:
        topaz.enhance("photo.jpg", output_width=2000).wait().save("large.jpg")

`Claid` and `Tengr` work alike, though most of what they do begins with the address of an image.
What this package raises about a service or a job is a `SafelightError`; about a wrong argument, a ValueError.

Rooms, each importing only those below it: `vendors`, one client each; `jobs`; `files`, uploads and downloads;
`http`, requests and responses; `errors`. `cli` is the command.
"""

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
from safelight.files.image_source import ImageSource
from safelight.jobs.edit_result import Picture
from safelight.jobs.job import Job
from safelight.jobs.polling import Patience
from safelight.jobs.status import Status
from safelight.vendors.claid import Claid
from safelight.vendors.tengr import Tengr
from safelight.vendors.topaz import Topaz
from safelight_lifecycle.states import State

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
