"""Input files by digest: checked once, set aside when they are damaged, and remembered as lost."""

import errno
import logging
import os
from collections.abc import Callable, Iterator
from hashlib import sha256
from io import BufferedReader
from pathlib import Path
from threading import Event, Thread

import pytest
from tests.mockserver.disks import full

from safelight_mock.storage import integrity
from safelight_mock.storage.integrity import ASIDE, InputFiles, LostInputError

CONTENT = b"the bytes"
DIGEST = sha256(CONTENT).hexdigest()


@pytest.fixture
def files(tmp_path: Path) -> InputFiles:
    return InputFiles(tmp_path)


@pytest.fixture(autouse=True)
def _log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.WARNING):
        yield


def place(files: InputFiles, folder: Path, content: bytes = CONTENT, digest: str = DIGEST) -> None:
    (folder / "draft").write_bytes(content)
    files.place(folder / "draft", digest)


def read(files: InputFiles, digest: str = DIGEST) -> bytes:
    with files.open(digest) as file:
        return file.read()


def damage(file: Path) -> None:
    file.write_bytes(b"other bytes")


def replace_by_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def replace_by_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def replace_by_link(file: Path) -> None:
    file.unlink()
    file.symlink_to("elsewhere")


def test_a_placed_file_is_intact_without_being_read(tmp_path: Path) -> None:
    reads = []

    def digest_of(file: BufferedReader) -> str:
        reads.append(file.name)
        return sha256(file.read()).hexdigest()

    files = InputFiles(tmp_path, digest_of=digest_of)
    place(files, tmp_path)

    assert files.is_intact(DIGEST)
    assert (read(files), files.check(DIGEST)) == (CONTENT, tmp_path / DIGEST)
    assert reads == []
    assert InputFiles(tmp_path, digest_of=digest_of).check(DIGEST) == tmp_path / DIGEST
    assert len(reads) == 1


def test_a_removed_file_is_not_intact(files: InputFiles, tmp_path: Path) -> None:
    place(files, tmp_path)

    files.remove(DIGEST)
    files.remove(DIGEST)

    assert not files.is_intact(DIGEST)
    assert not (tmp_path / DIGEST).exists()
    with pytest.raises(LostInputError, match=f"input {DIGEST} is missing or damaged"):
        files.open(DIGEST)


def test_a_missing_file_is_lost_until_it_is_placed_again(
    files: InputFiles, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        with pytest.raises(LostInputError):
            files.check(DIGEST)

    assert files.lost == {DIGEST: None}
    assert caplog.messages == [f"jobs with input {DIGEST} fail until it is uploaded again: it is missing"]
    lost = files.changes.position
    place(files, tmp_path)
    assert files.lost == {}
    assert files.changes.position == lost + 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (damage, "its bytes have another digest"),
        (replace_by_folder, f"it cannot be read: {os.strerror(errno.EISDIR)}"),
        (replace_by_pipe, "it is not a file"),
        (
            lambda file: (file.unlink(), file.symlink_to("x")),
            f"it cannot be read: {os.strerror(errno.ELOOP)}",
        ),
    ],
)
def test_a_damaged_file_is_set_aside_with_the_reason(
    files: InputFiles,
    tmp_path: Path,
    change: Callable[[Path], None],
    why: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    place(files, tmp_path)
    change(tmp_path / DIGEST)

    with pytest.raises(LostInputError):
        files.open(DIGEST)

    assert os.path.lexists(tmp_path / ASIDE / DIGEST)
    assert not os.path.lexists(tmp_path / DIGEST)
    assert not files.is_intact(DIGEST)
    assert (tmp_path / ASIDE).stat().st_mode & 0o777 == 0o700
    assert caplog.messages == [
        f"{DIGEST} is damaged and was set aside as {ASIDE}/{DIGEST}: {why}",
        f"jobs with input {DIGEST} fail until it is uploaded again: {why}",
    ]


def test_what_is_set_aside_under_one_name_twice_is_kept_twice(
    files: InputFiles, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for content in (b"1", b"2"):
        (tmp_path / "name").write_bytes(content)
        files.set_aside("name", "because")

    first, second = sorted((tmp_path / ASIDE).iterdir())
    assert [first.name, first.read_bytes(), second.read_bytes()] == ["name", b"1", b"2"]
    assert second.name.startswith("name.")
    assert len(second.name) == len("name.") + 8
    assert caplog.messages == [
        f"name is damaged and was set aside as {ASIDE}/{file.name}: because" for file in (first, second)
    ]


def test_what_cannot_be_set_aside_stays_and_is_lost(
    files: InputFiles, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / DIGEST).write_bytes(b"other bytes")
    (tmp_path / ASIDE).write_bytes(b"no folder")

    with pytest.raises(LostInputError):
        files.check(DIGEST)

    assert (tmp_path / DIGEST).read_bytes() == b"other bytes"
    assert caplog.messages[0].startswith(f"{DIGEST} is damaged and cannot be set aside: ")
    assert os.strerror(errno.EEXIST) in caplog.messages[0] or os.strerror(errno.ENOTDIR) in caplog.messages[0]
    assert [*files.lost] == [DIGEST]


def test_an_error_that_says_nothing_of_the_file_leaves_it_where_it_is(
    files: InputFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / DIGEST).write_bytes(CONTENT)

    def fail(_: Path) -> BufferedReader:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(integrity, "open_plainly", fail)
    with pytest.raises(OSError, match="Too many"):
        files.open(DIGEST)

    assert files.lost == {}
    monkeypatch.undo()
    assert read(files) == CONTENT


def test_an_error_while_reading_is_a_damaged_file(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: BufferedReader) -> str:
        raise OSError(errno.EIO, "Input/output error")

    (tmp_path / DIGEST).write_bytes(CONTENT)

    with pytest.raises(LostInputError):
        InputFiles(tmp_path, digest_of=fail).open(DIGEST)

    assert (tmp_path / ASIDE / DIGEST).read_bytes() == CONTENT
    assert caplog.messages[0].endswith(": it cannot be read: Input/output error")


def test_the_oldest_lost_digests_are_forgotten(files: InputFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrity, "LOST", 2)

    for digest in ("a", "b", "c"):
        with pytest.raises(LostInputError):
            files.open(digest)

    assert [*files.lost] == ["b", "c"]


@pytest.mark.parametrize("size", [1, len(CONTENT)])
def test_an_upload_replaces_what_is_in_its_place(
    files: InputFiles, tmp_path: Path, size: int, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / DIGEST).write_bytes(bytes(size))

    place(files, tmp_path)

    assert read(files) == CONTENT
    if size == len(CONTENT):
        assert caplog.messages == []
        assert not (tmp_path / ASIDE).exists()
    else:
        assert (tmp_path / ASIDE / DIGEST).read_bytes() == bytes(size)
        assert caplog.messages[0].endswith("it is not what was uploaded under this digest")


def test_an_upload_replaces_a_folder_in_its_place(files: InputFiles, tmp_path: Path) -> None:
    (tmp_path / DIGEST).mkdir()

    place(files, tmp_path)

    assert read(files) == CONTENT
    assert (tmp_path / ASIDE / DIGEST).is_dir()


def test_a_file_is_on_disk_before_it_is_placed_or_opened(
    tmp_path: Path,
) -> None:
    synced: list[str] = []

    def sync(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)

    place(InputFiles(tmp_path, sync), tmp_path)
    assert synced == ["draft", tmp_path.name]

    found = InputFiles(tmp_path, sync)
    found.check(DIGEST)
    found.check(DIGEST)
    assert synced[2:] == [DIGEST, tmp_path.name]


def test_a_small_file_is_written_in_its_place_and_is_intact_without_being_read(
    files: InputFiles, tmp_path: Path
) -> None:
    files.lost[DIGEST] = None

    assert files.write(DIGEST, CONTENT)

    assert (files.is_intact(DIGEST), [*files.lost]) == (True, [])
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [(DIGEST, CONTENT)]


@pytest.mark.parametrize("is_synced", [True, False])
def test_nothing_is_written_over_what_is_there_or_without_a_sync(tmp_path: Path, *, is_synced: bool) -> None:
    files = InputFiles(tmp_path, sync=os.fsync if is_synced else None)
    if not is_synced:
        (tmp_path / DIGEST).write_bytes(b"damaged")

    assert not files.write(DIGEST, CONTENT)

    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"damaged"] * (not is_synced)


def test_a_file_that_cannot_be_written_whole_is_removed(files: InputFiles, tmp_path: Path) -> None:
    with full(3), pytest.raises(OSError, match="File too large"):
        files.write(DIGEST, CONTENT)

    assert ([*tmp_path.iterdir()], files.is_intact(DIGEST)) == ([], False)


def test_a_reader_of_a_file_that_is_being_written_reads_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_begun, is_read = Event(), Event()
    write = os.write

    def write_slowly(file: int, content: memoryview) -> int:
        if not is_begun.is_set():
            written = write(file, content[:4])
            is_begun.set()
            assert is_read.wait(5)
            return written
        return write(file, content)

    def digest_of(file: BufferedReader) -> str:
        digest = sha256(file.read()).hexdigest()
        is_read.set()
        return digest

    files = InputFiles(tmp_path, digest_of=digest_of)
    monkeypatch.setattr(os, "write", write_slowly)
    writing = Thread(target=files.write, args=(DIGEST, CONTENT))
    writing.start()
    assert is_begun.wait(5)

    assert read(files) == CONTENT

    writing.join()
    assert ([*files.lost], (tmp_path / ASIDE).exists()) == ([], False)
