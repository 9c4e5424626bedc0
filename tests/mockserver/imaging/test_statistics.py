"""Each number of `ImageStatistics` sorts images by what it is named after."""

import struct
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import pyvips
from PIL import Image, ImageFilter

from safelight_mock.imaging import ImageError, ImageStatistics
from safelight_mock.imaging.measure.sampling import tiles
from safelight_mock.imaging.measure.statistics import image_statistics, sample_file
from safelight_mock.imaging.tiled_map import pixels

pytestmark = pytest.mark.slow

Pixels = npt.NDArray[np.uint8]
Open = Callable[[Path], Pixels]
Measure = Callable[[Pixels], ImageStatistics]


@pytest.fixture
def measured(tmp_path: Path) -> Measure:
    def _measured(picture: Pixels) -> ImageStatistics:
        pyvips.Image.new_from_array(picture).pngsave(str(tmp_path / "picture"), compression=0)
        return image_statistics(tmp_path / "picture")

    return _measured


def _rises(values: Iterable[float], by: float) -> bool:
    """Whether each value exceeds the one before by so much at least."""
    steps = np.diff(list(values))
    return bool((steps >= by).all())


def test_more_noise_is_more_noise(photograph: Path, opened: Open, measured: Measure) -> None:
    clean = opened(photograph)
    noise = np.random.default_rng(3).normal(0, 1, clean.shape)

    levels = [
        measured((clean + sigma * noise).clip(0, 255).astype(np.uint8)).noise for sigma in (0, 6, 12, 24)
    ]

    assert _rises(levels, 3)
    assert levels[0] < 3
    assert levels[2] == pytest.approx(12, rel=0.3)


def test_more_blur_is_more_blur(photograph: Path, opened: Open, measured: Measure) -> None:
    clean = Image.fromarray(opened(photograph))

    blurs = [
        measured(np.asarray(clean.filter(ImageFilter.GaussianBlur(radius)))).blur
        for radius in (0, 1, 2, 4, 12)
    ]

    assert _rises(blurs, 0.03)
    assert blurs[0] < 0.4
    assert blurs[2] > 0.45


def test_stronger_compression_is_blockier(photograph: Path, tmp_path: Path) -> None:
    blockiness = []
    for quality in (92, 60, 30, 15):
        with Image.open(photograph) as image:
            image.save(tmp_path / "picture", "JPEG", quality=quality)
        blockiness.append(image_statistics(tmp_path / "picture").blockiness)

    assert _rises(blockiness, 0.03)
    assert blockiness[0] < 0.12
    assert blockiness[3] > 0.35


def test_brightness_and_contrast_are_measured(chelsea: Path, opened: Open, measured: Measure) -> None:
    clean = opened(chelsea)

    darker = [measured((clean * share).astype(np.uint8)) for share in (0.3, 0.6, 1.0)]
    flatter = [measured((clean * share + 128 * (1 - share)).astype(np.uint8)) for share in (0.3, 0.6, 1.0)]

    assert _rises([statistics.exposure for statistics in darker], 0.05)
    assert _rises([statistics.contrast for statistics in flatter], 0.1)


def test_a_colour_cast_is_measured(astronaut: Path, opened: Open, measured: Measure) -> None:
    clean = opened(astronaut)

    casts = [measured((clean * [1, 1, 1 - tint]).astype(np.uint8)).cast for tint in (0, 0.2, 0.4)]

    assert _rises(casts, 0.05)


def test_skin_is_measured(astronaut: Path, dahlia: Path, opened: Open, measured: Measure) -> None:
    picture = opened(astronaut)

    whole, portrait, face = (
        measured(picture[cut]) for cut in (np.s_[:], np.s_[:250, 120:330], np.s_[80:160, 190:255])
    )

    assert _rises([image_statistics(dahlia).skin, whole.skin, portrait.skin, face.skin], 0.02)
    assert face.skin > 0.6


def test_a_plain_picture_has_neither_noise_nor_blur_nor_blocks(measured: Measure) -> None:
    statistics = measured(np.full((200, 300, 3), 128, np.uint8))

    assert statistics == ImageStatistics(
        noise=0, blur=0, blockiness=0, exposure=0.502, contrast=0, cast=0, skin=0, inks=0, alpha=0
    )


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1), (15, 15), (17, 300)], ids=str)
def test_images_of_every_size_can_be_measured(size: tuple[int, int], measured: Measure) -> None:
    picture = np.random.default_rng(6).integers(0, 256, (*size, 3), np.uint8)

    assert 0 < measured(picture).exposure < 1


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "CMYK", "P", "1", "I;16"])
def test_images_of_every_kind_can_be_measured(mode: str, tmp_path: Path) -> None:
    grey = Image.linear_gradient("L").resize((90, 60))
    image = (
        grey.convert(mode) if mode != "I;16" else Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    )
    image.save(tmp_path / "picture", "TIFF")

    assert image_statistics(tmp_path / "picture").exposure == pytest.approx(0.5, abs=0.06)


def test_the_same_picture_gives_the_same_measures(dahlia: Path) -> None:
    assert image_statistics(dahlia) == image_statistics(dahlia)


@pytest.mark.parametrize(
    "suffix",
    [
        ".jpg",
        ".jpg[interlace]",
        ".png[compression=0]",
        ".tif",
        ".tif[tile]",
        ".tif[rgbjpeg,compression=jpeg]",
    ],
)
def test_measures_read_in_strips_are_those_of_the_whole_image(suffix: str, tmp_path: Path) -> None:
    """A picture of several strips, whose sides fit neither tiles nor strips."""
    picture = np.random.default_rng(9).integers(0, 256, (1237, 1003, 3), np.uint8)
    pyvips.Image.new_from_array(picture).write_to_file(str(tmp_path / f"picture{suffix}"))
    (file,) = tmp_path.iterdir()

    samples = sample_file(file)

    whole = pyvips.Image.new_from_file(str(file))
    assert np.array_equal(samples.tiles, tiles(whole))
    small = pixels(whole.crop(0, 0, 1000, 1235).shrink(4, 5))
    assert np.abs(samples.thumbnail.astype(int) - small).max() <= 1


def test_a_damaged_picture_is_refused(dahlia: Path, tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(dahlia.read_bytes()[:70_000])

    with pytest.raises(ImageError, match="cannot read"):
        image_statistics(tmp_path / "picture")


def test_an_image_without_width_is_rejected(tmp_path: Path) -> None:
    file = BytesIO()
    Image.new("RGB", (4, 4)).save(file, "PNG")
    data = bytearray(file.getvalue())
    data[16:20] = struct.pack(">I", 0)
    (tmp_path / "picture").write_bytes(data)

    with pytest.raises(ImageError):
        image_statistics(tmp_path / "picture")
