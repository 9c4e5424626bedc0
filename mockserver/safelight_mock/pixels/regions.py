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


def without_holes(mask: Mask) -> Mask:
    """Fill what is enclosed: every region outside that does not reach the picture's border."""
    labels = _regions(mask)
    filled: Mask = mask | ~np.isin(labels, rim(labels))
    return filled


def rim(values: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    """All values on the picture's border."""
    return np.concatenate([values[0], values[-1], values[1:-1, 0], values[1:-1, -1]])


def _regions(mask: Mask) -> Labels:
    """Give each connected region a number, in the mask and in the rest alike."""
    image = pyvips.Image.new_from_array(mask.astype(np.uint8))
    labels: Labels = image.labelregions().numpy().astype(np.intp)
    return labels
