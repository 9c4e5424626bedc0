"""Overlapping 8 x 8 cosine transforms with the small coefficients left out: what removes noise and blocks.

Noise spreads over all coefficients of a block alike, a picture gathers in few. Blocks overlap, and one that
needs few coefficients is calm and weighs more where it meets others, which keeps edges free of ringing
(the principle of sliding-window transform denoising; Yaroslavsky 1996, Guleryuz 2007).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyvips

from safelight_mock.pixels.opponent import to_opponent, to_rgb
from safelight_mock.pixels.strips import Floats, Pixels, map_strips

BLOCK = 8
BATCH = BLOCK * BLOCK
GRIDS = (2, 4, 4)  # a block every so many pixels, for lightness and the two colours


def _cosines() -> Floats:
    """Make the 64 patterns of 8 x 8 pixels, one a row, the flat one first."""
    n = np.arange(BLOCK)
    rows = np.cos(np.pi * (2 * n + 1) * n[:, None] / (2 * BLOCK)) * np.sqrt(2 / BLOCK)
    rows[0] /= np.sqrt(2)
    return np.kron(rows, rows).astype(np.float32)


COSINES = _cosines()

# A block fades towards its rim where it meets others, so that the grid of blocks does not show.
_FADE = np.sin(np.pi * (np.arange(BLOCK) + 0.5) / BLOCK).astype(np.float32)
WINDOW = np.outer(_FADE, _FADE).ravel()


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """By opponent channel: size of a coefficient that tells an edge, and sizes up to which they are dropped.

    A block with an edge or texture hides what is to go, so more of it is kept; a calm one is cleaned
    thoroughly.
    """

    edge: Floats
    busy: Floats
    calm: Floats


def shrink(colours: pyvips.Image, levels: Levels) -> pyvips.Image:
    """Leave the small coefficients out of a picture of three bands."""
    return map_strips(colours, lambda strip: _clean(strip, levels), margin=BLOCK)


def _clean(rgb: Pixels, levels: Levels) -> Pixels:
    channels = np.moveaxis(to_opponent(rgb), 2, 0)
    cleaned = [_clean_channel(channel, levels, index) for index, channel in enumerate(channels)]
    return to_rgb(np.stack(cleaned, axis=2)).round().clip(0, 255).astype(np.uint8)


def _clean_channel(channel: Floats, levels: Levels, index: int) -> Floats:
    grid = GRIDS[index]
    blocks = np.lib.stride_tricks.sliding_window_view(channel, (BLOCK, BLOCK))[::grid, ::grid]
    coefficients = _multiply(blocks.reshape(*blocks.shape[:2], -1), COSINES.T)
    keep = _keep(np.abs(coefficients), levels, index)
    weights: Floats = 1 / keep.sum(2, keepdims=True, dtype=np.float32)
    coefficients *= keep
    coefficients *= weights
    return _merge(_multiply(coefficients, COSINES), weights[..., 0], channel.shape, grid)


def _multiply(blocks: Floats, matrix: Floats) -> Floats:
    """Multiply each block's 64 values by a matrix, in batches too small for BLAS to share out among threads.

    On a busy machine its threads wait for one another eight times longer than the work takes one.
    """
    flat = blocks.reshape(-1, BATCH)
    batches = np.zeros((-(-len(flat) // BATCH), BATCH, BATCH), np.float32)
    batches.reshape(-1, BATCH)[: len(flat)] = flat
    product: Floats = (batches @ matrix).reshape(-1, BATCH)[: len(flat)].reshape(blocks.shape)
    return product


def _keep(sizes: Floats, levels: Levels, index: int) -> npt.NDArray[np.bool_]:
    """Which coefficients of each block to keep; always the first, its mean."""
    sizes[..., 0] = 0
    has_edge = sizes.max(2, keepdims=True) > levels.edge[index]
    keep: npt.NDArray[np.bool_] = sizes > np.where(has_edge, levels.busy[index], levels.calm[index])
    keep[..., 0] = True
    return keep


def _merge(blocks: Floats, weights: Floats, shape: tuple[int, ...], grid: int) -> Floats:
    """Average the blocks where they overlap; gives the picture without its margin."""
    total, weight = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for place in range(BLOCK * BLOCK):
        row, column = divmod(place, BLOCK)
        spot = np.s_[row : shape[0] - BLOCK + row + 1 : grid, column : shape[1] - BLOCK + column + 1 : grid]
        total[spot] += blocks[..., place] * WINDOW[place]
        weight[spot] += weights * WINDOW[place]
    inside = np.s_[BLOCK:-BLOCK, BLOCK:-BLOCK]
    return total[inside] / weight[inside]
