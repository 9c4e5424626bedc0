"""Joins the patches of a picture step by step, the most alike first: each union on the way may be an object.

The cost of a union is Ward's, with its growth by size held back, so that large calm areas still join.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from safelight_mock.imaging.matting.slic import Superpixels

SMALLEST, LARGEST = 0.012, 0.7  # share of the picture an object may have


def unions(patches: Superpixels) -> Iterator[npt.NDArray[np.bool_]]:
    """Every union of an object's size, as the set of its patches."""
    merging = _Merging(patches)
    total = patches.sizes.sum()
    while (pair := merging.cheapest()) is not None:
        members, size = merging.join(*pair)
        if SMALLEST < size / total < LARGEST:
            yield members


class _Merging:
    """The patches as they stand; each union takes the place of its first part."""

    def __init__(self, patches: Superpixels) -> None:
        self.sizes = patches.sizes.copy()
        self.looks = patches.looks.copy()
        self.touching = patches.neighbours()
        self.members = np.eye(len(self.sizes), dtype=np.bool_)
        self.costs = np.full(self.touching.shape, np.inf, np.float32)
        for one in range(len(self.sizes)):
            self._price(one)

    def cheapest(self) -> tuple[int, int] | None:
        """Name the two most alike neighbours; None when all are one."""
        one, other = divmod(int(self.costs.argmin()), len(self.costs))
        return (one, other) if np.isfinite(self.costs[one, other]) else None

    def join(self, one: int, other: int) -> tuple[npt.NDArray[np.bool_], float]:
        """Make one patch of two; gives its members and its size."""
        weights = self.sizes[[one, other]]
        self.looks[one] = np.average(self.looks[[one, other]], axis=0, weights=weights)
        self.sizes[one] = weights.sum()
        self.members[one] |= self.members[other]
        self._rewire(one, other)
        self._price(one)
        return self.members[one].copy(), float(self.sizes[one])

    def _rewire(self, one: int, other: int) -> None:
        self.touching[one] |= self.touching[other]
        self.touching[:, one] |= self.touching[:, other]
        self.touching[one, one] = False
        self.touching[other] = self.touching[:, other] = False
        self.costs[other] = self.costs[:, other] = np.inf

    def _price(self, one: int) -> None:
        near = np.flatnonzero(self.touching[one])
        size = self.sizes[one] * self.sizes[near] / (self.sizes[one] + self.sizes[near])
        cost = np.sqrt(((self.looks[near] - self.looks[one]) ** 2).sum(1) * size)
        self.costs[one, near] = self.costs[near, one] = cost
