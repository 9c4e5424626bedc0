"""Opens BMP and HEIC, which the wheel of libvips cannot read, by unpacking them whole with Pillow."""

from pathlib import Path

import numpy as np
import pyvips
from PIL.BmpImagePlugin import BmpImageFile
from PIL.ImageFile import ImageFile

from safelight_mock.imaging.io import ImageError


def open_bmp(file: Path) -> pyvips.Image:
    """Unpack a BMP; raises `ImageError` for a damaged one."""
    return _unpack(BmpImageFile, file)


def open_heic(file: Path) -> pyvips.Image:
    """Unpack a HEIC, upright; raises `ImageError` for a damaged one."""
    from pillow_heif import HeifImageFile  # noqa: PLC0415 - an extra; without it HEIC is unsupported

    return _unpack(HeifImageFile, file)


def _unpack(reader: type[ImageFile], file: Path) -> pyvips.Image:
    try:
        with reader(file) as image:
            mode = "RGBA" if image.has_transparency_data else "RGB"
            unpacked = pyvips.Image.new_from_array(np.asarray(image.convert(mode)))
    except Exception as error:
        raise ImageError(f"cannot read {file}: {error}") from error
    unpacked = unpacked.copy(interpretation="srgb")
    if profile := image.info.get("icc_profile"):
        unpacked.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    return unpacked
