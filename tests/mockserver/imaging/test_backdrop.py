"""What becomes of the ground behind a subject: another colour, nothing, or a blur."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from safelight_mock.imaging import subject_box

pytestmark = pytest.mark.slow

Pixels = npt.NDArray[np.uint8]
Open = Callable[[Path], Pixels]
Apply = Callable[..., Pixels]

BLUE = (48, 64, 255)
FLOWER, LEAVES = np.s_[170:250, 270:370], np.s_[20:120, 20:160]


@pytest.fixture
def flower(dahlia: Path, opened: Open) -> Pixels:
    return opened(dahlia)


@pytest.fixture
def disc() -> Pixels:
    """An orange disc of radius 20 in the middle of a green ground of 120 x 80."""
    down, right = np.ogrid[:80, :120]
    is_disc = np.hypot(down - 40, right - 60) < 20
    return np.where(is_disc[..., None], (240, 140, 20), (20, 90, 40)).astype(np.uint8)


def _detail(picture: Pixels) -> float:
    """Mean step from each pixel to the next."""
    return float(np.abs(np.diff(picture.astype(int), axis=1)).mean())


def test_the_subject_lies_on_the_colour_asked_for(flower: Pixels, apply: Apply) -> None:
    laid = apply("backdrop", flower, remove=True, colour="#3040ff")

    assert laid.shape == flower.shape
    assert np.abs(laid[LEAVES].astype(int) - BLUE).max() <= 2
    assert np.abs(laid[FLOWER].astype(int) - flower[FLOWER]).mean() < 3


@pytest.mark.parametrize(
    ("bands", "colour", "corner"),
    [
        (3, "own", (255, 255, 255)),
        (4, "own", None),
        (3, "transparent", None),
        (4, "#3040ff", BLUE),
    ],
)
def test_a_ground_of_no_colour_is_white_unless_the_picture_had_alpha(
    bands: int, colour: str, corner: tuple[int, ...] | None, disc: Pixels, apply: Apply
) -> None:
    picture = np.insert(disc, 3, 255, axis=2)[..., :bands]

    found = apply("backdrop", picture, remove=True, colour=colour)[5, 5]

    assert tuple(found) == corner if corner else found[3] == 0


def test_without_removal_colour_shows_through_what_is_clear_already(apply: Apply) -> None:
    picture = np.full((20, 20, 4), 255, np.uint8)
    picture[:, :10] = 0

    laid = apply("backdrop", picture, colour="#3040ff")

    assert (laid[:, :10] == BLUE).all()
    assert (laid[:, 10:] == 255).all()


def saved(picture: Pixels, folder: Path) -> Path:
    Image.fromarray(picture).save(folder / "it.png")
    return folder / "it.png"


def test_the_box_of_a_subject_meets_the_edges_of_what_is_cut_out(
    disc: Pixels, apply: Apply, tmp_path: Path
) -> None:
    box = subject_box(saved(disc, tmp_path))

    cut = apply("crop", apply("backdrop", disc, remove=True, colour="transparent"), **box._asdict())
    whole = apply("matte", disc, mode="alpha")
    assert (cut[..., 3] > 25).sum() == (whole > 25).sum()
    assert all(side.max() > 25 for side in (cut[0, :, 3], cut[-1, :, 3], cut[:, 0, 3], cut[:, -1, 3]))
    assert (box.width, box.height) == pytest.approx((39, 39), abs=3)


def test_a_picture_that_is_all_clear_is_its_own_subject(tmp_path: Path) -> None:
    assert subject_box(saved(np.zeros((9, 7, 4), np.uint8), tmp_path)) == (0, 0, 7, 9)


@pytest.mark.parametrize("kind", ["regular", pytest.param("lens", marks=pytest.mark.slow)])
def test_the_ground_is_blurred_the_more_it_is_asked_to_and_the_subject_is_not(
    kind: str, flower: Pixels, apply: Apply
) -> None:
    noise = np.random.default_rng(1).normal(0, 12, (*flower.shape[:2], 1))
    picture = (flower + noise).clip(0, 255).astype(np.uint8)

    results = [apply("defocus", picture, strength=strength, kind=kind) for strength in (0.25, 1.0)]

    details = [_detail(result[LEAVES]) for result in results]
    assert details[0] < 0.3 * _detail(picture[LEAVES])
    assert details == sorted(details, reverse=True)
    assert [_detail(result[FLOWER]) for result in results] == pytest.approx(
        2 * [_detail(picture[FLOWER])], 0.1
    )


@pytest.mark.slow
def test_a_lens_makes_discs_of_lamps(flower: Pixels, apply: Apply) -> None:
    lit = flower.copy()
    lit[68:72, 78:82] = 255

    soft, lens = (
        apply("defocus", lit, strength=1.0, kind=kind).astype(int)
        - apply("defocus", flower, strength=1.0, kind=kind)
        for kind in ("regular", "lens")
    )

    disc, beside = np.s_[60:80, 70:90, 0], np.s_[60:80, 120:140, 0]  # there is no red in the leaves
    assert lens[disc].mean() > 2 * soft[disc].mean()
    assert abs(lens[beside].mean()) < 1
