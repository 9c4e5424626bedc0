"""Connected components of a small mask, 4-connected.

Rosenfeld and Pfaltz 1966, "Sequential Operations in Digital Picture Processing"; labelled by libvips.
"""

import msgspec
import numpy as np
import numpy.typing as npt
import pyvips

Mask = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.intp]


class BoundingBox(msgspec.Struct, frozen=True, kw_only=True):
    """An upright rectangle, in pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def rows(self) -> slice:
        """Its rows, as an index."""
        return slice(self.top, self.top + self.height)

    @property
    def columns(self) -> slice:
        """Its columns, as an index."""
        return slice(self.left, self.left + self.width)


def heaviest_component(mask: Mask, weights: npt.NDArray[np.generic]) -> Mask:
    """Keep the component of the mask whose pixels have the largest sum of weights."""
    labels = _labels(mask)
    sums = np.bincount(labels[mask], weights[mask].astype(np.float32), int(labels.max()) + 1)
    best: Mask = mask & (labels == sums.argmax())
    return best


def large_components(mask: Mask, least: float) -> Mask:
    """Keep the components of the mask that cover at least this share of the image."""
    labels = _labels(mask)
    sizes = np.bincount(labels.ravel())
    large: Mask = mask & (sizes[labels] >= least * mask.size)
    return large


def fill_holes(mask: Mask) -> Mask:
    """Add every component of the background that does not touch the border."""
    labels = _labels(mask)
    border = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    filled: Mask = mask | ~np.isin(labels, border)
    return filled


def boxes(mask: Mask) -> list[BoundingBox]:
    """Return the bounding box of each component of the mask."""
    rows, columns = np.nonzero(mask)
    _, component = np.unique(_labels(mask)[rows, columns], return_inverse=True)
    tops, bottoms = _extent(rows, component)
    lefts, rights = _extent(columns, component)
    return [
        BoundingBox(left=int(left), top=int(top), width=int(right - left) + 1, height=int(bottom - top) + 1)
        for left, top, right, bottom in zip(lefts, tops, rights, bottoms, strict=True)
    ]


def _extent(places: Labels, component: Labels) -> tuple[Labels, Labels]:
    """First and last coordinate of each component."""
    count = int(component.max(initial=-1)) + 1
    first, last = np.full(count, np.iinfo(np.intp).max), np.zeros(count, np.intp)
    np.minimum.at(first, component, places)
    np.maximum.at(last, component, places)
    return first, last


def _labels(mask: Mask) -> Labels:
    """Return the number of each pixel's component, of the mask and of the background alike."""
    image = pyvips.Image.new_from_array(mask.astype(np.uint8))
    labels: Labels = image.labelregions().numpy().reshape(mask.shape).astype(np.intp)
    return labels
