"""Deconvolution by a regularised inverse filter: the step `deblur`.

Wiener 1949, "Extrapolation, Interpolation, and Smoothing of Stationary Time Series".

The blur is assumed to be a disc, as of a lens out of focus, or a line, as of a camera that moved. Only the
direction of the line is estimated: an inverse filter across the motion makes a photograph worse. Ripples and
noise, which an inverse filter amplifies, are damped where there is little detail and bounded where there is
much.
"""

from collections.abc import Mapping
from functools import cache

import numpy as np
import numpy.typing as npt
import pyvips

from safelight_mock.imaging.channels import add_lightness, grey, lightness, on_colours
from safelight_mock.imaging.measure.sampling import tiles
from safelight_mock.imaging.tiled_map import Floats

RADII: Mapping[str, float] = {"lens": 2.2, "refocus": 2.6}  # pixels of the disc
LENGTH = 5.8  # pixels of the line
FIELD = 64  # pixels of the square in which filters are computed, with the origin at its corner
DISC_REACH, LINE_REACH = 6, 8  # pixels around each that a filter covers
DAMPING = 0.015  # ratio of noise to signal: the smaller, the sharper and the more ripples

QUIET = 4.0  # change in 8-bit steps below which it is mostly noise
LOUD = 60.0  # most that a pixel is changed
AROUND = 1.5  # pixels of blur over which change is measured

# One step along each direction of motion, by its angle in degrees: rows down and columns right.
STEPS: Mapping[int, tuple[int, int]] = {0: (0, 1), 45: (-1, 1), 90: (1, 0), 135: (1, 1)}
FAR = 4  # steps over which lightness changes in spite of the blur


def deblur(image: pyvips.Image, *, strength: float, kind: str) -> pyvips.Image:
    """Sharpen by `strength`, 0 to 1; `kind` is `lens` or `refocus` (a disc), or `motion` (a line)."""
    if strength == 0:
        return image
    return on_colours(image, lambda colours: _deblur(colours, strength, _filter(colours, kind)))


def _filter(colours: pyvips.Image, kind: str) -> Floats:
    if kind == "motion":
        return wiener_filter(LENGTH, motion_angle(grey(tiles(colours))))
    return wiener_filter(RADII[kind])


def _deblur(colours: pyvips.Image, strength: float, inverse: Floats) -> pyvips.Image:
    light = lightness(colours)
    sharpened = light.conv(pyvips.Image.new_from_array(inverse), precision="float")
    change = sharpened - light
    loudness = (change**2).gaussblur(AROUND)
    calmed = change * (loudness / (loudness + QUIET**2)) * strength
    return add_lightness(colours, calmed.clamp(min=-LOUD, max=LOUD))


@cache
def wiener_filter(size: float, angle: int | None = None) -> Floats:
    """Return the convolution that inverts a disc of this radius, or a line of this length at an angle.

    Its values add up to 1.
    """
    spread, reach = (_disc(size), DISC_REACH) if angle is None else (_line(size, angle), LINE_REACH)
    blur = np.fft.fft2(spread / spread.sum())
    inverse = np.real(np.fft.ifft2(blur.conj() / (np.abs(blur) ** 2 + DAMPING)))
    near = np.roll(inverse, (reach, reach), (0, 1))[: 2 * reach + 1, : 2 * reach + 1]
    fade = np.hanning(len(near) + 2)[1:-1]
    near = near * np.outer(fade, fade)
    normalised: Floats = (near / near.sum()).astype(np.float32)
    return normalised


def motion_angle(light: Floats) -> int:
    """Return the angle, 0 to 135 degrees, along which tiles of lightness lack fine detail; 0 if too small."""
    if not len(light) or min(light.shape[1:]) <= 2 * FAR:
        return 0
    return min(STEPS, key=lambda angle: _fineness(light, *STEPS[angle]))


def _fineness(light: Floats, down: int, right: int) -> float:
    """Change over one step, relative to that over several: stripes of the subject show in both."""
    return _change(light, down, right) / max(_change(light, FAR * down, FAR * right), 1e-9)


def _change(light: Floats, down: int, right: int) -> float:
    height, width = light.shape[1:]
    moved = light[:, FAR + down : height - FAR + down, FAR + right : width - FAR + right]
    return float(np.abs(moved - light[:, FAR:-FAR, FAR:-FAR]).mean())


def _disc(radius: float) -> npt.NDArray[np.float64]:
    down, right = _places()
    disc: npt.NDArray[np.float64] = (radius + 0.5 - np.hypot(down, right)).clip(0, 1)
    return disc


def _line(length: float, angle: int) -> npt.NDArray[np.float64]:
    """Draw a line one pixel wide; its ends and sides fade over a pixel."""
    down, right = _places()
    cosine, sine = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    along, aside = right * cosine - down * sine, right * sine + down * cosine
    line: npt.NDArray[np.float64] = (length / 2 + 0.5 - np.abs(along)).clip(0, 1) * (1 - np.abs(aside)).clip(
        0
    )
    return line


def _places() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    frequency = np.asarray(np.fft.fftfreq(FIELD, 1 / FIELD), np.float64)
    return frequency[:, None], frequency[None, :]
