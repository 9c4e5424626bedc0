"""Reads format and upright size of an image from its header, without decoding it.

Pillow's readers are called one by one and not through `Image.open`, which refuses sizes past a process-wide
limit and accepts far more formats than any vendor. Which of these formats a vendor accepts is up to the
vendor.
"""

import struct
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from safelight_mock.core.picture import Format, Picture
from safelight_mock.imaging.io import jpeg, webp

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

HEADER = 4 * 1024 * 1024  # bytes within which the size of a JPEG or PNG must be
HEAD = 256  # bytes that determine the format
WHOLE = 128 * 1024 * 1024  # bytes of an AVIF or HEIC, whose readers need the whole file
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
# Brands of an ISO base media file (ISO/IEC 14496-12, "ftyp"); the first that is listed here decides.
BRANDS = {
    b"avif": Format.AVIF,
    b"heic": Format.HEIC,
    b"heix": Format.HEIC,
    b"heim": Format.HEIC,
    b"heis": Format.HEIC,
}


def probe(file: Path | bytes) -> Picture | None:
    """Read format and upright size; None for an unsupported format or an unreadable header.

    A size of 0 is reported as it is. Raises only OSError, for a path that cannot be read.
    """
    if isinstance(file, bytes):
        return _probe(BytesIO(file))
    with file.open("rb") as stream:
        return _probe(stream)


def _probe(stream: BinaryIO) -> Picture | None:
    head = stream.read(HEAD)
    format_ = _format(head)
    stream.seek(0)
    if format_ is None:
        return None
    if format_ is Format.PNG and (empty := _empty_png(head)):
        return empty
    try:
        return READERS[format_](stream)
    except Exception:  # noqa: BLE001 - hostile bytes may raise anything in a reader
        return None


def _format(head: bytes) -> Format | None:
    if head[4:8] == b"ftyp":
        brands = head[8 : int.from_bytes(head[:4])]
        return next((format_ for brand, format_ in BRANDS.items() if brand in brands), None)
    return next((format_ for signature, format_ in SIGNATURES.items() if head.startswith(signature)), None)


def _empty_png(head: bytes) -> Picture | None:
    """Recognise a PNG of width or height 0, which Pillow does not accept as a PNG."""
    size = struct.unpack_from(">II", head, 16) if len(head) >= 24 else (1, 1)  # noqa: PLR2004 - where they end
    return Picture(format=Format.PNG, width=size[0], height=size[1]) if 0 in size else None


def _jpeg(stream: BinaryIO) -> Picture:
    content = stream.read(HEADER)
    size = jpeg.plain_size(content)
    if size is not None:
        return Picture(format=Format.JPEG, width=size[0], height=size[1])
    from PIL.JpegImagePlugin import JpegImageFile  # noqa: PLC0415 - the first upload pays, not start-up

    return _upright(Format.JPEG, JpegImageFile(BytesIO(content)))


def _png(stream: BinaryIO) -> Picture:
    from PIL.PngImagePlugin import PngImageFile  # noqa: PLC0415 - the first upload pays, not start-up

    return _upright(Format.PNG, PngImageFile(BytesIO(stream.read(HEADER))))


def _tiff(stream: BinaryIO) -> Picture:
    from safelight_mock.imaging.io.tiff import header  # noqa: PLC0415 - the first upload pays, not start-up

    head = header(stream)
    return _turned(Format.TIFF, (head.width, head.height), {ORIENTATION: head.orientation})


def _webp(stream: BinaryIO) -> Picture:
    from PIL.Image import Exif  # noqa: PLC0415 - the first upload pays, not start-up

    width, height, block = webp.header(stream)
    exif = Exif()
    exif.load(block)
    return _turned(Format.WEBP, (width, height), exif)


def _avif(stream: BinaryIO) -> Picture:
    from PIL.AvifImagePlugin import AvifImageFile  # noqa: PLC0415 - the first upload pays, not start-up

    return _upright(Format.AVIF, AvifImageFile(BytesIO(stream.read(WHOLE))))


def _gif(stream: BinaryIO) -> Picture:
    from PIL.GifImagePlugin import GifImageFile  # noqa: PLC0415 - the first upload pays, not start-up

    return _upright(Format.GIF, GifImageFile(stream))


def _bmp(stream: BinaryIO) -> Picture:
    from PIL.BmpImagePlugin import BmpImageFile  # noqa: PLC0415 - the first upload pays, not start-up

    return _upright(Format.BMP, BmpImageFile(stream))


def _heic(stream: BinaryIO) -> Picture:
    from pillow_heif import HeifImageFile  # noqa: PLC0415 - an extra; without it HEIC is unsupported

    reader: type[ImageFile] = HeifImageFile  # typed, which its own constructor is not
    return _upright(Format.HEIC, reader(BytesIO(stream.read(WHOLE))))


def _upright(format_: Format, image: "ImageFile") -> Picture:
    # Without Exif in the header, `getexif` would read a PNG to its end in search of it.
    return _turned(format_, image.size, image.getexif() if "exif" in image.info else {})


def _turned(format_: Format, size: tuple[int, int], exif: Mapping[int, object]) -> Picture:
    width, height = reversed(size) if exif.get(ORIENTATION) in SIDEWAYS else size
    return Picture(format=format_, width=width, height=height)


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
