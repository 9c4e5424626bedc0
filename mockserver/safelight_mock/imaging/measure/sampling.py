"""Samples of an image of any size: a thumbnail of all of it, and some tiles at full size."""

import numpy as np
import pyvips

from safelight_mock.imaging.channels import opaque
from safelight_mock.imaging.tiled_map import Pixels, pixels

THUMBNAIL = 256  # pixels of the longer side at most

SIDE = 128  # pixels of a tile
ALONG = 6  # tiles along either direction at most; fewer fill a small image
GRID = 16  # tiles start and end on it: twice JPEG's grid, so that blocks fall alike in all of them


def thumbnail(image: pyvips.Image) -> Pixels:
    """Return rows x columns x 3, transparent parts grey; pixels that fill no whole rectangle are left out."""
    across, down = (-(-side // THUMBNAIL) for side in (image.width, image.height))
    whole = opaque(image).crop(0, 0, image.width // across * across, image.height // down * down)
    return pixels(whole.shrink(across, down).cast("uchar"))


def tiles(colours: pyvips.Image) -> Pixels:
    """Cut the tiles out of an image with random access: tiles x rows x columns x bands."""
    width, height = tile_side(colours.width), tile_side(colours.height)
    cut = [
        pixels(colours.crop(left, top, width, height))
        for top in tile_starts(colours.height)
        for left in tile_starts(colours.width)
    ]
    return np.array(cut, np.uint8).reshape(len(cut), height, width, colours.bands)


def tile_starts(length: int) -> list[int]:
    """Where tiles start along a side of this length, evenly from edge to edge; nowhere below 16 pixels."""
    if length < GRID:
        return []
    evenly = np.linspace(0, length - tile_side(length), min(ALONG, -(-length // SIDE)))
    return sorted({int(start) // GRID * GRID for start in evenly})


def tile_side(length: int) -> int:
    """Pixels of a tile along a side of this length."""
    return min(SIDE, length // GRID * GRID)
