"""One server in this process on which recorded steps are played, and what a client sees of each."""

import json
import platform
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import httpx
from PIL import Image

from safelight_mock import ClockMode, Settings, Twin, TwinTransport

JSON = Any  # what is sent and received
Step = dict[str, JSON]
"""One line of a record: what is done, and below `seen` what came of it.

- `call`: a request as `[method, URL, headers, body]`; a body is a list of texts and of names of pictures.
- `advance`: seconds by which the sandbox of a `vendor` and `key` moves on.
- `control`: a request of the control plane as `[method, path, JSON]`; `pick` says what of the answer is seen.
- `restore`: the sandbox of a `vendor` and `key` is taken as a snapshot and put back under the key named here.
- `fork`: the same sandbox is copied for the key named here.
"""

RECORDS: Final = Path(__file__).parent / "records"
PICTURES: Final = Path(__file__).parent / "pictures"
START: Final = 1_767_225_600.0  # 2026-01-01T00:00:00Z
CONTROL: Final = "http://twin.example/_safelight"
LONGEST: Final = 2_000  # characters of a body in the record; longer ones are recorded by their digest
UNSEEN: Final = frozenset({"date", "x-response-time"})


class Playback:
    """A server with a manual clock that begins at START, so that the same steps give the same answers."""

    def __init__(self, twin: Twin, web: httpx.Client) -> None:
        self._twin = twin
        self._web = web

    def play(self, step: Step) -> JSON:
        """Perform a step; return what a client sees of it, as JSON.

        Raises `httpx.HTTPStatusError` for an error status of the control plane: the rest of its scene would
        then record another state than the one that it describes. Error statuses of vendors are recorded.
        """
        key = {name: step[name] for name in ("vendor", "key") if name in step}
        if "call" in step:
            return _observed(self._answer(*step["call"]))
        if "control" in step:
            method, path, body = step["control"]
            response = self._web.request(method, f"{CONTROL}/{path}", json=body).raise_for_status()
            return _picked(response.json(), step["pick"])
        if "advance" in step:
            self._twin.advance(step["advance"], **key)
        elif "fork" in step:
            self._twin.fork(**key, to=step["fork"])
        else:
            kept = self._twin.snapshot(**key)
            self._twin.restore(kept, vendor=step["vendor"], key=step["restore"])
        return None

    def _answer(self, method: str, url: str, headers: Mapping[str, str], body: list[str]) -> httpx.Response:
        content = b"".join(map(_part, body))
        return self._web.request(method, url, headers=headers, content=content or None)


@contextmanager
def playback(settings: Mapping[str, JSON]) -> Iterator[Playback]:
    """Open a server with these settings."""
    chosen = Settings(clock=ClockMode.MANUAL, seed="golden", **settings)
    twin = Twin(chosen, real=lambda: START)
    try:
        with httpx.Client(transport=TwinTransport(twin), headers={"user-agent": "golden"}) as web:
            yield Playback(twin, web)
    finally:
        twin.close()


def machine() -> str:
    """Return what the bytes of a picture depend on beside our code: the processor.

    Virtual machines may hide its name: two of one name have other instructions, and codecs other last bits.
    """
    described = Path("/proc/cpuinfo")
    lines = described.read_text().splitlines() if described.exists() else []
    facts = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    names = [facts[name] for name in ("model name", "cpu family", "model", "stepping") if name in facts]
    return f"{platform.machine()} {' '.join(names) or platform.processor()}"


def without_bytes(observed: JSON) -> JSON:
    """Leave out of an answer that is a picture what another machine's codecs may do differently."""
    if not isinstance(observed, list) or len(observed) != len(("status", "headers", "body")):
        return observed
    status, headers, body = observed
    if not isinstance(status, int) or not any(
        name == "content-type" and value.startswith("image/") for name, value in headers
    ):
        return observed
    kept = [[name, value] for name, value in headers if name not in ("content-length", "content-range")]
    return [status, kept, body.partition("; ")[0] if status == httpx.codes.OK else ""]


def read(record: Path) -> Iterator[Step]:
    """Yield the lines of a record; the first one holds the settings."""
    yield from map(json.loads, record.read_text().splitlines())


def _part(part: str) -> bytes:
    """Return a part of a body: a text, or the bytes of the image that it names."""
    name = part.removeprefix("picture:")
    return part.encode() if name == part else (PICTURES / name).read_bytes()


def _observed(response: httpx.Response) -> JSON:
    headers = sorted([name, value] for name, value in response.headers.multi_items() if name not in UNSEEN)
    return [response.status_code, headers, _body(response)]


def _body(response: httpx.Response) -> str:
    """Return a short text as it is; of a picture its format and size, and of anything long its digest."""
    is_text = response.headers.get("content-type", "").partition(";")[0].endswith(("json", "plain", "xml"))
    if is_text and len(response.content) <= LONGEST:
        return response.text
    digest = f"{len(response.content)} bytes, sha256 {sha256(response.content).hexdigest()}"
    kind = response.headers.get("content-type", "")
    if response.content and response.status_code == httpx.codes.OK and kind.startswith("image/"):
        with warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning):
            picture = Image.open(BytesIO(response.content))  # its head alone: the largest has 170 megapixels
        return f"{picture.format} {picture.width} x {picture.height}; {digest}"
    return digest


def _picked(value: JSON, places: list[str] | str) -> JSON:
    """Keep of the control plane's answer what clients of a vendor see too: of each item these members."""
    if isinstance(places, str):
        value, places = value[places], ["headers", "body"]
    kept = value if isinstance(value, list) else [value]
    return [{location: item.get(location) for location in places} for item in kept] if places else None
