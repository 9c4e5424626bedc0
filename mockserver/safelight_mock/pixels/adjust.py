"""The step that sets contrast and saturation by hand."""

import numpy as np
import pyvips

from safelight_mock.pixels.bands import as_bytes, lightness, on_colours
from safelight_mock.pixels.curve import IDENTITY, Curve, through

STEEP = 8.0  # of the curve's logistic function, at full contrast
FLAT = 0.6  # of the tones' range that is lost at none


def adjust(image: pyvips.Image, *, contrast: float = 0.0, saturation: float = 0.0) -> pyvips.Image:
    """Change contrast, then saturation, each from -1 (less; grey) by 0 (as it is) to 1 (more)."""
    if contrast:
        image = through(image, _curve(contrast))
    return on_colours(image, lambda colours: _saturate(colours, saturation)) if saturation else image


def _curve(contrast: float) -> Curve:
    if contrast < 0:
        return 1 / 2 + (IDENTITY - 1 / 2) * (1 + FLAT * contrast)
    bent: Curve = np.tanh(STEEP / 2 * contrast * (IDENTITY - 1 / 2))
    steep: Curve = (bent / bent[-1] + 1) / 2
    return steep


def _saturate(colours: pyvips.Image, saturation: float) -> pyvips.Image:
    light = lightness(colours)
    return as_bytes(light + (colours - light) * (1 + saturation))
