"""A folder that takes no more files is noticed, and that it takes them again."""

import errno
import os
from pathlib import Path

import pytest

from safelight_mock.storage.disk_full import WriteStatus
from safelight_mock.wire import Kind, Problem


def failed(status: WriteStatus, error: OSError) -> None:
    with status.attempt():
        raise error


def test_a_full_disk_is_a_problem_that_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    status = WriteStatus(tmp_path)

    with pytest.raises(Problem) as refused:
        failed(status, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))

    assert refused.value.kind is Kind.NO_ROOM
    assert str(refused.value) == "a file cannot be written: No space left on device"
    assert caplog.messages == [f"a file cannot be written in {tmp_path}: No space left on device"]
    assert status.error == "No space left on device"


def test_an_error_without_a_text_is_named_by_its_number(tmp_path: Path) -> None:
    status, error = WriteStatus(tmp_path), OSError()
    error.errno = errno.EIO

    with pytest.raises(Problem):
        failed(status, error)

    assert status.error == str(error)


def test_another_error_is_raised_as_it_is(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    status = WriteStatus(tmp_path)

    with pytest.raises(PermissionError):
        failed(status, PermissionError(errno.EACCES, "Permission denied"))
    status.check(ValueError("no error of a disk"))

    assert (status.error, caplog.messages) == ("", [])


def test_a_disk_that_takes_files_again_has_no_error(tmp_path: Path) -> None:
    status = WriteStatus(tmp_path)
    with pytest.raises(Problem):
        failed(status, OSError(errno.ENOSPC, "full"))

    assert status.write_error() == ""
    with pytest.raises(Problem):
        failed(status, OSError(errno.ENOSPC, "full"))
    with status.attempt():
        pass
    assert status.error == ""


def test_an_error_lasts_while_nothing_can_be_written(tmp_path: Path) -> None:
    status = WriteStatus(tmp_path / "gone")
    with pytest.raises(Problem):
        failed(status, OSError(errno.EIO, "broken"))

    assert status.write_error() == "broken"
