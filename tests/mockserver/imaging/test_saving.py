"""A result's file is written as its recipe says: how good, how small, how dense, in which colours."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image

from safelight_mock.core import WRITABLE, Encoding, Format, Picture, Recipe
from safelight_mock.imaging import probe, render

pytestmark = pytest.mark.slow

Save = Callable[..., Path]

WIDTH, HEIGHT = 300, 200
PLAIN = Encoding()
LOSSY = [Format.JPEG, Format.WEBP, Format.AVIF, Format.TIFF]
LOSSLESS = [Format.PNG, Format.WEBP, Format.AVIF, Format.TIFF]


@pytest.fixture
def picture(coffee: Path) -> Image.Image:
    with Image.open(coffee) as image:
        return image.resize((WIDTH, HEIGHT))


@pytest.fixture
def saved(tmp_path: Path, picture: Image.Image) -> Save:
    """Render a photograph, as it is, to a file of this kind."""

    def _saved(format_: Format, encoding: Encoding = PLAIN) -> Path:
        exif = Image.Exif()
        exif[271] = "Camera"
        picture.save(tmp_path / "in", "PNG", exif=exif)
        output = Picture(format=format_, width=WIDTH, height=HEIGHT)
        target = tmp_path / f"{len([*tmp_path.iterdir()])}.{format_}"
        render(tmp_path / "in", Recipe(steps=(), output=output, encoding=encoding), target)
        assert probe(target) == output
        return target

    return _saved


def _pixels(file: Path) -> np.typing.NDArray[np.float32]:
    with Image.open(file) as image:
        return np.asarray(image.convert("RGB"), np.float32)


def _size(file: Path) -> int:
    return file.stat().st_size


@pytest.mark.parametrize("format_", LOSSY)
def test_higher_quality_is_closer_to_the_image_and_larger(
    format_: Format, saved: Save, picture: Image.Image
) -> None:
    files = [saved(format_, Encoding(quality=quality, lossless=False)) for quality in (10, 50, 90)]

    errors = [float(np.abs(_pixels(file) - np.asarray(picture)).mean()) for file in files]
    assert errors == sorted(set(errors), reverse=True)
    assert [*map(_size, files)] == sorted({*map(_size, files)})


@pytest.mark.parametrize(("format_", "quality"), [("jpeg", 90), ("webp", 75), ("avif", 50), ("tiff", 75)])
def test_each_format_has_a_default_quality(format_: str, quality: int, saved: Save) -> None:
    unsaid = saved(Format(format_), Encoding(lossless=False))

    assert (
        unsaid.read_bytes() == saved(Format(format_), Encoding(quality=quality, lossless=False)).read_bytes()
    )


@pytest.mark.parametrize("format_", LOSSLESS)
def test_lossless_output_loses_nothing(format_: Format, saved: Save, picture: Image.Image) -> None:
    file = saved(format_, Encoding(lossless=True, quality=1))

    assert np.array_equal(_pixels(file), np.asarray(picture))


def test_tiff_has_three_compressions(saved: Save) -> None:
    packed = []
    for lossless in (None, True, False):
        with Image.open(saved(Format.TIFF, Encoding(lossless=lossless))) as image:
            packed.append(image.info["compression"])

    assert packed == ["tiff_adobe_deflate", "tiff_lzw", "jpeg"]


def test_a_progressive_jpeg_holds_the_same_picture(saved: Save) -> None:
    plain, progressive = saved(Format.JPEG), saved(Format.JPEG, Encoding(progressive=True))

    with Image.open(plain) as image, Image.open(progressive) as other:
        assert "progressive" not in image.info
        assert other.info["progressive"]
    assert np.array_equal(_pixels(plain), _pixels(progressive))


def test_a_higher_png_compression_level_makes_smaller_files(saved: Save) -> None:
    sizes = [_size(saved(Format.PNG, Encoding(deflate=level))) for level in (1, 6, 9)]

    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[2]


@pytest.mark.parametrize("format_", sorted(WRITABLE))
def test_the_density_is_in_the_file_and_nothing_else_is(format_: Format, saved: Save) -> None:
    with Image.open(saved(format_, Encoding(dpi=300))) as image:
        exif = image.getexif()
        across = image.info["dpi"][0] if "dpi" in image.info else exif[282]

    assert across == pytest.approx(300, abs=0.1)
    assert not {271, 272, 306} & {*exif}


@pytest.mark.parametrize("format_", [Format.JPEG, Format.TIFF])
def test_cmyk_output_looks_like_the_image(format_: Format, saved: Save, picture: Image.Image) -> None:
    file = saved(format_, Encoding(cmyk=True, quality=95))

    with Image.open(file) as image:
        assert image.mode == "CMYK"
        assert image.info["icc_profile"]
    recipe = Recipe(steps=(), output=Picture(format=Format.PNG, width=WIDTH, height=HEIGHT))
    render(file, recipe, file.with_suffix(".back"))
    assert np.abs(_pixels(file.with_suffix(".back")) - np.asarray(picture)).mean() < 12


@pytest.mark.parametrize("format_", [Format.PNG, Format.WEBP, Format.AVIF])
def test_formats_without_cmyk_stay_rgb(format_: Format, saved: Save) -> None:
    assert saved(format_, Encoding(cmyk=True)).read_bytes() == saved(format_).read_bytes()


@pytest.mark.parametrize(
    ("format_", "encoding", "keeps_alpha"),
    [
        (Format.JPEG, Encoding(), False),
        (Format.JPEG, Encoding(cmyk=True), False),
        (Format.TIFF, Encoding(lossless=False), False),
        (Format.TIFF, Encoding(cmyk=True), False),
        (Format.TIFF, Encoding(), True),
        (Format.PNG, Encoding(), True),
        (Format.WEBP, Encoding(), True),
        (Format.WEBP, Encoding(lossless=True), True),
        (Format.AVIF, Encoding(), True),
    ],
    ids=str,
)
def test_transparency_is_kept_or_flattened_on_white(
    format_: Format, encoding: Encoding, *, keeps_alpha: bool, tmp_path: Path
) -> None:
    picture = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    picture.paste((255, 0, 0, 255), (0, 0, 20, 40))
    picture.save(tmp_path / "in", "PNG")
    recipe = Recipe(steps=(), output=Picture(format=format_, width=40, height=40))

    render(tmp_path / "in", replace(recipe, encoding=encoding), tmp_path / "out")

    with Image.open(tmp_path / "out") as result:
        clear = result.convert("RGBA").getpixel((30, 20))
    assert isinstance(clear, tuple)
    assert (clear[3] == 0) is keeps_alpha
    assert keeps_alpha or min(clear[:3]) > 240
