"""Real photographs, and pictures made for one test."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import pyvips
from PIL import Image

from safelight_mock.core.picture import Format, Picture, Recipe, Step
from safelight_mock.pixels.render import render

ROOT = Path(__file__).parents[2]
Pixels = npt.NDArray[np.uint8]
Develop = Callable[..., Image.Image]


@pytest.fixture(params=["docs/photograph/dahlia.jpg", "tests/data/chelsea.jpg", "tests/data/coffee.jpg"])
def photograph(request: pytest.FixtureRequest) -> Path:
    return ROOT / str(request.param)


@pytest.fixture
def dahlia() -> Path:
    return ROOT / "docs/photograph/dahlia.jpg"


@pytest.fixture
def chelsea() -> Path:
    return ROOT / "tests/data/chelsea.jpg"


@pytest.fixture
def coffee() -> Path:
    return ROOT / "tests/data/coffee.jpg"


@pytest.fixture
def develop(tmp_path: Path) -> Develop:
    """Render a file with the given steps and open the result."""

    def _develop(source: Path, *steps: Step, format_: Format, width: int, height: int) -> Image.Image:
        target = tmp_path / "result"
        output = Picture(format=format_, width=width, height=height)
        render(source, Recipe(steps=steps, output=output), target)
        result = Image.open(target)
        result.load()
        return result

    return _develop


@pytest.fixture
def vips_image() -> Callable[[Pixels], pyvips.Image]:
    """Turn rows x columns x bands into what steps work on."""

    def _vips_image(pixels: Pixels) -> pyvips.Image:
        return pyvips.Image.new_from_array(pixels).copy(interpretation="srgb")

    return _vips_image
