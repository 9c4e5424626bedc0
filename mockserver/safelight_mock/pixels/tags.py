"""The tags in front of a TIFF picture, which are also what EXIF data is made of."""

import struct
from typing import BinaryIO

# TIFF 6.0, section 2: a file opens with its byte order, the number 42 and the place of its first directory.
# The 64-bit variant (BigTIFF, number 43) is not read: the vendors take at most 500 MB.
BYTE_ORDERS = {b"II*\x00": "<", b"MM\x00*": ">"}
# Width, height and orientation are stored in place, as one of these whole-number types.
NUMBERS = {1: "B", 3: "H", 4: "I"}

WIDTH, HEIGHT, ORIENTATION = 256, 257, 274
ENTRY = 12


def read_tags(stream: BinaryIO) -> dict[int, int] | None:
    """Whole numbers of the first directory by tag; None if `stream` is not TIFF or is cut short."""
    order = BYTE_ORDERS.get(stream.read(4))
    if order is None:
        return None
    try:
        return _read_directory(stream, order)
    except struct.error:
        return None


def is_sideways(orientation: int) -> bool:
    """Whether a picture with this orientation tag is shown turned by a quarter (values 5 to 8)."""
    return orientation in range(5, 9)


def _read_directory(stream: BinaryIO, order: str) -> dict[int, int]:
    (place,) = struct.unpack(f"{order}I", stream.read(4))
    stream.seek(place)
    (count,) = struct.unpack(f"{order}H", stream.read(2))
    entries = stream.read(count * ENTRY)
    return {
        tag: struct.unpack_from(f"{order}{NUMBERS[kind]}", entries, at + 8)[0]
        for at in range(0, len(entries) - ENTRY + 1, ENTRY)
        for tag, kind in [struct.unpack_from(f"{order}HH", entries, at)]
        if kind in NUMBERS
    }
