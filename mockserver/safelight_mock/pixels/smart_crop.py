"""The step that fills a frame with the part of a picture that draws the eye."""

import pyvips

from safelight_mock.core.aspect_fit import part
from safelight_mock.pixels.resize import resize


def smart_crop(image: pyvips.Image, *, width: int, height: int) -> pyvips.Image:
    """Cut to the proportions of `width` x `height` where vips finds edges, skin and colour, then scale."""
    kept_width, kept_height = part((image.width, image.height), (width, height))
    cut = image.smartcrop(kept_width, kept_height, interesting="attention")
    return resize(cut, width=width, height=height, fit="stretch")
