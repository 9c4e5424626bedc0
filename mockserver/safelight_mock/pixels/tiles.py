"""Chooses the few full-size pieces of a picture that speak for all of it where every pixel counts."""

import numpy as np
import pyvips

from safelight_mock.pixels.strips import Pixels, pixels

SIDE = 128  # pixels
ALONG = 6  # tiles along either direction at most; fewer fill a small picture
GRID = 16  # tiles start and end on it: twice the grid JPEG has, so that a grid shows alike in all of them


def places(length: int) -> list[int]:
    """Where tiles start along a side of so many pixels, evenly and from edge to edge; nowhere below 16."""
    if length < GRID:
        return []
    evenly = np.linspace(0, length - tile_side(length), min(ALONG, -(-length // SIDE)))
    return sorted({int(place) // GRID * GRID for place in evenly})


def tile_side(length: int) -> int:
    """Pixels of a tile along a side of so many pixels."""
    return min(SIDE, length // GRID * GRID)


def tiles(colours: pyvips.Image) -> Pixels:
    """Cut the tiles out of a picture that can be read anywhere: tiles x rows x columns x bands."""
    width, height = tile_side(colours.width), tile_side(colours.height)
    found = [
        pixels(colours.crop(left, top, width, height))
        for top in places(colours.height)
        for left in places(colours.width)
    ]
    return np.array(found, np.uint8).reshape(len(found), height, width, colours.bands)
