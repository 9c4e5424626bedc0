"""The step that brings exposure and contrast to what is usual in a good print."""

import numpy as np
import pyvips

from safelight_mock.pixels.balance import white_balance
from safelight_mock.pixels.bands import SHARES
from safelight_mock.pixels.curve import IDENTITY, Curve, blend, through
from safelight_mock.pixels.glance import glance
from safelight_mock.pixels.strips import Floats

ENDS = (0.5, 50, 99.5)  # percentiles that become black, middle and white
BLACK, MIDDLE, WHITE = 0.02, 0.46, 0.98
LEAST = 0.1  # range of a picture below which there is nothing to spread
GAMMAS = 0.7, 1.4  # most that the middle is lifted or lowered


def levels(image: pyvips.Image, *, amount: float, balance: bool = False) -> pyvips.Image:
    """Spread the tones and move their middle, by `amount` from 0 (nothing) to 1.

    With `balance`, half of a cast goes too.
    """
    if amount == 0:
        return image
    image = white_balance(image, amount=amount / 2) if balance else image
    tones = glance(image).astype(np.float32) @ np.array(SHARES, np.float32) / np.float32(255)
    return through(image, blend(_curve(tones), amount))


def _curve(tones: Floats) -> Curve:
    black, middle, white = (float(tone) for tone in np.percentile(tones, ENDS))
    if white - black < LEAST:
        return IDENTITY
    spread = ((IDENTITY - black) / (white - black)).clip(0, 1)
    place = min(max((middle - black) / (white - black), 0.01), 0.99)
    gamma = np.log(MIDDLE) / np.log(place)
    curve: Curve = BLACK + (WHITE - BLACK) * spread ** np.clip(gamma, *GAMMAS)
    return curve
