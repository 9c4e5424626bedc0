"""Tells in which direction a picture is least sharp, which is how a shaken camera moved."""

import numpy as np

from safelight_mock.pixels.strips import Floats

# One step along each angle in degrees: rows down and columns right.
WAYS = {0: (0, 1), 45: (-1, 1), 90: (1, 0), 135: (1, 1)}
FAR = 4  # steps that a shake of a few pixels spares


def direction(tiles: Floats) -> int:
    """Return the angle, 0 to 135 degrees from the horizontal, along which lightness lacks fine detail."""
    if not len(tiles) or min(tiles.shape[1:]) <= 2 * FAR:
        return 0
    return min(WAYS, key=lambda angle: _fineness(tiles, *WAYS[angle]))


def _fineness(tiles: Floats, down: int, right: int) -> float:
    """Change over one step against change over several: the picture's own stripes show in both."""
    return _change(tiles, down, right) / max(_change(tiles, FAR * down, FAR * right), 1e-9)


def _change(tiles: Floats, down: int, right: int) -> float:
    height, width = tiles.shape[1:]
    moved = tiles[:, FAR + down : height - FAR + down, FAR + right : width - FAR + right]
    return float(np.abs(moved - tiles[:, FAR:-FAR, FAR:-FAR]).mean())
