"""The step that extends a picture beyond its edges.

An imitation: nothing is made up. What lies near the edges is mirrored and blurred.
"""

import numpy as np
import pyvips

from safelight_mock.core.aspect_fit import Size
from safelight_mock.pixels.resize import resize, smaller
from safelight_mock.pixels.strips import Floats

BLUR = 0.02  # of the frame's longer side
SMALL = 256  # pixels of the longer side at which the surroundings are blurred


def outpaint(  # noqa: PLR0913 two sizes are four settings
    image: pyvips.Image, *, width: int, height: int, inside_width: int, inside_height: int, feathering: float
) -> pyvips.Image:
    """Scale a picture to `inside_...` and extend it on all sides alike to `width` x `height`.

    Over so much of the way from an edge to the frame as `feathering` says, 0 to 1 and more, the picture
    fades into its surroundings.
    """
    picture = resize(image, width=inside_width, height=inside_height, fit="stretch")
    if (inside_width, inside_height) == (width, height):
        return picture
    place = (width - inside_width) // 2, (height - inside_height) // 2
    mirrored = picture.embed(*place, width, height, extend="mirror")
    mask = _mask((width, height), (inside_width, inside_height), feathering)
    return mask.ifthenelse(mirrored, _blurred(mirrored), blend=True).copy(interpretation="srgb")


def _blurred(mirrored: pyvips.Image) -> pyvips.Image:
    longer = max(mirrored.width, mirrored.height)
    small = smaller(mirrored, min(1, SMALL / longer))
    soft = small.gaussblur(BLUR * max(small.width, small.height))
    return soft.resize(mirrored.width / soft.width, vscale=mirrored.height / soft.height, kernel="linear")


def _mask(frame: Size, inside: Size, feathering: float) -> pyvips.Image:
    """255 inside, 0 outside, falling off before the edges."""
    along, down = (_fall(*sides, feathering) for sides in zip(frame, inside, strict=True))
    row, column = pyvips.Image.new_from_array(along[None]), pyvips.Image.new_from_array(down[:, None])
    mask = row.replicate(1, frame[1]) * column.replicate(frame[0], 1)
    return (mask * 255).rint().cast("uchar")


def _fall(frame: int, inside: int, feathering: float) -> Floats:
    """Weights of 0 to 1 along a side."""
    margin = (frame - inside) // 2
    reach = max(0.5, min(feathering * (frame - inside) / 2, inside / 2))
    place = np.arange(frame) - margin + 0.5
    fall: Floats = (np.minimum(place, inside - place) / reach).clip(0, 1).astype(np.float32)
    return fall
