"""Tells whether every pixel of a picture can be decoded, and in the same go what is seen in it."""

from pathlib import Path

from safelight_mock.core.aspect_fit import Box
from safelight_mock.pixels.error import PixelError
from safelight_mock.pixels.measures import Measures, measure


def look(file: Path) -> Measures | None:
    """Decode all of `file` once, strip by strip, and measure it; None if it is no whole picture.

    Interlaced PNG and progressive JPEG need their whole picture in memory, whoever decodes them.
    """
    try:
        return measure(file)
    except PixelError:
        return None


def subject(file: Path) -> Box:
    """See `clip.subject_box`."""
    from safelight_mock.pixels import clip  # noqa: PLC0415 keeps vips out of start-up

    return clip.subject_box(file)
