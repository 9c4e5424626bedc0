"""What is known of a picture without decoding it, and the recipe that makes one from another."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec


class Format(StrEnum):
    """An image format, by the name status bodies and file names use."""

    JPEG = "jpeg"
    PNG = "png"
    TIFF = "tiff"
    WEBP = "webp"
    AVIF = "avif"
    GIF = "gif"
    BMP = "bmp"
    HEIC = "heic"


WRITABLE = frozenset({Format.JPEG, Format.PNG, Format.TIFF, Format.WEBP, Format.AVIF})
"""What a result can be; the others are only read."""

LONGEST_SIDES: Mapping[Format, int] = {Format.JPEG: 65_500, Format.WEBP: 16_383, Format.AVIF: 16_384}
"""Pixels that no side of a result of this format may exceed; the others have no such bound."""


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """Format and upright size in pixels, from a file's header."""

    format: Format
    width: int
    height: int

    @property
    def megapixels(self) -> float:
        """Size in millions of pixels."""
        return self.width * self.height / 1_000_000


UNSEEN = Picture(format=Format.JPEG, width=0, height=0)
"""In place of an image that could not be loaded or is not one."""


class RecipeStep(msgspec.Struct, frozen=True, kw_only=True):
    """One named operation on pixels with its settings, as plain data.

    A setting `reference` is the digest of another input.
    """

    name: str
    settings: Mapping[str, str | int | float | bool] = msgspec.field(default_factory=dict)


class Encoding(msgspec.Struct, frozen=True, kw_only=True):
    """How a result is written to its file; a format passes over what it has no use for.

    `quality`, 1 to 100, is of lossy pixels; None: 90 for JPEG, 75 for WebP and TIFF, 50 for AVIF. `lossless`:
    True for WebP and AVIF that lose nothing and TIFF by LZW, False for TIFF with JPEG inside; None: TIFF is
    deflated, WebP and AVIF are lossy. `progressive` is for JPEG, `deflate` is zlib's level, 0 to 9, for PNG.
    `dpi` is written to the file. `cmyk` is for JPEG and TIFF: the printing inks of libvips' own profile,
    whichever profile is requested, and that profile goes into the file.
    """

    quality: int | None = None
    lossless: bool | None = None
    progressive: bool = False
    deflate: int = 6
    dpi: int | None = None
    cmyk: bool = False


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """How a result follows from an input: steps in order, the picture that must come out, and its file."""

    steps: tuple[RecipeStep, ...]
    output: Picture
    encoding: Encoding = Encoding()
