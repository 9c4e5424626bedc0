"""The step that cuts a picture to a part of it."""

import pyvips


def crop(image: pyvips.Image, *, left: int, top: int, width: int, height: int) -> pyvips.Image:
    """Keep a rectangle, in pixels."""
    return image.crop(left, top, width, height)
