"""Runs numpy over a picture of any size, a strip of rows at a time."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyvips

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

PIXELS_AT_ONCE = 100_000  # numpy needs some hundred bytes for each, and is quickest inside the cache
ROWS_AT_LEAST = 128  # in a strip, lest margins cost more than the strip
STEP = (
    8  # strips and their pieces start at multiples of it, so that a grid of blocks falls alike in all of them
)


def map_strips(image: pyvips.Image, work: Callable[[Pixels], Pixels], *, margin: int) -> pyvips.Image:
    """Replace the pixels of `image` by the colours `work` makes of them.

    `work` takes rows x columns x bands with `margin` mirrored or neighbouring pixels more on every side, and
    gives back rows x columns x 3 of the inner part. The result lies in a temporary file of which vips maps a
    window at a time.
    """
    padded = image.embed(margin, margin, image.width + 2 * margin, image.height + 2 * margin, extend="mirror")
    with tempfile.NamedTemporaryFile(delete=False) as file:
        try:
            for top, rows in strip_rows(image):
                strip = padded.crop(0, top, padded.width, rows + 2 * margin)
                file.write(_map_strip(strip, work, margin).data)
            file.flush()
            return _open(file.name, image.width, image.height)
        finally:
            Path(file.name).unlink()  # an open file lives on until vips lets go of it


def _map_strip(strip: pyvips.Image, work: Callable[[Pixels], Pixels], margin: int) -> Pixels:
    """Work from left to right, in pieces small enough; gives rows x columns x 3."""
    width = strip.width - 2 * margin
    columns = max(1, PIXELS_AT_ONCE // strip.height // STEP) * STEP
    pieces = [
        work(pixels(strip.crop(left, 0, min(columns, width - left) + 2 * margin, strip.height)))
        for left in range(0, width, columns)
    ]
    return np.ascontiguousarray(np.concatenate(pieces, axis=1))


def _open(file: str, width: int, height: int) -> pyvips.Image:
    return pyvips.Image.rawload(file, width, height, 3).copy(interpretation="srgb")


def strip_rows(image: pyvips.Image) -> Iterator[tuple[int, int]]:
    """First row and number of rows of each strip, from the top to the bottom."""
    rows = max(ROWS_AT_LEAST, PIXELS_AT_ONCE // image.width // STEP * STEP)
    for top in range(0, image.height, rows):
        yield top, min(rows, image.height - top)


def pixels(image: pyvips.Image) -> Pixels:
    """Rows x columns x bands, one band too."""
    return np.ndarray((image.height, image.width, image.bands), np.uint8, image.write_to_memory())
