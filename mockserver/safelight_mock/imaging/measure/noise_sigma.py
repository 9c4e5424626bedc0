"""Standard deviation of noise from the finest diagonal detail of a Haar transform.

Donoho and Johnstone 1994, "Ideal Spatial Adaptation by Wavelet Shrinkage". Where they take a median over the
image, this takes the calmest fifth of its blocks: texture looks like noise.
"""

import numpy as np

from safelight_mock.imaging.channels import to_opponent
from safelight_mock.imaging.tiled_map import Floats, Pixels

BLOCK = 16  # pixels; noise is measured in each square of this side
# In pure noise the lowest fifth of levels measured from 64 values is this share of the true level.
CALM, CALM_SHARE = 20, 0.925
WHITE = 255
CLIPPED = 0.02  # share of a block's values at 0 or 255, where noise is cut off, up to which it is measured


def noise_sigma(tiles: Pixels) -> Floats:
    """Return the standard deviation in each opponent channel, in 8-bit steps; 0 below 32 x 32 pixels.

    Colour is measured at half size too, at which JPEG stores it: such noise is missing at the finest scale.
    """
    if not len(tiles) or min(tiles.shape[1:3]) < 2 * BLOCK:
        return np.zeros(3, np.float32)
    sample = tiles.astype(np.float32)
    fine, coarse = _levels(sample), 2 * _levels(_halve(sample))
    return np.array([fine[0], *np.maximum(fine, coarse)[1:]], np.float32)


def _levels(tiles: Floats) -> Floats:
    """Noise of each opponent channel: diagonal detail of 2 x 2 pixels, as a level of each block."""
    blocks = _blocks(tiles)
    whole = blocks[((blocks == 0) | (blocks == WHITE)).mean((1, 2, 3)) <= CLIPPED]
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
