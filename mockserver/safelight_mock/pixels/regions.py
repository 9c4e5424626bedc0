"""Connected regions of a small mask."""

import numpy as np
import numpy.typing as npt
import pyvips

Mask = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.intp]


def overlapping_region(mask: Mask, other: Mask) -> Mask:
    """Keep the region of the mask that shares most pixels with another mask."""
    labels = _regions(mask)
    shared = np.bincount(labels[mask & other], minlength=int(labels.max()) + 1)
    best: Mask = mask & (labels == shared.argmax())
    return best


def large_regions(mask: Mask, least: float) -> Mask:
    """Keep the regions of the mask that are at least so large a share of the picture."""
    labels = _regions(mask)
    sizes = np.bincount(labels.ravel())
    large: Mask = mask & (sizes[labels] >= least * mask.size)
    return large


def without_holes(mask: Mask) -> Mask:
    """Fill what is enclosed: every region outside that does not reach the picture's border."""
    labels = _regions(mask)
    border = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    filled: Mask = mask | ~np.isin(labels, border)
    return filled


def _regions(mask: Mask) -> Labels:
    """Give each connected region a number, in the mask and in the rest alike."""
    image = pyvips.Image.new_from_array(mask.astype(np.uint8))
    labels: Labels = image.labelregions().numpy().reshape(mask.shape).astype(np.intp)
    return labels
