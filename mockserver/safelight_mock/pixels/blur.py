"""Measures how blurred a picture is: what is blurred already changes little when it is blurred again.

The principle is Crete, Dolmiere, Ladret and Nicolas's (2007), at two scales: strong blur leaves nothing at
full size but the staircase of whole 8-bit steps, which is as sharp as can be.
"""

import numpy as np

from safelight_mock.pixels.strips import Floats

REACH = 9  # pixels over which it is blurred again
COARSE = 4  # pixels that make one at the second scale
LEAST = 0.05  # mean step between pixels below which there is nothing to see, sharp or not


def blur(tiles: Floats) -> float:
    """Tell 0 (sharp, or nothing to see) to 1 from tiles of lightness (tiles x rows x columns)."""
    coarse = _coarse(tiles)
    both = [_blur(tiles), _blur(coarse)] if min(coarse.shape[1:]) > REACH else [_blur(tiles)]
    return float(np.mean(both))


def _coarse(tiles: Floats) -> Floats:
    count, rows, columns = len(tiles), tiles.shape[1] // COARSE, tiles.shape[2] // COARSE
    cut = tiles[:, : rows * COARSE, : columns * COARSE].reshape(count, rows, COARSE, columns, COARSE)
    coarse: Floats = cut.mean((2, 4), dtype=np.float32)
    return coarse


def _blur(tiles: Floats) -> float:
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
    sums = np.cumsum(np.pad(tiles, [(0, 0), (0, 0), (1, 0)]), axis=2, dtype=np.float64)
    again: Floats = ((sums[:, :, REACH:] - sums[:, :, :-REACH]) / REACH).astype(np.float32)
    return again
