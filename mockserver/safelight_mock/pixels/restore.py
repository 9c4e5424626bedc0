"""The step that fills dust and scratches with what lies around them."""

from functools import reduce

import numpy as np
import numpy.typing as npt
import pyvips

from safelight_mock.pixels.bands import on_colours
from safelight_mock.pixels.dust import dust
from safelight_mock.pixels.strips import Pixels, map_strips
from safelight_mock.pixels.vips import settle

FAINTEST, SLOPE = 30.0, 50.0  # 8-bit steps to stand out by at full strength, and further ones at none
SIDE = 9  # pixels of the square around dust from which the filling is taken
REACH = SIDE // 2
DAMAGED = 999  # beyond any colour


def restore(image: pyvips.Image, *, strength: float) -> pyvips.Image:
    """Fill dust and scratches by the median around them; `strength` from 0 to 1 takes in fainter ones."""
    if strength == 0 or min(image.width, image.height) < SIDE:
        return image
    return on_colours(image, lambda colours: _restore(colours, FAINTEST + SLOPE * (1 - strength)))


def _restore(colours: pyvips.Image, least: float) -> pyvips.Image:
    in_each = [dust(band.cast("uchar"), least=least) for band in colours.bandsplit()]
    found = settle(reduce(pyvips.Image.maxpair, in_each))
    marked = colours.bandjoin(found)
    return map_strips(marked, _fill, margin=REACH)


def _fill(marked: Pixels) -> Pixels:
    colours, damaged = marked[..., :3], marked[..., 3] > 0
    filled = colours[REACH:-REACH, REACH:-REACH].copy()
    spots = np.nonzero(damaged[REACH:-REACH, REACH:-REACH])
    known = np.where(damaged[..., None], DAMAGED, colours.astype(np.uint16))
    filled[spots] = _medians(np.lib.stride_tricks.sliding_window_view(known, (SIDE, SIDE), (0, 1))[spots])
    return filled


def _medians(windows: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint16]:
    """Take the median of what is known in each window (spots x bands x rows x columns)."""
    ordered = np.sort(windows.reshape(*windows.shape[:2], SIDE * SIDE), axis=2)
    known = (ordered < DAMAGED).sum(2, keepdims=True)
    return np.take_along_axis(ordered, np.maximum(known - 1, 0) // 2, 2)[..., 0]
