"""A TIFF of any kind becomes the picture that is meant, or no picture: never one of other colours."""

from pathlib import Path

import numpy as np
import pytest
import pyvips
from PIL import Image
from tests.mockserver.imaging.conftest import Develop
from tests.mockserver.imaging.tiffs import (
    BYTES,
    COMPLEX,
    FLOAT,
    GREY,
    HEIGHT,
    INKS,
    INVERTED,
    LAB,
    LONG,
    MASK,
    PALETTE,
    RGB,
    SHORT,
    SIGNED,
    UNDEFINED,
    UNSIGNED,
    WIDTH,
    YCBCR,
    plain,
    tiff,
)

from safelight_mock.core import Format, Picture
from safelight_mock.imaging import decode_check, probe

EXTRA, INK_SET, SUBSAMPLING, TILE_WIDTH, TILE_HEIGHT = 338, 332, 530, 322, 323
ALPHA, MULTIPLIED = {EXTRA: (SHORT, [2])}, {EXTRA: (SHORT, [1])}
ORANGE, MIDDLE = (255, 128, 0), (128, 128, 128)


def palette(size: int) -> dict[int, tuple[int, list[int]]]:
    """Make a palette whose fourth colour, or last, is orange."""
    chosen = min(3, size - 1)
    return {320: (SHORT, [value * 257 if at == chosen else 0 for value in ORANGE for at in range(size)])}


READ = {
    "grey, 1 bit": (tiff(plain([1], "u1"), GREY, bits=1), (255, 255, 255)),
    "grey, 1 bit, white is 0": (tiff(plain([1], "u1"), INVERTED, bits=1), (0, 0, 0)),
    "grey, 2 bits": (tiff(plain([2], "u1"), GREY, bits=2), (170, 170, 170)),
    "grey, 4 bits, white is 0": (tiff(plain([3], "u1"), INVERTED, bits=4), (204, 204, 204)),
    "grey, 8 bits, white is 0": (tiff(plain([28], "u1"), INVERTED), (227, 227, 227)),
    "grey, 16 bits": (tiff(plain([32896], "u2"), GREY), MIDDLE),
    "grey, 16 bits, white is 0": (tiff(plain([7196], "u2"), INVERTED), (227, 227, 227)),
    "grey, 32 bits": (tiff(plain([0x80808080], "u4"), GREY), MIDDLE),
    "grey, 32 bits, white is 0": (tiff(plain([0x1C1C1C1C], "u4"), INVERTED), (227, 227, 227)),
    "grey, half floats": (tiff(plain([0.5], "f2"), GREY, kind=FLOAT), MIDDLE),
    "grey, floats": (tiff(plain([0.5], "f4"), GREY, kind=FLOAT), MIDDLE),
    "grey, floats, white is 0": (tiff(plain([0.11], "f4"), INVERTED, kind=FLOAT), (227, 227, 227)),
    "RGB, 8 bits, planes apart": (tiff(plain(ORANGE, "u1"), RGB, separate=True), ORANGE),
    "RGB, 16 bits, big-endian": (tiff(plain([65535, 32896, 0], "u2"), RGB, order=">"), ORANGE),
    "RGB, 32 bits": (tiff(plain([0xFFFFFFFF, 0x80808080, 0], "u4"), RGB), ORANGE),
    "RGB, half floats": (tiff(plain([1, 0.5, 0], "f2"), RGB, kind=FLOAT), ORANGE),
    "RGB, floats": (tiff(plain([1, 0.5, 0], "f4"), RGB, kind=FLOAT), ORANGE),
    "RGB, floats, planes apart": (tiff(plain([1, 0.5, 0], "f4"), RGB, kind=FLOAT, separate=True), ORANGE),
    "RGB and alpha": (tiff(plain([*ORANGE, 128], "u1"), RGB, more=ALPHA), (*ORANGE, 128)),
    "RGB and alpha, not said": (tiff(plain([*ORANGE, 128], "u1"), RGB), (*ORANGE, 128)),
    "RGB times alpha": (tiff(plain([128, 64, 0, 128], "u1"), RGB, more=MULTIPLIED), (255, 127, 0, 128)),
    "RGB and alpha, floats": (
        tiff(plain([1, 0.5, 0, 0.5], "f4"), RGB, kind=FLOAT, more=ALPHA),
        (*ORANGE, 128),
    ),
    "RGB and another sample": (tiff(plain([*ORANGE, 0], "u1"), RGB, more={EXTRA: (SHORT, [0])}), ORANGE),
    "grey and alpha": (tiff(plain([128, 128], "u1"), GREY, more=ALPHA), (128, 128, 128, 128)),
    "grey and another sample": (tiff(plain([128, 0], "u1"), GREY), MIDDLE),
    "palette, 8 bits": (tiff(plain([3], "u1"), PALETTE, more=palette(256)), ORANGE),
    "palette, 4 bits": (tiff(plain([3], "u1"), PALETTE, bits=4, more=palette(16)), ORANGE),
    "palette, 1 bit": (tiff(plain([1], "u1"), PALETTE, bits=1, more=palette(2)), ORANGE),
    "inks, 8 bits": (tiff(plain([0, 127, 255, 0], "u1"), INKS), (248, 135, 33)),
    "inks, 16 bits": (tiff(plain([0, 32639, 65535, 0], "u2"), INKS), (248, 135, 33)),
    "BigTIFF": (tiff(plain(ORANGE, "u1"), RGB, is_big=True), ORANGE),
    "BigTIFF, big-endian": (tiff(plain([65535, 32896, 0], "u2"), RGB, is_big=True, order=">"), ORANGE),
    "BigTIFF, floats": (tiff(plain([0.5], "f4"), GREY, kind=FLOAT, is_big=True), MIDDLE),
}


@pytest.mark.fidelity("twin:tiff")
@pytest.mark.slow
@pytest.mark.parametrize("kind", READ)
def test_a_tiff_of_this_kind_has_the_colours_that_were_written(
    kind: str, tmp_path: Path, develop: Develop
) -> None:
    data, colour = READ[kind]
    (tmp_path / "in").write_bytes(data)

    result = develop(tmp_path / "in", format_=Format.PNG, width=WIDTH, height=HEIGHT)

    assert probe(data) == Picture(format=Format.TIFF, width=WIDTH, height=HEIGHT)
    assert np.abs(np.asarray(result).astype(int)[5, 10] - colour).max() <= 1


REFUSED = {
    "grey, 8 bits, signed": tiff(plain([64], "i1"), GREY, kind=SIGNED),
    "grey, 16 bits, signed": tiff(plain([-16448], "i2"), GREY, kind=SIGNED),
    "grey, 32 bits, signed": tiff(plain([2**30], "i4"), GREY, kind=SIGNED),
    "grey, 64 bits": tiff(plain([2**63], "u8"), GREY),
    "grey, double floats": tiff(plain([0.5], "f8"), GREY, kind=FLOAT),
    "grey, complex": tiff(plain([0.5 + 0.5j], "c8"), GREY, kind=COMPLEX),
    "grey, undefined": tiff(plain([128], "u1"), GREY, kind=UNDEFINED),
    "grey, white is 0, and alpha": tiff(plain([28, 128], "u1"), INVERTED, more=ALPHA),
    "RGB, 8 bits, signed": tiff(plain([127, 64, 0], "i1"), RGB, kind=SIGNED),
    "RGB, 4 bits": tiff(plain([15, 8, 0], "u1"), RGB, bits=4),
    "RGB times alpha, 32 bits": tiff(plain([2**31, 2**30, 0, 2**31], "u4"), RGB, more=MULTIPLIED),
    "RGB of two samples": tiff(plain([255, 128], "u1"), RGB),
    "RGB of different bits": tiff(plain(ORANGE, "u1"), RGB, more={258: (SHORT, [8, 8, 16])}),
    "RGB of different kinds": tiff(plain(ORANGE, "u1"), RGB, more={339: (SHORT, [1, 1, 2])}),
    "RGB of very many samples": tiff(plain([*ORANGE, *[0] * 14], "u1"), RGB),
    "palette, 16 bits": tiff(plain([3], "u2"), PALETTE, more=palette(256)),
    "palette and alpha": tiff(plain([3, 128], "u1"), PALETTE, more={**palette(256), **ALPHA}),
    "inks, floats": tiff(plain([0, 0.5, 1, 0], "f4"), INKS, kind=FLOAT),
    "inks and alpha": tiff(plain([0, 127, 255, 0, 128], "u1"), INKS, more=ALPHA),
    "L*a*b*": tiff(plain([178, 40, 60], "u1"), LAB),
    "grey and alpha, planes apart": tiff(plain([128, 128], "u1"), GREY, separate=True, more=ALPHA),
    "RGB, half floats, planes apart": tiff(plain([1, 0.5, 0], "f2"), RGB, kind=FLOAT, separate=True),
    "RGB, tiles, planes apart": tiff(
        plain(ORANGE, "u1"),
        RGB,
        separate=True,
        more={TILE_WIDTH: (SHORT, [32]), TILE_HEIGHT: (SHORT, [16])},
    ),
    "inks of other colours": tiff(plain([0, 127, 255, 0], "u1"), INKS, more={INK_SET: (SHORT, [2])}),
    "YCbCr of full resolution": tiff(
        plain([128, 128, 128], "u1"), YCBCR, more={SUBSAMPLING: (SHORT, [1, 1])}
    ),
    "a mask": tiff(plain([1], "u1"), MASK, bits=1),
    "a camera's raw data": tiff(plain([128], "u1"), 32803),
    "a tag of the wrong type": tiff(plain([128], "u1"), GREY, more={256: (LONG, [])}),
}


@pytest.mark.fidelity("twin:tiff")
@pytest.mark.parametrize("kind", REFUSED)
def test_an_unsupported_tiff_is_rejected(kind: str) -> None:
    assert probe(REFUSED[kind]) is None


def in_halves(left: float, right: float) -> bytes:
    samples = plain([left], "f4")
    samples[:, WIDTH // 2 :] = right
    return tiff(samples, GREY, kind=FLOAT)


@pytest.mark.fidelity("twin:tiff-floats")
@pytest.mark.slow
@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (0.5, 7.5, (128, 255)),  # as many highlights as not
        (0.25, -1.0, (64, 0)),
        (0.25, np.inf, (64, 255)),
        (0.25, np.nan, (64, 0)),
        (0.0, 1.0, (0, 255)),
        (0.0, 0.0, (0, 0)),
    ],
)
def test_floats_beyond_black_and_white_are_clipped(
    left: float, right: float, expected: tuple[int, int], tmp_path: Path, develop: Develop
) -> None:
    (tmp_path / "in").write_bytes(in_halves(left, right))

    result = np.asarray(develop(tmp_path / "in", format_=Format.PNG, width=WIDTH, height=HEIGHT))

    assert (result[0, 0, 0], result[0, -1, 0]) == expected


@pytest.mark.fidelity("twin:tiff-floats")
@pytest.mark.slow
@pytest.mark.parametrize(
    ("left", "right"),
    [(128.0, 255.0), (0.0, 255.0), (0.0, 65535.0), (np.nan, np.nan), (-3.0, -2.0), (-3.0, 0.0)],
)
def test_floats_of_another_range_are_not_read_as_white(left: float, right: float, tmp_path: Path) -> None:
    """A job with such an input fails; it does not end with a picture that is white all over."""
    (tmp_path / "in").write_bytes(in_halves(left, right))

    assert decode_check(tmp_path / "in") is None


@pytest.mark.slow
@pytest.mark.parametrize(("dtype", "white"), [("u1", 255), ("u2", 65_535), ("u4", 2**32 - 1), ("f4", 1)])
def test_a_profile_counts_whatever_the_samples(
    dtype: str, white: int, tmp_path: Path, develop: Develop
) -> None:
    """By the standards, this red of Display P3 is (217, 42, 52) in sRGB; the result has 8 bits a sample."""
    profile = {34675: (BYTES, pyvips.Image.profile_load("p3"))}
    red = plain([value / 255 * white for value in (200, 60, 60)], dtype)
    (tmp_path / "in").write_bytes(tiff(red, RGB, kind=FLOAT if dtype == "f4" else UNSIGNED, more=profile))

    develop(tmp_path / "in", format_=Format.PNG, width=WIDTH, height=HEIGHT)

    result = pyvips.Image.new_from_file(str(tmp_path / "result"))
    assert result.format == "uchar"
    assert np.allclose(result.numpy()[5, 10], (217, 42, 52), atol=8)
    assert decode_check(tmp_path / "in") is not None


@pytest.mark.fidelity("twin:tiff")
@pytest.mark.slow
def test_of_several_pages_the_first_is_the_picture(tmp_path: Path, develop: Develop) -> None:
    first, second = Image.new("RGB", (WIDTH, HEIGHT), ORANGE), Image.new("L", (7, 5), 90)
    first.save(tmp_path / "in", "TIFF", save_all=True, append_images=[second])

    result = develop(tmp_path / "in", format_=Format.PNG, width=WIDTH, height=HEIGHT)

    assert probe(tmp_path / "in") == Picture(format=Format.TIFF, width=WIDTH, height=HEIGHT)
    assert result.getpixel((5, 5)) == ORANGE


@pytest.mark.slow
@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"])
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_a_tiff_of_every_compression_is_read(
    compression: str, mode: str, tmp_path: Path, develop: Develop
) -> None:
    Image.new("RGB", (WIDTH, HEIGHT), MIDDLE).convert(mode).save(
        tmp_path / "in", "TIFF", compression=compression
    )

    result = develop(tmp_path / "in", format_=Format.PNG, width=WIDTH, height=HEIGHT)

    assert result.mode == "RGB"
    assert np.allclose(np.asarray(result)[5, 10], MIDDLE, atol=16)


@pytest.mark.slow
def test_tiles_are_read_as_strips_are(tmp_path: Path, develop: Develop) -> None:
    image = pyvips.Image.new_from_array(np.full((90, 70, 3), ORANGE, np.uint8)).copy(interpretation="srgb")
    image.tiffsave(str(tmp_path / "in"), tile=True, pyramid=True, tile_width=32, tile_height=32, bigtiff=True)

    result = develop(tmp_path / "in", format_=Format.PNG, width=70, height=90)

    assert result.getpixel((60, 80)) == ORANGE


@pytest.mark.parametrize("end", range(8, 132, 4))
@pytest.mark.parametrize(
    "whole", [tiff(plain(ORANGE, "u1"), RGB), tiff(plain(ORANGE, "u1"), RGB, is_big=True)]
)
def test_a_truncated_directory_is_rejected(whole: bytes, end: int) -> None:
    assert probe(whole[:end]) is None
