"""Takes a picture's colours apart from its alpha, and its lightness apart from its colours."""

from collections.abc import Callable

import pyvips

SHARES = (0.299, 0.587, 0.114)  # of red, green and blue in lightness (ITU-R BT.601)
GREY = 128  # what shows through clear parts where a picture is looked at as a whole


def flat(image: pyvips.Image) -> pyvips.Image:
    """Three bands of colour, clear parts turned grey."""
    return image.flatten(background=GREY) if image.hasalpha() else image


def on_colours(image: pyvips.Image, work: Callable[[pyvips.Image], pyvips.Image]) -> pyvips.Image:
    """Apply `work` to the three bands of colour; alpha stays as it is."""
    colours = work(image.extract_band(0, n=3))
    if not image.hasalpha():
        return colours
    return colours.bandjoin(image.extract_band(3)).copy(interpretation="srgb")


def lightness(colours: pyvips.Image) -> pyvips.Image:
    """One band of floating point, 0 to 255."""
    red, green, blue = (colours[band] * share for band, share in enumerate(SHARES))
    return red + green + blue


def brighten(colours: pyvips.Image, change: pyvips.Image) -> pyvips.Image:
    """Add one band of change to every colour, so that none gains on the others."""
    return as_bytes(colours + change)


def as_bytes(colours: pyvips.Image) -> pyvips.Image:
    """Round to whole steps of 0 to 255."""
    return colours.rint().cast("uchar").copy(interpretation="srgb")
