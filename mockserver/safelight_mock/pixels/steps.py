"""Every step a recipe may name."""

from collections.abc import Callable

import pyvips

from safelight_mock.pixels.adjust import adjust
from safelight_mock.pixels.backdrop import backdrop
from safelight_mock.pixels.balance import white_balance
from safelight_mock.pixels.canvas import canvas
from safelight_mock.pixels.colorize import colorize
from safelight_mock.pixels.deblock import deblock
from safelight_mock.pixels.deblur import deblur
from safelight_mock.pixels.defocus import defocus
from safelight_mock.pixels.denoise import denoise
from safelight_mock.pixels.faces import faces
from safelight_mock.pixels.hdr import hdr
from safelight_mock.pixels.hide_faces import hide_faces
from safelight_mock.pixels.hide_plates import hide_plates
from safelight_mock.pixels.invent import invent
from safelight_mock.pixels.levels import levels
from safelight_mock.pixels.light import light
from safelight_mock.pixels.matte import matte
from safelight_mock.pixels.outpaint import outpaint
from safelight_mock.pixels.resize import resize
from safelight_mock.pixels.restore import restore
from safelight_mock.pixels.restyle import restyle
from safelight_mock.pixels.sharpen import sharpen
from safelight_mock.pixels.smart_crop import smart_crop

STEPS: dict[str, Callable[..., pyvips.Image]] = {
    "adjust": adjust,
    "backdrop": backdrop,
    "canvas": canvas,
    "colorize": colorize,
    "deblock": deblock,
    "deblur": deblur,
    "defocus": defocus,
    "denoise": denoise,
    "faces": faces,
    "hdr": hdr,
    "hide_faces": hide_faces,
    "hide_plates": hide_plates,
    "invent": invent,
    "levels": levels,
    "light": light,
    "matte": matte,
    "outpaint": outpaint,
    "resize": resize,
    "restore": restore,
    "restyle": restyle,
    "sharpen": sharpen,
    "smart_crop": smart_crop,
    "white_balance": white_balance,
}

# Steps that read each pixel once, from the top to the bottom. The others look around.
STREAMING = frozenset({"adjust", "canvas", "invent", "light", "resize", "sharpen"})
