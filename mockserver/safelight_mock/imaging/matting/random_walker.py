"""Lets neighbouring pixels of like colour agree on what they belong to.

A random walk with opinions (Grady 2005): a symmetric, positive linear system, solved by conjugate gradients.
"""

from dataclasses import dataclass

import numpy as np

from safelight_mock.imaging.tiled_map import Floats

TIE = 8.0  # how strongly neighbours of one colour hold together, against a pixel's own opinion
ROUGH, FIRM = 8.0, 0.02  # colour difference that loosens them, and what holds whatever it is
ROUNDS, ENOUGH = 120, 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ties:
    down: Floats
    right: Floats

    def pull(self, values: Floats) -> Floats:
        """Each value, and its differences from the neighbours it is tied to."""
        pulled = values.copy()
        fall = self.down * np.diff(values, axis=0)
        pulled[1:] += fall
        pulled[:-1] -= fall
        drift = self.right * np.diff(values, axis=1)
        pulled[:, 1:] += drift
        pulled[:, :-1] -= drift
        return pulled


def agree(lab: Floats, opinion: Floats) -> Floats:
    """Smooth an opinion of 0 to 1 for each pixel along what looks alike."""
    ties = _Ties(down=_strength(np.diff(lab, axis=0)), right=_strength(np.diff(lab, axis=1)))
    return _solve(ties, opinion).clip(0, 1)


def _strength(steps: Floats) -> Floats:
    strength: Floats = TIE * (np.exp(-(steps**2).sum(2) / (2 * ROUGH**2)) + FIRM)
    return strength


def _solve(ties: _Ties, wanted: Floats) -> Floats:
    found = wanted.copy()
    rest = wanted - ties.pull(found)
    way, left = rest, float((rest**2).sum())
    for _ in range(ROUNDS):
        if left < ENOUGH:
            break
        pulled = ties.pull(way)
        step = left / float((way * pulled).sum())
        found, rest = found + step * way, rest - step * pulled
        before, left = left, float((rest**2).sum())
        way = rest + left / before * way
    return found
