"""Invented detail and flattered skin: more of it on request, and nothing elsewhere."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

Pixels = npt.NDArray[np.uint8]


Open = Callable[[Path], Pixels]


Apply = Callable[..., Pixels]


PLACE = np.s_[100:260, 200:360]


def _change(before: Pixels, after: Pixels) -> float:
    return float(np.abs(after.astype(float) - before).mean())


@pytest.mark.parametrize("setting", ["creativity", "texture"])
def test_more_of_it_changes_more(setting: str, coffee: Path, opened: Open, apply: Apply) -> None:
    before = opened(coffee)[PLACE]

    changes = [
        _change(
            before,
            apply("invent", before, seed=1, **({"creativity": 0.0, "texture": 0.0} | {setting: amount})),
        )
        for amount in (0, 0.25, 0.5, 0.75, 1.0)
    ]

    assert changes[0] == 0
    assert changes == sorted(changes)
    assert changes[1] < 0.5 * changes[4]


def test_the_seed_determines_the_result(coffee: Path, opened: Open, apply: Apply) -> None:
    before = opened(coffee)[PLACE]

    one, again, other = (
        apply("invent", before, creativity=0.5, texture=0.5, seed=seed) for seed in (7, 7, 2**40 + 8)
    )

    assert np.array_equal(one, again)
    assert _change(one, other) > 0.5 * _change(before, one)


def test_detail_is_added_to_texture_and_not_to_flat_areas(dahlia: Path, opened: Open, apply: Apply) -> None:
    before = opened(dahlia)

    after = apply("invent", before, creativity=1.0, texture=0.5, seed=3)

    petals, leaves = np.s_[120:330, 210:420], np.s_[0:100, 300:500]
    assert _change(before[petals], after[petals]) > 5 * _change(before[leaves], after[leaves])


def test_texture_brings_out_the_picture_s_own_detail(coffee: Path, opened: Open, apply: Apply) -> None:
    before = opened(coffee)[PLACE]

    after = apply("invent", before, creativity=0.0, texture=1.0, seed=3)

    steps = [float(np.abs(np.diff(picture.astype(float), axis=1)).mean()) for picture in (before, after)]
    assert steps[1] > 1.2 * steps[0]


FACE = np.s_[70:165, 185:265]


CHEEK = np.s_[105:125, 195:215]


def test_a_face_changes_and_the_rest_of_the_picture_does_not(
    astronaut: Path, opened: Open, apply: Apply
) -> None:
    before = opened(astronaut)

    after = apply("faces", before, strength=1.0, creativity=1.0)

    assert _change(before[FACE], after[FACE]) > 1
    assert np.array_equal(before[250:], after[250:])  # the suit, orange as it is
    assert np.array_equal(before[:60, 280:], after[:60, 280:])  # the wall


@pytest.mark.slow
@pytest.mark.parametrize("setting", ["strength", "creativity"])
def test_more_of_it_changes_a_face_more(setting: str, astronaut: Path, opened: Open, apply: Apply) -> None:
    before = opened(astronaut)

    changes = [
        _change(before[FACE], apply("faces", before, **({"strength": 0.0} | {setting: amount}))[FACE])
        for amount in (0, 0.25, 0.5, 1.0)
    ]

    assert changes[0] == 0
    assert changes == sorted(changes)
    assert changes[1] < 0.7 * changes[3]


@pytest.mark.slow
def test_noise_on_a_cheek_is_smoothed_and_creativity_draws_texture_on_it(
    astronaut: Path, opened: Open, apply: Apply
) -> None:
    def roughness(picture: Pixels) -> float:
        return float(np.abs(np.diff(picture[CHEEK].mean(2), axis=1)).mean())

    clean = opened(astronaut)
    before = (clean + np.random.default_rng(8).normal(0, 4, clean.shape)).clip(0, 255).astype(np.uint8)

    smooth = apply("faces", before, strength=1.0)
    grainy = apply("faces", before, strength=1.0, creativity=1.0)

    assert roughness(smooth) < 0.9 * roughness(before)
    assert roughness(grainy) > 1.1 * roughness(smooth)


def test_a_picture_without_skin_stays_as_it_is(dahlia: Path, opened: Open, apply: Apply) -> None:
    before = opened(dahlia)

    assert np.array_equal(apply("faces", before, strength=1.0, creativity=1.0), before)
