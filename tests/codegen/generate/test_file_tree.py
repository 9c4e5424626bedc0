"""A generated folder is replaced completely or not at all."""

from pathlib import Path

import pytest

from safelight_codegen._generate.file_tree import read_tree, replace_folder, write_tree


def test_what_is_written_is_read_again_without_caches(tmp_path: Path) -> None:
    write_tree({"a/b.py": b"b", "c": b""}, tmp_path / "made")
    write_tree({"a/__pycache__/b.pyc": b"cache"}, tmp_path / "made")

    assert read_tree(tmp_path / "made") == {"a/b.py": b"b", "c": b""}


def test_files_that_are_no_longer_generated_are_removed(tmp_path: Path) -> None:
    write_tree({"old": b"1", "same": b"2"}, tmp_path / "made")

    replace_folder(tmp_path / "made", {"same": b"2", "new/file": b"3"})

    assert read_tree(tmp_path / "made") == {"same": b"2", "new/file": b"3"}
    assert [path.name for path in tmp_path.iterdir()] == ["made"]


def test_a_tree_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    write_tree({"old": b"1"}, tmp_path / "made")

    with pytest.raises(OSError, match="File exists"):
        replace_folder(tmp_path / "made", {"a": b"a file", "a/b": b"cannot stand below a file"})

    assert read_tree(tmp_path / "made") == {"old": b"1"}
    assert [path.name for path in tmp_path.iterdir()] == ["made"]


def test_an_unchanged_folder_is_left_alone(tmp_path: Path) -> None:
    write_tree({"same": b"2"}, tmp_path / "made")
    before = (tmp_path / "made").stat().st_ino

    replace_folder(tmp_path / "made", {"same": b"2"})

    assert (tmp_path / "made").stat().st_ino == before
