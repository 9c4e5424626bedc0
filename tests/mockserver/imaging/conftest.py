"""Real photographs, and pictures made for one test."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pillow_heif
import pytest
import pyvips
from PIL import Image

from safelight_mock.core import Format, Picture, Recipe, RecipeStep
from safelight_mock.imaging import render
from safelight_mock.imaging.pipeline import STEPS
from safelight_mock.imaging.tiled_map import pixels

pillow_heif.register_heif_opener()

ROOT = Path(__file__).parents[3]
Pixels = npt.NDArray[np.uint8]
Develop = Callable[..., Image.Image]
Apply = Callable[..., Pixels]
Open = Callable[[Path], Pixels]


# The first of them always, the others in the full run.
@pytest.fixture(
    params=[
        "tests/data/coffee.jpg",
        pytest.param("tests/data/chelsea.jpg", marks=pytest.mark.slow),
        pytest.param("docs/photograph/dahlia.jpg", marks=pytest.mark.slow),
    ]
)
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

    def _develop(source: Path, *steps: RecipeStep, format_: Format, width: int, height: int) -> Image.Image:
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


@pytest.fixture
def astronaut() -> Path:
    return ROOT / "tests/mockserver/imaging/data/astronaut.jpg"


@pytest.fixture
def opened() -> Open:
    """Read a file's pixels."""

    def _opened(file: Path) -> Pixels:
        with Image.open(file) as image:
            return np.asarray(image.convert("RGB"))

    return _opened


@pytest.fixture
def apply(vips_image: Callable[[Pixels], pyvips.Image]) -> Apply:
    """Apply one step to rows x columns x bands."""

    def _apply(step: str, picture: Pixels, **settings: float | str) -> Pixels:
        return pixels(STEPS[step](vips_image(picture), **settings))

    return _apply
