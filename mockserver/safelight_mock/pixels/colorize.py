"""The step that colours a black and white picture.

An imitation: it knows nothing of things. Light calm parts above become sky, dark rough ones leaves, the rest
the browns of skin and wood.
"""

import numpy as np
import pyvips

from safelight_mock.pixels.bands import lightness, on_colours
from safelight_mock.pixels.glance import glance
from safelight_mock.pixels.strips import Floats

# Colours (a, b of CIELAB) of what a place may be.
KINDS = np.array([[-6.0, -32.0], [-24.0, 32.0], [18.0, 30.0]], np.float32)
DOUBT = 0.35  # weight of the browns everywhere
SURE = 3  # exponent that lets the likeliest kind win
SOFT = 6.0  # pixels of the small picture over which kinds flow into one another
ROUGH = 30.0  # steps of lightness around a pixel that make a place rough
FULL = 50.0  # lightness at which colours are fullest; black and white have none


def colorize(image: pyvips.Image) -> pyvips.Image:
    """Colour by lightness, roughness and height in the picture; its tones stay, its colours do not count."""
    return on_colours(image, _colorize)


def _colorize(colours: pyvips.Image) -> pyvips.Image:
    tone = colours.colourspace("lab")[0]
    hues = pyvips.Image.new_from_array(_hues(lightness(pyvips.Image.new_from_array(glance(colours)))))
    hues = hues.resize(tone.width / hues.width, vscale=tone.height / hues.height, kernel="linear")
    coloured = tone.bandjoin(hues * (1 - ((tone - FULL) / FULL) ** 2)).cast("float")
    return coloured.copy(interpretation="lab").colourspace("srgb")


def _hues(grey: pyvips.Image) -> Floats:
    """Give a and b for each place of a small picture."""
    calm = grey.gaussblur(SOFT)
    light, rough = _values(calm) / 255, _values(((grey - calm) ** 2).gaussblur(SOFT)) / ROUGH**2
    rough /= 1 + rough
    height = np.linspace(1, 0, grey.height)[:, None, None]
    sky, leaf = light * (1 - rough) * height, (1 - light) * rough
    weights = np.concatenate([sky, leaf, np.full_like(sky, DOUBT)], axis=2) ** SURE
    hues: Floats = (weights @ KINDS / weights.sum(2, keepdims=True)).astype(np.float32)
    return hues


def _values(band: pyvips.Image) -> Floats:
    """Rows x columns x 1, in the smallest picture too."""
    values: Floats = band.numpy().astype(np.float32).reshape(band.height, band.width, 1)
    return values
