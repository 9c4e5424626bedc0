"""Measures how blurred a picture is: what is blurred already changes little when it is blurred again.

The principle is Crete, Dolmiere, Ladret and Nicolas's (2007).
"""

import numpy as np

from safelight_mock.pixels.strips import Floats

REACH = 9  # pixels over which it is blurred again
LEAST = 0.5  # mean step between pixels below which there is nothing to see, sharp or not


def blur(tiles: Floats) -> float:
    """Tell 0 (sharp, or nothing to see) to 1 from tiles of lightness (tiles x rows x columns)."""
    return max(_blur_across(tiles), _blur_across(tiles.swapaxes(1, 2)))


def _blur_across(tiles: Floats) -> float:
    steps = np.abs(np.diff(tiles, axis=2))
    if steps.size == 0 or tiles.shape[2] <= REACH or steps.mean() < LEAST:
        return 0.0
    again = np.abs(np.diff(_blurred(tiles), axis=2))
    inside = steps[:, :, REACH // 2 : REACH // 2 + again.shape[2]]
    lost = np.maximum(inside - again, 0).sum()
    return float(1 - lost / max(float(inside.sum()), 1e-9))


def _blurred(tiles: Floats) -> Floats:
    again: Floats = np.lib.stride_tricks.sliding_window_view(tiles, REACH, axis=2).mean(-1, dtype=np.float32)
    return again
