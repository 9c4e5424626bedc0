"""The step that removes noise, as much of it as is there."""

import numpy as np
import pyvips

from safelight_mock.pixels.bands import as_bytes, lightness, on_colours
from safelight_mock.pixels.noise import noise_levels
from safelight_mock.pixels.shrinkage import Levels, shrink
from safelight_mock.pixels.strips import Floats
from safelight_mock.pixels.tiles import tiles

# Coefficients below so many times the noise are dropped. A block with one beyond EDGE holds an edge or
# texture; calm blocks and colours are cleaned thoroughly.
EDGE = 3.6
BUSY = np.array([1.5, 3.0, 3.0], np.float32)
CALM = np.array([2.8, 3.0, 3.0], np.float32)

CURVE = 0.4  # half the strength already removes most of what the eye sees
UNSEEN = 0.3  # noise in 8-bit steps that rounding makes anyway
NEAR = 2.0  # pixels of blur that tell fine detail from what it lies on
PLAIN = 6.0  # detail left after cleaning, in 8-bit steps, from which on a place is one that had detail


def denoise(image: pyvips.Image, *, strength: float, original_detail: float = 0.0) -> pyvips.Image:
    """Remove noise by `strength` from 0 (nothing) to 1.

    `original_detail` from 0 to 1 brings back what was removed where there is detail, and with it the noise
    that hides there; calm places stay clean.
    """
    return on_colours(image, lambda colours: _denoise(colours, strength, original_detail))


def _denoise(colours: pyvips.Image, strength: float, original_detail: float) -> pyvips.Image:
    noise = noise_levels(tiles(colours))
    if strength == 0 or noise.max() < UNSEEN:
        return colours
    cleaned = shrink(colours, _levels(noise, strength))
    return _with_detail(cleaned, colours, original_detail) if original_detail else cleaned


def _levels(noise: Floats, strength: float) -> Levels:
    return Levels(edge=EDGE * noise, busy=BUSY * noise * strength**CURVE, calm=CALM * noise * strength**CURVE)


def _with_detail(cleaned: pyvips.Image, original: pyvips.Image, share: float) -> pyvips.Image:
    light = lightness(cleaned)
    detail = ((light - light.gaussblur(NEAR)) ** 2).gaussblur(NEAR)
    return as_bytes(cleaned + (original - cleaned) * (detail / (detail + PLAIN**2)) * share)
