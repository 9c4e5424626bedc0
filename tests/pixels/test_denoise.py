"""Denoising removes noise, keeps edges, and leaves a clean photograph alone."""

import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import run

import numpy as np
import numpy.typing as npt
import pytest
import pyvips
from PIL import Image

from safelight_mock.pixels.denoise import denoise
from safelight_mock.pixels.noise import noise_levels
from safelight_mock.pixels.strips import pixels
from safelight_mock.pixels.tiles import tiles

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

    levels = noise_levels(tiles(vips_image(noisy)))

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
    by_place = [steps[place::8].mean() for place in range(8)]
    assert max(by_place) < 1.2 * min(by_place)


@pytest.mark.slow
def test_a_large_picture_takes_little_memory_and_time(dahlia: Path, tmp_path: Path) -> None:
    """12 megapixels, rendered in a process of its own, stay below 500 MB."""
    with Image.open(dahlia) as image:
        image.resize((4000, 3000)).effect_spread(3).save(tmp_path / "large.jpg", quality=92)
    code = """
import resource, sys
from pathlib import Path
from subprocess import run
from safelight_mock.core.picture import Format, Picture, Recipe, Step
from safelight_mock.pixels.render import render
output = Picture(format=Format.JPEG, width=4000, height=3000)
recipe = Recipe(steps=(Step(name="denoise", settings={"strength": 1.0}),), output=output)
render(Path(sys.argv[1]), recipe, Path(sys.argv[2]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
    arguments = [sys.executable, "-c", code, str(tmp_path / "large.jpg"), str(tmp_path / "out")]

    answer = run(arguments, capture_output=True, text=True, check=True)

    assert int(answer.stdout) < 500
