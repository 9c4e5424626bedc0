"""The step that sets light by hand."""

import numpy as np
import pyvips

from safelight_mock.pixels.curve import IDENTITY, Curve, linear, shown, through

STOPS = 2.0  # by which the light is changed at full exposure
LIFT = 0.1  # most that highlights or shadows move, of the whole range; tones keep their order


def light(
    image: pyvips.Image, *, exposure: float = 0.0, highlight: float = 0.0, shadow: float = 0.0
) -> pyvips.Image:
    """Change exposure, then highlights and shadows, each from -1 (darker) by 0 (as it is) to 1 (lighter)."""
    if exposure == highlight == shadow == 0:
        return image
    exposed = shown(linear(IDENTITY) * 2 ** (STOPS * exposure))
    return through(image, exposed + LIFT * (highlight * _highlights(exposed) + shadow * _shadows(exposed)))


def _highlights(values: Curve) -> Curve:
    """Weigh what is light: most at three quarters, nothing below the middle; black and white stay."""
    return np.where(values > 1 / 2, np.sin(2 * np.pi * (values - 1 / 2)) ** 2, 0)


def _shadows(values: Curve) -> Curve:
    return _highlights(1 - values)
