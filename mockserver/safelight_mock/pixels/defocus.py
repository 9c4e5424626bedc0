"""The step that blurs what lies behind the subject."""

from collections.abc import Callable

import numpy as np
import pyvips

from safelight_mock.pixels.bands import as_bytes, on_colours
from safelight_mock.pixels.matte import matte
from safelight_mock.pixels.resize import smaller
from safelight_mock.pixels.vips import settle

WIDEST = 0.025  # of the longer side: the blur's sigma at full strength
REACH = 4.0  # pixels of blur at which it is made, on a picture small enough for that
TRACE = 0.001  # weight the subject has among its surroundings, so that no place has none
GLOW = 2  # exponent that turns values into light, nearly: lamps become discs


def defocus(image: pyvips.Image, *, strength: float, kind: str) -> pyvips.Image:
    """Blur the surroundings by `strength`, 0 to 1; `kind` is `regular` (soft) or `lens` (discs of light).

    A picture in which nothing stands out stays as it is.
    """
    if strength == 0:
        return image
    return on_colours(image, lambda colours: _defocus(colours, strength, KINDS[kind]))


def _defocus(
    colours: pyvips.Image, strength: float, blur: Callable[[pyvips.Image, float], pyvips.Image]
) -> pyvips.Image:
    subject = settle(matte(colours, mode="alpha")) / 255
    sigma = WIDEST * strength * max(colours.width, colours.height)
    scale = min(1.0, REACH / sigma)
    small, rest = smaller(colours, scale), smaller(1 + TRACE - subject, scale)
    soft = blur(small.bandjoin(255) * rest, sigma * scale)
    behind = soft.extract_band(0, n=3) * 255 / soft[3]
    behind = behind.resize(colours.width / small.width, vscale=colours.height / small.height, kernel="linear")
    return as_bytes(behind + (colours - behind) * subject)


def _soft(image: pyvips.Image, sigma: float) -> pyvips.Image:
    return image.gaussblur(max(sigma, 0.3))


def _disc(image: pyvips.Image, sigma: float) -> pyvips.Image:
    radius = 2 * sigma
    place = np.arange(-int(radius), int(radius) + 1)
    disc = (np.hypot(place[:, None], place[None]) <= radius).astype(np.float64)
    mask = pyvips.Image.new_from_array(disc, scale=float(disc.sum()))
    return (image**GLOW).conv(mask, precision="float") ** (1 / GLOW)


KINDS: dict[str, Callable[[pyvips.Image, float], pyvips.Image]] = {"regular": _soft, "lens": _disc}
