"""Runs numpy over an image of any size, one tile at a time, in bounded memory."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyvips

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

PIXELS_AT_ONCE = 100_000  # numpy needs some hundred bytes for each; larger tiles leave the CPU's cache
ROWS_AT_LEAST = 128  # in a strip; otherwise margins would cost more than the strip
STEP = 8  # strips and tiles start at multiples of it, so that 8 x 8 blocks fall alike in all of them


def map_tiles(image: pyvips.Image, work: Callable[[Pixels], Pixels], *, margin: int) -> pyvips.Image:
    """Replace the pixels of `image` by what `work` returns for each tile.

    `work` takes rows x columns x bands with `margin` mirrored or neighbouring pixels more on every side, and
    returns rows x columns x 3 of the inner part. The result is in a temporary file of which libvips maps a
    window at a time.
    """
    padded = image.embed(margin, margin, image.width + 2 * margin, image.height + 2 * margin, extend="mirror")
    with tempfile.NamedTemporaryFile(delete=False) as file:
        try:
            for top, rows in strips(image):
                strip = padded.crop(0, top, padded.width, rows + 2 * margin)
                file.write(_map_strip(strip, work, margin).data)
            file.flush()
            return pyvips.Image.rawload(file.name, image.width, image.height, 3).copy(interpretation="srgb")
        finally:
            Path(file.name).unlink()  # libvips keeps the open file until it needs it no more


def _map_strip(strip: pyvips.Image, work: Callable[[Pixels], Pixels], margin: int) -> Pixels:
    """Map the tiles of a strip from left to right; returns rows x columns x 3."""
    width = strip.width - 2 * margin
    columns = max(1, PIXELS_AT_ONCE // strip.height // STEP) * STEP
    tiles = [
        work(pixels(strip.crop(left, 0, min(columns, width - left) + 2 * margin, strip.height)))
        for left in range(0, width, columns)
    ]
    return np.ascontiguousarray(np.concatenate(tiles, axis=1))


def strips(image: pyvips.Image) -> Iterator[tuple[int, int]]:
    """Yield first row and number of rows of each strip, from the top."""
    rows = max(ROWS_AT_LEAST, PIXELS_AT_ONCE // image.width // STEP * STEP)
    for top in range(0, image.height, rows):
        yield top, min(rows, image.height - top)


def pixels(image: pyvips.Image) -> Pixels:
    """Return rows x columns x bands, also for a single band."""
    return np.ndarray((image.height, image.width, image.bands), np.uint8, image.write_to_memory())
