"""The step that takes out the blocks and ripples strong JPEG compression leaves, as much as they show."""

import numpy as np
import pyvips

from safelight_mock.pixels.bands import SHARES, on_colours
from safelight_mock.pixels.blocks import grid_step
from safelight_mock.pixels.shrinkage import Levels, shrink
from safelight_mock.pixels.tiles import tiles

UNSEEN = 0.25  # further steps across the grid, in 8-bit steps, that a clean photograph has too
# Coefficients below so many times those steps are dropped, in blocks with an edge and in calm ones.
BUSY = np.array([9.0, 13.5, 13.5], np.float32)
CALM = np.array([13.5, 18.0, 18.0], np.float32)
EDGE = 30.0


def deblock(image: pyvips.Image, *, strength: float) -> pyvips.Image:
    """Smooth blocks by `strength` from 0 (nothing) to 1; a picture without them stays as it is."""
    return on_colours(image, lambda colours: _deblock(colours, strength))


def _deblock(colours: pyvips.Image, strength: float) -> pyvips.Image:
    step = grid_step(tiles(colours).astype(np.float32) @ np.array(SHARES, np.float32))
    if strength == 0 or step < UNSEEN:
        return colours
    edge = np.full(3, EDGE * step, np.float32)
    return shrink(colours, Levels(edge=edge, busy=BUSY * step * strength, calm=CALM * step * strength))
