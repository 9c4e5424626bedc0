"""Colour transfer in CIELAB: the step `restyle`.

Reinhard, Ashikhmin, Gooch and Shirley 2001, "Color Transfer between Images".
"""

import numpy as np
import pyvips

from safelight_mock.imaging.channels import as_bytes, on_colours
from safelight_mock.imaging.measure.sampling import thumbnail
from safelight_mock.imaging.tiled_map import Floats

STEEPEST = 3.0  # most that a spread grows
SMOOTH = 0.006  # of the longer side: the blur's sigma where no shape is kept
LEAST_SIGMA = 0.2  # of libvips
LEAST = 1e-3  # avoids a division by zero


def restyle(
    image: pyvips.Image, *, reference: pyvips.Image, style: float, colour: float, shape: float
) -> pyvips.Image:
    """Move mean and spread of the colours towards those of `reference` by `style`, 0 to 1.

    `colour`, 0 to 1: how much of that applies to lightness and not to hues alone. `shape`, 0 to 1: how much
    detail is kept.
    """
    if style == 0:
        return image
    return on_colours(image, lambda colours: _restyle(colours, reference, (style, colour, shape)))


def _restyle(
    colours: pyvips.Image, reference: pyvips.Image, amounts: tuple[float, float, float]
) -> pyvips.Image:
    style, colour, shape = amounts
    (mean, spread), (wanted, wanted_spread) = _statistics(colours), _statistics(reference)
    gain = np.minimum(wanted_spread / np.maximum(spread, LEAST), STEEPEST)
    weights = np.array([style * colour, style, style])
    factors = 1 + (gain - 1) * weights
    offsets = mean * (1 - factors) + (wanted - mean) * weights
    lab = _smoothed(colours, style * (1 - shape)).colourspace("lab").linear([*factors], [*offsets])
    return as_bytes(lab.copy(interpretation="lab").colourspace("srgb"))


def _smoothed(colours: pyvips.Image, amount: float) -> pyvips.Image:
    sigma = SMOOTH * amount * max(colours.width, colours.height)
    return colours.gaussblur(sigma) if sigma > LEAST_SIGMA else colours


def _statistics(image: pyvips.Image) -> tuple[Floats, Floats]:
    """Mean and standard deviation of L, a and b."""
    small = pyvips.Image.new_from_array(thumbnail(image)).copy(interpretation="srgb").colourspace("lab")
    lab: Floats = small.numpy().reshape(-1, 3).astype(np.float32)
    return lab.mean(0), lab.std(0)
