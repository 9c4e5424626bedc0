"""Finds dust and scratches, and fills them by a median: the step `restore`.

Top-hat and bottom-hat transforms: Meyer 1979, "Iterative Image Transformations for an Automatic Screening of
Cervical Smears".

A defect is thin, much lighter or darker than its surroundings, and rare. Rough places are left alone: a
scratch there looks like everything else. Sparse glints, as on varnished wood, are taken for dust.
"""

from functools import reduce

import numpy as np
import numpy.typing as npt
import pyvips

from safelight_mock.imaging.channels import on_colours
from safelight_mock.imaging.io.loading import in_temporary_file
from safelight_mock.imaging.tiled_map import Pixels, map_tiles

THIN = 5  # pixels: what is narrower in some direction may be a defect
NEAR = 11  # pixels within which a defect is lighter or darker than all that is not thin
AROUND = 8.0  # pixels of blur over which surroundings are measured
STANDS_OUT = 8.0  # times the mean difference around it
MOST = 40.0  # 8-bit steps that a pixel adds to that mean at most; otherwise defects would raise it too far

FAINTEST, SLOPE = 30.0, 50.0  # least difference in 8-bit steps at full strength, and what is added at none
SIDE = 9  # pixels of the square around a defect from which the filling is taken
REACH = SIDE // 2
UNKNOWN = 999  # beyond any colour


def restore(image: pyvips.Image, *, strength: float) -> pyvips.Image:
    """Fill dust and scratches by the median around them; higher `strength`, 0 to 1, finds fainter ones."""
    if strength == 0 or min(image.width, image.height) < SIDE:
        return image
    return on_colours(image, lambda colours: _restore(colours, FAINTEST + SLOPE * (1 - strength)))


def _restore(colours: pyvips.Image, least: float) -> pyvips.Image:
    # By channel: white differs from an orange petal far more in blue than in lightness.
    in_each = [defect_mask(band.cast("uchar"), least=least) for band in colours.bandsplit()]
    defects = in_temporary_file(reduce(pyvips.Image.maxpair, in_each))
    return map_tiles(colours.bandjoin(defects), _fill, margin=REACH)


def defect_mask(band: pyvips.Image, *, least: float) -> pyvips.Image:
    """Return 255 where one band differs from its surroundings by `least` 8-bit steps or more, else 0."""
    opened = _maximum(_minimum(band, THIN), THIN)
    closed = _minimum(_maximum(band, THIN), THIN)
    difference = (band - opened).maxpair(closed - band)
    usual = difference.minpair(MOST).cast("uchar").gaussblur(AROUND)
    extreme = (band - _maximum(opened, NEAR)).maxpair(_minimum(closed, NEAR) - band)
    mask = (difference >= least) & (difference > usual * STANDS_OUT) & (extreme * 2 > least)
    return _maximum(mask, 3)  # and a rim of one pixel, which is half defect


def _minimum(band: pyvips.Image, side: int) -> pyvips.Image:
    return band.rank(side, 1, 0).rank(1, side, 0)


def _maximum(band: pyvips.Image, side: int) -> pyvips.Image:
    return band.rank(side, 1, side - 1).rank(1, side, side - 1)


def _fill(marked: Pixels) -> Pixels:
    colours, damaged = marked[..., :3], marked[..., 3] > 0
    filled = colours[REACH:-REACH, REACH:-REACH].copy()
    spots = np.nonzero(damaged[REACH:-REACH, REACH:-REACH])
    known = np.where(damaged[..., None], UNKNOWN, colours.astype(np.uint16))
    filled[spots] = _medians(np.lib.stride_tricks.sliding_window_view(known, (SIDE, SIDE), (0, 1))[spots])
    return filled


def _medians(windows: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint16]:
    """Return the median of the known colours of each window (spots x bands x rows x columns)."""
    ordered = np.sort(windows.reshape(*windows.shape[:2], SIDE * SIDE), axis=2)
    known = (ordered < UNKNOWN).sum(2, keepdims=True)
    return np.take_along_axis(ordered, np.maximum(known - 1, 0) // 2, 2)[..., 0]
