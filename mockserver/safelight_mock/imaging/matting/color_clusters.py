"""Clusters of similar colours, to compare the colours of two parts of an image.

k-means (Lloyd 1982, "Least Squares Quantization in PCM"), started with colours evenly spaced by lightness.
"""

import msgspec
import numpy as np
import numpy.typing as npt

from safelight_mock.imaging.tiled_map import Floats

COUNT = 40
ROUNDS = 8
SIMILAR = 6.0  # colour difference (L, a, b) over which clusters share their pixels


class ColourClusters(msgspec.Struct, frozen=True, kw_only=True):
    """The nearest cluster of each pixel, and the similarity of each two clusters, 0 to 1."""

    nearest: npt.NDArray[np.intp]
    similarity: Floats

    def shares(self, part: npt.NDArray[np.bool_]) -> Floats:
        """Return the share of each cluster in a part of the image."""
        counts = self.similarity @ np.bincount(self.nearest[part], minlength=COUNT).astype(np.float32)
        return (counts / max(float(counts.sum()), 1e-9)).astype(np.float32)


def colour_clusters(lab: Floats) -> ColourClusters:
    """Cluster the colours of an image (rows x columns x L, a, b)."""
    colours = lab.reshape(-1, 3)
    by_lightness = colours[np.lexsort(colours.T[::-1])]
    centres = by_lightness[np.linspace(0, len(colours) - 1, COUNT).astype(int)]
    for _ in range(ROUNDS):
        nearest = _squared_distances(lab, centres).argmin(2).ravel()
        sizes = np.maximum(np.bincount(nearest, minlength=COUNT), 1)
        sums = [np.bincount(nearest, colours[:, channel], COUNT) for channel in range(3)]
        centres = (np.stack(sums, axis=1) / sizes[:, None]).astype(np.float32)
    similarity = np.exp(-_squared_distances(centres, centres) / (2 * SIMILAR**2))
    return ColourClusters(nearest=nearest.reshape(lab.shape[:2]), similarity=similarity)


def _squared_distances(points: Floats, centres: Floats) -> Floats:
    squares: Floats = (points**2).sum(-1)[..., None] - 2 * points @ centres.T + (centres**2).sum(1)
    return squares.clip(0)
