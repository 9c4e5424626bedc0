"""Judges which union of patches looks most like an object.

An object has colours of its own, a sharp outline, little of the picture's border, and some size. The weights
were found on a hundred composites of real subjects and backgrounds.
"""

import numpy as np

from safelight_mock.imaging.matting.color_clusters import Palette
from safelight_mock.imaging.matting.slic import Labels, Superpixels
from safelight_mock.imaging.tiled_map import Floats

STRONG = 25.0  # colour difference across an outline that counts in full
SHARP = 2.0  # how much a sharp outline counts, as an exponent
CUT_OFF = 1.8  # length along the picture's border, in square roots of its area, that speaks against an object
LARGE = 0.6  # how much size counts, as an exponent


def merits(candidates: Floats, patches: Superpixels, lab: Floats, colours: Palette) -> Floats:
    """Give each candidate (candidates x patches, 1 for what belongs to it) its merit."""
    areas = candidates @ patches.sizes
    free = np.exp(-((candidates @ _border(patches) / np.sqrt(areas) / CUT_OFF) ** 2) / 2)
    own = _own_colours(candidates, patches, colours)
    merits: Floats = own * _sharpness(candidates, patches, lab) ** SHARP * free * areas**LARGE
    return merits


def _border(patches: Superpixels) -> Floats:
    """Count the pixels of each patch on the picture's border."""
    labels = patches.labels
    rim = np.concatenate([labels[0], labels[-1], labels[1:-1, 0], labels[1:-1, -1]])
    return np.bincount(rim, minlength=len(patches.sizes)).astype(np.float32)


def _own_colours(candidates: Floats, patches: Superpixels, colours: Palette) -> Floats:
    """Tell how few colours a candidate shares with the rest: 1 for none (Bhattacharyya)."""
    count = len(colours.likeness)
    places = patches.labels.ravel() * count + colours.nearest.ravel()
    amounts = np.bincount(places, minlength=len(patches.sizes) * count).reshape(-1, count) @ colours.likeness
    inside, outside = candidates @ amounts, (1 - candidates) @ amounts
    inside /= inside.sum(1, keepdims=True)
    outside /= outside.sum(1, keepdims=True)
    own: Floats = 1 - np.sqrt(inside * outside).sum(1)
    return own


def _sharpness(candidates: Floats, patches: Superpixels, lab: Floats) -> Floats:
    """Mean colour difference across a candidate's outline, 1 for strong."""
    lengths = np.zeros((len(patches.sizes),) * 2, np.float32)
    steps = np.zeros_like(lengths)
    for axis in (0, 1):
        one, other = _pairs(patches.labels, axis)
        step = np.sqrt((np.diff(lab, axis=axis) ** 2).sum(2)).clip(0, STRONG) / STRONG
        np.add.at(lengths, (one, other), 1)
        np.add.at(steps, (one, other), step)
    return (_across(candidates, steps) / np.maximum(_across(candidates, lengths), 1)).astype(np.float32)


def _pairs(labels: Labels, axis: int) -> tuple[Labels, Labels]:
    """Give the patches of each pixel and of the next one along an axis."""
    return (labels[:-1], labels[1:]) if axis == 0 else (labels[:, :-1], labels[:, 1:])


def _across(candidates: Floats, amounts: Floats) -> Floats:
    """Sum what lies between a candidate's patches and the others."""
    across: Floats = ((candidates @ (amounts + amounts.T)) * (1 - candidates)).sum(1)
    return across
