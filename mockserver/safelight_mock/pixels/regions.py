"""Connected regions of a small mask."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyvips

Mask = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """An upright rectangle, in pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def rows(self) -> slice:
        """Those it covers."""
        return slice(self.top, self.top + self.height)

    @property
    def columns(self) -> slice:
        """Those it covers."""
        return slice(self.left, self.left + self.width)


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


def boxes(mask: Mask) -> list[Box]:
    """Return the rectangle around each connected region of the mask."""
    rows, columns = np.nonzero(mask)
    _, region = np.unique(_regions(mask)[rows, columns], return_inverse=True)
    tops, bottoms = _reach(rows, region)
    lefts, rights = _reach(columns, region)
    return [
        Box(left=int(left), top=int(top), width=int(right - left) + 1, height=int(bottom - top) + 1)
        for left, top, right, bottom in zip(lefts, tops, rights, bottoms, strict=True)
    ]


def _reach(places: Labels, region: Labels) -> tuple[Labels, Labels]:
    """First and last place of each region."""
    count = int(region.max(initial=-1)) + 1
    first, last = np.full(count, np.iinfo(np.intp).max), np.zeros(count, np.intp)
    np.minimum.at(first, region, places)
    np.maximum.at(last, region, places)
    return first, last


def _regions(mask: Mask) -> Labels:
    """Give each connected region a number, in the mask and in the rest alike."""
    image = pyvips.Image.new_from_array(mask.astype(np.uint8))
    labels: Labels = image.labelregions().numpy().reshape(mask.shape).astype(np.intp)
    return labels
