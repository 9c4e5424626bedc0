"""Tells whether every pixel of a picture can be decoded, and in the same go what is seen in it."""

from pathlib import Path

from safelight_mock.pixels.error import PixelError
from safelight_mock.pixels.measures import Measures, measure


def is_whole(file: Path) -> bool:
    """Decode all of `file`, strip by strip; False if it is no picture, cut short or corrupt.

    Interlaced PNG and progressive JPEG need their whole picture in memory, whoever decodes them.
    """
    from safelight_mock.pixels import darkroom  # noqa: PLC0415 keeps vips out of start-up

    return darkroom.is_decodable(file)


def look(file: Path) -> Measures | None:
    """Decode all of `file` once and measure it; None if `is_whole` would say no."""
    try:
        return measure(file)
    except PixelError:
        return None
