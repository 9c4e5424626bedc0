"""Topaz: https://developer.topazlabs.com, read 2026-11-21."""

from collections.abc import Mapping
from typing import TypeVar
from uuid import UUID

import attrs

from safelight._files.image_source import ImageSource, opened
from safelight._http.session import Credential, Line, Transport
from safelight._jobs.job import Job, Service
from safelight._jobs.operations import Calls
from safelight._jobs.polling import Patience
from safelight._vendors.client_methods import close, enter, leave, shown
from safelight_clients.topaz.async_jobs import LIFECYCLES, OPERATIONS
from safelight_clients.topaz.models import (
    DenoiseModel,
    DenoiseRequest,
    EnhanceModel,
    EnhanceRequest,
    MattingModel,
    MattingRequest,
)
from safelight_clients.topaz.types import File

BASE_URL = "https://api.topazlabs.com/image/v1"
# Keys of the service's first version: a JWT whose head and first claim are always the same.
LEGACY_KEY = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJtYWNoaW5lX2lkIjoi"

Request = TypeVar("Request", EnhanceRequest, DenoiseRequest, MattingRequest)


class Topaz:
    """The Topaz Image API.

    `timeout` is how many seconds one call may go without a byte. `transport` takes the place of the network,
    `patience` sets the rests between two looks at a job, `insecure` lets the key go to another machine by
    plain http. Close it, or use it in a `with` block.

    Every submit method takes a JPEG, PNG or TIFF image and returns a Job at once. Fields the service knows
    and these methods do not name go in as keywords (`webhook_url`, `strength`, …); what is not given is not
    sent. Raises ApiError (401 or 403 for the key, 413 or 415 for the image, 429 when called too often, …),
    NotConnectedError, UnknownOutcomeError when it is open whether there is a job, and OSError for an image
    that cannot be read.
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
            credential=_credential(api_key),
            messages=["$response.body#/message"],
            timeout=timeout,
            transport=transport,
            insecure=insecure,
        )
        self._images = Service(
            lifecycle=LIFECYCLES["image"],
            calls=Calls(line=self._line, operations=OPERATIONS),
            line=self._line,
            patience=patience or Patience(),
        )

    def enhance(  # noqa: PLR0913  the service's own fields, by name
        self,
        image: ImageSource,
        *,
        model: EnhanceModel | str | None = None,
        output_width: int | None = None,
        output_height: int | None = None,
        output_format: str | None = None,
        crop_to_fill: bool | None = None,
        **settings: object,
    ) -> Job:
        """Enlarge and sharpen.

        Sizes are in pixels. One side alone keeps the shape; with both, the picture is letterboxed, or cropped
        when `crop_to_fill` is true. `output_format` is jpeg, png or tiff.
        """
        sizes = {"output_width": output_width, "output_height": output_height, "crop_to_fill": crop_to_fill}
        fields = {"model": model, "output_format": output_format, **sizes, **settings}
        return self._submit("postEnhanceAsync", EnhanceRequest, image, fields)

    def denoise(
        self,
        image: ImageSource,
        *,
        model: DenoiseModel | str | None = None,
        output_format: str | None = None,
        **settings: object,
    ) -> Job:
        """Take noise away; the result has the size of the image."""
        fields = {"model": model, "output_format": output_format, **settings}
        return self._submit("postDenoise", DenoiseRequest, image, fields)

    def matting(
        self,
        image: ImageSource,
        *,
        model: MattingModel | str | None = None,
        mode: str | None = None,
        **settings: object,
    ) -> Job:
        """Cut the subject out (`mode="segmentation"`) or draw its mask ("alpha"); PNG of the image's size."""
        fields = {"model": model, "mode": mode, **settings}
        return self._submit("postMatting", MattingRequest, image, fields)

    def job(self, job_id: str | UUID) -> Job:
        """Return the job of that id, without asking the service."""
        return self._images.job(job_id)

    def jobs(self) -> list[Job]:
        """List the jobs of this key, each with how it was doing as `seen`."""
        return self._images.jobs()

    close, __enter__, __exit__, __repr__ = close, enter, leave, shown

    def _submit(
        self, operation: str, kind: type[Request], image: ImageSource, fields: Mapping[str, object]
    ) -> Job:
        _refuse_texts_for_truths(kind, fields)
        body = kind.from_dict({name: value for name, value in fields.items() if value is not None})
        body.additional_properties = {n: _text(v) for n, v in body.additional_properties.items()}
        with opened(image) as upload:
            body.image = File(payload=upload.stream, file_name=upload.name, mime_type=upload.media_type)
            return self._images.submit(operation, body)


def _credential(key: str) -> Credential:
    if key.startswith(LEGACY_KEY):
        return Credential(header="Authorization", key=key, prefix="Bearer ")
    return Credential(header="X-API-Key", key=key)


def _refuse_texts_for_truths(kind: type[Request], fields: Mapping[str, object]) -> None:
    """Raise TypeError for a text where the service wants true or false: any text would go out as true."""
    truths = {field.name for field in attrs.fields(kind) if "bool" in str(field.type).split(" | ")}
    for name in truths & fields.keys():
        if not isinstance(fields[name], bool | None):
            raise TypeError(f"{name} is True or False, not {fields[name]!r}")


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
