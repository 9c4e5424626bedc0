"""Reads the size of a plain JPEG from its marker segments (ITU-T T.81, annex B).

Pillow reads each segment into an object, which takes ten times as long: 50 µs of each upload. Files that are
not plain are left to it: with Exif, which may turn the image, with segments that it looks into, with padding
between segments, or damaged. So the same files are accepted, and every size is the one that Pillow reads.
"""

FRAMES = frozenset({0xC0, 0xC1, 0xC2})  # SOF: baseline, extended sequential, progressive
SCAN = 0xDA  # SOS: after it come pixels
TABLES = 0xDB  # DQT
APPLICATIONS = range(0xE0, 0xF0)  # APP
SKIPPED = frozenset({0xC4, 0xDD, 0xFE})  # DHT, DRI, COM
LAYERS = (1, 3, 4)
# The least bytes in segments that Pillow looks into: JFIF, ICC profile, Adobe. Not plain: Photoshop's.
LEAST = {0xE0: 7, 0xE2: 14, 0xED: 0x10000, 0xEE: 7}


def plain_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height of a JPEG; None if it is not plain, which does not mean that it is damaged."""
    size: tuple[int, int] | None = None
    end = 2  # after SOI
    while end + 4 <= len(content) and content[end] == 0xFF:  # noqa: PLR2004 - what every marker begins with
        marker, start = content[end + 1], end + 4
        end += 2 + (content[end + 2] << 8 | content[end + 3])
        if not start <= end <= len(content):
            return None
        if marker == SCAN:
            return size
        if marker in FRAMES:
            size = _frame_size(content[start:end])
            if size is None:
                return None
        elif marker not in SKIPPED and not _is_plain(marker, content[start:end]):
            return None
    return None


def _frame_size(frame: bytes) -> tuple[int, int] | None:
    """Return the size in a frame header of 8 bits a sample, with three bytes for each layer."""
    if len(frame) < 6 or len(frame) % 3 or frame[0] != 8 or frame[5] not in LAYERS:  # noqa: PLR2004 - as in B.2.2
        return None
    width, height = frame[3] << 8 | frame[4], frame[1] << 8 | frame[2]
    return (width, height) if width and height else None


def _is_plain(marker: int, segment: bytes) -> bool:
    if marker == TABLES:
        return _has_whole_tables(segment)
    if marker not in APPLICATIONS or segment.startswith(b"Exif"):
        return False
    return len(segment) >= LEAST.get(marker, 0)


def _has_whole_tables(segment: bytes) -> bool:
    """Return whether quantization tables fill a segment: each a byte, then 64 values of one or two bytes."""
    at = 0
    while at < len(segment):
        at += 1 + 64 * (2 if segment[at] >> 4 else 1)
    return at == len(segment)
