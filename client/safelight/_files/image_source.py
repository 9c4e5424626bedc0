"""Images on their way up: whatever a caller has, as a stream with a name and a media type."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from os import PathLike
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, TypeAlias, cast

# A path, the bytes themselves, or an open binary file; a file is read from its beginning and left open.
ImageSource: TypeAlias = str | PathLike[str] | bytes | bytearray | memoryview | BinaryIO

UNKNOWN = "application/octet-stream"
SIGNATURES = {
    rb"\xff\xd8\xff": ("image/jpeg", ".jpg"),
    rb"\x89PNG\r\n\x1a\n": ("image/png", ".png"),
    rb"II\*\x00|MM\x00\*": ("image/tiff", ".tif"),
    rb"GIF8[79]a": ("image/gif", ".gif"),
    rb"BM.{4}\x00{4}": ("image/bmp", ".bmp"),
    rb"RIFF.{4}WEBP": ("image/webp", ".webp"),
    rb".{4}ftypavi[fs]": ("image/avif", ".avif"),
    rb".{4}ftyp(hei[cx]|mif1)": ("image/heic", ".heic"),
}
LONGEST_SIGNATURE = 12
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A stream to send, at its beginning."""

    stream: BinaryIO
    name: str
    media_type: str


@contextmanager
def opened(image: ImageSource) -> Iterator[Upload]:
    """Open an image for one attempt to send it; raises OSError for a file that cannot be read."""
    if isinstance(image, bytes | bytearray | memoryview):
        yield _upload(BytesIO(image), "")
    elif isinstance(image, str | PathLike):
        with Path(image).open("rb") as stream:
            yield _upload(stream, Path(image).name)
    elif not hasattr(image, "read") or hasattr(image, "encoding"):
        raise TypeError(f"an image is a path, bytes or a file opened as binary, not {type(image).__name__}")
    elif image.seekable():
        yield _upload(image, _name_of(image))
    else:
        with SpooledTemporaryFile(max_size=16 * MEGABYTE) as spool:
            shutil.copyfileobj(image, spool)
            yield _upload(cast("BinaryIO", spool), _name_of(image))


def _upload(stream: BinaryIO, name: str) -> Upload:
    stream.seek(0)
    head = stream.read(LONGEST_SIGNATURE)
    stream.seek(0)
    known = (kind for signature, kind in SIGNATURES.items() if re.match(signature, head, re.DOTALL))
    media_type, suffix = next(known, (UNKNOWN, ""))
    return Upload(stream=stream, name=name or f"image{suffix}", media_type=media_type)


def _name_of(file: IO[bytes]) -> str:
    name = getattr(file, "name", "")
    return Path(name).name if isinstance(name, str) else ""
