"""Reads the header of a WebP file.

The only header reader of our own: Pillow's makes room for all the pixels, and refuses sizes past a limit that
is global to the process. The container is described in RFC 9649, lossy pixels in RFC 6386.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import BinaryIO

FIRST = 12  # bytes before the first chunk: RIFF, a length, WEBP
HEAD = 10  # bytes of a picture's first chunk that tell its size
FRAMES = 1000  # chunks looked through for Exif at most
EXIF_AT_MOST = 256 * 1024


def header(stream: BinaryIO) -> tuple[int, int, bytes]:
    """Tell width and height as stored, and the Exif block if there is one; or raise ValueError."""
    chunks = _chunks(stream)
    name, _ = next(chunks, (b"", 0))
    if name not in SIZES:
        raise ValueError("no picture begins where it should")
    width, height = SIZES[name](stream.read(HEAD))
    rest = islice(chunks, FRAMES) if name == b"VP8X" else ()
    return width, height, next((stream.read(size) for name, size in rest if name == b"EXIF"), b"")


def _chunks(stream: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Go from chunk to chunk; while one is looked at, the stream stands at its first byte."""
    place = FIRST
    while len(head := _at(stream, place)) == 8:  # noqa: PLR2004 a name and a length
        size = int.from_bytes(head[4:], "little")
        yield head[:4], min(size, EXIF_AT_MOST)
        place += 8 + size + size % 2


def _at(stream: BinaryIO, place: int) -> bytes:
    stream.seek(place)
    return stream.read(8)


def _lossy(data: bytes) -> tuple[int, int]:
    if data[3:6] != b"\x9d\x01\x2a" or len(data) < HEAD:
        raise ValueError("no key frame begins where it should")
    return _bits(data[6:8], 0), _bits(data[8:10], 0)


def _lossless(data: bytes) -> tuple[int, int]:
    if data[:1] != b"\x2f" or len(data) < HEAD:
        raise ValueError("no lossless picture begins where it should")
    return 1 + _bits(data[1:5], 0), 1 + _bits(data[1:5], 14)


def _bits(data: bytes, start: int) -> int:
    """Fourteen bits of a little-endian number."""
    return int.from_bytes(data, "little") >> start & 0x3FFF


def _extended(data: bytes) -> tuple[int, int]:
    if len(data) < HEAD:
        raise ValueError("the header ends before the size")
    return 1 + int.from_bytes(data[4:7], "little"), 1 + int.from_bytes(data[7:10], "little")


SIZES: dict[bytes, Callable[[bytes], tuple[int, int]]] = {
    b"VP8 ": _lossy,
    b"VP8L": _lossless,
    b"VP8X": _extended,
}
