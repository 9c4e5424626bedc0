"""Restoring fills dust and scratches, and leaves a clean photograph nearly as it is."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw

pytestmark = pytest.mark.slow

Pixels = npt.NDArray[np.uint8]
Open = Callable[[Path], Pixels]
Apply = Callable[..., Pixels]

LIGHT, DARK = (245, 245, 245), (12, 12, 12)


def _scratched(picture: Pixels) -> Pixels:
    """Draw scratches of one or two pixels' width and grains of dust, half of them light, half dark."""
    chance = np.random.default_rng(5)
    image = Image.fromarray(picture)
    pen = ImageDraw.Draw(image)
    for number in range(14):
        x, y = (float(chance.integers(0, side)) for side in image.size)
        angle, length = chance.uniform(0, np.pi), float(chance.integers(60, 200))
        end = x + length * np.cos(angle), y + length * np.sin(angle)
        pen.line((x, y, *end), fill=(DARK, LIGHT)[number % 2], width=1 + number % 3 // 2)
    for number in range(60):
        x, y = (float(chance.integers(0, side)) for side in image.size)
        pen.ellipse((x, y, x + 1, y + 1 + number % 2), fill=(DARK, LIGHT)[number % 2])
    return np.asarray(image)


def _error(clean: Pixels, other: Pixels) -> float:
    return float(np.abs(clean.astype(float) - other).mean())


@pytest.mark.parametrize("name", ["docs/photograph/dahlia.jpg", "tests/data/chelsea.jpg"])
def test_removing_dust_and_scratches_halves_the_error(name: str, opened: Open, apply: Apply) -> None:
    clean = opened(Path(__file__).parents[3] / name)
    scratched = _scratched(clean)

    restored = apply("restore", scratched, strength=1.0)

    assert _error(clean, restored) < 0.5 * _error(clean, scratched)


def test_a_clean_photograph_stays_nearly_as_it_is(dahlia: Path, opened: Open, apply: Apply) -> None:
    clean = opened(dahlia)

    restored = apply("restore", clean, strength=1.0)

    assert (restored != clean).any(2).mean() < 0.002
    assert _error(clean, restored) < 0.05


def test_more_strength_finds_fainter_scratches(apply: Apply) -> None:
    """Ten scratches on grey, each fainter than the one before."""
    picture = np.full((120, 400, 3), 100, np.uint8)
    for number in range(10):
        picture[10:110, 20 + 38 * number] += np.uint8(100 - 8 * number)

    left = [
        int((apply("restore", picture, strength=strength) != 100).any((0, 2)).sum())
        for strength in (0, 0.25, 0.5, 0.75, 1)
    ]

    assert left == sorted(left, reverse=True)
    assert left[0] == 10
    assert 1 < left[2] < 8
    assert left[4] <= 1


def test_a_fine_line_beside_a_surface_as_light_is_no_scratch(apply: Apply) -> None:
    picture = np.full((120, 200, 3), 100, np.uint8)
    picture[:, 50:100] = 200
    picture[:, 103] = 200
    picture[:, 160] = 200

    restored = apply("restore", picture, strength=1.0)

    assert restored[60, 103, 0] == 200
    assert restored[60, 160, 0] == 100
