"""Measures how noisy a picture is."""

import numpy as np

from safelight_mock.pixels.opponent import to_opponent
from safelight_mock.pixels.strips import Floats, Pixels

BLOCK = 16  # pixels; noise is measured in each square of this side
# Texture looks like noise, so the calmest fifth of the blocks speaks for the picture. In pure noise the
# lowest fifth of levels measured from 64 values lies at this share of the true one.
CALM, CALM_SHARE = 20, 0.925
WHITE = 255
CUT = 0.02  # share of a block's values at 0 or 255, where noise is cut off, up to which it can be measured


def noise_levels(tiles: Pixels) -> Floats:
    """Tell the standard deviation of the noise in each opponent channel, in 8-bit steps; 0 below 32 x 32.

    Colour is measured at half size too: JPEG stores it so, and its noise hides from the finest scale.
    """
    if not len(tiles) or min(tiles.shape[1:3]) < 2 * BLOCK:
        return np.zeros(3, np.float32)
    sample = tiles.astype(np.float32)
    fine, coarse = _levels(sample), 2 * _levels(_halve(sample))
    return np.array([fine[0], *np.maximum(fine, coarse)[1:]], np.float32)


def _levels(tiles: Floats) -> Floats:
    """Noise of each opponent channel: diagonal detail of 2 x 2 pixels, as a level in each block."""
    blocks = _blocks(tiles)
    whole = blocks[((blocks == 0) | (blocks == WHITE)).mean((1, 2, 3)) <= CUT]
    colours = to_opponent(whole if len(whole) else blocks)
    detail = (
        colours[:, ::2, ::2] - colours[:, 1::2, ::2] - colours[:, ::2, 1::2] + colours[:, 1::2, 1::2]
    ) / 2
    levels = np.percentile(np.sqrt((detail**2).mean((1, 2))), CALM, axis=0) / CALM_SHARE
    return np.asarray(levels, np.float32)


def _blocks(tiles: Floats) -> Floats:
    count, rows, columns = len(tiles), tiles.shape[1] // BLOCK, tiles.shape[2] // BLOCK
    cut = tiles[:, : rows * BLOCK, : columns * BLOCK].reshape(count, rows, BLOCK, columns, BLOCK, -1)
    return cut.swapaxes(2, 3).reshape(count * rows * columns, BLOCK, BLOCK, -1)


def _halve(tiles: Floats) -> Floats:
    return (
        tiles[:, ::2, ::2] + tiles[:, 1::2, ::2] + tiles[:, ::2, 1::2] + tiles[:, 1::2, 1::2]
    ) / np.float32(4)
