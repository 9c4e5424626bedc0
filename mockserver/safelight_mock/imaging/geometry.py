"""Steps that change the size of an image: resize, crop, smart_crop, canvas and outpaint.

Scaling is Lanczos resampling with three lobes (Duchon 1979), by libvips.
"""

from collections.abc import Callable

import numpy as np
import pyvips

from safelight_mock.core.aspect_fit import Size, part, within
from safelight_mock.imaging.tiled_map import Floats

OPAQUE_BLACK = [0, 0, 0, 255]
RGB = 3
OWN, TRANSPARENT = "own", "transparent"
WHITE = (255, 255, 255)
BLUR = 0.02  # of the longer side: the blur's sigma around an image that is extended
SMALL = 256  # pixels of the longer side at which the surroundings are blurred


def resize(image: pyvips.Image, *, width: int, height: int, fit: str) -> pyvips.Image:
    """Scale to exactly `width` x `height` pixels.

    `stretch` ignores proportions, `letterbox` keeps the whole image between black bars, `crop` keeps its
    middle.
    """
    return FITS[fit](image, width, height)


def _stretch(image: pyvips.Image, width: int, height: int) -> pyvips.Image:
    if image.hasalpha():  # the colour of transparent pixels must not bleed into adjacent ones
        return _scale(image.premultiply(), width, height).unpremultiply().rint().cast("uchar")
    return _scale(image, width, height)


def _scale(image: pyvips.Image, width: int, height: int) -> pyvips.Image:
    return image.resize(width / image.width, vscale=height / image.height, kernel="lanczos3")


def _letterbox(image: pyvips.Image, width: int, height: int) -> pyvips.Image:
    inside = _stretch(image, *within((image.width, image.height), (width, height)))
    bars = OPAQUE_BLACK[: inside.bands] if inside.bands >= RGB else [0]
    return inside.gravity("centre", width, height, extend="background", background=bars)


def _crop(image: pyvips.Image, width: int, height: int) -> pyvips.Image:
    """Cut first, then scale: a 1 x 5000 image would otherwise become enormous on the way."""
    kept_width, kept_height = part((image.width, image.height), (width, height))
    left, top = (image.width - kept_width) // 2, (image.height - kept_height) // 2
    return _stretch(image.crop(left, top, kept_width, kept_height), width, height)


FITS: dict[str, Callable[[pyvips.Image, int, int], pyvips.Image]] = {
    "stretch": _stretch,
    "letterbox": _letterbox,
    "crop": _crop,
}


def crop(image: pyvips.Image, *, left: int, top: int, width: int, height: int) -> pyvips.Image:
    """Keep a rectangle, in pixels."""
    return image.crop(left, top, width, height)


def smart_crop(image: pyvips.Image, *, width: int, height: int) -> pyvips.Image:
    """Cut to the proportions of `width` x `height` where libvips finds edges, skin and colour; then scale."""
    kept_width, kept_height = part((image.width, image.height), (width, height))
    cut = image.smartcrop(kept_width, kept_height, interesting="attention")
    return _stretch(cut, width, height)


def canvas(  # noqa: PLR0913 - four margins are four settings
    image: pyvips.Image,
    *,
    width: int,
    height: int,
    background: str = OWN,
    top: int = 0,
    right: int = 0,
    bottom: int = 0,
    left: int = 0,
) -> pyvips.Image:
    """Scale to the largest size that fits between the margins of `width` x `height` pixels, in the middle.

    `background` is as for `solid_colour`.
    """
    room = max(1, width - left - right), max(1, height - top - bottom)
    inside = within((image.width, image.height), room)
    scaled = _stretch(image, *inside)
    if inside == (width, height):
        return scaled
    colour = solid_colour(background, image)
    if colour is None and not scaled.hasalpha():
        scaled = scaled.bandjoin(255).copy(interpretation="srgb")
    ground = [0, 0, 0, 0] if colour is None else [*colour, 255]
    x, y = left + (room[0] - inside[0]) // 2, top + (room[1] - inside[1]) // 2
    return scaled.embed(x, y, width, height, extend="background", background=ground[: scaled.bands])


def solid_colour(name: str, image: pyvips.Image) -> tuple[int, ...] | None:
    """Return red, green and blue, or None for transparent.

    `name` is `#rrggbb`, `transparent`, or `own`: transparent for an image that has alpha, else white.
    """
    if name == TRANSPARENT or (name == OWN and image.hasalpha()):
        return None
    return WHITE if name == OWN else tuple(bytes.fromhex(name.removeprefix("#")))


def outpaint(  # noqa: PLR0913 - two sizes are four settings
    image: pyvips.Image, *, width: int, height: int, inside_width: int, inside_height: int, feathering: float
) -> pyvips.Image:
    """Scale to `inside_...`, and extend on all sides alike to `width` x `height` by a blurred mirror image.

    The image fades into its surroundings over `feathering` (0 to 1 and more) of the way from an edge to the
    frame.
    """
    scaled = _stretch(image, inside_width, inside_height)
    if (inside_width, inside_height) == (width, height):
        return scaled
    origin = (width - inside_width) // 2, (height - inside_height) // 2
    mirrored = scaled.embed(*origin, width, height, extend="mirror")
    mask = _feathered((width, height), (inside_width, inside_height), feathering)
    return mask.ifthenelse(mirrored, _blurred(mirrored), blend=True).copy(interpretation="srgb")


def _blurred(image: pyvips.Image) -> pyvips.Image:
    small = smaller(image, min(1, SMALL / max(image.width, image.height)))
    return enlarge(small.gaussblur(BLUR * max(small.width, small.height)), image)


def _feathered(frame: Size, inside: Size, feathering: float) -> pyvips.Image:
    """Return a mask: 255 inside, 0 outside, with a ramp inside the edges."""
    along, down = (_ramp(*sides, feathering) for sides in zip(frame, inside, strict=True))
    row, column = pyvips.Image.new_from_array(along[None]), pyvips.Image.new_from_array(down[:, None])
    mask = row.replicate(1, frame[1]) * column.replicate(frame[0], 1)
    return (mask * 255).rint().cast("uchar")


def _ramp(frame: int, inside: int, feathering: float) -> Floats:
    """Weights of 0 to 1 along a side."""
    margin = (frame - inside) // 2
    reach = max(0.5, min(feathering * (frame - inside) / 2, inside / 2))
    position = np.arange(frame) - margin + 0.5
    ramp: Floats = (np.minimum(position, inside - position) / reach).clip(0, 1).astype(np.float32)
    return ramp


def smaller(image: pyvips.Image, scale: float) -> pyvips.Image:
    """Shrink in proportion, but to no less than a pixel."""
    return image.resize(max(scale, 1 / image.width), vscale=max(scale, 1 / image.height), kernel="linear")


def enlarge(small: pyvips.Image, like: pyvips.Image) -> pyvips.Image:
    """Interpolate linearly to the size of `like`."""
    return small.resize(like.width / small.width, vscale=like.height / small.height, kernel="linear")
