"""Reads size and kind of samples from the first directory of a TIFF or BigTIFF.

A TIFF may contain samples that libvips decodes to wrong colours without an error: signed and complex ones,
samples of 12 or 64 bits, L*a*b*, raw sensor data. A file is refused by its header unless `READABLE` lists its
kind of samples. Later directories (pages, thumbnails) are ignored.

Pillow's reader has neither floats in RGB nor big-endian BigTIFF. Tags: TIFF 6.0, sections 2 to 8, and 18 and
19 for extra samples and sample formats; BigTIFF: libtiff's design.
"""

from collections.abc import Mapping
from struct import Struct, unpack
from typing import BinaryIO

import msgspec
from msgspec.structs import replace

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, ORIENTATION = 256, 257, 258, 259, 262, 274
SAMPLES, PLANES, TILE_WIDTH, INK_SET, SUBSAMPLING = 277, 284, 322, 332, 530
EXTRA_SAMPLES, SAMPLE_FORMAT = 338, 339
WANTED = {
    *(WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, ORIENTATION),
    *(SAMPLES, PLANES, TILE_WIDTH, INK_SET, SUBSAMPLING),
    *(EXTRA_SAMPLES, SAMPLE_FORMAT),
}

WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, SEPARATED, YCBCR = 0, 1, 2, 3, 5, 6
UNSIGNED, FLOAT = 1, 3
JPEG = 7  # a compression
APART = 2  # planes that are stored one after the other
CMYK = 1  # a set of inks
UNSPECIFIED, ASSOCIATED, UNASSOCIATED = 0, 1, 2  # kinds of extra samples; the latter two are alpha

ORDERS = {b"II": "<", b"MM": ">"}
# How offsets, the number of tags and a tag are written, by version. The first offset is at its own size.
LAYOUTS = {42: ("I", "H", "HHI4s"), 43: ("Q", "Q", "HHQ8s")}  # 43 is BigTIFF
NUMBERS = {1: "B", 3: "H", 4: "I", 16: "Q"}  # types of tags that hold whole numbers
MOST_TAGS = 65_535
MOST_SAMPLES = 16  # for a pixel
EIGHT, HALF, WIDEST = 8, 16, 32  # bits

# Colours of a pixel, and bits of a sample, by photometric interpretation and sample format.
READABLE: Mapping[tuple[int, int], tuple[int, frozenset[int]]] = {
    (WHITE_IS_ZERO, UNSIGNED): (1, frozenset({1, 2, 4, 8, 16, 32})),
    (BLACK_IS_ZERO, UNSIGNED): (1, frozenset({1, 2, 4, 8, 16, 32})),
    (RGB, UNSIGNED): (3, frozenset({8, 16, 32})),
    (PALETTE, UNSIGNED): (1, frozenset({1, 2, 4, 8})),
    (SEPARATED, UNSIGNED): (4, frozenset({8, 16})),
    (YCBCR, UNSIGNED): (3, frozenset({8})),
    (WHITE_IS_ZERO, FLOAT): (1, frozenset({16, 32})),
    (BLACK_IS_ZERO, FLOAT): (1, frozenset({16, 32})),
    (RGB, FLOAT): (3, frozenset({16, 32})),
}

Tags = Mapping[int, tuple[int, ...]]


class TiffHeader(msgspec.Struct, frozen=True, kw_only=True):
    """Size as stored, the Exif orientation, and the samples of a pixel: its `colours`, then perhaps alpha.

    `colours` are those that libvips decodes to: three for a palette. `is_inverted`: white is 0.
    `hides_damage`: libvips only warns of what it cannot decode, and leaves it black or grey.
    """

    width: int
    height: int
    orientation: int
    colours: int
    has_alpha: bool
    bits: int
    is_float: bool
    is_inverted: bool
    hides_damage: bool


def header(stream: BinaryIO) -> TiffHeader:
    """Read the first directory; raises ValueError, KeyError or struct.error for what `READABLE` lacks."""
    tags = _first_directory(stream)
    (photometric, *_), bits = tags[PHOTOMETRIC], {*tags.get(BITS, (1,))}
    (kind, *others) = {*tags.get(SAMPLE_FORMAT, (UNSIGNED,))}
    colours, depths = READABLE.get((photometric, kind), (0, frozenset[int]()))
    if others or len(bits) > 1 or not bits <= depths:
        raise ValueError(
            f"samples of {bits} bits, format {kind} and photometric interpretation {photometric}"
        )
    head = TiffHeader(
        width=tags[WIDTH][0],
        height=tags[HEIGHT][0],
        orientation=tags.get(ORIENTATION, (1,))[0],
        colours=3 if photometric == PALETTE else colours,
        has_alpha=False,
        bits=min(bits),
        is_float=kind == FLOAT,
        is_inverted=photometric == WHITE_IS_ZERO,
        hides_damage=TILE_WIDTH in tags or tags.get(COMPRESSION) == (JPEG,),
    )
    _check_layout(head, photometric, tags)
    return head if tags.get(SAMPLES, (1,)) == (colours,) else _with_extra(head, photometric, tags)


def _check_layout(head: TiffHeader, photometric: int, tags: Tags) -> None:
    """Raise ValueError for layouts that libvips 8.18 decodes to wrong colours without an error."""
    if tags.get(PLANES) == (APART,) and tags.get(SAMPLES, (1,)) != (1,):
        is_half = head.is_float and head.bits == HALF
        if photometric not in (RGB, SEPARATED) or is_half or TILE_WIDTH in tags:
            raise ValueError("separate planes of other colours than RGB and CMYK, of half floats or in tiles")
    is_full = tags.get(SUBSAMPLING, (2, 2)) == (1, 1)
    if photometric == YCBCR and is_full and tags.get(COMPRESSION) != (JPEG,):
        raise ValueError("YCbCr of full resolution outside JPEG, which would be taken for RGB")
    if photometric == SEPARATED and tags.get(INK_SET, (CMYK,)) != (CMYK,):
        raise ValueError("inks other than cyan, magenta, yellow and black")


def _with_extra(head: TiffHeader, photometric: int, tags: Tags) -> TiffHeader:
    """Find alpha among the extra samples; raises ValueError where libvips does not separate them.

    The first is alpha if its tag names it so, or if it is the fourth of RGB and has no tag.
    """
    (samples,), alpha = tags[SAMPLES], UNASSOCIATED if photometric == RGB else UNSPECIFIED
    (kind, *_) = tags.get(EXTRA_SAMPLES, (alpha,))
    is_separated = photometric in (BLACK_IS_ZERO, RGB) and head.bits >= EIGHT
    if not (is_separated and head.colours < samples <= MOST_SAMPLES):
        raise ValueError(f"{samples} samples for {head.colours} colours")
    if kind == ASSOCIATED and head.bits == WIDEST and not head.is_float:
        raise ValueError("colours premultiplied by 32-bit alpha, which libvips would divide by 8-bit alpha")
    return replace(head, has_alpha=kind in (ASSOCIATED, UNASSOCIATED))


def _first_directory(stream: BinaryIO) -> Tags:
    """Read the tags in `WANTED`; of duplicates the first counts, as in libtiff."""
    order = ORDERS[stream.read(2)]
    (version,) = unpack(f"{order}H", stream.read(2))
    start, length, entry = (Struct(order + layout) for layout in LAYOUTS[version])
    stream.seek(start.size)
    stream.seek(*_read(stream, start))
    (entries,) = _read(stream, length)
    if entries > MOST_TAGS:
        raise ValueError(f"{entries} tags")
    tags: dict[int, tuple[int, ...]] = {}
    for tag, kind, count, value in entry.iter_unpack(stream.read(entries * entry.size)):
        if tag in WANTED and tag not in tags:
            tags[tag] = _numbers(stream, start, (order, kind, count), value)
    return tags


def _numbers(stream: BinaryIO, start: Struct, written: tuple[str, int, int], value: bytes) -> tuple[int, ...]:
    """Read the numbers of a tag: from its entry if they fit there, else from the offset in it."""
    order, kind, count = written
    if not 0 < count <= MOST_SAMPLES:
        raise ValueError(f"a tag of {count} numbers")
    numbers = Struct(f"{order}{count}{NUMBERS[kind]}")
    if numbers.size <= start.size:
        return numbers.unpack(value[: numbers.size])
    stream.seek(*start.unpack(value))
    return _read(stream, numbers)


def _read(stream: BinaryIO, layout: Struct) -> tuple[int, ...]:
    return layout.unpack(stream.read(layout.size))
