"""Superpixels by simple linear iterative clustering.

Achanta, Shaji, Smith, Lucchi, Fua and Süsstrunk 2012, "SLIC Superpixels Compared to State-of-the-Art
Superpixel Methods".

Each pixel chooses among the nine superpixels around it, by colour and place.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from safelight_mock.imaging.tiled_map import Floats

Labels = npt.NDArray[np.intp]

SIDE = 12  # pixels between the centres at the start
COMPACT = 14.0  # units of colour difference that weigh as much as one SIDE of distance
ROUNDS = 6
NEIGHBOURS = [(row, column) for row in (-1, 0, 1) for column in (-1, 0, 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Superpixels:
    """Which patch each pixel lies in, their sizes, and their looks (mean L, a, b and roughness)."""

    labels: Labels
    sizes: Floats
    looks: Floats

    def neighbours(self) -> npt.NDArray[np.bool_]:
        """Tell which two patches touch."""
        touching = np.zeros((len(self.sizes), len(self.sizes)), np.bool_)
        for one, other in ((self.labels[1:], self.labels[:-1]), (self.labels[:, 1:], self.labels[:, :-1])):
            touching[one, other] = touching[other, one] = True
        np.fill_diagonal(touching, val=False)
        return touching


def slic(lab: Floats) -> Superpixels:
    """Divide a picture (rows x columns x L, a, b) into patches."""
    height, width = lab.shape[:2]
    rows, columns = max(1, round(height / SIDE)), max(1, round(width / SIDE))
    y, x = np.mgrid[:height, :width].astype(np.float32)
    features = np.dstack([lab, y * COMPACT / SIDE, x * COMPACT / SIDE])
    home = _grid(height, width, rows, columns)
    labels = home
    for _ in range(ROUNDS):
        labels = _nearest(features, _means(features, labels, rows * columns), home, rows, columns)
    return _describe(lab, _renumber(labels))


def _grid(height: int, width: int, rows: int, columns: int) -> Labels:
    row = np.arange(height) * rows // height
    column = np.arange(width) * columns // width
    labels: Labels = row[:, None] * columns + column
    return labels


def _nearest(features: Floats, means: Floats, home: Labels, rows: int, columns: int) -> Labels:
    row, column = home // columns, home % columns
    candidates = np.stack(
        [
            np.clip(row + down, 0, rows - 1) * columns + np.clip(column + right, 0, columns - 1)
            for down, right in NEIGHBOURS
        ]
    )
    distances = np.stack([((features - means[near]) ** 2).sum(2) for near in candidates])
    labels: Labels = np.take_along_axis(candidates, distances.argmin(0)[None], 0)[0]
    return labels


def _renumber(labels: Labels) -> Labels:
    """Leave out the patches that kept no pixel, and close the gaps."""
    numbers = np.unique(labels, return_inverse=True)[1]
    return numbers.reshape(labels.shape)


def _describe(lab: Floats, labels: Labels) -> Superpixels:
    count = int(labels.max()) + 1
    lightness = lab[..., :1]
    means = _means(np.dstack([lab, lightness**2]), labels, count)
    roughness = np.sqrt((means[:, 3] - means[:, 0] ** 2).clip(0))
    sizes = np.bincount(labels.ravel(), minlength=count).astype(np.float32)
    return Superpixels(labels=labels, sizes=sizes, looks=np.column_stack([means[:, :3], roughness]))


def _means(features: Floats, labels: Labels, count: int) -> Floats:
    sizes = np.maximum(np.bincount(labels.ravel(), minlength=count), 1)
    return (_sums(features, labels, count) / sizes[:, None]).astype(np.float32)


def _sums(features: Floats, labels: Labels, count: int) -> Floats:
    flat = labels.ravel()
    channels = [np.bincount(flat, features[..., c].ravel(), count) for c in range(features.shape[2])]
    return np.stack(channels, axis=1).astype(np.float32)
