"""Topaz: https://developer.topazlabs.com, read 2026-11-21."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from safelight._files.image_source import ImageSource, open_image
from safelight._http.arguments import check_names
from safelight._jobs.job import Job, JobClient
from safelight._jobs.operations import OperationClient
from safelight._jobs.polling import Polling
from safelight_lifecycle import KeyLocation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    import httpx

    from safelight_clients.topaz.models import (
        DenoiseModel,
        DenoiseRequest,
        EnhanceModel,
        EnhanceRequest,
        MattingModel,
        MattingRequest,
    )

BASE_URL = "https://api.topazlabs.com/image/v1"
# API keys of the service's first version are JWTs whose header and first claim are always the same.
LEGACY_KEY = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJtYWNoaW5lX2lkIjoi"


class Topaz:
    """The Topaz Image API.

    `timeout` is in seconds, for connecting and between two received bytes. `transport` replaces the network,
    for example in tests. `polling` sets the delays of `Job.wait`. `insecure` allows sending the key to
    another machine over plain http. Close the client, or use it in a `with` block. Several threads may use
    it.

    Every submit method takes a JPEG, PNG or TIFF image and returns a Job without waiting for it. Fields of
    the service that a method does not name are passed as keywords (`webhook_url`, `strength`, …); fields with
    the value None are not sent. Fields that the service does not know are sent too, and ignored by it; one
    that is almost the name of a field is a ValueError. Submit methods raise ApiError (401 or 403 for the key,
    413 or 415 for the image, 429 for the rate, …), NotConnectedError, UnknownOutcomeError if the job may
    exist although its id is unknown, and OSError for an image that cannot be read. The constructor raises
    ValueError for an invalid key or URL.
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
        from safelight_clients.topaz.async_jobs import API, LIFECYCLES

        is_legacy = str(api_key).startswith(LEGACY_KEY)
        self._session = Session.open(
            base_url,
            api_key=ApiKey(
                key=api_key,
                location=KeyLocation(prefix="Bearer ") if is_legacy else KeyLocation(name="X-API-Key"),
            ),
            messages=["$response.body#/message"],
            timeout=timeout,
            transport=transport,
            insecure=insecure,
        )
        self._images = JobClient(
            lifecycle=LIFECYCLES["image"],
            operations=OperationClient(session=self._session, api=API),
            polling=polling or Polling(),
        )

    def enhance(  # noqa: PLR0913 - the service's own fields, by name
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
        """Enlarge and sharpen an image.

        Sizes are in pixels. With one of them the image keeps its proportions; with both it is letterboxed, or
        cropped if `crop_to_fill` is true. `output_format` is jpeg, png or tiff.
        """
        from safelight_clients.topaz.models import EnhanceRequest

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
        """Remove noise; the result has the size of the image."""
        from safelight_clients.topaz.models import DenoiseRequest

        fields = {"model": model, "output_format": output_format, **settings}
        return self._submit("postDenoise", DenoiseRequest, image, fields)

    def matte(
        self,
        image: ImageSource,
        *,
        model: MattingModel | str | None = None,
        mode: str | None = None,
        **settings: object,
    ) -> Job:
        """Cut out the subject (`mode="segmentation"`) or return its mask ("alpha"), as a PNG."""
        from safelight_clients.topaz.models import MattingRequest

        fields = {"model": model, "mode": mode, **settings}
        return self._submit("postMatting", MattingRequest, image, fields)

    def job(self, job_id: str | UUID) -> Job:
        """Return the job with an id, without a request; raises ValueError if it cannot be an id."""
        return self._images.job(job_id)

    def jobs(self) -> list[Job]:
        """List the jobs of this API key, each with its `last_status`."""
        return self._images.jobs()

    def close(self) -> None:
        """Close all connections; its jobs cannot be used any more."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Topaz(base_url={self._session.base_url!r})"

    def _submit(
        self,
        operation: str,
        kind: type[EnhanceRequest | DenoiseRequest | MattingRequest],
        image: ImageSource,
        fields: Mapping[str, object],
    ) -> Job:
        from safelight_clients.topaz.types import File

        check_names(fields, kind.__annotations__)
        _check_booleans(kind, fields)
        body = kind.from_dict({name: value for name, value in fields.items() if value is not None})
        body.additional_properties = {n: _form_text(v) for n, v in body.additional_properties.items()}
        with open_image(image) as upload:
            body.image = File(payload=upload.stream, file_name=upload.name, mime_type=upload.media_type)
            return self._images.submit(operation, body=body)


def _check_booleans(
    kind: type[EnhanceRequest | DenoiseRequest | MattingRequest], fields: Mapping[str, object]
) -> None:
    """Raise TypeError for another value of a boolean field: the form encoding would send any text as true."""
    import attrs

    booleans = {field.name for field in attrs.fields(kind) if "bool" in str(field.type).split(" | ")}
    for name in booleans & fields.keys():
        if not isinstance(fields[name], bool | None):
            raise TypeError(f"{name} must be True or False, not {fields[name]!r}")


def _form_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
