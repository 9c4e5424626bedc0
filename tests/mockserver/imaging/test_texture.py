"""Invented detail: more on request, the same for the same seed, another for another."""

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


def test_another_seed_gives_another_picture_and_the_same_one_the_same(
    coffee: Path, opened: Open, apply: Apply
) -> None:
    before = opened(coffee)[PLACE]

    one, again, other = (
        apply("invent", before, creativity=0.5, texture=0.5, seed=seed) for seed in (7, 7, 2**40 + 8)
    )

    assert np.array_equal(one, again)
    assert _change(one, other) > 0.5 * _change(before, one)


def test_detail_is_invented_where_there_is_some_and_not_on_a_plain_ground(
    dahlia: Path, opened: Open, apply: Apply
) -> None:
    before = opened(dahlia)

    after = apply("invent", before, creativity=1.0, texture=0.5, seed=3)

    petals, leaves = np.s_[120:330, 210:420], np.s_[0:100, 300:500]
    assert _change(before[petals], after[petals]) > 5 * _change(before[leaves], after[leaves])


def test_texture_brings_out_the_picture_s_own_detail(coffee: Path, opened: Open, apply: Apply) -> None:
    before = opened(coffee)[PLACE]

    after = apply("invent", before, creativity=0.0, texture=1.0, seed=3)

    steps = [float(np.abs(np.diff(picture.astype(float), axis=1)).mean()) for picture in (before, after)]
    assert steps[1] > 1.2 * steps[0]
