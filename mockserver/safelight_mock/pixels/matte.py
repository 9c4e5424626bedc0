"""The step that cuts out the subject."""

from collections.abc import Callable

import numpy as np
import pyvips

from safelight_mock.pixels.outline import outline
from safelight_mock.pixels.strips import Floats
from safelight_mock.pixels.subject import subject

SMALL = 256  # pixels of the longer side at which the subject is looked for
UNSURE, SURE = 0.4, 0.6  # between which the edge of the subject runs
HALO = 3.0  # pixels of blur over which the surroundings' colour is taken out of the outline
BLACK_OUT = 1e-3  # keeps a division by no weight at all finite


def matte(image: pyvips.Image, *, mode: str) -> pyvips.Image:
    """Cut out the subject: `segmentation` gives it on a clear ground (RGBA), `alpha` its mask (one band)."""
    colours = image.extract_band(0, n=3)
    alpha = outline(colours, _mask(colours))
    if image.hasalpha():  # what was clear stays clear
        alpha = (alpha * image[3] / 255).rint().cast("uchar").copy(interpretation="b-w")
    return MODES[mode](colours, alpha)


def _mask(image: pyvips.Image) -> Floats:
    scale = min(1, SMALL / max(image.width, image.height))
    small = image.resize(scale) if scale < 1 else image
    sure = subject(small.colourspace("lab").numpy().astype(np.float32))
    mask: Floats = ((sure - UNSURE) / (SURE - UNSURE)).clip(0, 1)
    return mask


def _cut_out(image: pyvips.Image, alpha: pyvips.Image) -> pyvips.Image:
    return _own_colour(image, alpha).bandjoin(alpha).copy(interpretation="srgb")


def _own_colour(image: pyvips.Image, alpha: pyvips.Image) -> pyvips.Image:
    """Take the surroundings' colour out of half-clear pixels (the principle is Forte's, 2021).

    Subject and surroundings are blurred apart from one another, and each pixel's subject colour is moved by
    what the two, mixed by alpha, fail to explain.
    """
    share = alpha * (1 / 255)
    inside = (image * share).gaussblur(HALO) / (share.gaussblur(HALO) + BLACK_OUT)
    rest = 1 - share
    outside = (image * rest).gaussblur(HALO) / (rest.gaussblur(HALO) + BLACK_OUT)
    own = inside + (image - inside * share - outside * rest) * share
    return own.rint().cast("uchar")


def _mask_alone(image: pyvips.Image, alpha: pyvips.Image) -> pyvips.Image:  # noqa: ARG001 one shape for both modes
    return alpha


MODES: dict[str, Callable[[pyvips.Image, pyvips.Image], pyvips.Image]] = {
    "segmentation": _cut_out,
    "alpha": _mask_alone,
}
