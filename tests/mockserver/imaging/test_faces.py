"""Faces: skin is flattered, everything else is left alone."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

Pixels = npt.NDArray[np.uint8]
Open = Callable[[Path], Pixels]
Apply = Callable[..., Pixels]

FACE = np.s_[70:165, 185:265]
CHEEK = np.s_[105:125, 195:215]


def _change(before: Pixels, after: Pixels) -> float:
    return float(np.abs(after.astype(float) - before).mean())


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
