"""Tone curves: tables of 256 values through which every colour of a picture goes."""

import numpy as np
import numpy.typing as npt
import pyvips

from safelight_mock.pixels.bands import on_colours

Curve = npt.NDArray[np.float64]

IDENTITY: Curve = np.linspace(0, 1, 256)


def through(image: pyvips.Image, *curves: Curve) -> pyvips.Image:
    """Send all colours through one curve, or red, green and blue through one each; alpha stays as it is.

    Curves give 0 to 1 for each of the 256 steps; what exceeds that is cut.
    """
    table = np.stack(curves, axis=-1).clip(0, 1) * 255
    lookup = pyvips.Image.new_from_array(table.round().astype(np.uint8)[None])
    return on_colours(image, lambda colours: colours.maplut(lookup).copy(interpretation="srgb"))


def linear(values: Curve) -> Curve:
    """Turn sRGB's values into amounts of light (IEC 61966-2-1)."""
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004 the standard's


def shown(light: Curve) -> Curve:
    """Undo `linear`."""
    light = light.clip(0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)  # noqa: PLR2004 the standard's


def blend(curve: Curve, amount: float) -> Curve:
    """Go from doing nothing (0) to the curve (1)."""
    return IDENTITY + (curve - IDENTITY) * amount
