"""Writes small TIFF files with samples of every kind, for no library writes them all."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

WIDTH, HEIGHT = 20, 10
SHORT, LONG, BYTES = 3, 4, 7  # types of tags
LETTERS = {BYTES: "B", SHORT: "H", LONG: "I"}
UNSIGNED, SIGNED, FLOAT, UNDEFINED, COMPLEX = 1, 2, 3, 4, 6
GREY, INVERTED, RGB, PALETTE, MASK, INKS, YCBCR, LAB = 1, 0, 2, 3, 4, 5, 6, 8

Samples = npt.NDArray[np.generic]
Tag = tuple[int, Sequence[int]]
Tags = Mapping[int, Tag]


def plain(colour: Sequence[float | complex], dtype: str) -> Samples:
    """Make a picture of one colour: rows x columns x samples."""
    return np.tile(np.array(colour, dtype), (HEIGHT, WIDTH, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How samples are written: their kind, bits below 8 (packed), planes apart, order, BigTIFF."""

    kind: int = UNSIGNED
    bits: int = 0
    separate: bool = False
    order: Literal["<", ">"] = "<"
    is_big: bool = False


def tiff(samples: Samples, photometric: int, more: Tags | None = None, **how: Any) -> bytes:  # noqa: ANN401 # as Written
    """Write rows x columns x samples in one strip, or in one for each plane, with `more` tags."""
    written = Written(**how)
    order, is_big = written.order, written.is_big
    rows, columns, count = samples.shape
    strips = _strips(samples.astype(samples.dtype.newbyteorder(order)), written)
    bits = written.bits or samples.dtype.itemsize * 8
    tags: dict[int, Tag] = {
        256: (LONG, [columns]),
        257: (LONG, [rows]),
        258: (SHORT, [bits] * count),
        259: (SHORT, [1]),
        262: (SHORT, [photometric]),
        273: (LONG, [0] * len(strips)),
        277: (SHORT, [count]),
        278: (LONG, [rows]),
        279: (LONG, [len(strip) for strip in strips]),
        284: (SHORT, [2 if written.separate else 1]),
        339: (SHORT, [written.kind] * count),
        **(more or {}),
    }
    size = len(_head(tags, order, is_big=is_big))
    tags[273] = LONG, [size + sum(map(len, strips[:number])) for number in range(len(strips))]
    return _head(tags, order, is_big=is_big) + b"".join(strips)


def _strips(samples: Samples, written: Written) -> list[bytes]:
    if written.bits:
        rows = samples.reshape(len(samples), -1, 1).astype(np.uint8)
        packed = np.packbits(
            np.unpackbits(rows, axis=2)[:, :, -written.bits :].reshape(len(rows), -1), axis=1
        )
        return [packed.tobytes()]
    planes = np.moveaxis(samples, 2, 0) if written.separate else [samples]
    return [np.ascontiguousarray(plane).tobytes() for plane in planes]


def _head(tags: Tags, order: str, *, is_big: bool) -> bytes:
    """Write everything before the strips: the header, the directory, and values too long for it."""
    offset, number = ("Q", "Q") if is_big else ("I", "H")
    mark = struct.pack(f"{order}HHH", 43, 8, 0) if is_big else struct.pack(f"{order}H", 42)
    start = (b"II" if order == "<" else b"MM") + mark
    first = len(start) + struct.calcsize(f"{order}{offset}")
    room = struct.calcsize(f"{order}{offset}")
    entry = 12 if not is_big else 20
    begin = first + struct.calcsize(f"{order}{number}") + entry * len(tags) + room
    directory, beyond = struct.pack(f"{order}{number}", len(tags)), b""
    for tag, (type_, values) in sorted(tags.items()):
        written = struct.pack(f"{order}{len(values)}{LETTERS[type_]}", *values)
        directory += struct.pack(f"{order}HH{offset}", tag, type_, len(values))
        if len(written) <= room:
            directory += written.ljust(room, b"\0")
        else:
            directory += struct.pack(f"{order}{offset}", begin + len(beyond))
            beyond += written + bytes(len(written) % 2)
    return start + struct.pack(f"{order}{offset}", first) + directory + bytes(room) + beyond
