"""Every step a recipe may name.

Amounts go from 0 (nothing is changed) to 1, from -1 where both ways are open. Sizes are whole pixels. Colours
are `#rrggbb`, `transparent`, or `own`: clear where the picture has alpha, else white.

    what it does           step           settings
    size                   resize         width height fit=stretch|letterbox|crop
                           crop           left top width height
                           smart_crop     width height
                           canvas         width height background=own top=0 right=0 bottom=0 left=0
                           outpaint       width height inside_width inside_height feathering (0 to 1 and more)
    subject and ground     matte          mode=segmentation|alpha
                           backdrop       remove=False colour=own
                           defocus        strength kind=regular|lens
    tones and colours      light          exposure=0 highlight=0 shadow=0, each from -1
                           adjust         contrast=0 saturation=0, each from -1
                           hdr            amount seamless=False
                           levels         amount balance=False
                           white_balance  amount
                           colorize
                           restyle        reference (digest of another input) style colour shape
    what is wrong with it  deblock        strength
                           deblur         strength kind=lens|motion|refocus
                           denoise        strength original_detail=0
                           restore        strength
    detail                 sharpen        amount
                           invent         creativity texture seed (whole number)
                           faces          strength creativity=0
    what is to be hidden   hide_faces
                           hide_plates

Only the five of size change it; what then differs from the promised size is stretched. `matte` and `backdrop`
make alpha, and so does `canvas` where its ground is clear; a format without alpha shows white there.
"""

from collections.abc import Callable

import pyvips

from safelight_mock.pixels.adjust import adjust
from safelight_mock.pixels.backdrop import backdrop
from safelight_mock.pixels.balance import white_balance
from safelight_mock.pixels.canvas import canvas
from safelight_mock.pixels.colorize import colorize
from safelight_mock.pixels.crop import crop
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
    "crop": crop,
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
