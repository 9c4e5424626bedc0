"""Deblocking takes out what strong JPEG compression leaves, and only that."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

pytestmark = pytest.mark.slow

Pixels = npt.NDArray[np.uint8]
Open = Callable[[Path], Pixels]
Apply = Callable[..., Pixels]


def _compressed(picture: Pixels, quality: int) -> Pixels:
    file = BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=quality)
    with Image.open(file) as image:
        return np.asarray(image.convert("RGB"))


def _psnr(clean: Pixels, other: Pixels) -> float:
    return float(10 * np.log10(255**2 / np.mean((clean.astype(float) - other) ** 2)))


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
def test_blocks_are_found_wherever_the_grid_begins(
    offset: int, chelsea: Path, opened: Open, apply: Apply
) -> None:
    clean = opened(chelsea)
    blocky = _compressed(clean, 15)[offset:, offset:]

    mended = apply("deblock", blocky, strength=1.0)

    assert _psnr(clean[offset:, offset:], mended) > _psnr(clean[offset:, offset:], blocky) + 0.4


def test_a_photograph_without_blocks_stays_as_it_is(coffee: Path, opened: Open, apply: Apply) -> None:
    clean = opened(coffee)

    assert np.array_equal(apply("deblock", clean, strength=1.0), clean)
