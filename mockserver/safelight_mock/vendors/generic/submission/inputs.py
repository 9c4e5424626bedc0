"""The input of a submission: an uploaded file, or the image at a URL or in base64 in its body."""

import re
from collections.abc import Iterator, Mapping

from safelight_mock.core.job import Source
from safelight_mock.core.picture import UNSEEN
from safelight_mock.wire.messages import JSON, ReceivedFile, Request

NO_INPUTS = re.compile(r"hook|callback|notif|redirect|model|weights|lora|success|cancel", re.IGNORECASE)
IMAGES = re.compile(
    r"image|img|photo|picture|frame|mask|input|source|src|init|media|file|url|uri", re.IGNORECASE
)
URL = re.compile(r"(?:https?|safelight)://\S+|data:image/\S+", re.IGNORECASE)
BASE64 = re.compile(r"[A-Za-z0-9+/]{256,}={0,2}")
OTHERS = re.compile(
    r"\.(?:mp4|mov|webm|mkv|mp3|wav|flac|m4a|ogg|pdf|txt|csv|json|jsonl|zip)(?:$|\?)", re.IGNORECASE
)
DEEPEST = 4  # levels of a body in which inputs are looked for
NONE = Source(id="", digest="", filename="", picture=UNSEEN)


def source_of(request: Request, *, wants_image: bool, address: str = "") -> Source:
    """Return the input of a request; with `wants_image` its image is loaded if it is at a URL.

    `address` is that URL if it is known where the request has it. Raises NotLoadedError.
    """
    for upload in request.files.values():
        return _source(upload, wants_image=wants_image)
    address = address or (next(_addresses(request.values, ""), "") if wants_image else "")
    if not address:
        return NONE
    (upload,) = request.load(address)
    return _source(upload, wants_image=True)


def _source(upload: ReceivedFile, *, wants_image: bool) -> Source:
    error = upload.error if wants_image else ""
    return Source(
        id="",
        digest=upload.digest,
        filename=upload.filename[:200],
        picture=upload.picture or UNSEEN,
        error=error,
    )


def _addresses(value: JSON, name: str, depth: int = DEEPEST) -> Iterator[str]:
    """Yield the addresses of images in a body, those in base64 as data URLs."""
    if isinstance(value, str):
        if NO_INPUTS.search(name) or not IMAGES.search(name):
            return
        if URL.fullmatch(value) and not OTHERS.search(value):
            yield value
        elif BASE64.fullmatch(value):
            yield f"data:;base64,{value}"
    elif depth and isinstance(value, Mapping):
        for inner_name, inner in value.items():
            yield from _addresses(inner, inner_name, depth - 1)
    elif depth and isinstance(value, list):
        for inner in value[:16]:
            yield from _addresses(inner, name, depth - 1)
