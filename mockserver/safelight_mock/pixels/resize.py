"""The step that brings a picture to an asked size."""

from collections.abc import Callable

import pyvips

from safelight_mock.core.aspect_fit import part, within

OPAQUE_BLACK = [0, 0, 0, 255]
RGB = 3


def resize(image: pyvips.Image, *, width: int, height: int, fit: str) -> pyvips.Image:
    """Scale to exactly `width` x `height` pixels.

    `stretch` fills the size whatever the proportions, `letterbox` keeps the whole picture between black bars,
    `crop` keeps its middle.
    """
    return FITS[fit](image, width, height)


def _stretch(image: pyvips.Image, width: int, height: int) -> pyvips.Image:
    if image.hasalpha():  # transparent pixels must not bleed their colour into their neighbours
        return _scale(image.premultiply(), width, height).unpremultiply().rint().cast("uchar")
    return _scale(image, width, height)


def _scale(image: pyvips.Image, width: int, height: int) -> pyvips.Image:
    return image.resize(width / image.width, vscale=height / image.height, kernel="lanczos3")


def smaller(image: pyvips.Image, scale: float) -> pyvips.Image:
    """Shrink in proportion, but to no less than a pixel."""
    return image.resize(max(scale, 1 / image.width), vscale=max(scale, 1 / image.height), kernel="linear")


def _letterbox(image: pyvips.Image, width: int, height: int) -> pyvips.Image:
    inside = _stretch(image, *within((image.width, image.height), (width, height)))
    bars = OPAQUE_BLACK[: inside.bands] if inside.bands >= RGB else [0]
    return inside.gravity("centre", width, height, extend="background", background=bars)


def _crop(image: pyvips.Image, width: int, height: int) -> pyvips.Image:
    """Cut first, then scale: a 1 x 5000 picture would otherwise grow out of all bounds on the way."""
    kept_width, kept_height = part((image.width, image.height), (width, height))
    left, top = (image.width - kept_width) // 2, (image.height - kept_height) // 2
    return _stretch(image.crop(left, top, kept_width, kept_height), width, height)


FITS: dict[str, Callable[[pyvips.Image, int, int], pyvips.Image]] = {
    "stretch": _stretch,
    "letterbox": _letterbox,
    "crop": _crop,
}
