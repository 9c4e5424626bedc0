"""Blockiness: how much the 8 x 8 grid that JPEG leaves behind shows.

After Wang, Bovik and Evans 2000, "Blind Measurement of Blocking Artifacts in Images".
"""

import numpy as np

from safelight_mock.imaging.tiled_map import Floats

BLOCK = 8
SLIGHT = 0.5  # steps of lightness added to a share's base, so that a nearly plain image is not blocky
EDGE = 24.0  # steps of lightness from which a step is an edge of the image itself


def grid_share(tiles: Floats) -> float:
    """Return the share of the steps across the grid that the grid alone explains, 0 to 1."""
    across, within = _steps(tiles)
    return max(0.0, across - within) / (across + SLIGHT)


def grid_step(tiles: Floats) -> float:
    """Return by how much lightness steps more across the grid than elsewhere, in 8-bit steps."""
    across, within = _steps(tiles)
    return max(0.0, across - within)


def _steps(tiles: Floats) -> tuple[float, float]:
    """Mean step from one pixel to the next, across the grid and within its squares.

    In a cropped image the grid begins anywhere: it is where the steps are the largest.
    """
    both = [_by_offset(tiles), _by_offset(tiles.swapaxes(1, 2))]
    return float(np.mean([steps.max() for steps in both])), float(
        np.mean([np.median(steps) for steps in both])
    )


def _by_offset(tiles: Floats) -> Floats:
    steps = np.abs(np.diff(tiles, axis=2))
    calm = np.where(steps < EDGE, steps, 0)
    if tiles.size == 0 or tiles.shape[2] < 2 * BLOCK:
        return np.zeros(BLOCK, np.float32)
    return np.array([calm[:, :, offset::BLOCK].mean() for offset in range(BLOCK)], np.float32)
