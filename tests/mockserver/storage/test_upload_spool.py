"""An upload is kept byte by byte, in memory while it is small, then in a file that only its owner reads."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from safelight_mock.core import Format, Picture
from safelight_mock.storage.blobs import BlobStore
from safelight_mock.storage.upload_spool import MAX_IN_MEMORY, UploadSpool
from safelight_mock.wire.messages import ReceivedFile

PICTURE = Picture(format=Format.PNG, width=3, height=2)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[BlobStore]:
    opened = BlobStore(10 * MAX_IN_MEMORY, set(), tmp_path, picture_of=lambda _: PICTURE)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "sizes",
    [
        [],
        [1],
        [1, 2, 3, 4],
        [MAX_IN_MEMORY],
        [MAX_IN_MEMORY - 1, 1],
        [MAX_IN_MEMORY, 1],
        [MAX_IN_MEMORY + 1, 1, 2, 3],
        [1, MAX_IN_MEMORY, 2, MAX_IN_MEMORY, 3],
    ],
)
def test_chunks_are_kept_in_their_order(store: BlobStore, sizes: list[int]) -> None:
    chunks = [bytes([65 + number]) * size for number, size in enumerate(sizes)]
    content = b"".join(chunks)
    spool = UploadSpool(store)

    for chunk in chunks:
        spool.write(chunk)
    written = spool.size
    received = spool.commit("a.png")
    spool.close()

    digest = sha256(content).hexdigest()
    assert written == len(content)
    assert received == ReceivedFile(digest=digest, size=len(content), filename="a.png", picture=PICTURE)
    assert store.input(digest).read_bytes() == content
    assert store.used == len(content)


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_a_chunk_may_be_changed_after_it_was_written(store: BlobStore, kind: type) -> None:
    chunk = bytearray(b"abc")
    spool = UploadSpool(store)

    spool.write(kind(chunk))
    chunk[:] = b"xyz"

    assert spool.commit("a").digest == sha256(b"abc").hexdigest()


def test_a_small_upload_is_not_on_disk_and_not_reserved_before_it_is_committed(
    store: BlobStore, tmp_path: Path
) -> None:
    spool = UploadSpool(store)

    spool.write(bytes(MAX_IN_MEMORY))

    assert (store.used, [*tmp_path.iterdir()]) == (0, [])


def test_a_large_upload_is_reserved_and_its_file_is_private(store: BlobStore, tmp_path: Path) -> None:
    spool = UploadSpool(store)

    spool.write(bytes(MAX_IN_MEMORY))
    spool.write(b"1")
    spool.write(bytes(MAX_IN_MEMORY + 1))

    (draft,) = tmp_path.iterdir()
    assert draft.stat().st_mode & 0o777 == 0o600
    assert draft.stat().st_size == store.used == 2 * MAX_IN_MEMORY + 2


@pytest.mark.parametrize("size", [0, 5, MAX_IN_MEMORY + 1])
def test_an_upload_that_is_closed_leaves_nothing(store: BlobStore, tmp_path: Path, size: int) -> None:
    spool = UploadSpool(store)
    spool.write(bytes(size))

    spool.close()
    spool.close()

    assert (store.used, [*tmp_path.iterdir()]) == (0, [])


def test_an_upload_whose_file_is_gone_can_be_closed(store: BlobStore, tmp_path: Path) -> None:
    spool = UploadSpool(store)
    spool.write(bytes(MAX_IN_MEMORY + 1))
    (draft,) = tmp_path.iterdir()
    draft.unlink()

    spool.close()

    assert store.used == 0


def test_a_draft_is_not_written_through_a_link(store: BlobStore, tmp_path: Path) -> None:
    spool = UploadSpool(store)
    spool.write(bytes(MAX_IN_MEMORY + 1))
    (draft,) = tmp_path.iterdir()
    draft.unlink()
    draft.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(OSError, match="symbolic"):
        spool.write(bytes(MAX_IN_MEMORY + 1))

    assert not (tmp_path / "elsewhere").exists()
    spool.close()


def test_a_committed_upload_is_leased_until_its_request_ends(store: BlobStore) -> None:
    spool = UploadSpool(store)
    spool.write(bytes(9 * MAX_IN_MEMORY))
    digest = spool.commit("a").digest
    spool.close()
    assert store.used == 9 * MAX_IN_MEMORY

    other = UploadSpool(store)
    store.release(digest)
    other.write(bytes([1]) * (2 * MAX_IN_MEMORY))

    assert not store.input(digest).exists()
    other.close()
    assert store.used == 0
