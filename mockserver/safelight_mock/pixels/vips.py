"""The one door to libvips: its settings, and how a file becomes an image it can work on."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pyvips

from safelight_mock.core.picture import Format
from safelight_mock.pixels.error import PixelError
from safelight_mock.pixels.probe import probe
from safelight_mock.pixels.samples import open_tiff
from safelight_mock.pixels.unpacked import open_bmp, open_heic

# Several pictures are made at once, each on its own worker thread; two threads apiece are plenty.
THREADS_PER_PICTURE = 2
pyvips.concurrency_set(THREADS_PER_PICTURE)

# Nothing is asked for twice in a process that keeps its results as files, so a cache would only hold memory.
pyvips.cache_set_max(0)

# The loader is chosen from our own reading of the bytes: vips knows far more formats than the twin takes.
LOADERS: Mapping[Format, Callable[..., pyvips.Image]] = {
    Format.JPEG: pyvips.Image.jpegload,
    Format.PNG: pyvips.Image.pngload,
    Format.TIFF: open_tiff,
    Format.WEBP: pyvips.Image.webpload,
    Format.AVIF: pyvips.Image.heifload,
    Format.GIF: pyvips.Image.gifload,
}
# Some have no loader in vips' wheel.
READERS: Mapping[Format, Callable[[Path], pyvips.Image]] = {Format.BMP: open_bmp, Format.HEIC: open_heic}

STREAMED = frozenset({Format.JPEG, Format.PNG, Format.TIFF})
UNPACKED_AT_MOST = 200  # megapixels of a picture whose format has to be unpacked whole


def open_picture(file: Path, *, streaming: bool) -> pyvips.Image:
    """Open `file` lazily; damage shows when its pixels are first read.

    `fail_on="error"` is stricter than `"truncated"`, which lets a wrong PNG checksum and a short TIFF strip
    pass. Streaming reads each pixel once, from the top; otherwise vips unpacks the picture to memory or, past
    100 MB, to a temporary file. Raises `PixelError` for what is no picture, `pyvips.Error` for a damaged
    header.
    """
    picture = probe(file)
    if picture is None:
        raise PixelError(f"{file} is no picture of a known format")
    if picture.format not in STREAMED and picture.megapixels > UNPACKED_AT_MOST:
        raise PixelError(f"{file} has too many pixels to be unpacked in memory")
    if picture.format in READERS:
        return READERS[picture.format](file)
    access = "sequential" if streaming else "random"
    return LOADERS[picture.format](str(file), access=access, fail_on="error")


def settle(image: pyvips.Image) -> pyvips.Image:
    """Compute a picture now, into a temporary file: for what would be computed again with every strip."""
    settled = pyvips.Image.new_temp_file("%s.v")
    image.write(settled)
    return settled
