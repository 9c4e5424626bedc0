"""Skin colour as an ellipse in the plane of Cb and Cr.

Hsu, Abdel-Mottaleb and Jain 2002, "Face Detection in Color Images".

Some wood, sand and fur has such colours too; shapes are not considered.
"""

import numpy as np
import numpy.typing as npt
import pyvips

from safelight_mock.imaging.channels import grey
from safelight_mock.imaging.connected_components import Mask, large_components
from safelight_mock.imaging.measure.sampling import thumbnail
from safelight_mock.imaging.tiled_map import Pixels

# Tilted along a line of constant hue, which skin follows while light and complexion change.
CENTRE = np.array([-17.0, 22.0], np.float32)
LENGTH, BREADTH = 16.0, 7.0
TILT = np.deg2rad(-47)
DARK, LIGHT = 50, 240  # lightness outside which colours are unreliable

CHROMA = np.array([[-0.1687, -0.3313, 0.5], [0.5, -0.4187, -0.0813]], np.float32)  # Cb, Cr (ITU-R BT.601)

CORE = 2.0  # pixels of the thumbnail by which a region must be thicker than an outline
MOSTLY = 150  # of 255: share of skin around a pixel that makes it part of a region
LEAST = 0.005  # share of the image that a region must have


def is_skin(colours: Pixels) -> npt.NDArray[np.bool_]:
    """Return which pixels (... x 3) have a colour of skin."""
    offset = colours.astype(np.float32) @ CHROMA.T - CENTRE
    along = offset @ np.array([np.cos(TILT), np.sin(TILT)], np.float32) / LENGTH
    aside = offset @ np.array([-np.sin(TILT), np.cos(TILT)], np.float32) / BREADTH
    light = grey(colours)
    skin: npt.NDArray[np.bool_] = (along**2 + aside**2 < 1) & (light > DARK) & (light < LIGHT)
    return skin


def skin_regions(image: pyvips.Image) -> Mask:
    """Return where large regions of skin are, in the thumbnail of an image."""
    skin = pyvips.Image.new_from_array(is_skin(thumbnail(image)).astype(np.uint8) * 255)
    core = skin.gaussblur(CORE).numpy().reshape(skin.height, skin.width) > MOSTLY
    return large_components(core, LEAST)
