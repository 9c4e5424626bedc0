"""Steps that hide people: hide_faces and hide_plates.

Nothing is recognised. A face is a region in a colour of skin with the proportions of a face; a plate is a
light, upright rectangle with dark strokes side by side, as some signs are too.
"""

import numpy as np
import pyvips

from safelight_mock.imaging.channels import lightness, on_colours, opaque
from safelight_mock.imaging.connected_components import BoundingBox, boxes, fill_holes
from safelight_mock.imaging.geometry import resize, smaller
from safelight_mock.imaging.measure.skin_color import skin_regions
from safelight_mock.imaging.tiled_map import Floats

TALL = 0.8, 1.6  # height of a face, in widths
MOUTH = 0.75  # of a face's height, from above
LOWEST = 0.9  # of the image's height, below which too little would be left

SMALL = 800  # pixels of the longer side at which plates are searched
LIGHT, DARKER = 130.0, 50.0  # least lightness of a plate, and by how much its strokes are darker
WIDE = 1.8, 7.0  # width of a plate, in heights
WIDTHS = 0.03, 0.5  # width of a plate, of the image's width
LOW = 8  # pixels of height, at that size, below which nothing is readable
FULL = 0.75  # share of its rectangle that a plate fills
STROKES = 8  # changes between light and dark from left to right
RIM = 0.15  # of a plate's height that is hidden around it
BLUR = 0.3  # of a plate's height: the blur's sigma


def hide_faces(image: pyvips.Image) -> pyvips.Image:
    """Crop away everything above the lowest mouth, keeping the size; an image without faces is kept."""
    mouth = _lowest_mouth(image)
    if not mouth:
        return image
    below = image.crop(0, mouth, image.width, image.height - mouth)
    return resize(below, width=image.width, height=image.height, fit="crop")


def _lowest_mouth(image: pyvips.Image) -> int:
    """Row of the lowest mouth, or 0."""
    skin = skin_regions(image)
    down, across = image.height / skin.shape[0], image.width / skin.shape[1]
    mouths = [
        int((box.top + MOUTH * box.height) * down)
        for box in boxes(skin)
        if TALL[0] <= box.height * down / (box.width * across) <= TALL[1]
    ]
    return max((mouth for mouth in mouths if mouth < LOWEST * image.height), default=0)


def hide_plates(image: pyvips.Image) -> pyvips.Image:
    """Blur number plates until they are unreadable; an image without one is kept."""
    plates = _plates(image)
    return on_colours(image, lambda colours: _hide(colours, plates)) if plates else image


def _plates(image: pyvips.Image) -> list[BoundingBox]:
    """Find plates, in pixels of the full image."""
    small = smaller(lightness(opaque(image)), min(1.0, SMALL / max(image.width, image.height)))
    grey: Floats = small.numpy().astype(np.float32).reshape(small.height, small.width)
    across, down = image.width / small.width, image.height / small.height
    return [
        _enlarged(box, across, down)
        for box in boxes(grey > LIGHT)
        if _has_shape(box, small.width) and _has_strokes(grey[box.rows, box.columns])
    ]


def _has_shape(box: BoundingBox, width: int) -> bool:
    is_wide = WIDTHS[0] <= box.width / width <= WIDTHS[1]
    return is_wide and box.height >= LOW and WIDE[0] <= box.width / box.height <= WIDE[1]


def _has_strokes(grey: Floats) -> bool:
    """Return whether a rectangle is full and has dark strokes along its middle."""
    light = grey > LIGHT
    middle = grey[len(grey) // 3 : -(len(grey) // 3)]
    dark = middle < np.median(grey[light]) - DARKER
    strokes = np.count_nonzero(np.diff(dark, axis=1), axis=1)
    return bool(fill_holes(light).mean() >= FULL and np.median(strokes) >= STROKES)


def _enlarged(box: BoundingBox, across: float, down: float) -> BoundingBox:
    """Scale a box to the size of the full image, and add a rim."""
    rim = RIM * box.height
    left, top = int((box.left - rim) * across), int((box.top - rim) * down)
    width, height = int((box.width + 2 * rim) * across) + 1, int((box.height + 2 * rim) * down) + 1
    return BoundingBox(left=max(0, left), top=max(0, top), width=width, height=height)


def _hide(colours: pyvips.Image, plates: list[BoundingBox]) -> pyvips.Image:
    for box in plates:
        width, height = min(box.width, colours.width - box.left), min(box.height, colours.height - box.top)
        plate = colours.crop(box.left, box.top, width, height).gaussblur(BLUR * height)
        colours = colours.insert(plate, box.left, box.top)
    return colours
