"""Channels of an image: colours without alpha, lightness, and opponent colours."""

from collections.abc import Callable

import numpy as np
import pyvips

from safelight_mock.imaging.tiled_map import Floats, Pixels

LUMA = (0.299, 0.587, 0.114)  # weights of red, green and blue in lightness (ITU-R BT.601)
GREY = 128  # behind transparent parts where a whole image is measured

_ROWS = np.array([[1, 1, 1], [1, 0, -1], [1, -2, 1]]) / np.sqrt([[3], [2], [6]])
# Orthonormal, so that noise is as strong in each opponent channel as it was in red, green and blue.
_TO_OPPONENT = _ROWS.T.astype(np.float32)
_TO_RGB = _ROWS.astype(np.float32)


def opaque(image: pyvips.Image) -> pyvips.Image:
    """Three bands of colour, transparent parts grey."""
    return image.flatten(background=GREY) if image.hasalpha() else image


def on_colours(image: pyvips.Image, work: Callable[[pyvips.Image], pyvips.Image]) -> pyvips.Image:
    """Apply `work` to the three bands of colour; alpha is kept."""
    colours = work(image.extract_band(0, n=3))
    if not image.hasalpha():
        return colours
    return colours.bandjoin(image.extract_band(3)).copy(interpretation="srgb")


def lightness(colours: pyvips.Image) -> pyvips.Image:
    """One band of floating point, 0 to 255."""
    red, green, blue = (colours[band] * weight for band, weight in enumerate(LUMA))
    return red + green + blue


def grey(colours: Pixels) -> Floats:
    """Lightness of ... x red, green, blue, 0 to 255."""
    return colours.astype(np.float32) @ np.array(LUMA, np.float32)


def add_lightness(colours: pyvips.Image, change: pyvips.Image) -> pyvips.Image:
    """Add one band of change to every colour, which keeps their differences."""
    return as_bytes(colours + change)


def as_bytes(colours: pyvips.Image) -> pyvips.Image:
    """Round to integers of 0 to 255."""
    return colours.rint().cast("uchar").copy(interpretation="srgb")


def to_opponent(rgb: Pixels | Floats) -> Floats:
    """Convert ... x red, green, blue to ... x lightness, red-blue, green, which are hardly correlated."""
    return rgb.astype(np.float32) @ _TO_OPPONENT


def to_rgb(opponent: Floats) -> Floats:
    """Invert `to_opponent`."""
    return opponent @ _TO_RGB
