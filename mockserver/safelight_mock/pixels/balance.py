"""The step that takes a cast out: what is grey on the whole ought to be grey."""

import numpy as np
import pyvips

from safelight_mock.pixels.curve import IDENTITY, linear, shown, through
from safelight_mock.pixels.glance import glance
from safelight_mock.pixels.strips import Floats, Pixels

# Bright parts speak louder than dark ones (the principle of Finlayson and Trezzi's shades of grey, 2004).
NORM = 4
CLIPPED = 250  # from which a colour says nothing
GAINS = 0.55, 1.8


def white_balance(image: pyvips.Image, *, amount: float) -> pyvips.Image:
    """Weigh the colours against one another by `amount`, 0 to 1; lightness stays, to a tenth."""
    if amount == 0:
        return image
    gains = _gains(glance(image).reshape(-1, 3)) ** amount
    return through(image, *(shown(linear(IDENTITY) * gain) for gain in gains))


def _gains(colours: Pixels) -> Floats:
    whole = colours[colours.max(1) < CLIPPED]
    amounts = linear((whole if len(whole) else colours).astype(np.float64) / 255)
    means = (amounts**NORM).mean(0) ** (1 / NORM)
    return np.asarray((means.mean() / np.maximum(means, 1e-4)).clip(*GAINS), np.float32)
