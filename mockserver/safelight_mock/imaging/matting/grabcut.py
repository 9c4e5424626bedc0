"""Finds the subject of a small image, to the pixel, by its colours.

After Rother, Kolmogorov and Blake 2004, "GrabCut: Interactive Foreground Extraction using Iterated Graph
Cuts". In place of a rectangle drawn by a user, the first model of the background is what the sides of the
image have in common; colours are in clusters in place of Gaussian mixtures, and a random walker replaces the
cut.
"""

import numpy as np

from safelight_mock.imaging.connected_components import Mask, fill_holes, heaviest_component
from safelight_mock.imaging.matting.color_clusters import ColourClusters, colour_clusters
from safelight_mock.imaging.matting.guided_filter import box_mean
from safelight_mock.imaging.matting.random_walker import random_walker
from safelight_mock.imaging.tiled_map import Floats

SIDE = 6  # pixels of the border that are taken for background
RARE = 0.3  # a colour is background unless it is rarer in the sides than in the image by this factor
CONTRAST = 4.0  # exponent of the first odds

TURNS = 4
RIM = 5  # pixels around the last mask that the next model of the subject includes
PLACE = 2.0  # weight of the last mask beside colour, in log odds
EVEN, INSIDE = 0.5, 0.6  # probability from which a pixel is subject, and the least that such a pixel gets


def subject(lab: Floats) -> Floats:
    """Return the probability that each pixel (rows x columns x L, a, b) belongs to the subject.

    An image in which nothing stands out is all subject. Enclosed background (the hole in a cup's handle) is
    taken for subject.
    """
    colours = colour_clusters(lab)
    sure = random_walker(lab, _first_guess(colours))
    mask = heaviest_component(sure > EVEN, sure - EVEN)
    for _ in range(TURNS):
        mask = fill_holes(mask)
        sure = random_walker(lab, _next_guess(colours, mask))
        mask = heaviest_component(sure > EVEN, mask)
    mask = fill_holes(mask)
    if not mask.any():
        return np.ones(mask.shape, np.float32)
    return np.where(mask, np.maximum(sure, INSIDE), 0).astype(np.float32)


def _first_guess(colours: ColourClusters) -> Floats:
    """Take the colours that two sides share for background: a subject may be cut off by one side."""
    sides = []
    for side in (np.s_[:SIDE], np.s_[-SIDE:], np.s_[:, :SIDE], np.s_[:, -SIDE:]):
        border = np.zeros(colours.nearest.shape, np.bool_)
        border[side] = True
        sides.append(colours.shares(border))
    everywhere = colours.shares(np.ones_like(border))
    odds = _log_odds(everywhere, np.sort(sides, axis=0)[-2]) + np.log(RARE)
    return _probability(CONTRAST * odds[colours.nearest])


def _next_guess(colours: ColourClusters, mask: Mask) -> Floats:
    """Weigh each pixel's colour, as if subject and background were equally large, and its place."""
    inside = box_mean(mask[..., None].astype(np.float32), RIM)[..., 0] > 1e-3  # noqa: PLR2004 - rounding
    odds = _log_odds(colours.shares(inside), colours.shares(~inside))
    return _probability(odds[colours.nearest] + np.where(mask, PLACE, -PLACE))


def _log_odds(inside: Floats, outside: Floats) -> Floats:
    share = (inside / np.maximum(inside + outside, 1e-9)).clip(0.02, 0.98)
    odds: Floats = np.log(share / (1 - share)).astype(np.float32)
    return odds


def _probability(log_odds: Floats) -> Floats:
    probability: Floats = (1 / (1 + np.exp(-log_odds))).astype(np.float32)
    return probability
