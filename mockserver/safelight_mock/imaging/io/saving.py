"""Writes an image as a file, in the format and with the encoding that a recipe names."""

from collections.abc import Callable, Mapping

import pyvips

from safelight_mock.core.picture import Encoding, Format

WHITE = 255
QUALITIES: Mapping[Format, int] = {Format.JPEG: 90, Format.WEBP: 75, Format.AVIF: 50, Format.TIFF: 75}
AVIF_EFFORT = 2  # of 9; 3 takes five times as long for a third less bytes
WEBP_EFFORT = 2  # of 6
MILLIMETRES = 25.4  # in an inch
UNIT = "resolution-unit"  # of a TIFF: inches or centimetres
NEUTRAL = 72  # dpi if the recipe names none: libvips would keep those of the input


def save(image: pyvips.Image, format_: Format, encoding: Encoding, file: str) -> None:
    """Write `image`, 8-bit sRGB, to `file`, with no metadata but what `encoding` names.

    PNG and TIFF always contain a resolution: 72 dpi by default.
    """
    density = (encoding.dpi or NEUTRAL) / MILLIMETRES
    image = image.copy(xres=density, yres=density)
    if encoding.cmyk and format_ in CMYK_FORMATS:
        image = _opaque(image).colourspace("cmyk")
    SAVERS[format_](image, encoding, file)


def _jpeg(image: pyvips.Image, encoding: Encoding, file: str) -> None:
    quality = _quality(Format.JPEG, encoding)
    bare, metadata = _bare(_opaque(image), encoding)
    bare.jpegsave(file, Q=quality, interlace=encoding.progressive, keep=metadata)


def _png(image: pyvips.Image, encoding: Encoding, file: str) -> None:
    image.pngsave(file, compression=encoding.deflate, keep="none")


def _tiff(image: pyvips.Image, encoding: Encoding, file: str) -> None:
    bare, metadata = _bare(image, encoding)
    if encoding.lossless is False:
        quality = _quality(Format.TIFF, encoding)
        _opaque(bare).tiffsave(file, compression="jpeg", Q=quality, keep=metadata)
    else:
        packed = "lzw" if encoding.lossless else "deflate"
        bare.tiffsave(file, compression=packed, predictor="horizontal", keep=metadata)


def _webp(image: pyvips.Image, encoding: Encoding, file: str) -> None:
    quality, lossless = _quality(Format.WEBP, encoding), encoding.lossless is True
    bare, metadata = _bare(image, encoding)
    bare.webpsave(file, Q=quality, lossless=lossless, effort=WEBP_EFFORT, keep=metadata)


def _avif(image: pyvips.Image, encoding: Encoding, file: str) -> None:
    quality, lossless = _quality(Format.AVIF, encoding), encoding.lossless is True
    bare, metadata = _bare(image, encoding)
    bare.heifsave(file, compression="av1", Q=quality, lossless=lossless, effort=AVIF_EFFORT, keep=metadata)


def _quality(format_: Format, encoding: Encoding) -> int:
    return encoding.quality or QUALITIES[format_]


def _opaque(image: pyvips.Image) -> pyvips.Image:
    return image.flatten(background=WHITE) if image.hasalpha() else image


def _bare(image: pyvips.Image, encoding: Encoding) -> tuple[pyvips.Image, str]:
    """Remove the input's metadata, and name what libvips is to write: a resolution is in the Exif block."""
    bare = image.copy()
    for name in bare.get_fields():
        if name.startswith("exif-") or name == UNIT:
            bare.remove(name)
    metadata = {"exif": encoding.dpi is not None, "icc": image.interpretation == "cmyk"}
    return bare, "|".join(name for name, is_kept in metadata.items() if is_kept) or "none"


SAVERS: Mapping[Format, Callable[[pyvips.Image, Encoding, str], None]] = {
    Format.JPEG: _jpeg,
    Format.PNG: _png,
    Format.TIFF: _tiff,
    Format.WEBP: _webp,
    Format.AVIF: _avif,
}
CMYK_FORMATS = {Format.JPEG, Format.TIFF}
