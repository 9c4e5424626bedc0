"""Denoising removes noise and keeps edges, deblocking removes JPEG's blocks; clean photographs are kept."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import pyvips
from PIL import Image

from safelight_mock.imaging.detail.dct_shrinkage import denoise
from safelight_mock.imaging.measure.noise_sigma import noise_sigma
from safelight_mock.imaging.measure.sampling import tiles
from safelight_mock.imaging.tiled_map import pixels

pytestmark = pytest.mark.slow


Pixels = npt.NDArray[np.uint8]


ToVips = Callable[[Pixels], pyvips.Image]


def _photograph(file: Path) -> Pixels:
    with Image.open(file) as image:
        return np.asarray(image.convert("RGB"))


def _with_noise(clean: Pixels, sigma: float) -> Pixels:
    noise = np.random.default_rng(20).normal(0, sigma, clean.shape)
    return (clean + noise).round().clip(0, 255).astype(np.uint8)


def _psnr(clean: Pixels, other: Pixels) -> float:
    return float(10 * np.log10(255**2 / np.mean((clean.astype(float) - other) ** 2)))


def _edge_energy_kept(clean: Pixels, other: Pixels) -> float:
    """Edge energy is the gradient's magnitude (central differences of the grey picture), summed over the
    clean picture's strong edges: the tenth of its pixels where that magnitude is greatest.
    """
    before, after = _gradient(clean), _gradient(other)
    edges = before >= np.percentile(before, 90)
    return float(after[edges].sum() / before[edges].sum())


def _gradient(rgb: Pixels) -> npt.NDArray[np.float64]:
    down, right = np.gradient(rgb @ np.array([0.299, 0.587, 0.114]))
    return np.asarray(np.hypot(down, right))


@pytest.mark.fidelity("topaz:denoise-pixels")
@pytest.mark.parametrize("strength", [pytest.param(0.5, marks=pytest.mark.slow), 1.0])
def test_a_noisy_photograph_gains_2_db_and_keeps_85_percent_of_its_edges(
    strength: float, photograph: Path, vips_image: ToVips
) -> None:
    clean = _photograph(photograph)
    noisy = _with_noise(clean, 20)

    denoised = pixels(denoise(vips_image(noisy), strength=strength))

    assert _psnr(clean, denoised) >= _psnr(clean, noisy) + 6  # the promise is 2
    assert _edge_energy_kept(clean, denoised) >= 0.85


def test_a_clean_photograph_stays_as_it_is(photograph: Path, vips_image: ToVips) -> None:
    clean = _photograph(photograph)

    denoised = pixels(denoise(vips_image(clean), strength=1.0))

    assert _psnr(clean, denoised) >= 42
    assert _edge_energy_kept(clean, denoised) >= 0.97


@pytest.mark.fidelity("topaz:denoise-pixels")
def test_more_strength_removes_more(coffee: Path, vips_image: ToVips) -> None:
    noisy = _with_noise(_photograph(coffee)[100:228, 200:328], 20)

    changes = [
        float(np.abs(pixels(denoise(vips_image(noisy), strength=strength)).astype(float) - noisy).mean())
        for strength in (0, 0.001, 0.25, 0.5, 0.75, 1)
    ]

    assert changes == sorted(changes)
    assert changes[0] == 0
    assert changes[1] < 0.5 * changes[3] < 0.5 * changes[5]


@pytest.mark.parametrize("sigma", [8, 20, 30])
def test_noise_is_measured(sigma: float, dahlia: Path, vips_image: ToVips) -> None:
    noisy = _with_noise(_photograph(dahlia), sigma)

    levels = noise_sigma(tiles(vips_image(noisy)))

    assert levels == pytest.approx([sigma] * 3, rel=0.25)


def test_colour_noise_that_jpeg_stored_at_half_size_is_removed_too(
    coffee: Path, tmp_path: Path, vips_image: ToVips
) -> None:
    clean = _photograph(coffee)
    Image.fromarray(_with_noise(clean, 20)).save(tmp_path / "noisy.jpg", quality=90, subsampling=2)
    noisy = _photograph(tmp_path / "noisy.jpg")

    denoised = pixels(denoise(vips_image(noisy), strength=1.0))

    assert _psnr(clean, denoised) >= _psnr(clean, noisy) + 4.2


def test_the_grid_of_blocks_does_not_show(vips_image: ToVips, chelsea: Path) -> None:
    """Rows differ from the next by as much wherever they lie on the grid of 8 x 8 blocks."""
    noisy = _with_noise(_photograph(chelsea), 20)

    cleaned = pixels(denoise(vips_image(noisy), strength=1.0)).astype(float)

    steps = np.abs(np.diff(cleaned, axis=0)).mean((1, 2))
    by_offset = [steps[location::8].mean() for location in range(8)]
    assert max(by_offset) < 1.2 * min(by_offset)


def test_original_detail_restores_edges_and_leaves_flat_areas_clean(coffee: Path, vips_image: ToVips) -> None:
    clean = _photograph(coffee)
    noisy = _with_noise(clean, 15)

    results = [
        pixels(denoise(vips_image(noisy), strength=1.0, original_detail=share)).astype(float)
        for share in (0.0, 0.5, 1.0)
    ]

    dark, grain = np.s_[0:60, 0:60], np.s_[300:390, 420:590]  # the wall, the table's wood
    removed = [float(np.abs(result - noisy)[grain].mean()) for result in results]
    kept = [float(np.abs(result - clean)[dark].mean()) for result in results]
    assert removed[0] > 1.3 * removed[1] > 1.5 * removed[2]
    assert kept[2] < 1.25 * kept[0]


Open = Callable[[Path], Pixels]


Apply = Callable[..., Pixels]


def _compressed(picture: Pixels, quality: int) -> Pixels:
    file = BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=quality)
    with Image.open(file) as image:
        return np.asarray(image.convert("RGB"))


def _blockiness(picture: Pixels) -> float:
    """By how much mean steps across the 8 x 8 grid exceed those within its squares, in 8-bit steps."""
    steps = np.abs(np.diff(picture.astype(float).mean(2), axis=1))
    across = np.arange(steps.shape[1]) % 8 == 7
    return float(steps[:, across].mean() - steps[:, ~across].mean())


def test_a_strongly_compressed_photograph_loses_its_blocks_and_comes_closer_to_what_it_was(
    photograph: Path, opened: Open, apply: Apply
) -> None:
    clean = opened(photograph)
    blocky = _compressed(clean, 15)

    mended = apply("deblock", blocky, strength=1.0)

    assert _blockiness(mended) < 0.35 * _blockiness(blocky)
    assert _psnr(clean, mended) > _psnr(clean, blocky) + 0.4


def test_more_strength_leaves_fewer_blocks(coffee: Path, opened: Open, apply: Apply) -> None:
    blocky = _compressed(opened(coffee)[:256, :320], 15)

    left = [_blockiness(apply("deblock", blocky, strength=strength)) for strength in (0, 0.25, 0.5, 0.75, 1)]

    assert left == sorted(set(left), reverse=True)
    assert left[0] == _blockiness(blocky)
    assert left[1] < left[0] - 0.1
    assert left[2] < left[1] - 0.1


@pytest.mark.parametrize("offset", [0, 3])
def test_blocks_are_detected_at_every_grid_offset(
    offset: int, chelsea: Path, opened: Open, apply: Apply
) -> None:
    clean = opened(chelsea)
    blocky = _compressed(clean, 15)[offset:, offset:]

    mended = apply("deblock", blocky, strength=1.0)

    assert _psnr(clean[offset:, offset:], mended) > _psnr(clean[offset:, offset:], blocky) + 0.4


def test_a_photograph_without_blocks_stays_as_it_is(coffee: Path, opened: Open, apply: Apply) -> None:
    clean = opened(coffee)

    assert np.array_equal(apply("deblock", clean, strength=1.0), clean)
