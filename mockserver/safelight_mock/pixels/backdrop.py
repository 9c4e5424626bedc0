"""The step that takes a picture's ground away and lays it on another."""

import pyvips

from safelight_mock.pixels.matte import matte
from safelight_mock.pixels.paint import OWN, paint
from safelight_mock.pixels.vips import settle

SEEN = 25  # of 255: alpha from which on something is there


def backdrop(
    image: pyvips.Image, *, remove: bool = False, clip: bool = False, colour: str = OWN
) -> pyvips.Image:
    """Cut out the subject (`remove`), cut the picture to it (`clip`), and put `colour` behind what is clear.

    `colour` is `#rrggbb`, `transparent`, or `own`: clear where the picture came with alpha, else white.
    Clipping changes the size; a step that follows has to bring it to the promised one.
    """
    ground = paint(colour, image)
    cut = settle(matte(image, mode="segmentation")) if remove else image
    cut = _clipped(cut) if clip else cut
    return cut.flatten(background=list(ground)) if cut.hasalpha() and ground is not None else cut


def _clipped(image: pyvips.Image) -> pyvips.Image:
    """Cut off what is clear on all sides."""
    if not image.hasalpha():
        return image
    left, top, width, height = image[3].find_trim(threshold=SEEN, background=[0], line_art=True)
    return image.crop(left, top, width, height) if width and height else image
