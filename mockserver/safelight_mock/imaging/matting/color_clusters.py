"""The colours of a picture in a few dozen clusters, to tell which a part of it shares with the rest."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from safelight_mock.imaging.tiled_map import Floats

COLOURS = 40
ROUNDS = 8
BLUR = 6.0  # colour difference (L, a, b) over which clusters vouch for one another


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colour cluster of each pixel, and how alike each two clusters are."""

    nearest: npt.NDArray[np.intp]
    likeness: Floats

    def spread(self, weights: npt.NDArray[np.generic]) -> Floats:
        """Share of each cluster in a part of the picture, given by a weight for each pixel."""
        counts = self.likeness @ np.bincount(
            self.nearest.ravel(), weights.ravel().astype(np.float32), len(self.likeness)
        )
        return (counts / max(float(counts.sum()), 1e-9)).astype(np.float32)


def palette(lab: Floats) -> Palette:
    """Sort a picture's colours into clusters (k-means, begun with colours evenly spaced by lightness)."""
    colours = lab.reshape(-1, 3)
    ordered = colours[np.lexsort(colours.T)]
    centres = ordered[np.linspace(0, len(ordered) - 1, COLOURS).astype(int)]
    for _ in range(ROUNDS):
        nearest = _distances(lab, centres).argmin(2).ravel()
        sizes = np.maximum(np.bincount(nearest, minlength=COLOURS), 1)
        sums = [np.bincount(nearest, colours[:, channel], COLOURS) for channel in range(3)]
        centres = (np.stack(sums, axis=1) / sizes[:, None]).astype(np.float32)
    likeness = np.exp(-_distances(centres, centres) / (2 * BLUR**2))
    return Palette(nearest=nearest.reshape(lab.shape[:2]), likeness=likeness)


def _distances(points: Floats, centres: Floats) -> Floats:
    """Squared distance of each point to each centre."""
    squares: Floats = (points**2).sum(-1)[..., None] - 2 * points @ centres.T + (centres**2).sum(1)
    return squares.clip(0)
