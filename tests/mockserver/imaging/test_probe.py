"""Format and size of an upload are read from its bytes, never from its name."""

import struct
import sys
import zlib
from io import BytesIO
from pathlib import Path
from subprocess import run

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

from safelight_mock.core import Format, Picture
from safelight_mock.imaging import probe
from safelight_mock.imaging.io.jpeg import plain_size
from safelight_mock.imaging.io.loading import open_image

WRITERS = {Format.HEIC: "HEIF"}  # where Pillow has another name


def _encoded(format_: Format, *, width: int = 40, height: int = 30, orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[274] = orientation
    file = BytesIO()
    image = Image.new("RGB", (width, height), "teal")
    image.save(file, WRITERS.get(format_, format_.value), exif=exif.tobytes())
    return file.getvalue()


def _png_header(width: int, height: int) -> bytes:
    chunk = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    header = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d" + chunk + struct.pack(">I", zlib.crc32(chunk))
    return header + struct.pack(">I4s", 0, b"IDAT") + struct.pack(">I", zlib.crc32(b"IDAT"))


@pytest.mark.fidelity("topaz:orientation")
@pytest.mark.parametrize("format_", Format)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_size_is_that_of_the_upright_image(format_: Format, orientation: int, tmp_path: Path) -> None:
    data = _encoded(format_, orientation=orientation)
    (tmp_path / "picture").write_bytes(data)

    picture = probe(data)

    upright = ImageOps.exif_transpose(Image.open(BytesIO(data)))
    rendered = open_image(tmp_path / "picture", streaming=False).autorot()
    assert picture == Picture(format=format_, width=upright.width, height=upright.height)
    assert (picture.width, picture.height) == (rendered.width, rendered.height)


def test_the_format_is_detected_from_bytes_and_not_from_the_name(tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(_encoded(Format.PNG))

    assert probe(file) == Picture(format=Format.PNG, width=40, height=30)


def test_a_real_photograph_is_recognised(photograph: Path) -> None:
    picture = probe(photograph)

    with Image.open(photograph) as judge:
        assert picture == Picture(format=Format.JPEG, width=judge.width, height=judge.height)


@pytest.mark.parametrize(
    "options", [{"progressive": True}, {"optimize": True}, {"comment": b"\xff\xd8\xff\xc0"}]
)
def test_any_kind_of_jpeg_is_recognised(options: dict[str, bool | bytes]) -> None:
    file = BytesIO()
    Image.new("CMYK", (7, 5)).save(file, "JPEG", **options)

    assert probe(file.getvalue()) == Picture(format=Format.JPEG, width=7, height=5)


@pytest.mark.parametrize("options", [{"quality": 50}, {"lossless": True}, {"icc_profile": b"none"}])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_any_kind_of_webp_is_recognised(mode: str, options: dict[str, bytes | int]) -> None:
    file = BytesIO()
    Image.new(mode, (16_383, 3)).save(file, "WEBP", **options)

    assert probe(file.getvalue()) == Picture(format=Format.WEBP, width=16_383, height=3)


@pytest.mark.parametrize("profile", [b"even", b"odd"])
def test_the_orientation_of_a_webp_is_read_behind_chunks_of_any_length(profile: bytes) -> None:
    exif, file = Image.Exif(), BytesIO()
    exif[274] = 6
    Image.new("RGB", (40, 30)).save(file, "WEBP", exif=exif, icc_profile=profile)

    assert probe(file.getvalue()) == Picture(format=Format.WEBP, width=30, height=40)


@pytest.mark.parametrize("format_", [Format.AVIF, Format.HEIC])
def test_a_heif_of_a_general_brand_is_recognised_by_its_compatible_brands(format_: Format) -> None:
    data = _encoded(format_)

    assert probe(data[:8] + b"mif1" + data[12:]) == Picture(format=format_, width=40, height=30)


def test_an_animated_webp_has_the_size_of_its_canvas() -> None:
    file = BytesIO()
    first, second = Image.new("RGB", (9, 8), "red"), Image.new("RGB", (9, 8), "blue")
    first.save(file, "WEBP", save_all=True, append_images=[second])

    assert probe(file.getvalue()) == Picture(format=Format.WEBP, width=9, height=8)


@pytest.mark.parametrize("order", ["<", ">"])
def test_tiff_is_read_in_either_byte_order(order: str) -> None:
    mark = b"II" if order == "<" else b"MM"
    width, height, bits, grey, strip = (256, 70), (257, 90_000), (258, 8), (262, 1), (273, 8)
    tags = [
        struct.pack(f"{order}HHII", tag, 4, 1, value) for tag, value in (width, height, bits, grey, strip)
    ]
    data = mark + struct.pack(f"{order}HIH", 42, 8, len(tags)) + b"".join(tags) + bytes(4)

    assert probe(data) == Picture(format=Format.TIFF, width=70, height=90_000)


def test_a_header_may_claim_any_size() -> None:
    assert probe(_png_header(40_000, 30_000)) == Picture(format=Format.PNG, width=40_000, height=30_000)
    assert probe(_png_header(0, 5)) == Picture(format=Format.PNG, width=0, height=5)


def test_a_png_header_with_a_wrong_checksum_is_rejected() -> None:
    header = bytearray(_png_header(40, 30))
    header[19] ^= 1

    assert probe(bytes(header)) is None


@pytest.mark.parametrize("format_", [".ppm", ".ico", ".tga"])
def test_unsupported_formats_are_not_recognised(format_: str) -> None:
    file = BytesIO()
    Image.new("RGB", (4, 4)).save(file, format_[1:])

    assert probe(file.getvalue()) is None


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"\xff\xd8\xff", b"\xff\xd8\xff\xe1", b"MM\x00*", b"%PDF-1.7", b"RIFF\x04\0\0\0WAVE"],
)
def test_a_file_without_a_size_is_not_recognised(data: bytes) -> None:
    assert probe(data) is None


_STARTS = st.sampled_from([_encoded(format_, orientation=6) for format_ in Format])


@given(start=_STARTS, cut=st.integers(0, 3000), location=st.integers(0, 300), patch=st.binary(max_size=12))
def test_damaged_files_raise_nothing(start: bytes, cut: int, location: int, patch: bytes) -> None:
    data = start[:location] + patch + start[location + len(patch) : cut]

    picture = probe(data)

    assert picture is None or picture.width >= 0


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", _png_header(3, 2)]),
)
@example(b"\xff\xff\xff\xff\x00\x00", b"II*\x00")
def test_arbitrary_bytes_raise_nothing(noise: bytes, start: bytes) -> None:
    picture = probe(start + noise)

    assert picture is None or picture.height >= 0


@pytest.mark.slow  # a process
def test_imaging_libraries_are_loaded_with_the_first_image() -> None:
    """Importing `safelight_mock.imaging…` costs neither vips nor numpy nor Pillow; a header costs no vips."""
    code = """
import sys
from safelight_mock.imaging import probe, render, decode_check, subject_box
print(sorted({"pyvips", "numpy", "PIL"} & set(sys.modules)))
"""
    response = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert response.stdout.strip() == "[]"


def _segment(marker: int, payload: bytes) -> bytes:
    return bytes([0xFF, marker]) + (2 + len(payload)).to_bytes(2) + payload


payloads = st.one_of(
    st.binary(max_size=140),
    st.sampled_from(
        [b"JFIF\0", b"Exif\0\0", b"ICC_PROFILE\0", b"Photoshop 3.0\0", b"Adobe", b"MPF\0"]
    ).flatmap(lambda name: st.binary(max_size=20).map(lambda rest: name + rest)),
)
markers = st.one_of(st.integers(0xC0, 0xFE), st.integers(0, 255))
frames = st.builds(
    lambda bits, size, layers, rest: bytes([bits]) + size + bytes([layers]) + rest,
    st.sampled_from([8, 8, 8, 12]),
    st.binary(min_size=4, max_size=4),
    st.sampled_from([1, 3, 3, 4, 2]),
    st.binary(min_size=3, max_size=10),
)
tables = st.builds(
    lambda head, rest: bytes([head]) + rest, st.sampled_from([0, 1, 16]), st.binary(max_size=130)
)
segments = st.one_of(
    st.builds(_segment, markers, payloads),
    st.builds(_segment, st.sampled_from([0xC0, 0xC1, 0xC2]), frames),
    st.builds(
        _segment, st.just(0xDB), st.one_of(tables, st.just(bytes(65)), st.just(bytes([16]) + bytes(128)))
    ),
    st.binary(min_size=1, max_size=3),
)


@given(st.lists(segments, max_size=6), st.integers(0, 12))
@example([_segment(0xC0, b"\x08\0\x05\0\x07\x03" + bytes(9))], 12)
@example([_segment(0xC2, b"\x08\0\x05\0\x07\x01" + bytes(3)), _segment(0xDB, bytes(65))], 12)
def test_a_plain_jpeg_has_the_size_that_pillow_reads(parts: list[bytes], cut: int) -> None:
    content = b"\xff\xd8" + b"".join(parts) + _segment(0xDA, bytes(10))[:cut]

    size = plain_size(content)

    if size is not None:
        assert JpegImageFile(BytesIO(content)).size == size


def test_what_most_programs_write_is_a_plain_jpeg_unless_it_has_exif() -> None:
    file = BytesIO()
    Image.new("RGB", (7, 5)).save(
        file, "JPEG", progressive=True, icc_profile=bytes(200), comment="x", dpi=(72, 72)
    )

    assert plain_size(file.getvalue()) == (7, 5)
    assert plain_size(_encoded(Format.JPEG, orientation=6)) is None
