"""Types of artworks, and their limits, formats and durations, as tables."""

from collections.abc import Mapping

import msgspec

from safelight_mock.core.job import Timing
from safelight_mock.core.picture import LONGEST_SIDES, Format, Picture

MOST_PIXELS = 1_478_656  # documented: 1216 by 1216
TAKEN = frozenset({Format.JPEG, Format.PNG, Format.WEBP})  # documented
FORMATS: Mapping[str, Format] = {"png": Format.PNG, "webp": Format.WEBP}
LONGEST_SIDE = 65_535  # ours, in pixels of a result

TIMING = Timing()  # ours: the vendor publishes no durations


class ArtworkType(msgspec.Struct, frozen=True, kw_only=True):
    """One type of artwork: the word for it, and its parameters in the order of the response."""

    word: str
    parameters: tuple[str, ...]


ARTWORK_TYPES: Mapping[str, ArtworkType] = {
    "createDetailerUpscalerArtwork": ArtworkType(
        word="detailer_upscaler",
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
        word="upscaling_v2", parameters=("imageUrl", "scaleFactor", "webhook")
    ),
}


def output_of(source: Picture, factor: int, asked: str) -> Picture:
    """Return what a result will be; `auto` is WebP (documented), or PNG where a side is too long for that."""
    width, height = source.width * factor, source.height * factor
    fitting = Format.WEBP if max(width, height) <= LONGEST_SIDES[Format.WEBP] else Format.PNG
    return Picture(format=FORMATS.get(asked, fitting), width=width, height=height)


def fault_of(source: Picture, output: Picture) -> str:
    """Say why an image cannot be used; nothing, if it can."""
    if source.format not in TAKEN:
        return f"an image is JPEG, PNG or WebP, not {source.format.upper()}"
    if source.width * source.height > MOST_PIXELS:
        return f"{source.width} x {source.height} pixels are more than {MOST_PIXELS}"
    longest = LONGEST_SIDES.get(output.format, LONGEST_SIDE)
    if max(output.width, output.height) > longest:
        return f"a result of {output.width} x {output.height} pixels has a side longer than {longest}"
    return ""
