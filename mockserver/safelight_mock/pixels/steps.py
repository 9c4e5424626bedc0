"""Every step a recipe may name."""

from collections.abc import Callable

import pyvips

from safelight_mock.pixels.denoise import denoise
from safelight_mock.pixels.matte import matte
from safelight_mock.pixels.resize import resize
from safelight_mock.pixels.sharpen import sharpen

STEPS: dict[str, Callable[..., pyvips.Image]] = {
    "denoise": denoise,
    "matte": matte,
    "resize": resize,
    "sharpen": sharpen,
}

# Steps that read each pixel once, from the top to the bottom. The others look around.
STREAMING = frozenset({"resize", "sharpen"})
