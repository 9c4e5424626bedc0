"""Tells a picture's format and upright size from its header, without decoding it.

Pillow's readers are called one by one and not through `Image.open`: that refuses sizes past a limit which is
global to the process, and knows far more formats than any vendor takes. Which of those known here a vendor
takes is for the vendor to say.
"""

import struct
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from safelight_mock.core.picture import Format, Picture
from safelight_mock.pixels import webp

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

HEADER = 4 * 1024 * 1024  # bytes within which a JPEG or PNG must say its size
HEAD = 256  # bytes that tell the format
WHOLE = 128 * 1024 * 1024  # bytes of an AVIF or HEIC, whose readers take them whole
ORIENTATION = 0x0112  # the Exif tag
SIDEWAYS = range(5, 9)  # orientations that swap width and height

SIGNATURES = {
    b"\xff\xd8\xff": Format.JPEG,
    b"\x89PNG\r\n\x1a\n": Format.PNG,
    b"II*\x00": Format.TIFF,
    b"MM\x00*": Format.TIFF,
    b"II+\x00": Format.TIFF,  # BigTIFF
    b"MM\x00+": Format.TIFF,
    b"RIFF": Format.WEBP,
    b"GIF8": Format.GIF,
    b"BM": Format.BMP,
}
# What the brands of an ISO base media file ("ftyp") say of it, the first that is among them.
BRANDS = {
    b"avif": Format.AVIF,
    b"heic": Format.HEIC,
    b"heix": Format.HEIC,
    b"heim": Format.HEIC,
    b"heis": Format.HEIC,
}


def probe(file: Path | bytes) -> Picture | None:
    """Read format and upright size; None if its format is none of ours, or its header cannot be read.

    A size of 0 is reported as it stands. Raises nothing but OSError, for a path that cannot be read.
    """
    if isinstance(file, bytes):
        return _probe(BytesIO(file))
    with file.open("rb") as stream:
        return _probe(stream)


def _probe(stream: BinaryIO) -> Picture | None:
    head = stream.read(HEAD)
    kind = _kind(head)
    stream.seek(0)
    if kind is None:
        return None
    if kind is Format.PNG and (empty := _without_pixels(head)):
        return empty
    try:
        return READERS[kind](stream)
    except Exception:  # noqa: BLE001 - whatever damage does to a reader, it is no picture
        return None


def _kind(head: bytes) -> Format | None:
    if head[4:8] == b"ftyp":
        brands = head[8 : int.from_bytes(head[:4])]
        return next((kind for brand, kind in BRANDS.items() if brand in brands), None)
    return next((kind for signature, kind in SIGNATURES.items() if head.startswith(signature)), None)


def _without_pixels(head: bytes) -> Picture | None:
    """Recognise a PNG that claims no width or no height, which Pillow takes for no PNG at all."""
    size = struct.unpack_from(">II", head, 16) if len(head) >= 24 else (1, 1)  # noqa: PLR2004 - where they end
    return Picture(format=Format.PNG, width=size[0], height=size[1]) if 0 in size else None


def _jpeg(stream: BinaryIO) -> Picture:
    from PIL.JpegImagePlugin import JpegImageFile  # noqa: PLC0415 - first uploads pay, not start-up

    return _upright(Format.JPEG, JpegImageFile(BytesIO(stream.read(HEADER))))


def _png(stream: BinaryIO) -> Picture:
    from PIL.PngImagePlugin import PngImageFile  # noqa: PLC0415 - first uploads pay, not start-up

    return _upright(Format.PNG, PngImageFile(BytesIO(stream.read(HEADER))))


def _tiff(stream: BinaryIO) -> Picture:
    from safelight_mock.pixels.tiff import header  # noqa: PLC0415 - first uploads pay, not start-up

    found = header(stream)
    return _turned(Format.TIFF, (found.width, found.height), {ORIENTATION: found.orientation})


def _webp(stream: BinaryIO) -> Picture:
    from PIL.Image import Exif  # noqa: PLC0415 - first uploads pay, not start-up

    width, height, block = webp.header(stream)
    exif = Exif()
    exif.load(block)
    return _turned(Format.WEBP, (width, height), exif)


def _avif(stream: BinaryIO) -> Picture:
    from PIL.AvifImagePlugin import AvifImageFile  # noqa: PLC0415 - first uploads pay, not start-up

    return _upright(Format.AVIF, AvifImageFile(BytesIO(stream.read(WHOLE))))


def _gif(stream: BinaryIO) -> Picture:
    from PIL.GifImagePlugin import GifImageFile  # noqa: PLC0415 - first uploads pay, not start-up

    return _upright(Format.GIF, GifImageFile(stream))


def _bmp(stream: BinaryIO) -> Picture:
    from PIL.BmpImagePlugin import BmpImageFile  # noqa: PLC0415 - first uploads pay, not start-up

    return _upright(Format.BMP, BmpImageFile(stream))


def _heic(stream: BinaryIO) -> Picture:
    from pillow_heif import HeifImageFile  # noqa: PLC0415 - an extra; without it nothing is a HEIC

    reader: type[ImageFile] = HeifImageFile  # typed, which its own constructor is not
    return _upright(Format.HEIC, reader(BytesIO(stream.read(WHOLE))))


def _upright(kind: Format, image: "ImageFile") -> Picture:
    # Looked for in the header alone: asked for Exif that is not there, Pillow reads a PNG to its end.
    return _turned(kind, image.size, image.getexif() if "exif" in image.info else {})


def _turned(kind: Format, size: tuple[int, int], exif: Mapping[int, object]) -> Picture:
    width, height = reversed(size) if exif.get(ORIENTATION) in SIDEWAYS else size
    return Picture(format=kind, width=width, height=height)


READERS: dict[Format, Callable[[BinaryIO], Picture]] = {
    Format.JPEG: _jpeg,
    Format.PNG: _png,
    Format.TIFF: _tiff,
    Format.WEBP: _webp,
    Format.AVIF: _avif,
    Format.GIF: _gif,
    Format.BMP: _bmp,
    Format.HEIC: _heic,
}
