"""Tengr: https://docs.tengr.ai, read 2026-11-21."""

from collections.abc import Mapping
from uuid import UUID

from safelight._http.json_body import Body
from safelight._http.session import Credential, Line, Transport
from safelight._jobs.job import Job, Service
from safelight._jobs.operations import Calls
from safelight._jobs.polling import Patience
from safelight._vendors.client_methods import close, enter, leave, shown
from safelight_clients.tengr.async_jobs import LIFECYCLES, OPERATIONS
from safelight_clients.tengr.models import ArtworkFormat


class Tengr:
    """The Tengr.ai artworks API.

    `base_url` has to be given, without `/v2`: the vendor's pages name no host. `timeout` is how many seconds
    one call may go without a byte. `transport` takes the place of the network, `patience` sets the rests
    between two looks at a job, `insecure` lets the key go to another machine by plain http. Close it, or use
    it in a `with` block.

    Both submit methods take the address of an image and return a Job at once. Fields the service knows and
    these methods do not name go in as keywords, spelt as the service does; what is not given is not sent.
    Raises ApiError (400 for the image or a field, 401 or 403 for the key or its credits, 429 when called too
    often, …), NotConnectedError, and UnknownOutcomeError when it is open whether there is a job.
    """

    def __init__(  # noqa: PLR0913 - each is a choice of its own
        self,
        *,
        api_key: str,
        base_url: str,
        timeout: float = 60.0,
        transport: Transport | None = None,
        insecure: bool = False,
        patience: Patience | None = None,
    ) -> None:
        self._line = Line.to(
            base_url,
            credential=Credential(header="Authorization", key=api_key, prefix="Bearer "),
            messages=["$response.body#/message"],
            timeout=timeout,
            transport=transport,
            insecure=insecure,
        )
        self._artworks = Service(
            lifecycle=LIFECYCLES["artwork"],
            calls=Calls(line=self._line, operations=OPERATIONS),
            line=self._line,
            patience=patience or Patience(),
        )

    def detail(  # noqa: PLR0913  the service's own fields, by name
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
        """Sharpen details, and enlarge the image 1, 2, 4 or 8 times; it may have 1,478,656 pixels.

        `details` (low to high) and `modification` (subtle to strong) go from 1 to 3. `output_format` is auto,
        png or webp. The same `seed` makes the same picture. The service calls `webhook` when the job is over.
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
        """Enlarge the image 2 to 8 times."""
        fields = {"imageUrl": image_url, "scaleFactor": scale_factor, "webhook": webhook, **settings}
        return self._submit("createUpscalingArtwork", fields)

    def job(self, job_id: str | UUID) -> Job:
        """Return the job of that id, without asking the service."""
        return self._artworks.job(job_id)

    def jobs(self, *, offset: int | None = None, limit: int | None = None) -> list[Job]:
        """List the jobs of this key, the newest first, each with how it was doing as `seen`.

        The service tells 10 unless `limit`, up to 500, says otherwise, and leaves out the first `offset`.
        """
        return self._artworks.jobs(offset=offset, limit=limit)

    close, __enter__, __exit__, __repr__ = close, enter, leave, shown

    def _submit(self, operation: str, fields: Mapping[str, object]) -> Job:
        return self._artworks.submit(operation, Body.of(fields))
