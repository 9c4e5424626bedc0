"""Reads from the first directory of a TIFF or BigTIFF how large its picture is and what its samples are.

A TIFF may hold numbers that libvips does not give back as colours: signed and complex ones, samples of 12 or
64 bits, L*a*b*, raw data of a camera. A file is refused by its header unless `READABLE` lists its kind of
samples, for it would give a picture of wrong colours. Later directories (pages, smaller copies) do not count.

A reader of our own, because Pillow's knows no floats in RGB and no big-endian BigTIFF. Tags: TIFF 6.0,
sections 2 to 8, and 18 and 19 for extra samples and sample formats; BigTIFF: libtiff's design.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from struct import Struct, unpack
from typing import BinaryIO

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
# How offsets, the number of tags and a tag are written, by version. The first offset stands at its own size.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class TiffHeader:
    """Size as stored, the Exif orientation, and the samples of a pixel: its `colours`, then perhaps alpha.

    `colours` are those that libvips decodes to: three for a palette. Where it `is_inverted`, white is 0.
    Where it `hides_damage`, libvips only warns of what it cannot decode, and leaves it black or grey.
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
    found = TiffHeader(
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
    _check_layout(found, photometric, tags)
    return found if tags.get(SAMPLES, (1,)) == (colours,) else _with_extra(found, photometric, tags)


def _check_layout(found: TiffHeader, photometric: int, tags: Tags) -> None:
    """Raise ValueError where libvips, 8.18 at least, takes samples for others without a complaint."""
    if tags.get(PLANES) == (APART,) and tags.get(SAMPLES, (1,)) != (1,):
        is_half = found.is_float and found.bits == HALF
        if photometric not in (RGB, SEPARATED) or is_half or TILE_WIDTH in tags:
            raise ValueError("planes apart that are not of RGB or CMYK, or half floats, or in tiles")
    is_whole = tags.get(SUBSAMPLING, (2, 2)) == (1, 1)
    if photometric == YCBCR and is_whole and tags.get(COMPRESSION) != (JPEG,):
        raise ValueError("YCbCr of full resolution outside JPEG, which would be taken for RGB")
    if photometric == SEPARATED and tags.get(INK_SET, (CMYK,)) != (CMYK,):
        raise ValueError("inks other than cyan, magenta, yellow and black")


def _with_extra(found: TiffHeader, photometric: int, tags: Tags) -> TiffHeader:
    """Look at samples beside the colours; raises ValueError where libvips does not tell them apart.

    The first is alpha if the file says so, or if it is a fourth one of RGB of which the file says nothing.
    """
    (samples,), alpha = tags[SAMPLES], UNASSOCIATED if photometric == RGB else UNSPECIFIED
    (kind, *_) = tags.get(EXTRA_SAMPLES, (alpha,))
    is_told_apart = photometric in (BLACK_IS_ZERO, RGB) and found.bits >= EIGHT
    if not (is_told_apart and found.colours < samples <= MOST_SAMPLES):
        raise ValueError(f"{samples} samples where there are {found.colours} colours")
    if kind == ASSOCIATED and found.bits == WIDEST and not found.is_float:
        raise ValueError("colours multiplied by 32 bits of alpha, by which libvips divides as if they were 8")
    return replace(found, has_alpha=kind in (ASSOCIATED, UNASSOCIATED))


def _first_directory(stream: BinaryIO) -> Tags:
    """Read the tags that are wanted; of one that stands twice the first counts, as it does for libtiff."""
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
    """Read the numbers of a tag: they stand in its entry if they fit; otherwise their offset does."""
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
