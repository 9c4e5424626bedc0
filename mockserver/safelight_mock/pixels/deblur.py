"""The step that undoes a little blur by an inverse filter for one assumed kind of it.

The kind is assumed, not measured; only the direction of motion is. Ripples and noise, which an inverse filter
makes, are held back where there is little detail and bounded where there is much.
"""

import numpy as np
import pyvips

from safelight_mock.pixels.bands import SHARES, brighten, lightness, on_colours
from safelight_mock.pixels.inverse import inverse
from safelight_mock.pixels.motion import direction
from safelight_mock.pixels.tiles import tiles

QUIET = 4.0  # change in 8-bit steps below which it is mostly noise
LOUD = 60.0  # most that any pixel is changed
AROUND = 1.5  # pixels of blur over which change is judged


def deblur(image: pyvips.Image, *, strength: float, kind: str) -> pyvips.Image:
    """Sharpen what was blurred by `strength` from 0 (nothing) to 1.

    `kind`: `lens` undoes a disc, `motion` a line along the direction in which the picture is least sharp,
    `refocus` a wide, soft blur.
    """
    if strength == 0:
        return image
    return on_colours(image, lambda colours: _deblur(colours, strength, kind))


def _deblur(colours: pyvips.Image, strength: float, kind: str) -> pyvips.Image:
    light = lightness(colours)
    mask = pyvips.Image.new_from_array(inverse(kind, _angle(colours) if kind == "motion" else 0))
    change = light.conv(mask, precision="float") - light
    loudness = (change**2).gaussblur(AROUND)
    calmed = change * (loudness / (loudness + QUIET**2)) * strength
    return brighten(colours, calmed.clamp(min=-LOUD, max=LOUD))


def _angle(colours: pyvips.Image) -> int:
    return direction(tiles(colours).astype(np.float32) @ np.array(SHARES, np.float32))
