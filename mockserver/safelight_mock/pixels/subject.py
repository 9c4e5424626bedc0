"""Finds the subject of a small picture, to the pixel.

First an object is chosen among all unions of patches; then the colours of subject and surroundings are learnt
from it and from one another in turns, in the manner of GrabCut (Rother, Kolmogorov and Blake 2004).
"""

import numpy as np

from safelight_mock.pixels.agreement import agree
from safelight_mock.pixels.merging import unions
from safelight_mock.pixels.palette import Palette, palette
from safelight_mock.pixels.patchwork import patch
from safelight_mock.pixels.regions import Mask, overlapping_region, rim, without_holes
from safelight_mock.pixels.strips import Floats

STRONG = 25.0  # colour difference across an outline that counts in full
CUT_OFF = 1.8  # length along the picture's border, in square roots of its area, that speaks against an object
LARGE = 0.6  # how much size counts
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
        found = without_holes(overlapping_region(sure > EVEN, found))
        sure = np.where(found, np.maximum(sure, INSIDE), 0).astype(np.float32)
    return sure


def _choose(lab: Floats, colours: Palette) -> Mask:
    patches = patch(lab)
    candidates = [without_holes(members[patches.labels]) for members in unions(patches)]
    down, right = _steps(lab, 0), _steps(lab, 1)
    everything = np.ones(lab.shape[:2], np.bool_)
    return max(candidates, key=lambda mask: _merit(mask, colours, down, right), default=everything)


def _steps(lab: Floats, axis: int) -> Floats:
    """Colour difference between neighbours, up to what counts in full."""
    steps: Floats = np.sqrt((np.diff(lab, axis=axis) ** 2).sum(2)).clip(0, STRONG) / STRONG
    return steps


def _merit(mask: Mask, colours: Palette, down: Floats, right: Floats) -> float:
    """How much a region looks like an object: own colours, a sharp outline, free of the border, large."""
    shared = np.sqrt(colours.spread(mask) * colours.spread(~mask)).sum()
    outline = np.concatenate([down[mask[1:] != mask[:-1]], right[mask[:, 1:] != mask[:, :-1]]])
    border = rim(mask).sum() / np.sqrt(mask.sum())
    free = np.exp(-((border / CUT_OFF) ** 2) / 2)
    return float((1 - shared) * outline.mean() ** 2 * free * mask.mean() ** LARGE)


def _opinion(colours: Palette, sure: Floats, found: Mask) -> Floats:
    """Weigh each pixel's colour, as if subject and surroundings were equally large, and its place."""
    inside, outside = colours.spread(sure), colours.spread(1 - sure)
    vote = (inside / np.maximum(inside + outside, 1e-9)).clip(0.02, 0.98)
    odds = np.log(vote / (1 - vote))[colours.nearest] + np.where(found, PLACE, -PLACE)
    opinion: Floats = (1 / (1 + np.exp(-odds))).astype(np.float32)
    return opinion
