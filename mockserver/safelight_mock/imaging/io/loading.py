"""Opens image files with libvips, and converts them to upright 8-bit sRGB.

The process-wide settings of libvips are here.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import pyvips

from safelight_mock.core.picture import Format
from safelight_mock.imaging.io import ImageError
from safelight_mock.imaging.io.pillow_fallback import open_bmp, open_heic
from safelight_mock.imaging.io.probe import probe
from safelight_mock.imaging.io.tiff import TiffHeader, header

# Several images are made at once, each on its own worker thread; two threads apiece are enough.
pyvips.concurrency_set(2)

# Results are kept as files and no operation runs twice, so libvips' cache would only hold memory.
pyvips.cache_set_max(0)

STREAMED = frozenset({Format.JPEG, Format.PNG, Format.TIFF})
UNPACKED_AT_MOST = 200  # megapixels of an image whose format has to be unpacked whole

EXIF, PROFILE = "exif-data", "icc-profile-data"
EIGHT = 8  # bits a sample; without it libvips keeps 16-bit samples of files with a profile

WHITE = 65_535
SIXTEEN, WIDEST = 16, 32  # bits
RANGES = {1: "grey16", 3: "rgb16"}  # by number of colours


def open_image(file: Path, *, streaming: bool) -> pyvips.Image:
    """Open `file` lazily; damage is detected when its pixels are first read.

    `fail_on="error"` is stricter than `"truncated"`, which accepts a wrong PNG checksum and a short TIFF
    strip. `streaming` allows each pixel to be read once, from the top; otherwise libvips unpacks the image to
    memory or, past 100 MB, to a temporary file. Raises `ImageError` for an unknown format, `pyvips.Error` for
    a damaged header.
    """
    picture = probe(file)
    if picture is None:
        raise ImageError(f"unsupported image format: {file}")
    if picture.format not in STREAMED and picture.megapixels > UNPACKED_AT_MOST:
        raise ImageError(f"too many pixels to unpack in memory: {file}")
    if picture.format in READERS:
        return READERS[picture.format](file)
    access = "sequential" if streaming else "random"
    return LOADERS[picture.format](str(file), access=access, fail_on="error")


def upright(image: pyvips.Image) -> pyvips.Image:
    """Apply the Exif orientation, and convert to sRGB.

    The Exif block is removed: a step that writes a temporary file would otherwise turn the image again.
    """
    turned = image.autorot().copy()
    turned.remove(EXIF)
    return to_srgb(turned)


def to_srgb(image: pyvips.Image) -> pyvips.Image:
    """Convert to three bands of 8-bit sRGB, and a fourth of alpha if the image has it."""
    if image.get_typeof(PROFILE):
        try:
            return image.icc_transform("srgb", embedded=True, depth=EIGHT)
        except pyvips.Error:  # a profile for another colour model, which real files have
            image = image.copy()
            image.remove(PROFILE)
    if image.interpretation in {"multiband", "matrix"}:  # a TIFF that does not name its channels
        image = image.extract_band(0, n=3 if image.bands > 2 else 1).cast("uchar")  # noqa: PLR2004 - RGB
        image = image.copy(interpretation="srgb" if image.bands > 1 else "b-w")
    return image.colourspace("srgb").cast("uchar")


def in_temporary_file(image: pyvips.Image) -> pyvips.Image:
    """Compute an image now, to disk: libvips would compute it again for each strip of a later step."""
    stored = pyvips.Image.new_temp_file("%s.v")
    image.write(stored)
    return stored


def _open_tiff(file: str, *, access: str, fail_on: str) -> pyvips.Image:
    """Open a TIFF with 8- or 16-bit integer samples, whatever it stores.

    libvips takes 32-bit samples for 8-bit ones, floats included: white at 1.0 would be black. Raises
    `ImageError` for floats most of which lie outside 0 to 1.
    """
    with open(file, "rb") as stream:  # noqa: PTH123 - libvips takes the name as text
        head = header(stream)
    strictness = "warning" if head.hides_damage else fail_on

    def load(access: str) -> pyvips.Image:
        image = pyvips.Image.tiffload(file, access=access, fail_on=strictness)
        bands = head.colours + head.has_alpha
        return image.extract_band(0, n=bands) if image.bands > bands else image

    if head.is_float:
        _check_range(load("sequential"), head)
        return _labelled(_from_floats(load(access), head), head)
    if head.bits == WIDEST:
        return _labelled((load(access) >> SIXTEEN).cast("ushort"), head)
    return load(access)


def _labelled(image: pyvips.Image, head: TiffHeader) -> pyvips.Image:
    """Name the colour model of 16-bit samples."""
    return image.copy(interpretation=RANGES[head.colours])


def _from_floats(image: pyvips.Image, head: TiffHeader) -> pyvips.Image:
    """Map 0 to black and 1 to white, with the transfer curve of 8-bit samples; clip values beyond."""
    scaled = image * -WHITE + WHITE if head.is_inverted else image * WHITE
    return (scaled + 0.5).clamp(min=0, max=WHITE).cast("ushort")


def _check_range(image: pyvips.Image, head: TiffHeader) -> None:
    """Raise `ImageError` if more samples lie outside 0 to 1 than inside; zeros do not count.

    No tag names the value of white. Highlights above 1 are usual; a file written from 0 to 255 would be white
    all over.
    """
    colours = image.extract_band(0, n=head.colours)
    inside = (colours > 0) & (colours <= 1)
    outside = ((colours >= 0) & (colours <= 1)) ^ 255  # NaN counts as outside
    if (outside.cast("short") - inside.cast("short")).avg() > 0:
        raise ImageError("most float samples lie outside 0 to 1; divide them by the value of white")


# Chosen by our own reading of the bytes: libvips accepts far more formats than any vendor.
LOADERS: Mapping[Format, Callable[..., pyvips.Image]] = {
    Format.JPEG: pyvips.Image.jpegload,
    Format.PNG: pyvips.Image.pngload,
    Format.TIFF: _open_tiff,
    Format.WEBP: pyvips.Image.webpload,
    Format.AVIF: pyvips.Image.heifload,
    Format.GIF: pyvips.Image.gifload,
}
READERS: Mapping[Format, Callable[[Path], pyvips.Image]] = {Format.BMP: open_bmp, Format.HEIC: open_heic}
