"""Measures how much a grid of 8 x 8 pixels, which JPEG leaves behind, shows in a picture."""

import numpy as np

from safelight_mock.pixels.strips import Floats

BLOCK = 8
SEEN = 0.5  # steps of lightness that count beside those of a picture with next to none
EDGE = 24.0  # steps of lightness from which on a step is the picture's own edge


def grid_share(tiles: Floats) -> float:
    """Tell what share of the steps across the grid the grid alone explains, 0 to 1."""
    across, within = _steps(tiles)
    return max(0.0, across - within) / (across + SEEN)


def grid_step(tiles: Floats) -> float:
    """Tell by how much lightness steps further across the grid than elsewhere, in 8-bit steps."""
    across, within = _steps(tiles)
    return max(0.0, across - within)


def _steps(tiles: Floats) -> tuple[float, float]:
    """Mean step from one pixel to the next, across the grid and within its squares.

    The grid may begin anywhere, as in a picture that was cut; it lies where the steps are the largest.
    """
    both = [_by_place(tiles), _by_place(tiles.swapaxes(1, 2))]
    return float(np.mean([steps.max() for steps in both])), float(
        np.mean([np.median(steps) for steps in both])
    )


def _by_place(tiles: Floats) -> Floats:
    steps = np.abs(np.diff(tiles, axis=2))
    calm = np.where(steps < EDGE, steps, 0)
    if tiles.size == 0 or tiles.shape[2] < 2 * BLOCK:
        return np.zeros(BLOCK, np.float32)
    return np.array([calm[:, :, place::BLOCK].mean() for place in range(BLOCK)], np.float32)
