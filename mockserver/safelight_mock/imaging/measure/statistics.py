"""Measures a file in one pass from the top to the bottom; damage anywhere in it is detected.

Only a thumbnail and some tiles are kept, however large the image is.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pyvips

from safelight_mock.imaging.channels import grey, opaque
from safelight_mock.imaging.io import ImageError
from safelight_mock.imaging.io.loading import open_image, to_srgb
from safelight_mock.imaging.measure import ImageStatistics
from safelight_mock.imaging.measure.blockiness import grid_share
from safelight_mock.imaging.measure.blur_effect import blur_effect
from safelight_mock.imaging.measure.noise_sigma import noise_sigma
from safelight_mock.imaging.measure.sampling import THUMBNAIL, tile_side, tile_starts
from safelight_mock.imaging.measure.skin_color import is_skin
from safelight_mock.imaging.tiled_map import Pixels, pixels

PIXELS_AT_ONCE = 500_000
WHITE = 255
PERCENTILES = (2, 98)


def image_statistics(file: Path) -> ImageStatistics:
    """Read and measure all of `file`; raises `ImageError` if it is damaged or not an image."""
    try:
        samples = sample_file(file)
    except pyvips.Error as error:
        raise ImageError(f"cannot read {file}: {error}") from error
    light, tiles = grey(samples.thumbnail), grey(samples.tiles)
    darkest, lightest = np.percentile(light, PERCENTILES)
    return ImageStatistics(
        noise=round(float(noise_sigma(samples.tiles).max()), 3),
        blur=round(blur_effect(tiles), 4),
        blockiness=round(grid_share(tiles), 4),
        exposure=round(float(light.mean()) / WHITE, 4),
        contrast=round(float(lightest - darkest) / WHITE, 4),
        cast=round(_cast(samples.thumbnail), 4),
        skin=round(float(is_skin(samples.thumbnail).mean()), 4),
        inks=float(samples.is_cmyk),
        alpha=float(samples.has_alpha),
    )


def _cast(colours: Pixels) -> float:
    """Chroma of the mean colour, as a share of its brightest channel."""
    mean = colours.reshape(-1, 3).mean(0)
    return float(np.ptp(mean) / max(float(mean.max()), 1))


class Samples(msgspec.Struct, frozen=True, kw_only=True):
    """A thumbnail (rows x columns x 3) and full-size tiles (tiles x rows x columns x 3), opaque and in sRGB.

    `is_cmyk` and `has_alpha` describe the file.
    """

    thumbnail: Pixels
    tiles: Pixels
    is_cmyk: bool
    has_alpha: bool


def sample_file(file: Path) -> Samples:
    """Read all of `file`, and keep samples; raises `ImageError` or `pyvips.Error`."""
    opened = open_image(file, streaming=True)
    colours = to_srgb(opened)
    image = opaque(colours)
    tiles, rows = _Tiles(image.width, image.height), []
    across, down = -(-image.width // THUMBNAIL), -(-image.height // THUMBNAIL)
    for top, strip in _strips(image, down):
        tiles.take(top, strip)
        if len(strip) >= down:
            rows.append(_shrink(strip, across, down))
    return Samples(
        thumbnail=np.concatenate(rows),
        tiles=tiles.all(),
        is_cmyk=opened.interpretation == "cmyk",
        has_alpha=colours.hasalpha(),
    )


def _strips(image: pyvips.Image, step: int) -> Iterator[tuple[int, Pixels]]:
    """Yield strips from the top. One region keeps the decoder's state, which crops would start anew."""
    region = pyvips.Region.new(image)
    most = max(1, PIXELS_AT_ONCE // image.width // step) * step
    for top in range(0, image.height, most):
        rows = min(most, image.height - top)
        read = region.fetch(0, top, image.width, rows)
        yield top, np.frombuffer(read, np.uint8).reshape(rows, image.width, image.bands)


def _shrink(strip: Pixels, across: int, down: int) -> Pixels:
    """Average rectangles of pixels, and leave out those that are not whole."""
    rows, columns = len(strip) // down * down, strip.shape[1] // across * across
    return pixels(pyvips.Image.new_from_array(strip[:rows, :columns]).shrink(across, down))


class _Tiles:
    """The tiles, filled strip by strip."""

    def __init__(self, width: int, height: int) -> None:
        self.lefts, self.tops = tile_starts(width), tile_starts(height)
        sides = tile_side(height), tile_side(width)
        self.tiles = np.zeros((len(self.tops), len(self.lefts), *sides, 3), np.uint8)

    def take(self, top: int, strip: Pixels) -> None:
        height, width = self.tiles.shape[2:4]
        for row, start in enumerate(self.tops):
            first, last = max(top, start), min(top + len(strip), start + height)
            for column, left in enumerate(self.lefts if first < last else ()):
                cut = strip[first - top : last - top, left : left + width]
                self.tiles[row, column, first - start : last - start] = cut

    def all(self) -> Pixels:
        return self.tiles.reshape(len(self.tops) * len(self.lefts), *self.tiles.shape[2:])
