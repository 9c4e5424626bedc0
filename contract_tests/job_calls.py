"""How a job of each vendor is submitted, read and fetched over HTTP, without any client of ours."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image

from contract_tests.targets.served import BASES

Json = Mapping[str, Any]
Get = Callable[[str], Json]  # reads a path below the vendor's base
COFFEE = "safelight://coffee.jpg"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCalls:
    """How to call the API of a vendor at a mock server.

    `submissions`: paths, and arguments for httpx by the URL of an inbox; `read`: a path for each. `ids_of`
    returns the job's id first, then other ids of the response to a submission.
    """

    vendor: str
    header: tuple[str, str]
    submissions: Sequence[tuple[str, Callable[[str], Json]]]
    read: Sequence[str]
    ids_of: Callable[[Json], Sequence[object]]
    link_of: Callable[[Get, str], str]
    has_account_webhook: bool = False

    @property
    def base(self) -> str:
        """The path of the API at a mock server."""
        return f"/{self.vendor}{BASES[self.vendor]}"

    def auth(self, key: str) -> Mapping[str, str]:
        """Return the header that has the key."""
        name, value = self.header
        return {name: value.format(key)}


def _upload(inbox: str) -> Json:
    file = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(file, "JPEG")
    return {"files": {"image": ("a.jpg", file.getvalue())}, "data": {"webhook_url": inbox}}


def _edit(images: object) -> Json:
    return {"json": {"input": images, "operations": {"resizing": {"width": 60}}}}


def _artwork(inbox: str) -> Json:
    return {"json": {"imageUrl": COFFEE, "webhook": inbox}}


TOPAZ = JobCalls(
    vendor="topaz",
    header=("X-API-Key", "{}"),
    submissions=[("/enhance/async", _upload), ("/denoise/async", _upload)],
    read=["/status/{}", "/status/{}"],
    ids_of=lambda result: [result["process_id"], result["source_id"]],
    link_of=lambda get, job: str(get(f"/download/{job}")["download_url"]),
)
CLAID = JobCalls(
    vendor="claid",
    header=("Authorization", "Bearer {}"),
    submissions=[
        ("/image/edit/async", lambda _: _edit(COFFEE)),
        ("/image/edit/batch", lambda _: _edit([COFFEE])),
    ],
    read=["/image/edit/async/{}", "/image/edit/batch/{}"],
    ids_of=lambda result: [result["data"]["id"]],
    link_of=lambda get, job: str(
        get(f"/image/edit/async/{job}")["data"]["result"]["output_object"]["tmp_url"]
    ),
    has_account_webhook=True,
)
TENGR = JobCalls(
    vendor="tengr",
    header=("Authorization", "Bearer {}"),
    submissions=[("/v2/artworks/detailer-upscaler", _artwork)] * 2,
    read=["/v2/artworks/{}"] * 2,
    ids_of=lambda result: [result["id"]],
    link_of=lambda get, job: str(get(f"/v2/artworks/{job}")["results"][0]),
)
JOB_CALLS: Mapping[str, JobCalls] = {calls.vendor: calls for calls in (TOPAZ, CLAID, TENGR)}
