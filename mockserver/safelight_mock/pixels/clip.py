"""Finds the rectangle that a picture's subject fills, as the step `matte` cuts it out."""

from pathlib import Path

from safelight_mock.core.aspect_fit import Box
from safelight_mock.pixels.darkroom import upright
from safelight_mock.pixels.matte import matte
from safelight_mock.pixels.vips import open_picture

SEEN = 25  # of 255: alpha from which on something is there


def subject_box(file: Path) -> Box:
    """Return the subject's rectangle in the upright picture; all of the picture if nothing is there.

    The darkroom begins with the same pixels, so a crop to the box meets the edges of what `matte` cuts out.
    Raises `PixelError` and `pyvips.Error` for what cannot be decoded.
    """
    image = upright(open_picture(file, streaming=False))
    alpha = matte(image, mode="alpha")
    left, top, width, height = alpha.find_trim(threshold=SEEN, background=[0], line_art=True)
    is_empty = not (width and height)
    return Box(0, 0, image.width, image.height) if is_empty else Box(left, top, width, height)
