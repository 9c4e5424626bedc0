"""Tells dust and scratches: what is thin, much lighter or darker than its surroundings, and rare.

Rough places keep what they have: there a scratch looks like all the rest. Sparse glints, as on varnished
wood, are taken for dust.
"""

import pyvips

THIN = 5  # pixels: what is narrower in some direction may be dust
NEAR = 11  # pixels: dust is lighter or darker than all that is not thin this near
AROUND = 8.0  # pixels of blur over which surroundings are judged
STANDS_OUT = 8.0  # times what stands out around it on the mean
MOST = 40.0  # 8-bit steps that any pixel adds to that mean, lest dust hides itself


def dust(light: pyvips.Image, *, least: float) -> pyvips.Image:
    """Find what stands out by at least so many 8-bit steps from one band: 255 there, else 0.

    Asked of each colour, for white stands out from an orange petal by far more blue than light.
    """
    opened = _lightest(_darkest(light, THIN), THIN)
    closed = _darkest(_lightest(light, THIN), THIN)
    standing = (light - opened).maxpair(closed - light)
    usual = standing.minpair(MOST).cast("uchar").gaussblur(AROUND)
    extreme = (light - _lightest(opened, NEAR)).maxpair(_darkest(closed, NEAR) - light)
    found = (standing >= least) & (standing > usual * STANDS_OUT) & (extreme * 2 > least)
    return _lightest(found, 3)  # an edge of one pixel, half dust


def _darkest(band: pyvips.Image, side: int) -> pyvips.Image:
    return band.rank(side, 1, 0).rank(1, side, 0)


def _lightest(band: pyvips.Image, side: int) -> pyvips.Image:
    return band.rank(side, 1, side - 1).rank(1, side, side - 1)
