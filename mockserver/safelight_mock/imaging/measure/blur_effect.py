"""The blur effect: a blurred image changes little when it is blurred again.

Crété-Roffet, Dolmiere, Ladret and Nicolas 2007, "The Blur Effect: Perception and Estimation with a New No-
Reference Perceptual Blur Metric".

Measured at two scales: strong blur leaves nothing at full size but the staircase of 8-bit steps, which is
perfectly sharp.
"""

import numpy as np

from safelight_mock.imaging.tiled_map import Floats

REACH = 9  # pixels of the box over which it is blurred again
COARSE = 4  # pixels that make one at the second scale
LEAST = 0.05  # mean step between pixels below which there is nothing to measure


def blur_effect(tiles: Floats) -> float:
    """Return 0 (sharp, or plain) to 1 for tiles of lightness (tiles x rows x columns)."""
    coarse = _coarse(tiles)
    scales = [tiles, coarse] if min(coarse.shape[1:]) > REACH else [tiles]
    return float(np.mean([max(_across(scale), _across(scale.swapaxes(1, 2))) for scale in scales]))


def _coarse(tiles: Floats) -> Floats:
    count, rows, columns = len(tiles), tiles.shape[1] // COARSE, tiles.shape[2] // COARSE
    cut = tiles[:, : rows * COARSE, : columns * COARSE].reshape(count, rows, COARSE, columns, COARSE)
    coarse: Floats = cut.mean((2, 4), dtype=np.float32)
    return coarse


def _across(tiles: Floats) -> float:
    """Share of the steps from left to right that is left after another blur."""
    steps = np.abs(np.diff(tiles, axis=2))
    if steps.size == 0 or tiles.shape[2] <= REACH or steps.mean() < LEAST:
        return 0.0
    again = np.abs(np.diff(_box_blur(tiles), axis=2))
    inside = steps[:, :, REACH // 2 : REACH // 2 + again.shape[2]]
    lost = np.maximum(inside - again, 0).sum()
    return float(1 - lost / max(float(inside.sum()), 1e-9))


def _box_blur(tiles: Floats) -> Floats:
    sums = np.cumsum(np.pad(tiles, [(0, 0), (0, 0), (1, 0)]), axis=2, dtype=np.float64)
    again: Floats = ((sums[:, :, REACH:] - sums[:, :, :-REACH]) / REACH).astype(np.float32)
    return again
