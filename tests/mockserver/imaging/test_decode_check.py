"""Damage anywhere in a file is detected by decoding it."""

import struct
from io import BytesIO
from pathlib import Path

import pytest
import pyvips
from PIL import Image

from safelight_mock.core import Format
from safelight_mock.imaging import ImageError, decode_check
from safelight_mock.imaging.io.loading import open_image
from safelight_mock.imaging.measure.statistics import image_statistics

pytestmark = pytest.mark.slow


def _encoded(photograph: Path, format_: Format, **options: object) -> bytes:
    file = BytesIO()
    with Image.open(photograph) as picture:
        named = "HEIF" if format_ is Format.HEIC else format_.value
        picture.resize((200, 150)).save(file, named, **options)
    return file.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "picture"


@pytest.mark.parametrize("format_", Format)
def test_an_intact_image_passes(format_: Format, file: Path, coffee: Path) -> None:
    file.write_bytes(_encoded(coffee, format_))

    assert decode_check(file) is not None


def test_a_real_photograph_passes(photograph: Path) -> None:
    assert decode_check(photograph) is not None
    assert decode_check(photograph) == image_statistics(photograph)


@pytest.mark.fidelity("topaz:damage")
@pytest.mark.parametrize("format_", Format)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.97])
def test_a_truncated_image_is_damaged(format_: Format, share: float, file: Path, coffee: Path) -> None:
    data = _encoded(coffee, format_)

    file.write_bytes(data[: int(len(data) * share)])

    assert decode_check(file) is None


def test_a_truncated_progressive_jpeg_is_damaged(file: Path, coffee: Path) -> None:
    data = _encoded(coffee, Format.JPEG, progressive=True)

    file.write_bytes(data[: len(data) * 2 // 3])

    assert decode_check(file) is None


def test_a_wrong_byte_among_a_pngs_pixels_is_detected(file: Path, coffee: Path) -> None:
    data = bytearray(_encoded(coffee, Format.PNG))
    data[len(data) // 2] ^= 0xFF

    file.write_bytes(data)

    assert decode_check(file) is None


def test_a_wrong_png_checksum_is_detected(file: Path, coffee: Path) -> None:
    data = bytearray(_encoded(coffee, Format.PNG))
    start = data.index(b"IDAT")
    (length,) = struct.unpack_from(">I", data, start - 4)
    data[start + 4 + length] ^= 1

    file.write_bytes(data)

    assert decode_check(file) is None


@pytest.mark.fidelity("twin:tiff")
@pytest.mark.parametrize(
    "options", [{"tile": True, "compression": "deflate"}, {"compression": "jpeg"}], ids=["tiles", "JPEG"]
)
def test_damage_that_a_tiff_reader_only_warns_of_is_detected(
    options: dict[str, object], file: Path, coffee: Path
) -> None:
    pyvips.Image.new_from_file(str(coffee)).tiffsave(str(file), **options)
    data = bytearray(file.read_bytes())
    assert decode_check(file) is not None
    middle = len(data) // 2
    data[middle : middle + 40] = bytes(byte ^ 0x5A for byte in data[middle : middle + 40])

    file.write_bytes(data)

    assert decode_check(file) is None


def test_an_image_too_large_to_decode_is_not_decoded(file: Path) -> None:
    """A header alone can claim as much; the formats that are read strip by strip have no such bound."""
    header = struct.pack(
        "<2sIHHIIiiHHIIiiII", b"BM", 54, 0, 0, 54, 40, 20_000, 20_000, 1, 24, 0, 0, 0, 0, 0, 0
    )
    file.write_bytes(header)

    with pytest.raises(ImageError, match="too many pixels"):
        open_image(file, streaming=True)


@pytest.mark.parametrize("data", [b"", b"hello", b"GIF89a" + bytes(40), b"\x89PNG\r\n\x1a\n"])
def test_a_file_that_is_not_an_image_is_damaged(data: bytes, file: Path) -> None:
    file.write_bytes(data)

    assert decode_check(file) is None
