"""The step that brings a picture to an asked size."""

from collections.abc import Callable

import pyvips

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


def _letterbox(image: pyvips.Image, width: int, height: int) -> pyvips.Image:
    scale = min(width / image.width, height / image.height)
    inside = _stretch(image, max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    bars = OPAQUE_BLACK[: inside.bands] if inside.bands >= RGB else [0]
    return inside.gravity("centre", width, height, extend="background", background=bars)


def _crop(image: pyvips.Image, width: int, height: int) -> pyvips.Image:
    """Cut first, then scale: a 1 x 5000 picture would otherwise grow out of all bounds on the way."""
    scale = max(width / image.width, height / image.height)
    kept_width = min(image.width, max(1, round(width / scale)))
    kept_height = min(image.height, max(1, round(height / scale)))
    left, top = (image.width - kept_width) // 2, (image.height - kept_height) // 2
    return _stretch(image.crop(left, top, kept_width, kept_height), width, height)


FITS: dict[str, Callable[[pyvips.Image, int, int], pyvips.Image]] = {
    "stretch": _stretch,
    "letterbox": _letterbox,
    "crop": _crop,
}
