"""Images to upload: a path, bytes or a file as a stream with a name and a media type."""

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

# A path, the bytes of an image, or an open binary file, which is read from its beginning and not closed.
ImageSource: TypeAlias = str | PathLike[str] | bytes | bytearray | memoryview | BinaryIO

UNKNOWN_MEDIA_TYPE = "application/octet-stream"
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
MAX_SIGNATURE_BYTES = 12
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageUpload:
    """A stream to upload, positioned at its beginning."""

    stream: BinaryIO
    name: str
    media_type: str


@contextmanager
def open_image(image: ImageSource) -> Iterator[ImageUpload]:
    """Open an image for one upload.

    A stream that cannot seek is copied to memory first, or to disk above 16 MB, because its first bytes are
    read for the media type. Raises OSError for a file that cannot be read, ValueError for a URL, TypeError
    for another type of argument.
    """
    if isinstance(image, bytes | bytearray | memoryview):
        yield _upload(BytesIO(image), "")
    elif isinstance(image, str) and "://" in image:
        raise ValueError("image must be a path, bytes or a binary file, not a URL; download it first")
    elif isinstance(image, str | PathLike):
        with Path(image).open("rb") as stream:
            yield _upload(stream, Path(image).name)
    elif not hasattr(image, "read") or hasattr(image, "encoding"):
        raise TypeError(f"image must be a path, bytes or a binary file, not {type(image).__name__}")
    elif image.seekable():
        yield _upload(image, _name_of(image))
    else:
        with SpooledTemporaryFile(max_size=16 * MEGABYTE) as spool:
            shutil.copyfileobj(image, spool)
            yield _upload(cast("BinaryIO", spool), _name_of(image))


def _upload(stream: BinaryIO, name: str) -> ImageUpload:
    stream.seek(0)
    head = stream.read(MAX_SIGNATURE_BYTES)
    stream.seek(0)
    matching = (kind for signature, kind in SIGNATURES.items() if re.match(signature, head, re.DOTALL))
    media_type, suffix = next(matching, (UNKNOWN_MEDIA_TYPE, ""))
    return ImageUpload(stream=stream, name=name or f"image{suffix}", media_type=media_type)


def _name_of(file: IO[bytes]) -> str:
    name = getattr(file, "name", "")
    return Path(name).name if isinstance(name, str) else ""
