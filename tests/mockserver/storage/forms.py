"""A form, and a store for what readers of bodies receive."""

from collections.abc import Iterator

import pytest

from safelight_mock.storage.blobs import BlobStore

FORM = (
    b'--b\r\nContent-Disposition: form-data; name="model"\r\n'
    b"Content-Type: text/plain; charset=utf-8\r\n\r\nCGI\r\n"
    b'--b\r\nContent-Disposition: form-data; name="image"; filename="photo.jpg"\r\n'
    b"Content-Type: image/jpeg\r\n\r\n\xff\xd8 not much of a picture\r\n"
    b"--b--\r\n"
)


@pytest.fixture(scope="module")
def store() -> Iterator[BlobStore]:
    opened = BlobStore(10_000_000, frozenset())
    yield opened
    opened.close()
