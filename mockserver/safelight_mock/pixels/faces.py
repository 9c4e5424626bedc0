"""The step that flatters skin: calmer pores, livelier features, and made-up texture if that is asked for.

An imitation: it finds colours of skin, not faces.
"""

import numpy as np
import pyvips

from safelight_mock.pixels.bands import brighten, lightness, on_colours
from safelight_mock.pixels.glance import glance
from safelight_mock.pixels.regions import Mask, large_regions
from safelight_mock.pixels.skin import skin
from safelight_mock.pixels.texture import texture

SEED = 20  # of the texture; the same picture always gets the same
CORE = 2.0  # pixels of the small picture by which a region must be thicker than an outline
MOSTLY = 150  # of 255: share of skin around a place that makes it a region of skin
RIM = 1.5  # pixels of the small picture over which a region fades out
LEAST = 0.005  # share of the picture that a region must have

PORES, FEATURES = 1.2, 5.0  # pixels of blur that tell the one and the other from what they lie on
CALMER, LIVELIER = 0.6, 0.5
GRAIN = 2.5  # 8-bit steps


def faces(image: pyvips.Image, *, strength: float, creativity: float = 0.0) -> pyvips.Image:
    """Work on regions of skin by `strength`, and draw texture on them by `creativity`, both 0 to 1.

    A picture without such a region stays as it is.
    """
    where = _regions(image)
    if where is None or strength == creativity == 0:
        return image
    return on_colours(image, lambda colours: _flatter(colours, where, strength, creativity))


def skin_regions(image: pyvips.Image) -> Mask:
    """Tell where large regions of skin are, in a small picture."""
    found = pyvips.Image.new_from_array(skin(glance(image)).astype(np.uint8) * 255)
    core = found.gaussblur(CORE).numpy().reshape(found.height, found.width) > MOSTLY
    return large_regions(core, LEAST)


def _regions(image: pyvips.Image) -> pyvips.Image | None:
    """Tell where skin is, 0 to 1 in one band as large as the picture."""
    large = skin_regions(image)
    if not large.any():
        return None
    soft = pyvips.Image.new_from_array(large.astype(np.uint8) * 255).gaussblur(RIM)
    return soft.resize(image.width / soft.width, vscale=image.height / soft.height, kernel="linear") / 255


def _flatter(colours: pyvips.Image, where: pyvips.Image, strength: float, creativity: float) -> pyvips.Image:
    light = lightness(colours)
    without_pores = light.gaussblur(PORES)
    features = without_pores - without_pores.gaussblur(FEATURES)
    change = (without_pores - light) * (CALMER * strength) + features * (LIVELIER * strength)
    return brighten(colours, (change + texture(colours, SEED) * (GRAIN * creativity)) * where)
