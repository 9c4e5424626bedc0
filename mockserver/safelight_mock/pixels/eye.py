"""Turns what a survey found into measures."""

from pathlib import Path

import numpy as np

from safelight_mock.pixels.bands import SHARES
from safelight_mock.pixels.blocks import grid_share
from safelight_mock.pixels.blur import blur
from safelight_mock.pixels.measures import Measures
from safelight_mock.pixels.noise import noise_levels
from safelight_mock.pixels.skin import skin
from safelight_mock.pixels.strips import Floats, Pixels
from safelight_mock.pixels.survey import survey

WHITE = 255
FIFTIETHS = (2, 98)  # percent


def look(file: Path) -> Measures:
    """See `measures.measure`."""
    seen = survey(file)
    grey, tiles = _grey(seen.small), _grey(seen.tiles)
    dark, light = np.percentile(grey, FIFTIETHS)
    return Measures(
        noise=round(float(noise_levels(seen.tiles).max()), 3),
        blur=round(blur(tiles), 4),
        blockiness=round(grid_share(tiles), 4),
        exposure=round(float(grey.mean()) / WHITE, 4),
        contrast=round(float(light - dark) / WHITE, 4),
        cast=round(_cast(seen.small), 4),
        skin=round(float(skin(seen.small).mean()), 4),
        inks=float(seen.is_inked),
        alpha=float(seen.has_alpha),
    )


def _grey(colours: Pixels) -> Floats:
    return colours.astype(np.float32) @ np.array(SHARES, np.float32)


def _cast(colours: Pixels) -> float:
    """Chroma of the mean colour, against the most that its lightness would allow a pure colour."""
    mean = colours.reshape(-1, 3).mean(0)
    return float(np.ptp(mean) / max(float(mean.max()), 1))
