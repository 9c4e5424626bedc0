"""Tengr: https://docs.tengr.ai, read 2026-11-21."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from safelight._http.arguments import check_url
from safelight._http.json_body import JsonBody
from safelight._jobs.job import Job, JobClient
from safelight._jobs.operations import OperationClient
from safelight._jobs.polling import Polling
from safelight_lifecycle import KeyLocation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    import httpx

    from safelight_clients.tengr.models import ArtworkFormat


class Tengr:
    """The Tengr.ai artworks API.

    `base_url` is required and has no `/v2`: the vendor's pages name no host. `timeout` is in seconds, for
    connecting and between two received bytes. `transport` replaces the network, for example in tests.
    `polling` sets the delays of `Job.wait`. `insecure` allows sending the key to another machine over plain
    http. Close the client, or use it in a `with` block. Several threads may use it.

    Both submit methods take the URL of an image and return a Job without waiting for it. Fields of the
    service that a method does not name are passed as keywords, spelled as the service does; fields that are
    None are not sent. They raise ApiError (400 for the image or a field, 401 or 403 for the key or its
    credits, 429 for the rate, …), NotConnectedError, and UnknownOutcomeError if the job may exist although
    its id is unknown. The constructor raises ValueError for an invalid key or URL.
    """

    def __init__(  # noqa: PLR0913 - independent options
        self,
        *,
        api_key: str,
        base_url: str,
        timeout: float = 60.0,
        transport: httpx.BaseTransport | None = None,
        insecure: bool = False,
        polling: Polling | None = None,
    ) -> None:
        from safelight._http.session import ApiKey, Session
        from safelight_clients.tengr.async_jobs import API, LIFECYCLES

        self._session = Session.open(
            base_url,
            api_key=ApiKey(key=api_key, location=KeyLocation(prefix="Bearer ")),
            messages=["$response.body#/message"],
            timeout=timeout,
            transport=transport,
            insecure=insecure,
        )
        self._artworks = JobClient(
            lifecycle=LIFECYCLES["artwork"],
            operations=OperationClient(session=self._session, api=API),
            polling=polling or Polling(),
        )

    def detail(  # noqa: PLR0913 - the service's own fields, by name
        self,
        image_url: str,
        *,
        scale_factor: int | None = None,
        details: int | None = None,
        modification: int | None = None,
        seed: int | None = None,
        output_format: ArtworkFormat | str | None = None,
        webhook: str | None = None,
        **settings: object,
    ) -> Job:
        """Sharpen details and enlarge an image of at most 1,478,656 pixels.

        `scale_factor` is 1, 2, 4 or 8. `details` (low to high) and `modification` (subtle to strong) are from
        1 to 3. `output_format` is auto, png or webp. The same `seed` gives the same image. `webhook` is a URL
        that the service calls when the job is over.
        """
        fields = {"details": details, "modification": modification, "seed": seed, **settings}
        scaled = {"imageUrl": image_url, "scaleFactor": scale_factor, "outputFormat": output_format}
        return self._submit("createDetailerUpscalerArtwork", {**scaled, "webhook": webhook, **fields})

    def upscale(
        self,
        image_url: str,
        *,
        scale_factor: int | None = None,
        webhook: str | None = None,
        **settings: object,
    ) -> Job:
        """Enlarge an image by a `scale_factor` from 2 to 8."""
        fields = {"imageUrl": image_url, "scaleFactor": scale_factor, "webhook": webhook, **settings}
        return self._submit("createUpscalingArtwork", fields)

    def job(self, job_id: str | UUID) -> Job:
        """Return the job with an id, without a request; raises ValueError if it cannot be an id."""
        return self._artworks.job(job_id)

    def jobs(self, *, offset: int | None = None, limit: int | None = None) -> list[Job]:
        """List the jobs of this API key, the newest first, each with its `last_status`.

        `limit` is at most 500 and by default 10; the first `offset` jobs are omitted.
        """
        return self._artworks.jobs(offset=offset, limit=limit)

    def close(self) -> None:
        """Close all connections; its jobs cannot be used any more."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Tengr(base_url={self._session.base_url!r})"

    def _submit(self, operation: str, fields: Mapping[str, object]) -> Job:
        check_url("image_url", fields["imageUrl"], "the service loads images by their URL")
        return self._artworks.submit(operation, body=JsonBody.from_fields(fields))
