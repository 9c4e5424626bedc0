"""Shrinkage of the cosine coefficients of overlapping blocks: the steps denoise and deblock.

Yaroslavsky 1996, "Local Adaptive Image Restoration and Enhancement with the Use of DFT and DCT in a Running
Window". Noise spreads over all coefficients of a block of 8 x 8 pixels alike, an image over few; the small
ones are dropped.

Where blocks overlap, one that needs few coefficients weighs more, which keeps edges free of ringing (Guleryuz
2007, "Weighted Averaging for Denoising with Overcomplete Dictionaries").
"""

import msgspec
import numpy as np
import numpy.typing as npt
import pyvips

from safelight_mock.imaging.channels import as_bytes, grey, lightness, on_colours, to_opponent, to_rgb
from safelight_mock.imaging.measure.blockiness import grid_step
from safelight_mock.imaging.measure.noise_sigma import noise_sigma
from safelight_mock.imaging.measure.sampling import tiles
from safelight_mock.imaging.tiled_map import Floats, Pixels, map_tiles

BLOCK = 8
BATCH = BLOCK * BLOCK
GRIDS = (2, 4, 4)  # a block every so many pixels, for lightness and the two colours


class Thresholds(msgspec.Struct, frozen=True, kw_only=True):
    """By opponent channel: size of a coefficient that is an edge, and sizes below which others are dropped.

    A block with an edge or texture hides noise, so more of it is kept than of a calm one.
    """

    edge: Floats
    busy: Floats
    calm: Floats


# Factors of the noise's standard deviation.
NOISE_EDGE = 3.6
NOISE_BUSY = np.array([1.5, 3.0, 3.0], np.float32)
NOISE_CALM = np.array([2.8, 3.0, 3.0], np.float32)
CURVE = 0.4  # half the strength already removes most of the visible noise
ROUNDING = 0.3  # noise in 8-bit steps that rounding alone makes
NEAR = 2.0  # pixels of blur that separate fine detail from its surroundings
PLAIN = 6.0  # detail left after cleaning, in 8-bit steps, from which a place is detailed

# Factors of the additional steps across the grid.
GRID_EDGE = 30.0
GRID_BUSY = np.array([9.0, 13.5, 13.5], np.float32)
GRID_CALM = np.array([13.5, 18.0, 18.0], np.float32)
CLEAN = 0.25  # additional steps, in 8-bit steps, that a clean photograph has too


def denoise(image: pyvips.Image, *, strength: float, original_detail: float = 0.0) -> pyvips.Image:
    """Remove noise, as much as is measured, by `strength`, 0 to 1.

    `original_detail`, 0 to 1, restores what was removed where there is detail, and with it the noise there.
    """
    return on_colours(image, lambda colours: _denoise(colours, strength, original_detail))


def _denoise(colours: pyvips.Image, strength: float, original_detail: float) -> pyvips.Image:
    noise = noise_sigma(tiles(colours))
    if strength == 0 or noise.max() < ROUNDING:
        return colours
    scale = strength**CURVE
    thresholds = Thresholds(
        edge=NOISE_EDGE * noise, busy=NOISE_BUSY * noise * scale, calm=NOISE_CALM * noise * scale
    )
    cleaned = shrink(colours, thresholds)
    return _with_detail(cleaned, colours, original_detail) if original_detail else cleaned


def _with_detail(cleaned: pyvips.Image, original: pyvips.Image, share: float) -> pyvips.Image:
    light = lightness(cleaned)
    detail = ((light - light.gaussblur(NEAR)) ** 2).gaussblur(NEAR)
    return as_bytes(cleaned + (original - cleaned) * (detail / (detail + PLAIN**2)) * share)


def deblock(image: pyvips.Image, *, strength: float) -> pyvips.Image:
    """Smooth JPEG blocks and ripples, as much as they show, by `strength`, 0 to 1; others are kept."""
    return on_colours(image, lambda colours: _deblock(colours, strength))


def _deblock(colours: pyvips.Image, strength: float) -> pyvips.Image:
    step = grid_step(grey(tiles(colours)))
    if strength == 0 or step < CLEAN:
        return colours
    edge = np.full(3, GRID_EDGE * step, np.float32)
    return shrink(
        colours, Thresholds(edge=edge, busy=GRID_BUSY * step * strength, calm=GRID_CALM * step * strength)
    )


def shrink(colours: pyvips.Image, thresholds: Thresholds) -> pyvips.Image:
    """Drop the small coefficients of an image of three bands."""
    return map_tiles(colours, lambda tile: _clean(tile, thresholds), margin=BLOCK)


def _cosines() -> Floats:
    """Return the 64 patterns of 8 x 8 pixels, one a row, the constant one first."""
    n = np.arange(BLOCK)
    rows = np.cos(np.pi * (2 * n + 1) * n[:, None] / (2 * BLOCK)) * np.sqrt(2 / BLOCK)
    rows[0] /= np.sqrt(2)
    return np.kron(rows, rows).astype(np.float32)


COSINES = _cosines()

# A block fades towards its rim where it meets others, so that the grid of blocks does not show.
_FADE = np.sin(np.pi * (np.arange(BLOCK) + 0.5) / BLOCK).astype(np.float32)
WINDOW = np.outer(_FADE, _FADE).ravel()


def _clean(rgb: Pixels, thresholds: Thresholds) -> Pixels:
    channels = np.moveaxis(to_opponent(rgb), 2, 0)
    cleaned = [_clean_channel(channel, thresholds, index) for index, channel in enumerate(channels)]
    return to_rgb(np.stack(cleaned, axis=2)).round().clip(0, 255).astype(np.uint8)


def _clean_channel(channel: Floats, thresholds: Thresholds, index: int) -> Floats:
    grid = GRIDS[index]
    blocks = np.lib.stride_tricks.sliding_window_view(channel, (BLOCK, BLOCK))[::grid, ::grid]
    coefficients = _multiply(blocks.reshape(*blocks.shape[:2], -1), COSINES.T)
    keep = _keep(np.abs(coefficients), thresholds, index)
    weights: Floats = 1 / keep.sum(2, keepdims=True, dtype=np.float32)
    coefficients *= keep
    coefficients *= weights
    return _merge(_multiply(coefficients, COSINES), weights[..., 0], channel.shape, grid)


def _multiply(blocks: Floats, matrix: Floats) -> Floats:
    """Multiply each block's 64 values by a matrix, in batches too small for BLAS to use threads.

    On a busy machine its threads wait for one another eight times longer than one alone takes.
    """
    flat = blocks.reshape(-1, BATCH)
    batches = np.zeros((-(-len(flat) // BATCH), BATCH, BATCH), np.float32)
    batches.reshape(-1, BATCH)[: len(flat)] = flat
    product: Floats = (batches @ matrix).reshape(-1, BATCH)[: len(flat)].reshape(blocks.shape)
    return product


def _keep(sizes: Floats, thresholds: Thresholds, index: int) -> npt.NDArray[np.bool_]:
    """Return which coefficients of each block to keep; the first, its mean, always."""
    sizes[..., 0] = 0
    has_edge = sizes.max(2, keepdims=True) > thresholds.edge[index]
    keep: npt.NDArray[np.bool_] = sizes > np.where(has_edge, thresholds.busy[index], thresholds.calm[index])
    keep[..., 0] = True
    return keep


def _merge(blocks: Floats, weights: Floats, shape: tuple[int, ...], grid: int) -> Floats:
    """Average the blocks where they overlap; returns the channel without its margin."""
    total, weight = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for offset in range(BLOCK * BLOCK):
        row, column = divmod(offset, BLOCK)
        window = np.s_[row : shape[0] - BLOCK + row + 1 : grid, column : shape[1] - BLOCK + column + 1 : grid]
        total[window] += blocks[..., offset] * WINDOW[offset]
        weight[window] += weights * WINDOW[offset]
    inside = np.s_[BLOCK:-BLOCK, BLOCK:-BLOCK]
    return total[inside] / weight[inside]
