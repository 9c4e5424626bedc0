"""A data folder is for one server at a time, and is not begun anew beside inputs of lost jobs."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from safelight_mock import Settings, Twin, TwinTransport
from safelight_mock.server.settings import KeepError

pytestmark = pytest.mark.slow

BASE = "/topaz/image/v1"
RESULT = f"{'0a' * 32}.result"


def submit(twin: Twin, photo: bytes) -> None:
    with httpx.Client(transport=TwinTransport(twin), base_url="http://twin") as client:
        files = {"image": ("a.jpg", photo)}
        answered = client.post(f"{BASE}/enhance/async", files=files, headers={"X-API-Key": "k"})
        assert answered.status_code == 200


def listed(folder: Path) -> list[tuple[str, int, int]]:
    """What is in a folder, with the times at which it was changed; a file's use is no change."""
    found = [folder, *folder.rglob("*")]
    return sorted((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in found)


def opened_elsewhere(folder: Path) -> str:
    """Start a server in another process; return what it says on its way out."""
    command = [sys.executable, "-m", "safelight_mock", "serve", "--port", "0", "--data-dir", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60).stderr


@pytest.mark.parametrize("is_database_gone", [False, True], ids=["as it was", "with its database removed"])
def test_a_second_server_is_refused_before_it_changes_anything(
    photo: bytes, tmp_path: Path, *, is_database_gone: bool
) -> None:
    with closing(Twin(Settings(data_dir=tmp_path))) as twin:
        submit(twin, photo)
        for name in (RESULT, ".safelight-draft", "safelight-scratch"):
            (tmp_path / "files" / name).write_bytes(b"of the first server")
        if is_database_gone:
            for file in tmp_path.glob("twin.sqlite*"):
                file.unlink()
        before = listed(tmp_path)

        told = opened_elsewhere(tmp_path)
        with pytest.raises(KeepError):
            Twin(Settings(data_dir=tmp_path))
        again = opened_elsewhere(tmp_path)  # refused in this process, too, it let go of nothing

        assert f"nothing can be kept in {tmp_path}: another twin has it open" in told
        assert again == told
        assert listed(tmp_path) == before


def test_a_server_that_stopped_or_was_refused_holds_no_folder(tmp_path: Path) -> None:
    Twin(Settings(data_dir=tmp_path)).close()
    (tmp_path / "twin.sqlite").write_bytes(b"no database, but longer than an empty file")

    for _ in range(2):
        with pytest.raises(KeepError, match="file is not a database"):
            Twin(Settings(data_dir=tmp_path))


def remake(database: Path) -> None:
    """Put a database without anything in the place of one."""
    database.unlink()
    with closing(sqlite3.connect(database)) as made:
        made.execute("vacuum")


LOSSES: dict[str, Callable[[Path], object]] = {
    "missing": Path.unlink,
    "empty": lambda database: database.write_bytes(b""),
    "new": remake,
}


@pytest.mark.parametrize("loss", LOSSES)
def test_inputs_without_their_database_are_refused_in_a_sentence_and_stay(
    photo: bytes, tmp_path: Path, loss: str
) -> None:
    with closing(Twin(Settings(data_dir=tmp_path))) as twin:
        submit(twin, photo)
    database, files = tmp_path / "twin.sqlite", tmp_path / "files"
    kept = database.read_bytes()
    LOSSES[loss](database)

    told = opened_elsewhere(tmp_path)

    what = "missing" if loss == "missing" else "empty"
    assert told == (
        f"Error: {files} has inputs (1), but {database}, which says whose they are, is {what}: "
        f"put it back, or empty {files} to begin anew; choose another --data-dir\n"
    )
    assert len(list(files.iterdir())) == 1
    database.write_bytes(kept)
    with closing(Twin(Settings(data_dir=tmp_path))) as twin:
        assert [len(sandbox.jobs) for sandbox in twin.crowd] == [1]


def test_a_folder_without_inputs_begins_anew_when_its_database_is_gone(tmp_path: Path) -> None:
    Twin(Settings(data_dir=tmp_path)).close()
    (tmp_path / "twin.sqlite").unlink()

    with closing(Twin(Settings(data_dir=tmp_path))) as twin:
        assert list(twin.crowd) == []
