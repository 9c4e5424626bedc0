"""A folder is held by one process at a time, and inputs in it have a database that says whose they are."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from safelight_mock.config.settings import DataDirError
from safelight_mock.storage.data_dir import FolderLock, check_database

INPUT = "0a" * 32


def open_files() -> list[str]:
    """The numbers of the files that this process has open, and of the folder in which it reads them."""
    return os.listdir("/proc/self/fd")  # noqa: PTH208 - names are enough


def test_a_folder_is_held_until_it_is_released(tmp_path: Path) -> None:
    first = FolderLock(tmp_path)
    with pytest.raises(DataDirError) as refused:
        FolderLock(tmp_path)
    first.release()

    FolderLock(tmp_path).release()
    assert str(refused.value) == f"cannot use data directory {tmp_path}: another server has it open"


def test_a_folder_that_is_refused_is_not_held_open(tmp_path: Path) -> None:
    first = FolderLock(tmp_path)
    before = open_files()

    refusals = []  # which would keep what they refer to open
    for _ in range(3):
        with pytest.raises(DataDirError) as refused:
            FolderLock(tmp_path)
        refusals.append(refused.value)

    assert open_files() == before
    first.release()


def test_a_second_release_closes_no_file_of_others(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path)
    lock.release()
    before = open_files()

    lock.release()

    assert open_files() == before


def test_folders_that_were_not_there_are_made_and_named_from_the_innermost(tmp_path: Path) -> None:
    inner = tmp_path / "outer" / "inner"

    lock = FolderLock(inner)
    again = FolderLock(tmp_path / "outer")

    assert (lock.made, again.made) == ([inner, inner.parent], [])
    assert inner.is_dir()
    lock.release()
    again.release()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")

    with pytest.raises(DataDirError, match=f"cannot use data directory {re.escape(str(file))}: File exists"):
        FolderLock(file)


def written(file: Path, text: str) -> None:
    file.write_text(text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two inputs and a result, with a database."""
    (tmp_path / "files").mkdir()
    for name in (INPUT, "0b" * 32, f"{INPUT}.result"):
        (tmp_path / "files" / name).write_bytes(b"")
    (tmp_path / "twin.sqlite").write_text("a database")
    return tmp_path


@pytest.mark.parametrize(
    ("lose", "is_new", "what"),
    [
        (Path.unlink, False, "missing"),
        (lambda file: written(file, ""), False, "empty"),
        (lambda _: None, True, "empty"),
    ],
    ids=["missing", "empty", "new"],
)
def test_inputs_without_their_database_are_rejected(
    folder: Path, lose: Callable[[Path], None], what: str, *, is_new: bool
) -> None:
    lose(folder / "twin.sqlite")

    with pytest.raises(DataDirError) as refused:
        check_database(folder, is_new=is_new)

    files, database = folder / "files", folder / "twin.sqlite"
    assert str(refused.value) == (
        f"{files} has 2 inputs, but their database {database} is {what}; restore it, or empty {files} to "
        "start without them"
    )


def test_inputs_with_their_database_are_accepted(folder: Path) -> None:
    check_database(folder)


def test_a_folder_without_inputs_needs_no_database(folder: Path) -> None:
    (folder / "twin.sqlite").unlink()
    for name in (INPUT, "0b" * 32):
        (folder / "files" / name).unlink()

    check_database(folder)
    check_database(folder / "unknown", is_new=True)
