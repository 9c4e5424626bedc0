"""Deblurring brings edges back that a lens, a shake or a wrong focus took away."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import pyvips

from safelight_mock.imaging.detail.wiener import motion_angle
from safelight_mock.imaging.tiled_map import pixels

pytestmark = pytest.mark.slow

Pixels = npt.NDArray[np.uint8]
Open = Callable[[Path], Pixels]
Apply = Callable[..., Pixels]
ToVips = Callable[[Pixels], pyvips.Image]
Kernel = list[list[float]]
Blur = Callable[[Pixels, Kernel], Pixels]

# Blurs drawn by hand: a disc of radius 2, and lines of five pixels by their angles.
DISC: Kernel = [[0, 1, 1, 1, 0], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [0, 1, 1, 1, 0]]
LINES: dict[int, Kernel] = {
    0: [[1, 1, 1, 1, 1]],
    45: np.fliplr(np.eye(5)).tolist(),
    90: [[1], [1], [1], [1], [1]],
    135: np.eye(5).tolist(),
}


@pytest.fixture
def blurred(vips_image: ToVips) -> Blur:
    def _blurred(picture: Pixels, kernel: Kernel) -> Pixels:
        mask = pyvips.Image.new_from_array(kernel, scale=np.sum(kernel))
        return pixels(vips_image(picture).conv(mask, precision="float").rint().cast("uchar"))

    return _blurred


def _grey(picture: Pixels) -> npt.NDArray[np.float64]:
    return np.asarray(picture @ np.array([0.299, 0.587, 0.114]))


def _edge_energy(sharp: Pixels, other: Pixels) -> float:
    """Gradient magnitude on the sharp picture's strongest tenth of edges, as a share of the sharp one's."""
    before, after = np.hypot(*np.gradient(_grey(sharp))), np.hypot(*np.gradient(_grey(other)))
    edges = before >= np.percentile(before, 90)
    return float(after[edges].sum() / before[edges].sum())


def _psnr(sharp: Pixels, other: Pixels) -> float:
    return float(10 * np.log10(255**2 / np.mean((sharp.astype(float) - other) ** 2)))


def test_a_photograph_out_of_focus_regains_edges_and_comes_closer_to_the_sharp_one(
    dahlia: Path, opened: Open, apply: Apply, blurred: Blur
) -> None:
    sharp = opened(dahlia)
    soft = blurred(sharp, DISC)

    restored = apply("deblur", soft, strength=1.0, kind="lens")

    assert _edge_energy(sharp, restored) > 1.2 * _edge_energy(sharp, soft)
    assert _psnr(sharp, restored) > _psnr(sharp, soft) + 1


@pytest.mark.parametrize("angle", LINES)
def test_a_shaken_photograph_regains_edges_and_comes_closer_to_the_sharp_one(
    angle: int, dahlia: Path, opened: Open, apply: Apply, blurred: Blur
) -> None:
    sharp = opened(dahlia)
    soft = blurred(sharp, LINES[angle])

    restored = apply("deblur", soft, strength=1.0, kind="motion")

    assert _edge_energy(sharp, restored) > 1.2 * _edge_energy(sharp, soft)
    assert _psnr(sharp, restored) > _psnr(sharp, soft) + 1


@pytest.mark.parametrize("angle", LINES)
def test_the_direction_of_a_shake_is_estimated(
    angle: int, photograph: Path, opened: Open, blurred: Blur
) -> None:
    shaken = blurred(opened(photograph), LINES[angle])

    assert motion_angle(_grey(shaken)[None].astype(np.float32)) == angle


@pytest.mark.parametrize("side", [1, 8])
def test_an_image_too_small_for_a_direction_is_deblurred_all_the_same(side: int, apply: Apply) -> None:
    small = np.zeros((side, side, 3), np.uint8)

    assert apply("deblur", small, strength=1.0, kind="motion").shape == small.shape


def test_a_wide_blur_is_reduced_a_little(
    astronaut: Path, opened: Open, apply: Apply, vips_image: ToVips
) -> None:
    sharp = opened(astronaut)
    soft = pixels(vips_image(sharp).gaussblur(1.8))

    restored = apply("deblur", soft, strength=1.0, kind="refocus")

    assert _edge_energy(sharp, restored) > 1.3 * _edge_energy(sharp, soft)
    assert _psnr(sharp, restored) > _psnr(sharp, soft) + 1


@pytest.mark.parametrize(
    "kind", ["refocus", *(pytest.param(kind, marks=pytest.mark.slow) for kind in ("lens", "motion"))]
)
def test_more_strength_sharpens_more(
    kind: str, chelsea: Path, opened: Open, apply: Apply, vips_image: ToVips
) -> None:
    sharp = opened(chelsea)
    soft = pixels(vips_image(sharp).gaussblur(1.8))

    energies = [
        _edge_energy(sharp, apply("deblur", soft, strength=strength, kind=kind))
        for strength in (0, 0.3, 0.6, 1)
    ]

    assert energies == sorted(set(energies))
    assert energies[0] == _edge_energy(sharp, soft)
    assert energies[0] * 1.05 < energies[3]


def test_noise_is_not_sharpened(dahlia: Path, opened: Open, apply: Apply) -> None:
    """A calm place with a little noise is noisier afterwards by less than a step."""
    calm = opened(dahlia)[:60, 200:400].astype(float)
    noisy = (calm + np.random.default_rng(4).normal(0, 1, calm.shape)).round().clip(0, 255).astype(np.uint8)

    restored = apply("deblur", noisy, strength=1.0, kind="lens")

    assert np.abs(restored.astype(float) - noisy).mean() < 1
