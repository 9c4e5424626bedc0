"""Every step a recipe may name."""

from collections.abc import Callable

import pyvips

from safelight_mock.pixels.balance import white_balance
from safelight_mock.pixels.colorize import colorize
from safelight_mock.pixels.deblock import deblock
from safelight_mock.pixels.deblur import deblur
from safelight_mock.pixels.denoise import denoise
from safelight_mock.pixels.faces import faces
from safelight_mock.pixels.invent import invent
from safelight_mock.pixels.levels import levels
from safelight_mock.pixels.light import light
from safelight_mock.pixels.matte import matte
from safelight_mock.pixels.resize import resize
from safelight_mock.pixels.restore import restore
from safelight_mock.pixels.sharpen import sharpen

STEPS: dict[str, Callable[..., pyvips.Image]] = {
    "colorize": colorize,
    "deblock": deblock,
    "deblur": deblur,
    "denoise": denoise,
    "faces": faces,
    "invent": invent,
    "levels": levels,
    "light": light,
    "matte": matte,
    "resize": resize,
    "restore": restore,
    "sharpen": sharpen,
    "white_balance": white_balance,
}

# Steps that read each pixel once, from the top to the bottom. The others look around.
STREAMING = frozenset({"invent", "light", "resize", "sharpen"})
