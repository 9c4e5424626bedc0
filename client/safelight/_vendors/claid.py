"""Claid: https://docs.claid.ai, read 2026-11-21."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

from safelight._files.image_source import ImageSource, opened
from safelight._http.json_body import Body
from safelight._http.response import Answer
from safelight._http.session import Credential, Line, Transport
from safelight._jobs.edit_result import Picture
from safelight._jobs.job import Job, Service
from safelight._jobs.operations import Calls
from safelight._jobs.polling import Patience
from safelight._vendors.client_methods import close, enter, leave, shown
from safelight_clients.claid.async_jobs import LIFECYCLES, OPERATIONS
from safelight_clients.claid.models import (
    BatchEditInputOptions,
    EditUploadOptions,
    EditUploadRequest,
    ImageOperations,
    ImageOutputOptions,
)
from safelight_clients.claid.types import File
from safelight_lifecycle import value_at

BASE_URL = "https://api.claid.ai/v1"
# A refusal for too many calls is wrapped once more than others; a route nobody knows has one sentence.
MESSAGES = (
    "$response.body#/error_message",
    "$response.body#/detail/error_message",
    "$response.body#/detail",
)
ERROR_SENTENCE = "/error"
ADVICE = "see what credits are left"  # nothing of the API tells of a call that answers with its picture

Operations: TypeAlias = Mapping[str, object] | ImageOperations
Output: TypeAlias = Mapping[str, object] | ImageOutputOptions | str
Inputs: TypeAlias = Sequence[str] | Mapping[str, object] | BatchEditInputOptions


class Claid:
    """The Claid image editing API.

    `timeout` is how many seconds one call may go without a byte. `transport` takes the place of the network,
    `patience` sets the rests between two looks at a job, `insecure` lets the key go to another machine by
    plain http. Close it, or use it in a `with` block.

    `operations` says what to do, as `{"resizing": {"width": 600}, "background": {"remove": True}}`, `output`
    what comes out, as `{"format": "png"}`, or where it is put, as `"storage://shop/edited/"`. Both are dicts
    or classes of `safelight_clients.claid.models`; what is not given is not sent. An image's address begins
    with http, https or storage. Raises ApiError (401 or 403 for the key, 402 without credits, 422 for what it
    cannot do, 429 when called too often, …), NotConnectedError, UnknownOutcomeError
    when it is open whether it was done, and TypeError or ValueError for what is not JSON.
    """

    def __init__(  # noqa: PLR0913 - each is a choice of its own
        self,
        *,
        api_key: str,
        base_url: str = BASE_URL,
        timeout: float = 60.0,
        transport: Transport | None = None,
        insecure: bool = False,
        patience: Patience | None = None,
    ) -> None:
        self._line = Line.to(
            base_url,
            credential=Credential(header="Authorization", key=api_key, prefix="Bearer "),
            messages=MESSAGES,
            timeout=timeout,
            transport=transport,
            insecure=insecure,
        )
        self._calls = Calls(line=self._line, operations=OPERATIONS)
        self._edits, self._batches = (
            Service(
                lifecycle=LIFECYCLES[kind],
                calls=self._calls,
                line=self._line,
                patience=patience or Patience(),
                sentence=ERROR_SENTENCE,
            )
            for kind in ("edit", "batch")
        )

    def edit(
        self, image_url: str, *, operations: Operations | None = None, output: Output | None = None
    ) -> Job:
        """Edit the image at an address, later."""
        return self._edits.submit("editImageAsync", _body(operations, output, input=image_url))

    def edit_batch(
        self, images: Inputs, *, operations: Operations | None = None, output: Output | None = None
    ) -> Job:
        """Edit many images alike, later; `save_all` saves the results.

        `images` is a list of addresses, the address of a folder, or `{"source": …, "recursive": True}`.
        """
        return self._batches.submit("editImageBatch", _body(operations, output, input=images))

    def edit_now(
        self, image_url: str, *, operations: Operations | None = None, output: Output | None = None
    ) -> Picture:
        """Edit the image at an address while the call lasts."""
        body = _body(operations, output, input=image_url)
        return self._picture(self._calls.call_once("editImage", advice=ADVICE, body=body))

    def upload(
        self, image: ImageSource, *, operations: Operations | None = None, output: Output | None = None
    ) -> Picture:
        """Edit an image from here while the call lasts; raises OSError for one that cannot be read."""
        data = cast("EditUploadOptions", _body(operations, output))  # only its to_dict is asked for
        with opened(image) as upload:
            file = File(payload=upload.stream, file_name=upload.name, mime_type=upload.media_type)
            body = EditUploadRequest(file=file, data=data)
            return self._picture(self._calls.call_once("editUploadedImage", advice=ADVICE, body=body))

    def job(self, job_id: int | str) -> Job:
        """Return the edit of that id, without asking the service."""
        return self._edits.job(job_id)

    def batch(self, job_id: int | str) -> Job:
        """Return the batch of that id, without asking the service."""
        return self._batches.job(job_id)

    close, __enter__, __exit__, __repr__ = close, enter, leave, shown

    def _picture(self, answer: Answer) -> Picture:
        output = value_at("/data/output", answer.body)
        if not isinstance(output, dict):
            raise answer.unexpected("it holds no output")
        return Picture(url=output.get("tmp_url"), details=output, line=self._line)


def _body(operations: Operations | None, output: Output | None, **fields: object) -> Body:
    return Body.of({**fields, "operations": operations or {}, "output": output})
