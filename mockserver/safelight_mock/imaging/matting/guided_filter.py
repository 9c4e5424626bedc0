"""Brings a small picture's mask to the full picture, so that its outline follows what is seen there.

A guided filter (He, Sun and Tang 2010): near each pixel the mask is written as a mixture of the colours
there, at half a thousand pixels; the mixture is then applied to the full picture, which vips streams.
"""

import numpy as np
import pyvips

from safelight_mock.imaging.tiled_map import Floats

GUIDE = 512  # pixels of the longer side at which mixtures are computed
REACH = 0.008  # of the longer side: how far the outline may move to meet an edge
EVEN_COLOUR = 2e-4  # variance of colour (0 to 1) below which a place has no edges
SOFT = 0.12  # of the alpha that is cut off at either end, so that inside is opaque and outside is clear


def guided_filter(image: pyvips.Image, mask: Floats) -> pyvips.Image:
    """Alpha, 0 to 255 in one band and as large as `image` (three bands), from a small mask of 0 to 1."""
    scale = min(1, GUIDE / max(image.width, image.height))
    guide = image.resize(scale) if scale < 1 else image
    coarse = _fit(pyvips.Image.new_from_array(mask), guide).numpy().reshape(guide.height, guide.width)
    mixture = pyvips.Image.new_from_array(_mixtures(guide.numpy().astype(np.float32) / 255, coarse))
    mixture = _fit(mixture, image)
    parts = image * (1 / 255) * mixture.extract_band(0, n=3)
    alpha = parts[0] + parts[1] + parts[2] + mixture[3]
    return ((alpha - SOFT) * (255 / (1 - 2 * SOFT))).rint().cast("uchar").copy(interpretation="b-w")


def _fit(image: pyvips.Image, like: pyvips.Image) -> pyvips.Image:
    return image.resize(like.width / image.width, vscale=like.height / image.height, kernel="linear")


def _mixtures(guide: Floats, mask: Floats) -> Floats:
    """Shares of red, green and blue, and a constant, that make the mask around each pixel."""
    radius = max(1, round(REACH * max(mask.shape)))
    colour, level = _mean(guide, radius), _mean(mask[..., None], radius)
    products = (guide[..., :, None] * guide[..., None, :]).reshape(*mask.shape, 9)
    spread = _mean(products, radius).reshape(*mask.shape, 3, 3) - colour[..., :, None] * colour[..., None, :]
    together = _mean(guide * mask[..., None], radius) - colour * level
    shares = np.linalg.solve(spread + EVEN_COLOUR * np.eye(3, dtype=np.float32), together[..., None])[..., 0]
    constant = level - (shares * colour).sum(2, keepdims=True)
    return _mean(np.concatenate([shares, constant], axis=2).astype(np.float32), radius)


def _mean(values: Floats, radius: int) -> Floats:
    """Mean over the square of `radius` pixels around each, edges repeated."""
    return _mean_down(_mean_down(values, radius).swapaxes(0, 1), radius).swapaxes(0, 1)


def _mean_down(values: Floats, radius: int) -> Floats:
    side = 2 * radius + 1
    padded = np.pad(values, [(radius + 1, radius), (0, 0), (0, 0)], mode="edge")
    sums = np.cumsum(padded, axis=0, dtype=np.float64)
    return ((sums[side:] - sums[:-side]) / side).astype(np.float32)
