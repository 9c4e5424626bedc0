"""Deconvolution by a regularised inverse filter: the step `deblur`.

Wiener 1949, "Extrapolation, Interpolation, and Smoothing of Stationary Time Series".

The blur is assumed to be a disc, as of a lens out of focus; nothing is estimated. Ripples and noise, which an
inverse filter amplifies, are damped where there is little detail and bounded where there is much.
"""

from collections.abc import Mapping
from functools import cache

import numpy as np
import pyvips

from safelight_mock.imaging.channels import add_lightness, lightness, on_colours
from safelight_mock.imaging.tiled_map import Floats

RADII: Mapping[str, float] = {"motion": 2.0, "lens": 2.2, "refocus": 2.6}  # pixels of the disc
FIELD = 64  # pixels of the square in which filters are computed, with the origin at its corner
REACH = 6  # pixels around each that a filter covers
DAMPING = 0.015  # ratio of noise to signal: the smaller, the sharper and the more ripples

QUIET = 4.0  # change in 8-bit steps below which it is mostly noise
LOUD = 60.0  # most that a pixel is changed
AROUND = 1.5  # pixels of blur over which change is measured


def deblur(image: pyvips.Image, *, strength: float, kind: str) -> pyvips.Image:
    """Sharpen by `strength`, 0 to 1; `kind` (lens, motion, refocus) chooses the radius."""
    if strength == 0:
        return image
    return on_colours(image, lambda colours: _deblur(colours, strength, RADII[kind]))


def _deblur(colours: pyvips.Image, strength: float, radius: float) -> pyvips.Image:
    light = lightness(colours)
    sharpened = light.conv(pyvips.Image.new_from_array(wiener_filter(radius)), precision="float")
    change = sharpened - light
    loudness = (change**2).gaussblur(AROUND)
    calmed = change * (loudness / (loudness + QUIET**2)) * strength
    return add_lightness(colours, calmed.clamp(min=-LOUD, max=LOUD))


@cache
def wiener_filter(radius: float) -> Floats:
    """Return the convolution that inverts a disc; its values add up to 1."""
    place = np.fft.fftfreq(FIELD, 1 / FIELD)
    disc = (radius + 0.5 - np.hypot(place[:, None], place)).clip(0, 1)
    blur = np.fft.fft2(disc / disc.sum())
    inverse = np.real(np.fft.ifft2(blur.conj() / (np.abs(blur) ** 2 + DAMPING)))
    near = np.roll(inverse, (REACH, REACH), (0, 1))[: 2 * REACH + 1, : 2 * REACH + 1]
    fade = np.hanning(len(near) + 2)[1:-1]
    near = near * np.outer(fade, fade)
    normalised: Floats = (near / near.sum()).astype(np.float32)
    return normalised
