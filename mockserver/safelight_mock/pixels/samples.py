"""Opens a TIFF with its samples as whole numbers of 8 or 16 bits, which is what colours are computed from.

libvips takes 32-bit samples for 8-bit ones, floats included: white at 1.0 would come out as black.
"""

import pyvips

from safelight_mock.pixels.error import PixelError
from safelight_mock.pixels.tiff import TiffHeader, header

WHITE = 65_535
SIXTEEN, WIDEST = 16, 32  # bits
RANGES = {1: "grey16", 3: "rgb16"}  # by number of colours


def open_tiff(file: str, *, access: str, fail_on: str) -> pyvips.Image:
    """Open a TIFF lazily, but for floats: raises `PixelError` unless most of them lie between 0 and 1."""
    with open(file, "rb") as stream:  # noqa: PTH123 - libvips takes its name as text
        found = header(stream)
    strictness = "warning" if found.hides_damage else fail_on

    def load(access: str) -> pyvips.Image:
        image = pyvips.Image.tiffload(file, access=access, fail_on=strictness)
        bands = found.colours + found.has_alpha
        return image.extract_band(0, n=bands) if image.bands > bands else image

    if found.is_float:
        _check_range(load("sequential"), found)
        return _marked(_from_floats(load(access), found), found)
    if found.bits == WIDEST:
        return _marked((load(access) >> SIXTEEN).cast("ushort"), found)
    return load(access)


def _marked(image: pyvips.Image, found: TiffHeader) -> pyvips.Image:
    return image.copy(interpretation=RANGES[found.colours])


def _from_floats(image: pyvips.Image, found: TiffHeader) -> pyvips.Image:
    """Map 0 to black and 1 to white, encoded as 8-bit samples are; what lies beyond is clipped."""
    scaled = image * -WHITE + WHITE if found.is_inverted else image * WHITE
    return (scaled + 0.5).clamp(min=0, max=WHITE).cast("ushort")


def _check_range(image: pyvips.Image, found: TiffHeader) -> None:
    """Raise `PixelError` if more samples lie outside 0 to 1 than inside; zeros, of any range, do not count.

    No tag says which number is white. Highlights above 1 are usual; a picture written from 0 to 255 would be
    white all over.
    """
    colours = image.extract_band(0, n=found.colours)
    inside = (colours > 0) & (colours <= 1)
    outside = ((colours >= 0) & (colours <= 1)) ^ 255  # so that what is not a number counts as outside
    if (outside.cast("short") - inside.cast("short")).avg() > 0:
        raise PixelError("most float samples lie outside 0 to 1; divide them by the value of white")
