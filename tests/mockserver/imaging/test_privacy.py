"""Number plates and faces are hidden where they are, and nothing else is."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw, ImageFont

pytestmark = pytest.mark.slow

Pixels = npt.NDArray[np.uint8]
Open = Callable[[Path], Pixels]
Apply = Callable[..., Pixels]

PLATE = np.s_[240:281, 180:341]


def _with_plate(picture: Pixels) -> Pixels:
    image = Image.fromarray(picture)
    draw = ImageDraw.Draw(image)
    draw.rectangle((180, 240, 340, 280), fill="#f4f4ee", outline="black", width=2)
    draw.text((190, 244), "AB 12 CDE", font=ImageFont.load_default(28), fill="#101010")
    return np.asarray(image)


def _steps(picture: Pixels) -> float:
    """Mean step from each pixel to the next."""
    return float(np.abs(np.diff(picture.astype(int), axis=1)).mean())


@pytest.mark.parametrize("size", [1.0, 3.0])
def test_a_number_plate_becomes_unreadable_and_the_rest_stays(
    size: float, photograph: Path, opened: Open, apply: Apply
) -> None:
    small = Image.fromarray(_with_plate(opened(photograph)))
    large = np.asarray(small.resize((int(small.width * size), int(small.height * size))))

    hidden = apply("hide_plates", large)

    rows, columns = (slice(int(side.start * size), int(side.stop * size)) for side in PLATE)
    assert _steps(hidden[rows, columns]) < 0.1 * _steps(large[rows, columns])
    elsewhere = np.ones(large.shape[:2], np.bool_)
    rim = int(20 * size)
    elsewhere[rows.start - rim : rows.stop + rim, columns.start - rim : columns.stop + rim] = False
    assert np.array_equal(hidden[elsewhere], large[elsewhere])


@pytest.mark.parametrize("name", ["coffee", "chelsea", "dahlia", "astronaut"])
def test_a_photograph_without_a_plate_stays_as_it_is(
    name: str, request: pytest.FixtureRequest, opened: Open, apply: Apply
) -> None:
    picture = opened(request.getfixturevalue(name))

    assert np.array_equal(apply("hide_plates", picture), picture)


def test_removing_the_identity_crops_the_face_above_the_mouth(
    astronaut: Path, opened: Open, apply: Apply
) -> None:
    """Her eyes are around row 115, her mouth around row 155."""
    picture = opened(astronaut)

    hidden = apply("hide_faces", picture)

    assert hidden.shape == picture.shape
    assert any(_is_like(apply, picture, row, hidden) for row in range(120, 175))


def _is_like(apply: Apply, picture: Pixels, row: int, hidden: Pixels) -> bool:
    filled = apply("resize", picture[row:], width=picture.shape[1], height=picture.shape[0], fit="crop")
    return float(np.abs(filled.astype(int) - hidden).mean()) < 0.01


@pytest.mark.parametrize("name", ["coffee", "chelsea", "dahlia"])
def test_a_photograph_without_a_face_stays_as_it_is_too(
    name: str, request: pytest.FixtureRequest, opened: Open, apply: Apply
) -> None:
    picture = opened(request.getfixturevalue(name))

    assert np.array_equal(apply("hide_faces", picture), picture)
