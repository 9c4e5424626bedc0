"""Guided filter: carries a small mask to the full image, so that it follows the edges there.

He and Sun 2015, "Fast Guided Filter" (He, Sun and Tang 2010 at low resolution): around each pixel the mask is
a linear function of the colours, computed at 512 pixels and applied to the full image, which libvips streams.
"""

import numpy as np
import pyvips

from safelight_mock.imaging.geometry import enlarge
from safelight_mock.imaging.tiled_map import Floats

GUIDE = 512  # pixels of the longer side at which the functions are computed
REACH = 0.008  # of the longer side: how far the outline may move to meet an edge
EPSILON = 2e-4  # variance of colour (0 to 1) below which a place has no edges
SOFT = 0.12  # of alpha that is cut off at either end, so that inside is opaque and outside transparent


def guided_filter(image: pyvips.Image, mask: Floats) -> pyvips.Image:
    """Return alpha, 0 to 255 in one band as large as `image` (three bands), from a small mask of 0 to 1."""
    scale = min(1, GUIDE / max(image.width, image.height))
    guide = image.resize(scale) if scale < 1 else image
    coarse = enlarge(pyvips.Image.new_from_array(mask), guide).numpy().reshape(guide.height, guide.width)
    functions = pyvips.Image.new_from_array(_functions(guide.numpy().astype(np.float32) / 255, coarse))
    functions = enlarge(functions, image)
    parts = image * (1 / 255) * functions.extract_band(0, n=3)
    alpha = parts[0] + parts[1] + parts[2] + functions[3]
    return ((alpha - SOFT) * (255 / (1 - 2 * SOFT))).rint().cast("uchar").copy(interpretation="b-w")


def _functions(guide: Floats, mask: Floats) -> Floats:
    """Return factors of red, green and blue, and a constant, for each pixel."""
    radius = max(1, round(REACH * max(mask.shape)))
    colour, level = box_mean(guide, radius), box_mean(mask[..., None], radius)
    products = (guide[..., :, None] * guide[..., None, :]).reshape(*mask.shape, 9)
    squares = colour[..., :, None] * colour[..., None, :]
    covariance = box_mean(products, radius).reshape(*mask.shape, 3, 3) - squares
    with_mask = box_mean(guide * mask[..., None], radius) - colour * level
    factors = np.linalg.solve(covariance + EPSILON * np.eye(3, dtype=np.float32), with_mask[..., None])[
        ..., 0
    ]
    constant = level - (factors * colour).sum(2, keepdims=True)
    return box_mean(np.concatenate([factors, constant], axis=2).astype(np.float32), radius)


def box_mean(values: Floats, radius: int) -> Floats:
    """Return the mean over the square of `radius` pixels around each, edges repeated."""
    return _mean_down(_mean_down(values, radius).swapaxes(0, 1), radius).swapaxes(0, 1)


def _mean_down(values: Floats, radius: int) -> Floats:
    side = 2 * radius + 1
    padded = np.pad(values, [(radius + 1, radius), (0, 0), (0, 0)], mode="edge")
    sums = np.cumsum(padded, axis=0, dtype=np.float64)
    return ((sums[side:] - sums[:-side]) / side).astype(np.float32)
