"""The step that makes shadows and lights both readable, as pictures of a high dynamic range are shown.

What lies around each pixel is brought towards the middle, and the pixel's difference from it grows.
"""

import pyvips

from safelight_mock.pixels.bands import as_bytes, lightness, on_colours
from safelight_mock.pixels.glance import glance

AROUND = 10.0  # pixels of blur, of the small picture's 256
MIDDLE = 128.0
CALMER, LIVELIER = 0.45, 0.5  # of the distance from the middle that goes, and of detail that comes
DARKER, LIGHTER = 0.3, 3.0  # most that a colour is multiplied by
WRAP = 64  # pixels of the small picture that are borrowed from the other side


def hdr(image: pyvips.Image, *, amount: float, seamless: bool = False) -> pyvips.Image:
    """Map tones locally by `amount`, 0 to 1; `seamless` lets the left edge and the right one meet."""
    if amount == 0:
        return image
    return on_colours(image, lambda colours: _map(colours, amount, WRAP if seamless else 0))


def _map(colours: pyvips.Image, amount: float, wrap: int) -> pyvips.Image:
    light = lightness(colours)
    around = _around(colours, wrap)
    wanted = light + ((light - around) * LIVELIER + (MIDDLE - around) * CALMER) * amount
    return as_bytes(colours * ((wanted + 1) / (light + 1)).clamp(min=DARKER, max=LIGHTER))


def _around(colours: pyvips.Image, wrap: int) -> pyvips.Image:
    """Lightness of what lies around each pixel."""
    small = lightness(pyvips.Image.new_from_array(glance(colours)))
    across, down = colours.width / small.width, colours.height / small.height
    wider = small.embed(wrap, 0, small.width + 2 * wrap, small.height, extend="repeat")
    soft = wider.gaussblur(AROUND).resize(across, vscale=down, kernel="linear")
    return soft.crop(round(wrap * across), 0, colours.width, colours.height)
