"""MP4 files of AV1 video, which browsers and players show: animated AVIF files with a few fields changed.

Pillow encodes AV1, but writes it as a sequence of images only. That is a file of the same format as an MP4
(ISO/IEC 14496-12). It differs in its brands, the type of its track, and its endless repetition.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from struct import pack_into, unpack_from

from PIL import Image

NESTED = frozenset({b"moov", b"trak", b"mdia"})
BRANDS = b"isom" + bytes(4) + b"isomiso6av01mp41"
SPEED = 10  # the fastest of libavif: 20 frames of 640 by 360 pixels take 0.1 s
HEAD = 8  # bytes of a box before its content: size and name
FULL_HEAD = 12  # of one with version and flags, too
# Offsets of a duration of 64 bits, as version 1 of these boxes has it.
DURATIONS = {b"mvhd": FULL_HEAD + 20, b"tkhd": FULL_HEAD + 24, b"mdhd": FULL_HEAD + 20}
HANDLER_TYPE = FULL_HEAD + 4


def clip(frames: Sequence[Image.Image], rate: int) -> bytes:
    """Return a video of pictures of one size, `rate` of them a second; the same for the same pictures."""
    sequence = BytesIO()
    shown = {"save_all": True, "append_images": frames[1:], "duration": 1000 // rate}
    frames[0].save(sequence, "AVIF", **shown, speed=SPEED, max_threads=1)
    file = bytearray(sequence.getvalue())
    boxes = dict(_boxes(file, 0, len(file)))
    _brand(file, boxes[b"ftyp"])
    for name in (b"meta", b"edts"):  # the first picture as an image, and the repetition
        _write(file, boxes[name] + 4, b"free")
    _write(file, boxes[b"hdlr"] + HANDLER_TYPE, b"vide")
    (duration,) = unpack_from(">Q", file, boxes[b"mdhd"] + DURATIONS[b"mdhd"])
    for name, offset in DURATIONS.items():
        pack_into(">QQ", file, boxes[name] + FULL_HEAD, 0, 0)  # when it was made and changed
        pack_into(">Q", file, boxes[name] + offset, duration)
    return bytes(file)


def _boxes(file: bytearray, start: int, end: int) -> Iterator[tuple[bytes, int]]:
    """Yield names and offsets of boxes, also of those within others."""
    while start < end:
        size, name = unpack_from(">I4s", file, start)
        yield name, start
        if name in NESTED:
            yield from _boxes(file, start + HEAD, start + size)
        start += size


def _brand(file: bytearray, start: int) -> None:
    """Write the brands of an MP4 over those of a sequence of images; the last one is repeated."""
    (size,) = unpack_from(">I", file, start)
    room = size - HEAD
    _write(file, start + HEAD, (BRANDS + BRANDS[-4:] * (room // 4))[:room])


def _write(file: bytearray, start: int, content: bytes) -> None:
    file[start : start + len(content)] = content
