"""Typed clients for asynchronous image-processing APIs: submit an image, wait for the job, save the result.

    from safelight import Topaz

    with Topaz(api_key="…") as topaz:
        topaz.enhance("photo.jpg", output_width=2000).wait().save("large.jpg")

`Claid` and `Tengr` have the same interface; most of their operations take the URL of an image. `JobApi` has
it for any API, by a client that `safelight-codegen` generates from a document. Errors of a service or a job
are subclasses of `SafelightError`; a wrong argument is a ValueError or TypeError. All names are imported from
here; each is loaded when it is first used, httpx and the generated models when a client is created.

Folders, each importing only those below it: `_vendors`, a client for each API; `_jobs`; `_files`, uploads and
downloads; `_http`, requests and responses; `_errors`. `_cli` is the command, `__main__` its entry point.
"""

from importlib import import_module

TYPE_CHECKING = False  # as type checkers know it; importing it from typing takes most of the time

if TYPE_CHECKING:
    from safelight._errors import (
        ApiError,
        DownloadError,
        InvalidResponseError,
        InvalidWebhookError,
        JobCancelledError,
        JobEndedError,
        JobFailedError,
        NetworkError,
        NoResultError,
        NotConnectedError,
        SafelightError,
        UnknownOutcomeError,
        UnsupportedOperationError,
        WaitTimeoutError,
    )
    from safelight._files.image_source import ImageSource
    from safelight._jobs.edit_result import EditResult
    from safelight._jobs.job import Job
    from safelight._jobs.job_requests import JobOrigin
    from safelight._jobs.polling import Polling
    from safelight._jobs.status import JobStatus
    from safelight._jobs.webhooks import WebhookEvent
    from safelight._vendors.claid import Claid
    from safelight._vendors.job_api import JobApi
    from safelight._vendors.tengr import Tengr
    from safelight._vendors.topaz import Topaz
    from safelight_lifecycle import State

    __version__: str

__all__ = [
    "ApiError",
    "Claid",
    "DownloadError",
    "EditResult",
    "ImageSource",
    "InvalidResponseError",
    "InvalidWebhookError",
    "Job",
    "JobApi",
    "JobCancelledError",
    "JobEndedError",
    "JobFailedError",
    "JobOrigin",
    "JobStatus",
    "NetworkError",
    "NoResultError",
    "NotConnectedError",
    "Polling",
    "SafelightError",
    "State",
    "Tengr",
    "Topaz",
    "UnknownOutcomeError",
    "UnsupportedOperationError",
    "WaitTimeoutError",
    "WebhookEvent",
]

_MODULES = {
    "ApiError": "safelight._errors",
    "Claid": "safelight._vendors.claid",
    "DownloadError": "safelight._errors",
    "EditResult": "safelight._jobs.edit_result",
    "ImageSource": "safelight._files.image_source",
    "InvalidResponseError": "safelight._errors",
    "InvalidWebhookError": "safelight._errors",
    "Job": "safelight._jobs.job",
    "JobApi": "safelight._vendors.job_api",
    "JobCancelledError": "safelight._errors",
    "JobEndedError": "safelight._errors",
    "JobFailedError": "safelight._errors",
    "JobOrigin": "safelight._jobs.job_requests",
    "JobStatus": "safelight._jobs.status",
    "NetworkError": "safelight._errors",
    "NoResultError": "safelight._errors",
    "NotConnectedError": "safelight._errors",
    "Polling": "safelight._jobs.polling",
    "SafelightError": "safelight._errors",
    "State": "safelight_lifecycle",
    "Tengr": "safelight._vendors.tengr",
    "Topaz": "safelight._vendors.topaz",
    "UnknownOutcomeError": "safelight._errors",
    "UnsupportedOperationError": "safelight._errors",
    "WaitTimeoutError": "safelight._errors",
    "WebhookEvent": "safelight._jobs.webhooks",
}

if not TYPE_CHECKING:  # a type checker would accept any misspelled name

    def __getattr__(name: str) -> object:
        if name == "__version__":
            return import_module("importlib.metadata").version("safelight")
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_MODULES[name]), name)

    def __dir__() -> list[str]:
        return [*__all__, "__version__"]
