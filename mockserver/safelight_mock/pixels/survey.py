"""Reads a file once, from the top to the bottom, and keeps what an eye needs: a small picture and some tiles.

Nothing but that is held, however large the picture is, and damage anywhere in it is noticed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyvips

from safelight_mock.pixels.bands import flat
from safelight_mock.pixels.darkroom import srgb
from safelight_mock.pixels.error import PixelError
from safelight_mock.pixels.strips import Pixels, pixels
from safelight_mock.pixels.tiles import places, tile_side
from safelight_mock.pixels.vips import open_picture

SMALL = 256  # pixels that no side of the small picture exceeds
PIXELS_AT_ONCE = 500_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A picture small (rows x columns x 3), and full-size tiles of it (tiles x rows x columns x 3).

    Both are in sRGB, whether or not the file `is_inked`, and opaque, whether or not it `has_alpha`.
    """

    small: Pixels
    tiles: Pixels
    is_inked: bool
    has_alpha: bool


def survey(file: Path) -> Survey:
    """Read all of `file`; raises `PixelError` if it is no picture or damaged."""
    try:
        return _read(open_picture(file, streaming=True))
    except pyvips.Error as error:
        raise PixelError(f"cannot read {file}: {error}") from error


def _read(opened: pyvips.Image) -> Survey:
    colours = srgb(opened)
    image = flat(colours)
    tiles, small = _Tiles(image.width, image.height), []
    across, down = -(-image.width // SMALL), -(-image.height // SMALL)
    for top, strip in _strips(image, down):
        tiles.take(top, strip)
        if len(strip) >= down:
            small.append(_shrunk(strip, across, down))
    is_inked = opened.interpretation == "cmyk"
    return Survey(
        small=np.concatenate(small), tiles=tiles.all(), is_inked=is_inked, has_alpha=colours.hasalpha()
    )


def _strips(image: pyvips.Image, step: int) -> Iterator[tuple[int, Pixels]]:
    """Go down the picture; a region keeps what it has read, where one crop after another would start anew."""
    region = pyvips.Region.new(image)
    most = max(1, PIXELS_AT_ONCE // image.width // step) * step
    for top in range(0, image.height, most):
        rows = min(most, image.height - top)
        read = region.fetch(0, top, image.width, rows)
        yield top, np.frombuffer(read, np.uint8).reshape(rows, image.width, image.bands)


def _shrunk(strip: Pixels, across: int, down: int) -> Pixels:
    """Average rectangles of pixels, and leave out what makes no whole one."""
    rows, columns = len(strip) // down * down, strip.shape[1] // across * across
    return pixels(pyvips.Image.new_from_array(strip[:rows, :columns]).shrink(across, down))


class _Tiles:
    """The tiles, filled as the rows that cross them come by."""

    def __init__(self, width: int, height: int) -> None:
        self.lefts, self.tops = places(width), places(height)
        sides = tile_side(height), tile_side(width)
        self.found = np.zeros((len(self.tops), len(self.lefts), *sides, 3), np.uint8)

    def take(self, top: int, strip: Pixels) -> None:
        height, width = self.found.shape[2:4]
        for row, start in enumerate(self.tops):
            first, last = max(top, start), min(top + len(strip), start + height)
            for column, left in enumerate(self.lefts if first < last else ()):
                cut = strip[first - top : last - top, left : left + width]
                self.found[row, column, first - start : last - start] = cut

    def all(self) -> Pixels:
        return self.found.reshape(len(self.tops) * len(self.lefts), *self.found.shape[2:])
