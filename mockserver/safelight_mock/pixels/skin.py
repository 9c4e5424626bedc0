"""Tells which colours are those of human skin: an ellipse in the plane of colour differences.

A model of colour alone takes some wood, sand and fur for skin; it knows nothing of faces.
"""

import numpy as np
import numpy.typing as npt

from safelight_mock.pixels.strips import Pixels

# Where skin lies in blue and red difference (ITU-R BT.601, from -128 to 127), as a tilted ellipse: it follows
# a line of constant hue while light and complexion change.
CENTRE = np.array([-17.0, 22.0], np.float32)
LENGTH, BREADTH = 16.0, 7.0
TILT = np.deg2rad(-47)
DARK, LIGHT = 50, 240  # of lightness, outside which colours tell nothing

DIFFERENCES = np.array([[-0.1687, -0.3313, 0.5], [0.5, -0.4187, -0.0813]], np.float32)
SHARES = np.array([0.299, 0.587, 0.114], np.float32)


def skin(colours: Pixels) -> npt.NDArray[np.bool_]:
    """Tell which pixels (... x 3) have a colour of skin."""
    values = colours.astype(np.float32)
    offset = values @ DIFFERENCES.T - CENTRE
    along = offset @ np.array([np.cos(TILT), np.sin(TILT)], np.float32) / LENGTH
    aside = offset @ np.array([-np.sin(TILT), np.cos(TILT)], np.float32) / BREADTH
    lightness = values @ SHARES
    found: npt.NDArray[np.bool_] = (along**2 + aside**2 < 1) & (lightness > DARK) & (lightness < LIGHT)
    return found
