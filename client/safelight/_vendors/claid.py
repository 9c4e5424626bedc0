"""Claid: https://docs.claid.ai, read 2026-11-21."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, cast

from safelight._files.image_source import ImageSource, open_image
from safelight._http.arguments import check_url
from safelight._http.json_body import JsonBody
from safelight._jobs.edit_result import EditResult
from safelight._jobs.job import Job, JobClient
from safelight._jobs.operations import OperationClient
from safelight._jobs.polling import Polling
from safelight_lifecycle import KeyLocation, value_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import httpx

    from safelight._http.response import ApiResponse
    from safelight_clients.claid.models import (
        BatchEditInputOptions,
        EditUploadOptions,
        ImageOperations,
        ImageOutputOptions,
    )

BASE_URL = "https://api.claid.ai/v1"
# Errors for the rate are nested one level deeper than others; the error for an unknown path is a text.
MESSAGES = (
    "$response.body#/error_message",
    "$response.body#/detail/error_message",
    "$response.body#/detail",
)
ERROR_MESSAGE = "/error"
ADVICE = (
    "compare the account's credits with those before this call"  # no operation lists synchronous requests
)


class Claid:
    """The Claid image editing API.

    `timeout` is in seconds, for connecting and between two received bytes. `transport` replaces the network,
    for example in tests. `polling` sets the delays of `Job.wait`. `insecure` allows sending the key to
    another machine over plain http. Close the client, or use it in a `with` block. Several threads may use
    it.

    `operations` are the edits, for example `{"resizing": {"width": 600}, "background": {"remove": True}}`.
    `output` is the format of the result, `{"format": "png"}`, or where the service stores it,
    `"storage://shop/edited/"`. Both are dicts or classes of `safelight_clients.claid.models`; fields that are
    None are not sent. The URL of an image begins with http, https or storage. All methods that edit raise
    ApiError (401 or 403 for the key, 402 for missing credits, 422 for an edit that is not possible, 429 for
    the rate, …), NotConnectedError, UnknownOutcomeError if the edit may have been executed, and TypeError or
    ValueError for values that JSON cannot represent. The constructor raises ValueError for an invalid key or
    URL.
    """

    def __init__(  # noqa: PLR0913 - independent options
        self,
        *,
        api_key: str,
        base_url: str = BASE_URL,
        timeout: float = 60.0,
        transport: httpx.BaseTransport | None = None,
        insecure: bool = False,
        polling: Polling | None = None,
    ) -> None:
        from safelight._http.session import ApiKey, Session
        from safelight_clients.claid.async_jobs import API, LIFECYCLES

        self._session = Session.open(
            base_url,
            api_key=ApiKey(key=api_key, location=KeyLocation(prefix="Bearer ")),
            messages=MESSAGES,
            timeout=timeout,
            transport=transport,
            insecure=insecure,
        )
        self._operations = OperationClient(session=self._session, api=API)
        self._edits, self._batches = (
            JobClient(
                lifecycle=LIFECYCLES[kind],
                operations=self._operations,
                polling=polling or Polling(),
                error_message=ERROR_MESSAGE,
            )
            for kind in ("edit", "batch")
        )

    def edit(
        self,
        image_url: str,
        *,
        operations: Mapping[str, object] | ImageOperations | None = None,
        output: Mapping[str, object] | ImageOutputOptions | str | None = None,
    ) -> Job:
        """Edit the image at a URL asynchronously; `save` downloads the result of the returned job.

        `operations`, `output` and errors are described in the class. The response is the submission's: an
        image that cannot be loaded fails the job later.
        """
        check_url("image_url", image_url, "upload files with upload()")
        return self._edits.submit("editImageAsync", body=_body(operations, output, input=image_url))

    def edit_batch(
        self,
        images: Sequence[str] | Mapping[str, object] | BatchEditInputOptions,
        *,
        operations: Mapping[str, object] | ImageOperations | None = None,
        output: Mapping[str, object] | ImageOutputOptions | str | None = None,
    ) -> Job:
        """Edit several images in the same way, asynchronously; `save_all` saves the results.

        `images` is a list of URLs, the URL of a folder, or `{"source": …, "recursive": True}`.
        """
        for image in images if isinstance(images, list | tuple) else ():
            check_url("images", image, "upload files with upload()")
        return self._batches.submit("editImageBatch", body=_body(operations, output, input=images))

    def edit_now(
        self,
        image_url: str,
        *,
        operations: Mapping[str, object] | ImageOperations | None = None,
        output: Mapping[str, object] | ImageOutputOptions | str | None = None,
    ) -> EditResult:
        """Edit the image at a URL and return the result when it is ready.

        Blocks for the time of the edit; `timeout` of the client must be longer. `operations`, `output` and
        errors are described in the class.
        """
        check_url("image_url", image_url, "upload files with upload()")
        body = _body(operations, output, input=image_url)
        return self._result(self._once("editImage", body))

    def upload(
        self,
        image: ImageSource,
        *,
        operations: Mapping[str, object] | ImageOperations | None = None,
        output: Mapping[str, object] | ImageOutputOptions | str | None = None,
    ) -> EditResult:
        """Upload and edit an image, and return the result when it is ready.

        Raises OSError for an image that cannot be read.
        """
        from safelight_clients.claid.models import EditUploadRequest
        from safelight_clients.claid.types import File

        data = cast("EditUploadOptions", _body(operations, output))  # only its to_dict is called
        with open_image(image) as upload:
            file = File(payload=upload.stream, file_name=upload.name, mime_type=upload.media_type)
            body = EditUploadRequest(file=file, data=data)
            return self._result(self._once("editUploadedImage", body))

    def job(self, job_id: int | str) -> Job:
        """Return the edit with an id, without a request; raises ValueError if it cannot be an id."""
        return self._edits.job(job_id)

    def batch(self, job_id: int | str) -> Job:
        """Return the batch with an id, without a request; raises ValueError if it cannot be an id."""
        return self._batches.job(job_id)

    def close(self) -> None:
        """Close all connections; its jobs and results cannot be used any more."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Claid(base_url={self._session.base_url!r})"

    def _once(self, operation: str, body: object) -> ApiResponse:
        return self._operations.call_once(self._operations.submission(operation, body=body), advice=ADVICE)

    def _result(self, response: ApiResponse) -> EditResult:
        output = value_at("/data/output", response.body)
        if not isinstance(output, dict):
            raise response.invalid("it has no output")
        return EditResult(url=output.get("tmp_url"), details=output, _session=self._session)


def _body(
    operations: Mapping[str, object] | ImageOperations | None,
    output: Mapping[str, object] | ImageOutputOptions | str | None,
    **fields: object,
) -> JsonBody:
    return JsonBody.from_fields({**fields, "operations": operations or {}, "output": output})
