"""Finds the subject of a small picture, to the pixel.

First an object is chosen among all unions of patches; then the colours of subject and surroundings are learnt
from it and from one another in turns, in the manner of GrabCut (Rother, Kolmogorov and Blake 2004).
"""

import numpy as np

from safelight_mock.imaging.connected_components import Mask, fill_holes, largest_overlap
from safelight_mock.imaging.matting.color_clusters import Palette, palette
from safelight_mock.imaging.matting.objectness import merits
from safelight_mock.imaging.matting.random_walker import agree
from safelight_mock.imaging.matting.region_merging import unions
from safelight_mock.imaging.matting.slic import slic
from safelight_mock.imaging.tiled_map import Floats

TURNS = 3
PLACE = 2.0  # weight of where the object was, beside colour
EVEN, INSIDE = 0.5, 0.6  # from where a pixel belongs to the subject, and what it is held to once it does


def subject(lab: Floats) -> Floats:
    """How surely each pixel (rows x columns x L, a, b) belongs to the subject, 0 to 1.

    A picture in which nothing stands out is all subject. What the subject encloses counts as part of it, so
    the hole in a cup's handle is not seen.
    """
    colours = palette(lab)
    found = _choose(lab, colours)
    sure = found.astype(np.float32)
    for _ in range(TURNS):
        sure = agree(lab, _opinion(colours, sure, found))
        found = fill_holes(largest_overlap(sure > EVEN, found))
        sure = np.where(found, np.maximum(sure, INSIDE), 0).astype(np.float32)
    return sure


def _choose(lab: Floats, colours: Palette) -> Mask:
    patches = slic(lab)
    candidates = np.array([*unions(patches)])
    if not len(candidates):
        return np.ones(lab.shape[:2], np.bool_)
    best = candidates[merits(candidates.astype(np.float32), patches, lab, colours).argmax()]
    return fill_holes(best[patches.labels])


def _opinion(colours: Palette, sure: Floats, found: Mask) -> Floats:
    """Weigh each pixel's colour, as if subject and surroundings were equally large, and its place."""
    inside, outside = colours.spread(sure), colours.spread(1 - sure)
    vote = (inside / np.maximum(inside + outside, 1e-9)).clip(0.02, 0.98)
    odds = np.log(vote / (1 - vote))[colours.nearest] + np.where(found, PLACE, -PLACE)
    opinion: Floats = (1 / (1 + np.exp(-odds))).astype(np.float32)
    return opinion
