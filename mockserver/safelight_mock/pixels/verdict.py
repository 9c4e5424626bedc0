"""Tells whether every pixel of a picture can be decoded."""

from pathlib import Path


def is_whole(file: Path) -> bool:
    """Decode all of `file`, strip by strip; False if it is no picture, cut short or corrupt.

    Interlaced PNG and progressive JPEG need their whole picture in memory, whoever decodes them.
    """
    from safelight_mock.pixels import darkroom  # noqa: PLC0415 keeps vips out of start-up

    return darkroom.is_decodable(file)
