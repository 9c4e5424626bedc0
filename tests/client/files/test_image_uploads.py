"""An image is uploaded as a named file with its media type, from a path, bytes or a stream."""

from collections.abc import Callable
from io import BytesIO, RawIOBase, StringIO
from pathlib import Path
from typing import BinaryIO, cast

import httpx
import pytest

from safelight import Topaz
from safelight._files.image_source import ImageSource, open_image

Connect = Callable[[Callable[[httpx.Request], httpx.Response]], Topaz]

JPEG = b"\xff\xd8\xff\xe0 and more"


def accepted(_: httpx.Request) -> httpx.Response:
    job = "5f0c9f5a-7d4e-4b8e-9a55-6a3f0d1c2b10"
    return httpx.Response(200, json={"process_id": job, "source_id": job, "eta": 1795260311})


@pytest.mark.parametrize(
    ("image", "name", "media_type"),
    [
        (JPEG, "image.jpg", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image.png", "image/png"),
        (b"II*\x00", "image.tif", "image/tiff"),
        (b"MM\x00*", "image.tif", "image/tiff"),
        (b"GIF89a", "image.gif", "image/gif"),
        (b"BM\x46\x00\x00\x00\x00\x00\x00\x00", "image.bmp", "image/bmp"),
        (b"RIFF\x1a\x0a\x00\x00WEBPVP8 ", "image.webp", "image/webp"),
        (b"\x00\x00\x00\x20ftypavif", "image.avif", "image/avif"),
        (b"\x00\x00\x00\x18ftypheic", "image.heic", "image/heic"),
        (b"RIFF\x1a\x0a\x00\x00WAVEfmt ", "image", "application/octet-stream"),
        (b"text", "image", "application/octet-stream"),
    ],
)
def test_bytes_get_a_file_name_and_a_media_type_from_their_signature(
    image: bytes, name: str, media_type: str
) -> None:
    with open_image(image) as upload:
        assert (upload.name, upload.media_type, upload.stream.read()) == (name, media_type, image)


def test_a_file_keeps_its_name_and_has_the_type_of_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(JPEG)

    with open_image(path) as upload:
        assert (upload.name, upload.media_type, upload.stream.read()) == ("picture.png", "image/jpeg", JPEG)

    assert upload.stream.closed


def test_an_open_file_is_sent_from_its_beginning_and_left_open(tmp_path: Path) -> None:
    (tmp_path / "picture.jpg").write_bytes(JPEG)

    with (tmp_path / "picture.jpg").open("rb") as file:
        file.read()
        with open_image(file) as upload:
            assert (upload.media_type, upload.stream.read()) == ("image/jpeg", JPEG)
        assert not file.closed


def test_a_pipe_is_read_to_its_end_and_sent_with_a_length(
    connect: Connect, sent: list[httpx.Request]
) -> None:
    connect(accepted).enhance(cast("BinaryIO", Pipe(JPEG)))

    assert JPEG in sent[0].content
    assert "Content-Length" in sent[0].headers


@pytest.mark.parametrize("image", [JPEG, BytesIO(JPEG)])
def test_only_options_that_are_set_are_sent_as_text(
    connect: Connect, sent: list[httpx.Request], image: ImageSource
) -> None:
    connect(accepted).enhance(
        image, output_width=2000, crop_to_fill=True, output_format="png", face_enhancement=False, grain=True
    )

    body = sent[0].content
    assert body.count(b"Content-Disposition") == 6
    assert b'name="image"; filename="image.jpg"\r\nContent-Type: image/jpeg\r\n\r\n' + JPEG in body
    assert b'name="output_width"\r\nContent-Type: text/plain\r\n\r\n2000\r\n' in body
    assert b'name="output_format"\r\nContent-Type: text/plain\r\n\r\npng\r\n' in body
    assert b'name="crop_to_fill"\r\nContent-Type: text/plain\r\n\r\ntrue\r\n' in body
    assert b'name="face_enhancement"\r\nContent-Type: text/plain\r\n\r\nfalse\r\n' in body
    assert b'name="grain"\r\nContent-Type: text/plain\r\n\r\ntrue\r\n' in body


def test_a_job_has_the_id_that_the_service_returned(connect: Connect) -> None:
    assert connect(accepted).matte(JPEG).id == "5f0c9f5a-7d4e-4b8e-9a55-6a3f0d1c2b10"


def test_a_missing_file_is_an_os_error(connect: Connect, sent: list[httpx.Request]) -> None:
    with pytest.raises(FileNotFoundError):
        connect(accepted).enhance("missing.jpg")

    assert sent == []


class Pipe(RawIOBase):
    """A stream that cannot seek."""

    def __init__(self, content: bytes) -> None:
        self._remaining = content

    def read(self, size: int = -1, /) -> bytes:
        size = len(self._remaining) if size < 0 else size
        head, self._remaining = self._remaining[:size], self._remaining[size:]
        return head


@pytest.mark.parametrize("image", [bytearray(JPEG), memoryview(JPEG)])
def test_any_bytes_like_object_can_be_uploaded(image: ImageSource) -> None:
    with open_image(image) as upload:
        assert (upload.name, upload.stream.read()) == ("image.jpg", JPEG)


@pytest.mark.parametrize("image", [None, 7, StringIO("text")])
def test_another_type_than_an_image_is_rejected_with_a_sentence(image: object) -> None:
    with (
        pytest.raises(TypeError, match="image must be a path, bytes or a binary file"),
        open_image(cast("ImageSource", image)),
    ):
        pass


@pytest.mark.parametrize("value", ["False", "no", 0])
def test_a_text_is_not_accepted_as_a_boolean(connect: Connect, value: object) -> None:
    topaz = connect(accepted)

    with pytest.raises(TypeError, match="crop_to_fill must be True or False, not"):
        topaz.enhance(JPEG, crop_to_fill=cast("bool", value))
