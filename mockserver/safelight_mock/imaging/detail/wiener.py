"""Deconvolution by a regularised inverse filter: the step `deblur`.

Wiener 1949, "Extrapolation, Interpolation, and Smoothing of Stationary Time Series".

The blur is assumed, not estimated; only the direction of motion is. Ripples and noise, which an inverse
filter amplifies, are damped where there is little detail and bounded where there is much.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt
import pyvips

from safelight_mock.imaging.channels import add_lightness, grey, lightness, on_colours
from safelight_mock.imaging.measure.sampling import tiles
from safelight_mock.imaging.tiled_map import Floats

FIELD = 64  # pixels of the square in which filters are computed, with the origin at its corner
REACH = {"lens": 6, "motion": 8, "refocus": 6}  # pixels around each that a filter covers
DAMPING = 0.015  # ratio of noise to signal: the smaller, the sharper and the more ripples

DISC = 2.0  # radius
SOFT = 1.8  # standard deviation
LINE = 6.0  # length

QUIET = 4.0  # change in 8-bit steps below which it is mostly noise
LOUD = 60.0  # most that a pixel is changed
AROUND = 1.5  # pixels of blur over which change is measured

# One step along each angle in degrees: rows down and columns right.
DIRECTIONS = {0: (0, 1), 45: (-1, 1), 90: (1, 0), 135: (1, 1)}
FAR = 4  # steps over which motion of a few pixels does not blur


def deblur(image: pyvips.Image, *, strength: float, kind: str) -> pyvips.Image:
    """Sharpen by `strength`, 0 to 1.

    `kind`: `lens` inverts a disc, `motion` a line along the direction in which the image is least sharp,
    `refocus` a wide Gaussian.
    """
    if strength == 0:
        return image
    return on_colours(image, lambda colours: _deblur(colours, strength, kind))


def _deblur(colours: pyvips.Image, strength: float, kind: str) -> pyvips.Image:
    light = lightness(colours)
    angle = motion_angle(grey(tiles(colours))) if kind == "motion" else 0
    mask = pyvips.Image.new_from_array(wiener_filter(kind, angle))
    change = light.conv(mask, precision="float") - light
    loudness = (change**2).gaussblur(AROUND)
    calmed = change * (loudness / (loudness + QUIET**2)) * strength
    return add_lightness(colours, calmed.clamp(min=-LOUD, max=LOUD))


def motion_angle(tiles: Floats) -> int:
    """Return the angle, 0 to 135 degrees from the horizontal, along which lightness lacks fine detail."""
    if not len(tiles) or min(tiles.shape[1:]) <= 2 * FAR:
        return 0
    return min(DIRECTIONS, key=lambda angle: _fineness(tiles, *DIRECTIONS[angle]))


def _fineness(tiles: Floats, down: int, right: int) -> float:
    """Change over one step against change over several, in which stripes of the image cancel out."""
    return _change(tiles, down, right) / max(_change(tiles, FAR * down, FAR * right), 1e-9)


def _change(tiles: Floats, down: int, right: int) -> float:
    height, width = tiles.shape[1:]
    moved = tiles[:, FAR + down : height - FAR + down, FAR + right : width - FAR + right]
    return float(np.abs(moved - tiles[:, FAR:-FAR, FAR:-FAR]).mean())


@cache
def wiener_filter(kind: str, angle: int = 0) -> Floats:
    """Return the convolution that inverts a blur of this kind; its values add up to 1."""
    blur = np.fft.fft2(BLURS[kind](angle))
    inverse = np.real(np.fft.ifft2(blur.conj() / (np.abs(blur) ** 2 + DAMPING)))
    near = _near(inverse, REACH[kind])
    return _normalised(near * np.outer(np.hanning(len(near) + 2), np.hanning(len(near) + 2))[1:-1, 1:-1])


def _near(inverse: npt.NDArray[np.float64], reach: int) -> npt.NDArray[np.float64]:
    """Cut out what is around the origin, which is at the field's corners."""
    return np.roll(inverse, (reach, reach), (0, 1))[: 2 * reach + 1, : 2 * reach + 1]


def _coordinates() -> tuple[Floats, Floats]:
    place = np.fft.fftfreq(FIELD, 1 / FIELD).astype(np.float32)
    return place[:, None], place[None, :]


def _lens(_angle: int) -> Floats:
    down, right = _coordinates()
    return _normalised((DISC + 0.5 - np.hypot(down, right)).clip(0, 1))


def _motion(angle: int) -> Floats:
    """Draw a line one pixel wide; ends and sides fade over one pixel."""
    down, right = _coordinates()
    turn = np.deg2rad(angle)
    along, aside = right * np.cos(turn) - down * np.sin(turn), right * np.sin(turn) + down * np.cos(turn)
    return _normalised((LINE / 2 + 0.5 - np.abs(along)).clip(0, 1) * (1 - np.abs(aside)).clip(0, 1))


def _refocus(_angle: int) -> Floats:
    down, right = _coordinates()
    return _normalised(np.exp(-(down**2 + right**2) / (2 * SOFT**2)))


def _normalised(blur: Floats | npt.NDArray[np.float64]) -> Floats:
    normalised: Floats = (blur / blur.sum()).astype(np.float32)
    return normalised


BLURS: dict[str, Callable[[int], Floats]] = {"lens": _lens, "motion": _motion, "refocus": _refocus}
