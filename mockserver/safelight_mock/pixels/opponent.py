"""Colour as lightness and two differences, in which a picture's channels say little about one another."""

import numpy as np

from safelight_mock.pixels.strips import Floats, Pixels

_ROWS = np.array([[1, 1, 1], [1, 0, -1], [1, -2, 1]]) / np.sqrt([[3], [2], [6]])
# Orthonormal, so that noise is as strong in each channel as it was in red, green and blue.
TO_OPPONENT = _ROWS.T.astype(np.float32)
TO_RGB = _ROWS.astype(np.float32)


def to_opponent(rgb: Pixels | Floats) -> Floats:
    """Turn ... x red, green, blue into ... x lightness, red-blue, green."""
    return rgb.astype(np.float32) @ TO_OPPONENT


def to_rgb(opponent: Floats) -> Floats:
    """Undo `to_opponent`."""
    return opponent @ TO_RGB
