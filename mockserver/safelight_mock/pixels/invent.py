"""The step that makes detail up, as generative models do.

An imitation: nothing is understood or drawn. What detail there is grows, unevenly, and texture appears where
there is some already; another seed gives another picture.
"""

import pyvips

from safelight_mock.pixels.bands import brighten, lightness, on_colours
from safelight_mock.pixels.texture import texture as invented

DETAIL = 1.5  # pixels of blur that tell detail from what it lies on
AROUND = 2.5  # pixels of blur over which detail is judged
GROWTH, WANDER, GRAIN = 0.9, 0.5, 1.0  # of detail by texture, along detail, and of what is made up
ENOUGH = 6.0  # 8-bit steps of detail that call for no more grain, lest edges crumble


def invent(image: pyvips.Image, *, creativity: float, texture: float, seed: int) -> pyvips.Image:
    """Make up detail by `creativity` and bring out the picture's own by `texture`, both 0 to 1."""
    if creativity == texture == 0:
        return image
    return on_colours(image, lambda colours: _invent(colours, creativity, texture, seed))


def _invent(colours: pyvips.Image, creativity: float, texture: float, seed: int) -> pyvips.Image:
    light = lightness(colours)
    detail = light - light.gaussblur(DETAIL)
    noise = invented(colours, seed) * creativity
    grown = detail * (noise * WANDER + GROWTH * texture)
    busy = detail.abs().gaussblur(AROUND)
    return brighten(colours, grown + busy / (busy / ENOUGH + 1) * noise * GRAIN)
