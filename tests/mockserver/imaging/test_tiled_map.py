"""Mapping tiles gives the same result as mapping the whole image."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
import pyvips

from safelight_mock.imaging.tiled_map import map_tiles, pixels, strips

Pixels = npt.NDArray[np.uint8]
ToVips = Callable[[Pixels], pyvips.Image]


def _darkest_around(picture: Pixels) -> Pixels:
    """Each pixel's darkest neighbour within two rows and columns."""
    height, width = picture.shape[0] - 4, picture.shape[1] - 4
    down = np.minimum.reduce([picture[row : row + height] for row in range(5)])
    return np.asarray(np.minimum.reduce([down[:, column : column + width] for column in range(5)]))


@pytest.mark.parametrize("size", [(1900, 300), (3, 40_000), (1, 1), (37, 5)], ids=str)
def test_strips_leave_no_seams(size: tuple[int, int], vips_image: ToVips) -> None:
    width, height = size
    picture = np.random.default_rng(5).integers(0, 256, (height, width, 3), np.uint8)

    mapped = pixels(map_tiles(vips_image(picture), _darkest_around, margin=2))

    whole = _darkest_around(np.pad(picture, [(2, 2), (2, 2), (0, 0)], mode="symmetric"))
    assert np.array_equal(mapped, whole)


def test_strips_cover_every_row_once_and_start_on_the_grid(vips_image: ToVips) -> None:
    image = vips_image(np.zeros((1001, 700, 3), np.uint8))

    cut = list(strips(image))

    assert len(cut) > 3
    assert [row for top, rows in cut for row in range(top, top + rows)] == list(range(1001))
    assert {top % 8 for top, _ in cut} == {0}
