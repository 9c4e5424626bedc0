"""Types of artworks, and their limits, formats and durations, as tables."""

from collections.abc import Mapping

import msgspec

from safelight_mock.core.job import Durations
from safelight_mock.core.picture import LONGEST_SIDES, Format, Picture

MOST_PIXELS = 1_478_656  # documented: 1216 by 1216
TAKEN = frozenset({Format.JPEG, Format.PNG, Format.WEBP})  # documented
FORMATS: Mapping[str, Format] = {"png": Format.PNG, "webp": Format.WEBP}
LONGEST_SIDE = 65_535  # ours, in pixels of a result

TIMING = Durations()  # ours: the vendor publishes no durations


class ArtworkType(msgspec.Struct, frozen=True, kw_only=True):
    """One type of artwork: its name in responses, and its parameters in their order."""

    name: str
    parameters: tuple[str, ...]


ARTWORK_TYPES: Mapping[str, ArtworkType] = {
    "createDetailerUpscalerArtwork": ArtworkType(
        name="detailer_upscaler",
        parameters=(
            "imageUrl",
            "scaleFactor",
            "details",
            "modification",
            "seed",
            "webhook",
            "outputFormat",
        ),
    ),
    "createUpscalingArtwork": ArtworkType(
        name="upscaling_v2", parameters=("imageUrl", "scaleFactor", "webhook")
    ),
}


def output_of(source: Picture, factor: int, requested: str) -> Picture:
    """Return format and size of a result; `auto` is WebP (documented), or PNG for long sides."""
    width, height = source.width * factor, source.height * factor
    fitting = Format.WEBP if max(width, height) <= LONGEST_SIDES[Format.WEBP] else Format.PNG
    return Picture(format=FORMATS.get(requested, fitting), width=width, height=height)


def error_of(source: Picture, output: Picture) -> str:
    """Return why an image is unusable; empty if it is usable."""
    if source.format not in TAKEN:
        return f"an image is JPEG, PNG or WebP, not {source.format.upper()}"
    if source.width * source.height > MOST_PIXELS:
        return f"{source.width} x {source.height} pixels are more than {MOST_PIXELS}"
    longest = LONGEST_SIDES.get(output.format, LONGEST_SIDE)
    if max(output.width, output.height) > longest:
        return f"a result of {output.width} x {output.height} pixels has a side longer than {longest}"
    return ""
