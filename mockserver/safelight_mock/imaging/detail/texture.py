"""Steps that strengthen, calm or make up fine texture: sharpen, invent and faces.

Texture is a difference of Gaussian blurs (Marr and Hildreth 1980, "Theory of Edge Detection"). Nothing is
recognised or drawn.
"""

import numpy as np
import pyvips

from safelight_mock.imaging.channels import add_lightness, lightness, on_colours
from safelight_mock.imaging.geometry import enlarge
from safelight_mock.imaging.measure.skin_color import skin_regions

RADIUS = 1.0  # pixels, the blur's sigma
GAIN = 3.0  # lightness added per unit of detail, at full amount
FLAT_BELOW = 1.5  # detail of fewer units of lightness is noise and is left alone
BRIGHTER, DARKER = 15.0, 20.0  # bounds of what an edge gains or loses, against halos

FINE, COARSE = 0.7, 2.0  # pixels of blur: finer and coarser noise is left out
LOUDNESS = 4.1  # makes the standard deviation of what is left 1

DETAIL = 1.5  # pixels of blur that separate detail from its surroundings
AROUND = 2.5  # pixels of blur over which detail is measured
GROWTH, WANDER, GRAIN = 0.9, 0.5, 1.0  # of detail by texture, along detail, and of invented grain
ENOUGH = 6.0  # 8-bit steps of detail from which grain grows no more; edges would crumble

SEED = 20  # of the texture on skin: the same image gets the same
RIM = 1.5  # pixels of the thumbnail over which a region of skin fades out
PORES, FEATURES = 1.2, 5.0  # pixels of blur that separate these from their surroundings
CALMER, LIVELIER = 0.6, 0.5
SKIN_GRAIN = 2.5  # 8-bit steps


def sharpen(image: pyvips.Image, *, amount: float) -> pyvips.Image:
    """Apply an unsharp mask to lightness by `amount`, 0 to 1."""
    if amount == 0:
        return image
    return image.sharpen(sigma=RADIUS, x1=FLAT_BELOW, y2=BRIGHTER, y3=DARKER, m1=0, m2=GAIN * amount)


def noise_texture(image: pyvips.Image, seed: int) -> pyvips.Image:
    """Band-limited noise as large as `image`, of mean 0 and standard deviation 1; follows from the seed."""
    noise = pyvips.Image.gaussnoise(image.width, image.height, mean=0, sigma=LOUDNESS, seed=seed & 0x7FFFFFFF)
    return noise.gaussblur(FINE) - noise.gaussblur(COARSE)


def invent(image: pyvips.Image, *, creativity: float, texture: float, seed: int) -> pyvips.Image:
    """Add noise along existing detail by `creativity`, and amplify that detail by `texture`, both 0 to 1."""
    if creativity == texture == 0:
        return image
    return on_colours(image, lambda colours: _invent(colours, creativity, texture, seed))


def _invent(colours: pyvips.Image, creativity: float, texture: float, seed: int) -> pyvips.Image:
    light = lightness(colours)
    detail = light - light.gaussblur(DETAIL)
    noise = noise_texture(colours, seed) * creativity
    grown = detail * (noise * WANDER + GROWTH * texture)
    busy = detail.abs().gaussblur(AROUND)
    return add_lightness(colours, grown + busy / (busy / ENOUGH + 1) * noise * GRAIN)


def faces(image: pyvips.Image, *, strength: float, creativity: float = 0.0) -> pyvips.Image:
    """Smooth pores and strengthen features of skin by `strength`, add texture by `creativity`, both 0 to 1.

    An image without large regions of skin is kept.
    """
    regions = skin_regions(image)
    if not regions.any() or strength == creativity == 0:
        return image
    soft = pyvips.Image.new_from_array(regions.astype(np.uint8) * 255).gaussblur(RIM)
    where = enlarge(soft, image) / 255
    return on_colours(image, lambda colours: _flatter(colours, where, strength, creativity))


def _flatter(colours: pyvips.Image, where: pyvips.Image, strength: float, creativity: float) -> pyvips.Image:
    light = lightness(colours)
    without_pores = light.gaussblur(PORES)
    features = without_pores - without_pores.gaussblur(FEATURES)
    change = (without_pores - light) * (CALMER * strength) + features * (LIVELIER * strength)
    return add_lightness(colours, (change + noise_texture(colours, SEED) * (SKIN_GRAIN * creativity)) * where)
