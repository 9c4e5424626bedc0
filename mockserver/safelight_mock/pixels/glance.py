"""Looks at a whole picture at once, small, for steps that judge before they change."""

import pyvips

from safelight_mock.pixels.bands import flat
from safelight_mock.pixels.strips import Pixels, pixels

SMALL = 256  # pixels of the longer side


def glance(image: pyvips.Image) -> Pixels:
    """Give rows x columns x 3 of the picture, its longer side 256 at most, clear parts grey."""
    across, down = (-(-side // SMALL) for side in (image.width, image.height))
    colours = flat(image)
    whole = colours.crop(0, 0, image.width // across * across, image.height // down * down)
    return pixels(whole.shrink(across, down).cast("uchar"))
