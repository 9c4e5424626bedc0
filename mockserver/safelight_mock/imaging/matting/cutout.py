"""Steps that separate the subject from its background: matte, backdrop and defocus; and the subject's box."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyvips

from safelight_mock.core.aspect_fit import Box
from safelight_mock.imaging.channels import as_bytes, on_colours
from safelight_mock.imaging.geometry import OWN, enlarge, smaller, solid_colour
from safelight_mock.imaging.io import ImageError
from safelight_mock.imaging.io.loading import in_temporary_file, open_image, upright
from safelight_mock.imaging.matting.grabcut import subject
from safelight_mock.imaging.matting.guided_filter import guided_filter
from safelight_mock.imaging.tiled_map import Floats

SMALL = 256  # pixels of the longer side at which the subject is searched
UNSURE, SURE = 0.4, 0.6  # probabilities between which the edge of the subject runs
HALO = 3.0  # pixels of blur over which the background's colour is removed from the outline
EPSILON = 1e-3  # avoids a division by zero
VISIBLE = 25  # of 255: alpha from which a pixel belongs to the subject's box

WIDEST = 0.025  # of the longer side: the blur's sigma at full strength
REACH = 4.0  # pixels of blur at which it is computed, on an image scaled down for that
MIN_WEIGHT = 0.001  # of a pixel in the blurred background: with none, there would be a division by zero
GAMMA = 2  # approximates linear light, in which a lens turns bright points into discs


def matte(image: pyvips.Image, *, mode: str) -> pyvips.Image:
    """Cut out the subject: `segmentation` on a transparent background, `alpha` its mask as one band."""
    colours = image.extract_band(0, n=3)
    alpha = guided_filter(colours, _mask(colours))
    if image.hasalpha():  # transparent pixels stay transparent
        alpha = (alpha * image[3] / 255).rint().cast("uchar").copy(interpretation="b-w")
    if mode == "alpha":
        return alpha
    return _foreground(colours, alpha).bandjoin(alpha).copy(interpretation="srgb")


def _mask(image: pyvips.Image) -> Floats:
    scale = min(1, SMALL / max(image.width, image.height))
    small = image.resize(scale) if scale < 1 else image
    sure = subject(small.colourspace("lab").numpy().astype(np.float32))
    mask: Floats = ((sure - UNSURE) / (SURE - UNSURE)).clip(0, 1)
    return mask


def _foreground(image: pyvips.Image, alpha: pyvips.Image) -> pyvips.Image:
    """Remove the background's colour from half-transparent pixels.

    Forte 2021, "Approximate Fast Foreground Colour Estimation": subject and background are blurred
    separately; a pixel gets the subject's colour, corrected by its difference from the two mixed by alpha.
    """
    share = alpha * (1 / 255)
    inside = (image * share).gaussblur(HALO) / (share.gaussblur(HALO) + EPSILON)
    weight = 1 - share
    outside = (image * weight).gaussblur(HALO) / (weight.gaussblur(HALO) + EPSILON)
    own = inside + (image - inside * share - outside * weight) * share
    return own.rint().cast("uchar")


def subject_box(file: Path) -> Box:
    """Return the box of the subject, to which a crop of `matte`'s result leads.

    Without a subject it is the box of the image. Raises ImageError for a file that cannot be read.
    """
    try:
        image = upright(open_image(file, streaming=False))
        alpha = matte(image, mode="alpha")
        left, top, width, height = alpha.find_trim(threshold=VISIBLE, background=[0], line_art=True)
    except pyvips.Error as error:
        raise ImageError(f"cannot read {file}: {error}") from error
    is_empty = not (width and height)
    return Box(0, 0, image.width, image.height) if is_empty else Box(left, top, width, height)


def backdrop(image: pyvips.Image, *, remove: bool = False, colour: str = OWN) -> pyvips.Image:
    """Cut out the subject (`remove`), and put `colour` behind transparent pixels.

    `colour` is as for `solid_colour`.
    """
    ground = solid_colour(colour, image)
    cut = in_temporary_file(matte(image, mode="segmentation")) if remove else image
    return cut.flatten(background=list(ground)) if cut.hasalpha() and ground is not None else cut


def defocus(image: pyvips.Image, *, strength: float, kind: str) -> pyvips.Image:
    """Blur the background by `strength`, 0 to 1; `kind` is `regular` (Gaussian) or `lens` (discs of light).

    An image without a subject is kept.
    """
    if strength == 0:
        return image
    return on_colours(image, lambda colours: _defocus(colours, strength, BLURS[kind]))


def _defocus(
    colours: pyvips.Image, strength: float, blur: Callable[[pyvips.Image, float], pyvips.Image]
) -> pyvips.Image:
    subject = in_temporary_file(matte(colours, mode="alpha")) / 255
    sigma = WIDEST * strength * max(colours.width, colours.height)
    scale = min(1.0, REACH / sigma)
    small, weight = smaller(colours, scale), smaller(1 + MIN_WEIGHT - subject, scale)
    soft = blur(small.bandjoin(255) * weight, sigma * scale)
    behind = enlarge(soft.extract_band(0, n=3) * 255 / soft[3], colours)
    return as_bytes(behind + (colours - behind) * subject)


def _gaussian(image: pyvips.Image, sigma: float) -> pyvips.Image:
    return image.gaussblur(max(sigma, 0.3))


def _disc(image: pyvips.Image, sigma: float) -> pyvips.Image:
    radius = 2 * sigma
    offset = np.arange(-int(radius), int(radius) + 1)
    disc = (np.hypot(offset[:, None], offset[None]) <= radius).astype(np.float64)
    mask = pyvips.Image.new_from_array(disc, scale=float(disc.sum()))
    return (image**GAMMA).conv(mask, precision="float") ** (1 / GAMMA)


BLURS: dict[str, Callable[[pyvips.Image, float], pyvips.Image]] = {"regular": _gaussian, "lens": _disc}
