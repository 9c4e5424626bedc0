"""An image takes on the colours of another one, by the amounts of the recipe."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from safelight_mock.core import Format, Picture, Recipe, RecipeStep
from safelight_mock.imaging import ImageError, render

pytestmark = pytest.mark.slow

Pixels = npt.NDArray[np.uint8]
Open = Callable[[Path], Pixels]

OUTPUT = Picture(format=Format.PNG, width=600, height=400)


def _recipe(reference: str, **amounts: float) -> Recipe:
    return Recipe(
        steps=(RecipeStep(name="restyle", settings={"reference": reference, **amounts}),), output=OUTPUT
    )


@pytest.fixture
def restyled(tmp_path: Path, coffee: Path, dahlia: Path, opened: Open) -> Callable[..., Pixels]:
    """Give the coffee the look of the dahlia."""

    def _restyled(style: float = 1.0, colour: float = 1.0, shape: float = 1.0) -> Pixels:
        recipe = _recipe("digest of the dahlia", style=style, colour=colour, shape=shape)
        render(coffee, recipe, tmp_path / "out", {"digest of the dahlia": dahlia}.__getitem__)
        return opened(tmp_path / "out")

    return _restyled


def _distance(one: Pixels, other: Pixels) -> float:
    """Between mean colours."""
    return float(np.abs(one.reshape(-1, 3).mean(0) - other.reshape(-1, 3).mean(0)).mean())


def _detail(picture: Pixels) -> float:
    return float(np.abs(np.diff(picture.astype(int), axis=1)).mean())


def _lightness(picture: Pixels) -> float:
    return float((picture @ np.array([0.299, 0.587, 0.114])).mean())


def test_more_style_brings_colours_closer_to_the_reference(
    restyled: Callable[..., Pixels], dahlia: Path, coffee: Path, opened: Open
) -> None:
    distances = [_distance(restyled(style), opened(dahlia)) for style in (0.0, 0.3, 0.7, 1.0)]

    assert distances == sorted(set(distances), reverse=True)
    assert distances[0] == _distance(opened(coffee), opened(dahlia))
    assert distances[3] < 0.35 * distances[0]


def test_lightness_follows_the_color_strength(
    restyled: Callable[..., Pixels], coffee: Path, opened: Open
) -> None:
    hues, everything = restyled(colour=0.0), restyled(colour=1.0)

    assert abs(_lightness(hues) - _lightness(opened(coffee))) < 8
    assert _lightness(everything) < _lightness(opened(coffee)) - 20


def test_detail_is_kept_by_the_shape_strength(restyled: Callable[..., Pixels]) -> None:
    details = [_detail(restyled(shape=shape)) for shape in (0.0, 0.5, 1.0)]

    assert details == sorted(set(details))
    assert details[0] < 0.7 * details[2]


def test_a_reference_that_is_not_an_image_is_rejected(tmp_path: Path, coffee: Path) -> None:
    (tmp_path / "reference").write_bytes(b"hello")
    recipe = _recipe("any", style=1.0, colour=1.0, shape=1.0)

    with pytest.raises(ImageError, match="unsupported image format"):
        render(coffee, recipe, tmp_path / "out", lambda _: tmp_path / "reference")
