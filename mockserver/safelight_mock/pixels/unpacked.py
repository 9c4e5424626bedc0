"""Opens what libvips has no reader for: Pillow unpacks it whole."""

from pathlib import Path

import numpy as np
import pyvips
from PIL.BmpImagePlugin import BmpImageFile
from PIL.ImageFile import ImageFile

from safelight_mock.pixels.error import PixelError


def open_bmp(file: Path) -> pyvips.Image:
    """Unpack a BMP; raises `PixelError` for a damaged one."""
    return _unpack(BmpImageFile, file)


def open_heic(file: Path) -> pyvips.Image:
    """Unpack a HEIC, upright; raises `PixelError` for a damaged one."""
    from pillow_heif import HeifImageFile  # noqa: PLC0415 - an extra; without it nothing is a HEIC

    return _unpack(HeifImageFile, file)


def _unpack(reader: type[ImageFile], file: Path) -> pyvips.Image:
    try:
        with reader(file) as image:
            mode = "RGBA" if image.has_transparency_data else "RGB"
            unpacked = pyvips.Image.new_from_array(np.asarray(image.convert(mode)))
    except Exception as error:
        raise PixelError(f"cannot read {file}: {error}") from error
    return _with_profile(unpacked.copy(interpretation="srgb"), image.info.get("icc_profile"))


def _with_profile(image: pyvips.Image, profile: bytes | None) -> pyvips.Image:
    if profile:
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    return image
