"""The step that gives a picture the look of another one.

An imitation: nothing is painted anew. Colours are moved so that their mean and spread become those of the
reference (Reinhard, Ashikhmin, Gooch and Shirley 2001, here in CIELAB), and detail is smoothed.
"""

import numpy as np
import pyvips

from safelight_mock.pixels.bands import as_bytes, on_colours
from safelight_mock.pixels.glance import glance
from safelight_mock.pixels.strips import Floats

STEEPEST = 3.0  # most that a spread grows
SMOOTH = 0.006  # of the longer side: the blur's sigma where no shape is kept
LEAST = 1e-3  # keeps a division by no spread at all finite


def restyle(
    image: pyvips.Image, *, reference: pyvips.Image, style: float, colour: float, shape: float
) -> pyvips.Image:
    """Come as close to `reference` as `style` says, 0 to 1.

    `colour`, 0 to 1, says how much of that concerns lightness too and not hues alone; `shape`, 0 to 1, how
    much detail is kept.
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
    return colours.gaussblur(sigma) if sigma > 0.2 else colours  # noqa: PLR2004 vips' least sigma


def _statistics(image: pyvips.Image) -> tuple[Floats, Floats]:
    """Mean and standard deviation of L, a and b."""
    small = pyvips.Image.new_from_array(glance(image)).copy(interpretation="srgb").colourspace("lab")
    lab: Floats = small.numpy().reshape(-1, 3).astype(np.float32)
    return lab.mean(0), lab.std(0)
