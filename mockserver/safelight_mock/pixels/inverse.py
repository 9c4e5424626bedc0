"""Makes the small filters that undo a blur: what a regularised (Wiener) inverse does to a single point."""

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt

from safelight_mock.pixels.strips import Floats

FIELD = 64  # pixels of the square in which filters are computed, its middle at 0
REACH = {"lens": 6, "motion": 8, "refocus": 6}  # pixels around each that a filter takes in
DAMPING = 0.015  # of noise against picture: the smaller, the sharper and the more ripples

DISC = 2.0  # radius
SOFT = 1.8  # standard deviation
LINE = 6.0  # length


@cache
def inverse(kind: str, angle: int = 0) -> Floats:
    """Give the filter that undoes a blur of this kind; its values add up to 1."""
    seen = np.fft.fft2(BLURS[kind](angle))
    answer = np.real(np.fft.ifft2(seen.conj() / (np.abs(seen) ** 2 + DAMPING)))
    near = _near(answer, REACH[kind])
    return _whole(near * np.outer(np.hanning(len(near) + 2), np.hanning(len(near) + 2))[1:-1, 1:-1])


def _near(answer: npt.NDArray[np.float64], reach: int) -> npt.NDArray[np.float64]:
    """Cut out what lies around 0, which is at the field's corners."""
    return np.roll(answer, (reach, reach), (0, 1))[: 2 * reach + 1, : 2 * reach + 1]


def _places() -> tuple[Floats, Floats]:
    place = np.fft.fftfreq(FIELD, 1 / FIELD).astype(np.float32)
    return place[:, None], place[None, :]


def _lens(_angle: int) -> Floats:
    down, right = _places()
    return _whole((DISC + 0.5 - np.hypot(down, right)).clip(0, 1))


def _motion(angle: int) -> Floats:
    """Draw a line a pixel wide, its ends and sides fading over one pixel."""
    down, right = _places()
    turn = np.deg2rad(angle)
    along, aside = right * np.cos(turn) - down * np.sin(turn), right * np.sin(turn) + down * np.cos(turn)
    return _whole((LINE / 2 + 0.5 - np.abs(along)).clip(0, 1) * (1 - np.abs(aside)).clip(0, 1))


def _refocus(_angle: int) -> Floats:
    down, right = _places()
    return _whole(np.exp(-(down**2 + right**2) / (2 * SOFT**2)))


def _whole(blur: Floats | npt.NDArray[np.float64]) -> Floats:
    whole: Floats = (blur / blur.sum()).astype(np.float32)
    return whole


BLURS: dict[str, Callable[[int], Floats]] = {"lens": _lens, "motion": _motion, "refocus": _refocus}
