"""Smooths a guess for each pixel along similar colours: random walker segmentation with prior models.

Grady 2005, "Multilabel Random Walker Image Segmentation Using Prior Models": a symmetric, positive definite
linear system, solved by conjugate gradients (Hestenes and Stiefel 1952).
"""

import msgspec
import numpy as np

from safelight_mock.imaging.tiled_map import Floats

BETA = 8.0  # colour difference over which a step from pixel to pixel becomes unlikely
STEP, LEAST = (
    8.0,
    0.02,
)  # weight of a step between equal colours against a pixel's own guess; least share of it
ROUNDS, ENOUGH = 120, 1e-3  # of the solver: at most, and the squared residual at which it stops


class _Edges(msgspec.Struct, frozen=True, kw_only=True):
    """Weights of the steps from each pixel down and to the right."""

    down: Floats
    right: Floats

    def times(self, values: Floats) -> Floats:
        """Multiply by the matrix of the system: identity plus the Laplacian of the graph."""
        product = values.copy()
        fall = self.down * np.diff(values, axis=0)
        product[1:] += fall
        product[:-1] -= fall
        drift = self.right * np.diff(values, axis=1)
        product[:, 1:] += drift
        product[:, :-1] -= drift
        return product


def random_walker(lab: Floats, prior: Floats) -> Floats:
    """Return a probability for each pixel, given one from its own colour (rows x columns, 0 to 1)."""
    edges = _Edges(down=_weights(np.diff(lab, axis=0)), right=_weights(np.diff(lab, axis=1)))
    return _solve(edges, prior).clip(0, 1)


def _weights(steps: Floats) -> Floats:
    weights: Floats = STEP * (np.exp(-(steps**2).sum(2) / (2 * BETA**2)) + LEAST)
    return weights


def _solve(edges: _Edges, wanted: Floats) -> Floats:
    values = wanted.copy()
    residual = wanted - edges.times(values)
    direction, left = residual, float((residual**2).sum())
    for _ in range(ROUNDS):
        if left < ENOUGH:
            break
        product = edges.times(direction)
        length = left / float((direction * product).sum())
        values, residual = values + length * direction, residual - length * product
        before, left = left, float((residual**2).sum())
        direction = residual + left / before * direction
    return values
