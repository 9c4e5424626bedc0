"""The step that takes a picture's ground away and lays it on another."""

import pyvips

from safelight_mock.pixels.matte import matte
from safelight_mock.pixels.paint import OWN, paint
from safelight_mock.pixels.vips import settle


def backdrop(image: pyvips.Image, *, remove: bool = False, colour: str = OWN) -> pyvips.Image:
    """Cut out the subject (`remove`), and put `colour` behind what is clear.

    `colour` is `#rrggbb`, `transparent`, or `own`: clear where the picture came with alpha, else white.
    """
    ground = paint(colour, image)
    cut = settle(matte(image, mode="segmentation")) if remove else image
    return cut.flatten(background=list(ground)) if cut.hasalpha() and ground is not None else cut
