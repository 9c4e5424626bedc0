"""Reads the header of a WebP file (container: RFC 9649; lossy bitstream: RFC 6386).

Pillow's reader allocates all pixels first, and refuses sizes past a process-wide limit.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import BinaryIO

FIRST = 12  # bytes before the first chunk: RIFF, a length, WEBP
HEAD = 10  # bytes of a picture's first chunk that contain its size
CHUNKS_AT_MOST = 1000  # searched for Exif
EXIF_AT_MOST = 256 * 1024


def header(stream: BinaryIO) -> tuple[int, int, bytes]:
    """Return width and height as stored, and the Exif block or b""; raises ValueError."""
    chunks = _chunks(stream)
    name, _ = next(chunks, (b"", 0))
    if name not in SIZES:
        raise ValueError("the first chunk is not an image")
    width, height = SIZES[name](stream.read(HEAD))
    rest = islice(chunks, CHUNKS_AT_MOST) if name == b"VP8X" else ()
    return width, height, next((stream.read(size) for name, size in rest if name == b"EXIF"), b"")


def _chunks(stream: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Yield name and size of each chunk, with the stream at its first byte."""
    offset = FIRST
    while len(head := _at(stream, offset)) == 8:  # noqa: PLR2004 a name and a length
        size = int.from_bytes(head[4:], "little")
        yield head[:4], min(size, EXIF_AT_MOST)
        offset += 8 + size + size % 2


def _at(stream: BinaryIO, offset: int) -> bytes:
    stream.seek(offset)
    return stream.read(8)


def _lossy(data: bytes) -> tuple[int, int]:
    if data[3:6] != b"\x9d\x01\x2a" or len(data) < HEAD:
        raise ValueError("the lossy bitstream does not begin with a key frame")
    return _bits(data[6:8], 0), _bits(data[8:10], 0)


def _lossless(data: bytes) -> tuple[int, int]:
    if data[:1] != b"\x2f" or len(data) < HEAD:
        raise ValueError("the lossless bitstream has a wrong signature")
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
