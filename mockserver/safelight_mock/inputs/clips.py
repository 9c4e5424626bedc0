"""MP4 files (ISO/IEC 14496-12) of JPEG pictures: one video track, one chunk, each picture a key frame."""

from collections.abc import Sequence
from struct import pack

TIMESCALE = 1_000  # units of time in a second
MATRIX = pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)  # no turning, no scaling
JPEG_IN_MP4 = 0x6C  # the object type of JPEG (ISO/IEC 14496-1, table 5)
DPI = 0x00480000  # 72 dots an inch


def clip(frames: Sequence[bytes], *, width: int, height: int, rate: int) -> bytes:
    """Return a video of JPEG files that are shown `rate` to a second."""
    kind = _box(b"ftyp", b"isom", pack(">I", 512), b"isomiso2mp41")
    media = _box(b"mdat", *frames)
    offset = len(kind) + len(media) - sum(map(len, frames))
    shown = TIMESCALE // rate
    duration = shown * len(frames)
    track = _box(
        b"trak", _track_header(width, height, duration), _media(frames, offset, shown, width, height)
    )
    return kind + media + _box(b"moov", _movie_header(duration), track)


def _box(kind: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return pack(">I", len(content) + 8) + kind + content


def _full_box(kind: bytes, *parts: bytes, flags: int = 0) -> bytes:
    """Return a box with version 0 and flags."""
    return _box(kind, pack(">I", flags), *parts)


def _movie_header(duration: int) -> bytes:
    rate, volume = 0x10000, 0x0100
    head = pack(">IIIIIH10x", 0, 0, TIMESCALE, duration, rate, volume)
    return _full_box(b"mvhd", head, MATRIX, bytes(24), pack(">I", 2))


def _track_header(width: int, height: int, duration: int) -> bytes:
    head = pack(">IIIII8xHHHH", 0, 0, 1, 0, duration, 0, 0, 0, 0)
    return _full_box(b"tkhd", head, MATRIX, pack(">II", width << 16, height << 16), flags=7)


def _media(frames: Sequence[bytes], offset: int, shown: int, width: int, height: int) -> bytes:
    undetermined = 0x55C4  # the language `und`
    header = _full_box(b"mdhd", pack(">IIIIHH", 0, 0, TIMESCALE, shown * len(frames), undetermined, 0))
    handler = _full_box(b"hdlr", pack(">I4s12x", 0, b"vide"), b"video\x00")
    source = _full_box(b"dref", pack(">I", 1), _full_box(b"url ", flags=1))
    samples = _samples(frames, offset, shown, width, height)
    parts = _full_box(b"vmhd", pack(">HHHH", 0, 0, 0, 0), flags=1), _box(b"dinf", source), samples
    return _box(b"mdia", header, handler, _box(b"minf", *parts))


def _samples(frames: Sequence[bytes], offset: int, shown: int, width: int, height: int) -> bytes:
    """Return the table of samples: one entry for how long all are shown, one chunk that has them all."""
    count = len(frames)
    sizes = b"".join(pack(">I", len(frame)) for frame in frames)
    return _box(
        b"stbl",
        _full_box(b"stsd", pack(">I", 1), _sample_entry(width, height)),
        _full_box(b"stts", pack(">III", 1, count, shown)),
        _full_box(b"stsc", pack(">IIII", 1, 1, count, 1)),
        _full_box(b"stsz", pack(">II", 0, count), sizes),
        _full_box(b"stco", pack(">II", 1, offset)),
    )


def _sample_entry(width: int, height: int) -> bytes:
    depth, undefined = 0x18, -1
    head = pack(">6xH16xHHIII", 1, width, height, DPI, DPI, 0)
    entry = pack(">H32sHh", 1, b"", depth, undefined)
    return _box(b"mp4v", head, entry, _full_box(b"esds", _descriptors()))


def _descriptors() -> bytes:
    """Return the descriptor of the elementary stream (ISO/IEC 14496-1, 7.2.6)."""
    visual = 0x11  # a visual stream, going up
    config = b"\x04" + bytes([13]) + pack(">BB3xII", JPEG_IN_MP4, visual, 0, 0)
    sync = b"\x06\x01\x02"
    content = pack(">HB", 1, 0) + config + sync
    return b"\x03" + bytes([len(content)]) + content
