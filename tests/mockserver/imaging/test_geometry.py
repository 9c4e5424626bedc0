"""Where a picture lies in its frame, and what surrounds it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

Pixels = npt.NDArray[np.uint8]
Open = Callable[[Path], Pixels]
Apply = Callable[..., Pixels]

BLUE = (48, 64, 255)


def _difference(one: Pixels, other: Pixels) -> float:
    return float(np.abs(one.astype(int) - other).mean())


def _steps(picture: Pixels) -> float:
    """Mean step from each pixel to the next."""
    return float(np.abs(np.diff(picture.astype(int), axis=1)).mean())


def test_a_smart_crop_keeps_the_salient_part(apply: Apply) -> None:
    picture = np.full((100, 400, 3), 90, np.uint8)
    picture[30:70, 330:370] = (230, 40, 30)

    smart = apply("smart_crop", picture, width=100, height=100)
    middle = apply("resize", picture, width=100, height=100, fit="crop")

    assert ((smart == (230, 40, 30)).all(2)).sum() == 1600
    assert not (middle == (230, 40, 30)).all(2).any()


def test_a_smart_crop_of_a_photograph_is_not_its_middle(astronaut: Path, opened: Open, apply: Apply) -> None:
    picture = opened(astronaut)

    smart = apply("smart_crop", picture, width=120, height=240)

    assert smart.shape == (240, 120, 3)
    assert _difference(smart, apply("resize", picture, width=120, height=240, fit="crop")) > 5


def test_a_canvas_keeps_the_whole_picture_between_its_margins(
    coffee: Path, opened: Open, apply: Apply
) -> None:
    margins = {"top": 10, "right": 20, "bottom": 30, "left": 40}

    laid = apply("canvas", opened(coffee), width=360, height=240, background="#3040ff", **margins)

    ground = (laid == BLUE).all(2)
    rows, columns = np.nonzero(~ground)
    assert (columns.min(), columns.max()) == (40, 360 - 20 - 1)
    assert (rows.min(), rows.max()) == (10, 240 - 30 - 1)
    inside = apply("resize", opened(coffee), width=300, height=200, fit="stretch")
    assert np.array_equal(laid[10:210, 40:340], inside)


def test_an_image_of_another_aspect_ratio_is_centred(apply: Apply) -> None:
    laid = apply("canvas", np.full((10, 20, 3), 9, np.uint8), width=80, height=80, background="#3040ff")

    assert (laid[20:60] == 9).all()
    assert (laid[:20] == BLUE).all()
    assert (laid[60:] == BLUE).all()


@pytest.mark.parametrize(
    ("background", "bands", "expected"),
    [
        ("own", 3, (255, 255, 255)),
        ("own", 4, (0, 0, 0, 0)),
        ("transparent", 3, (0, 0, 0, 0)),
        ("transparent", 4, (0, 0, 0, 0)),
        ("#3040ff", 3, BLUE),
        ("#3040ff", 4, (*BLUE, 255)),
    ],
)
def test_a_canvas_is_clear_or_coloured(
    background: str, bands: int, expected: tuple[int, ...], apply: Apply
) -> None:
    picture = np.full((10, 20, bands), 200, np.uint8)

    laid = apply("canvas", picture, width=40, height=40, background=background)

    assert tuple(laid[0, 0]) == expected
    assert laid[20, 20, 0] == 200


def test_margins_that_fill_the_canvas_leave_one_pixel(apply: Apply) -> None:
    laid = apply("canvas", np.full((9, 9, 3), 7, np.uint8), width=40, height=40, left=20, right=20)

    assert laid.shape == (40, 40, 3)
    assert 0 < (laid == 7).all(2).sum() <= 40


def _alike(one: Pixels, other: Pixels) -> float:
    """Correlation of how colours change from left to right."""
    changes = [(picture - picture.mean(1, keepdims=True)).ravel() for picture in (one, other)]
    return float(np.corrcoef(changes)[0, 1])


def _extended(picture: Pixels, apply: Apply, feathering: float) -> Pixels:
    sizes = {"width": 440, "height": 240, "inside_width": 300, "inside_height": 200}
    return apply("outpaint", picture, **sizes, feathering=feathering)


def test_an_image_is_extended_from_its_edges(coffee: Path, opened: Open, apply: Apply) -> None:
    picture = opened(coffee)

    extended = _extended(picture, apply, 0.0)

    inside = apply("resize", picture, width=300, height=200, fit="stretch")
    assert np.array_equal(extended[20:220, 70:370], inside)
    left = extended[20:220, :70]
    assert _difference(left.mean((0, 1)).astype(np.uint8), inside[:, :70].mean((0, 1)).astype(np.uint8)) < 15
    assert _alike(left, inside[:, :70][:, ::-1]) > 0.5
    assert _steps(left) < 0.5 * _steps(inside)


def test_feathering_softens_the_seam(coffee: Path, opened: Open, apply: Apply) -> None:
    picture = opened(coffee)

    seams = [
        _steps(_extended(picture, apply, feathering)[40:200, 69:71]) for feathering in (0.0, 0.15, 0.6, 2.0)
    ]

    assert seams[0] > 2 * seams[1]
    assert max(seams[2:]) < 1.2 * seams[1]


def test_sides_without_an_extension_are_not_feathered(coffee: Path, opened: Open, apply: Apply) -> None:
    picture = opened(coffee)

    extended = apply(
        "outpaint", picture, width=700, height=400, inside_width=600, inside_height=400, feathering=0.15
    )

    assert np.array_equal(extended[:, 100:600], picture[:, 50:550])


def test_an_image_that_fills_the_frame_is_unchanged(coffee: Path, opened: Open, apply: Apply) -> None:
    sizes = {"width": 600, "height": 400, "inside_width": 600, "inside_height": 400}

    same = apply("outpaint", opened(coffee), **sizes, feathering=1.0)

    assert np.array_equal(same, opened(coffee))
