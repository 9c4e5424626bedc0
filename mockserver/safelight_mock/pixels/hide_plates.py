"""The step that hides number plates.

An imitation: it finds light, upright rectangles with dark strokes side by side, which some signs are too.
"""

import numpy as np
import pyvips

from safelight_mock.pixels.bands import flat, lightness, on_colours
from safelight_mock.pixels.regions import Box, boxes, without_holes
from safelight_mock.pixels.resize import smaller
from safelight_mock.pixels.strips import Floats

SMALL = 800  # pixels of the longer side at which plates are looked for
LIGHT, DARKER = 130.0, 50.0  # lightness of a plate from 255, and by how much its strokes are darker
SLIM = 1.8, 7.0  # times as wide as high
WIDTHS = 0.03, 0.5  # of the picture's width
LOW = 8  # pixels of height, at that size, below which nothing can be read
FULL = 0.75  # share of its rectangle that a plate fills
STROKES = 8  # changes between light and dark from left to right
RIM = 0.15  # of a plate's height that is hidden around it
BLUR = 0.3  # of a plate's height: the blur's sigma


def hide_plates(image: pyvips.Image) -> pyvips.Image:
    """Blur what looks like a number plate past reading; a picture without one stays as it is."""
    found = _plates(image)
    return on_colours(image, lambda colours: _hide(colours, found)) if found else image


def _plates(image: pyvips.Image) -> list[Box]:
    """Find plates, in pixels of the full picture."""
    small = smaller(lightness(flat(image)), min(1.0, SMALL / max(image.width, image.height)))
    grey: Floats = small.numpy().astype(np.float32).reshape(small.height, small.width)
    across, down = image.width / small.width, image.height / small.height
    return [
        _whole(box, across, down)
        for box in boxes(grey > LIGHT)
        if _has_shape(box, small.width) and _is_plate(grey[box.rows, box.columns])
    ]


def _has_shape(box: Box, width: int) -> bool:
    is_wide = WIDTHS[0] <= box.width / width <= WIDTHS[1]
    return is_wide and box.height >= LOW and SLIM[0] <= box.width / box.height <= SLIM[1]


def _is_plate(grey: Floats) -> bool:
    """Tell whether a rectangle is full and has strokes along its middle."""
    light = grey > LIGHT
    middle = grey[len(grey) // 3 : -(len(grey) // 3)]
    dark = middle < np.median(grey[light]) - DARKER
    strokes = np.count_nonzero(np.diff(dark, axis=1), axis=1)
    return bool(without_holes(light).mean() >= FULL and np.median(strokes) >= STROKES)


def _whole(box: Box, across: float, down: float) -> Box:
    """Bring a box to the size of the full picture, with a rim."""
    rim = RIM * box.height
    left, top = int((box.left - rim) * across), int((box.top - rim) * down)
    width, height = int((box.width + 2 * rim) * across) + 1, int((box.height + 2 * rim) * down) + 1
    return Box(left=max(0, left), top=max(0, top), width=width, height=height)


def _hide(colours: pyvips.Image, found: list[Box]) -> pyvips.Image:
    for box in found:
        width, height = min(box.width, colours.width - box.left), min(box.height, colours.height - box.top)
        plate = colours.crop(box.left, box.top, width, height).gaussblur(BLUR * height)
        colours = colours.insert(plate, box.left, box.top)
    return colours
