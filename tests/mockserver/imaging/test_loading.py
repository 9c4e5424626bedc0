"""Whatever a picture's colours are written in, a result has them in eight bits of sRGB, and its alpha."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import pyvips
from PIL import Image, ImageDraw
from tests.mockserver.imaging.conftest import Develop
from tests.mockserver.imaging.recipes import RED, WHITE, resizing, saved

from safelight_mock.core import Format

pytestmark = pytest.mark.slow


@pytest.mark.fidelity("topaz:metadata")
def test_alpha_is_kept_if_the_format_has_it_and_is_flattened_on_white_in_jpeg(
    tmp_path: Path, develop: Develop
) -> None:
    picture = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    picture.paste((*RED, 255), (0, 0, 20, 40))
    source = saved(picture, tmp_path / "in")

    png = develop(source, format_=Format.PNG, width=40, height=40)
    tiff = develop(source, format_=Format.TIFF, width=40, height=40)
    jpeg = develop(source, format_=Format.JPEG, width=40, height=40)

    assert png.getpixel((30, 20)) == (0, 0, 0, 0)
    assert tiff.getpixel((5, 20)) == (*RED, 255)
    assert jpeg.mode == "RGB"
    assert np.allclose(np.asarray(jpeg)[20, 35], WHITE, atol=3)


@pytest.mark.parametrize("format_", ["PNG", "TIFF", "WEBP", "AVIF", "GIF", "HEIF"])
def test_transparency_is_read_from_every_format(format_: str, tmp_path: Path, develop: Develop) -> None:
    picture = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    picture.paste((*RED, 255), (0, 0, 20, 40))
    source = saved(picture, tmp_path / "in", format_)

    result = np.asarray(develop(source, format_=Format.PNG, width=40, height=40))

    assert (result[20, 30, 3], result[20, 10, 3]) == (0, 255)
    assert np.allclose(result[20, 10, :3], RED, atol=12)


def test_clear_pixels_do_not_bleed_when_scaled(tmp_path: Path, develop: Develop) -> None:
    picture = Image.new("RGBA", (40, 40), (0, 255, 0, 0))
    picture.paste((*RED, 255), (0, 0, 20, 40))
    source = saved(picture, tmp_path / "in")

    result = np.asarray(develop(source, resizing(15, 15), format_=Format.PNG, width=15, height=15))

    visible = result[result[..., 3] > 20]
    assert visible[:, 1].max() < 10


def test_a_cut_out_enlarged_has_no_fringes(tmp_path: Path, develop: Develop) -> None:
    """A red disc on a ground of clear green, enlarged four times: no green shows, and no other colour."""
    picture = Image.new("RGBA", (60, 60), (0, 255, 0, 0))
    ImageDraw.Draw(picture).ellipse((10, 10, 50, 50), fill=(*RED, 255))
    source = saved(picture, tmp_path / "in")

    result = develop(source, resizing(240, 240), format_=Format.PNG, width=240, height=240)

    colours, alpha = np.asarray(result)[..., :3].astype(int), np.asarray(result)[..., 3]
    assert result.mode == "RGBA"
    assert np.abs(colours[alpha > 20] - RED).max() < 10
    assert (alpha[:30].max(), alpha[120, 120]) == (0, 255)
    assert 0.95 < (alpha > 127).sum() / 16 / (np.asarray(picture)[..., 3] > 0).sum() < 1.05


def _sixteen_bit_png() -> bytes:
    image = pyvips.Image.new_from_array(np.full((10, 20, 3), [65535, 32768, 0], np.uint16))
    return bytes(image.copy(interpretation="rgb16").pngsave_buffer())


def _sixteen_bit_grey_tiff() -> bytes:
    image = (pyvips.Image.black(20, 10) + 32768).cast("ushort").copy(interpretation="grey16")
    return bytes(image.tiffsave_buffer())


def _with_pillow(mode: str, colour: object, format_: str) -> bytes:
    file = BytesIO()
    Image.new("RGB", (20, 10), colour).convert(mode).save(file, format_)  # type: ignore[arg-type]
    return file.getvalue()


@pytest.mark.fidelity("topaz:metadata")
@pytest.mark.parametrize(
    ("data", "colour"),
    [
        (_sixteen_bit_png(), (255, 128, 0)),
        (_sixteen_bit_grey_tiff(), (128, 128, 128)),
        (_with_pillow("L", (90, 90, 90), "JPEG"), (90, 90, 90)),
        (_with_pillow("P", (51, 204, 102), "PNG"), (51, 204, 102)),
        (_with_pillow("1", (255, 255, 255), "TIFF"), (255, 255, 255)),
        (_with_pillow("CMYK", (255, 255, 255), "JPEG"), (255, 255, 255)),
    ],
    ids=["16-bit PNG", "16-bit grey TIFF", "grey JPEG", "palette PNG", "bilevel TIFF", "CMYK JPEG"],
)
def test_every_colour_model_becomes_8_bit_rgb(
    data: bytes, colour: tuple[int, ...], tmp_path: Path, develop: Develop
) -> None:
    (tmp_path / "in").write_bytes(data)

    result = develop(tmp_path / "in", format_=Format.PNG, width=20, height=10)

    assert result.mode == "RGB"
    assert np.allclose(np.asarray(result)[5, 10], colour, atol=8)


def test_a_profile_is_applied_and_a_broken_one_ignored(
    tmp_path: Path, develop: Develop, dahlia: Path
) -> None:
    with Image.open(dahlia) as photograph:
        small = photograph.resize((60, 40))
        source = saved(small, tmp_path / "in", "PNG", icc_profile=b"not a profile")

        result = develop(source, format_=Format.PNG, width=60, height=40)

        assert np.array_equal(np.asarray(result), np.asarray(small))


@pytest.mark.parametrize("format_", ["PNG", "WEBP", "AVIF", "HEIF"])
def test_a_profile_is_applied_whatever_the_format(format_: str, tmp_path: Path, develop: Develop) -> None:
    """By the standards, this red of Display P3 is (217, 42, 52) in sRGB."""
    profile = bytes(pyvips.Image.profile_load("p3"))
    picture = Image.new("RGB", (40, 40), (200, 60, 60))
    source = saved(picture, tmp_path / "in", format_, icc_profile=profile)

    result = develop(source, format_=Format.PNG, width=40, height=40)

    assert np.allclose(np.asarray(result)[20, 20], (217, 42, 52), atol=8)
