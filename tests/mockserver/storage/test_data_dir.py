"""A data folder is for one server at a time, and is not begun anew beside inputs of lost jobs."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
import msgspec
import pytest
from tests.mockserver.conftest import picture
from tests.mockserver.stored import sandboxes

from safelight_mock import ClockMode, Settings, Twin, TwinTransport
from safelight_mock.config.settings import DataDirError
from safelight_mock.wire import Problem

pytestmark = pytest.mark.slow

BASE = "/topaz/image/v1"
KEY = {"X-API-Key": "k"}
RESULT = f"{'0a' * 32}.result"


def submit(twin: Twin, photo: bytes) -> None:
    with httpx.Client(transport=TwinTransport(twin), base_url="http://twin") as client:
        files = {"image": ("a.jpg", photo)}
        response = client.post(f"{BASE}/enhance/async", files=files, headers=KEY)
        assert response.status_code == 200


def listed(folder: Path) -> list[tuple[str, int, int]]:
    """The files of a folder with their modification times."""
    actual = [folder, *folder.rglob("*")]
    return sorted((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in actual)


def opened_elsewhere(folder: Path) -> str:
    """Start a server in another process; return what it says on its way out."""
    command = [sys.executable, "-m", "safelight_mock", "serve", "--port", "0", "--data-dir", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60).stderr


@pytest.mark.fidelity("twin.data_dir")
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

        outcome = opened_elsewhere(tmp_path)
        with pytest.raises(DataDirError):
            Twin(Settings(data_dir=tmp_path))
        again = opened_elsewhere(tmp_path)  # refused in this process, too, it let go of nothing

        assert f"cannot use data directory {tmp_path}: another server has it open" in outcome
        assert again == outcome
        assert listed(tmp_path) == before


def test_a_stopped_or_rejected_server_releases_the_data_dir(tmp_path: Path) -> None:
    Twin(Settings(data_dir=tmp_path)).close()
    (tmp_path / "twin.sqlite").write_bytes(b"no database, but longer than an empty file")

    for _ in range(2):
        with pytest.raises(DataDirError, match="file is not a database"):
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


@pytest.mark.fidelity("twin.data_dir")
@pytest.mark.parametrize("loss", LOSSES)
def test_inputs_without_their_database_are_rejected_and_kept(photo: bytes, tmp_path: Path, loss: str) -> None:
    with closing(Twin(Settings(data_dir=tmp_path))) as twin:
        submit(twin, photo)
    database, files = tmp_path / "twin.sqlite", tmp_path / "files"
    kept = database.read_bytes()
    LOSSES[loss](database)

    outcome = opened_elsewhere(tmp_path)

    what = "missing" if loss == "missing" else "empty"
    assert outcome == (
        f"Error: {files} has 1 inputs, but their database {database} is {what}; "
        f"restore it, or empty {files} to start without them; choose another --data-dir\n"
    )
    assert len(list(files.iterdir())) == 1
    database.write_bytes(kept)
    with closing(Twin(Settings(data_dir=tmp_path))) as twin:
        assert [len(sandbox.jobs) for sandbox in sandboxes(twin)] == [1]


@pytest.mark.parametrize("loss", LOSSES)
def test_the_error_about_a_lost_database_says_what_to_do(photo: bytes, tmp_path: Path, loss: str) -> None:
    with closing(Twin(Settings(data_dir=tmp_path))) as twin:
        submit(twin, photo)
    database, files = tmp_path / "twin.sqlite", tmp_path / "files"
    LOSSES[loss](database)

    what = "missing" if loss == "missing" else "empty"
    refusals = []  # which keep alive what the failed starts have opened: they have to close it themselves
    for _ in range(2):
        with pytest.raises(DataDirError) as refused:
            Twin(Settings(data_dir=tmp_path))
        refusals.append(refused.value)
    why = (
        f"{files} has 1 inputs, but their database {database} is {what}; "
        f"restore it, or empty {files} to start without them"
    )
    assert [str(refusal) for refusal in refusals] == [why, why]


def test_a_folder_that_is_in_use_is_refused(tmp_path: Path) -> None:
    with closing(Twin(Settings(data_dir=tmp_path))), pytest.raises(DataDirError) as refused:
        Twin(Settings(data_dir=tmp_path))

    assert str(refused.value) == f"cannot use data directory {tmp_path}: another server has it open"
    Twin(Settings(data_dir=tmp_path)).close()


def test_a_data_dir_without_database_and_inputs_is_initialised(tmp_path: Path) -> None:
    Twin(Settings(data_dir=tmp_path)).close()
    (tmp_path / "twin.sqlite").unlink()

    with closing(Twin(Settings(data_dir=tmp_path))) as twin:
        assert sandboxes(twin) == []


def altered(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "twin.sqlite")) as database, database:
        for statement in statements:
            database.execute(statement)


def rows(folder: Path) -> list[tuple[str, str, bytes]]:
    with closing(sqlite3.connect(folder / "twin.sqlite")) as database:
        return database.execute("select sandbox, id, body from jobs order by place").fetchall()


def replacing(column: str, table: str, old: str, new: str) -> str:
    """Write a statement that alters a text in the first row that has it."""
    text = f"cast({column} as text)"
    return (
        f"update {table} set {column} = cast(replace({text}, '{old}', '{new}') as blob) "  # noqa: S608 - a test's own
        f"where {column} = (select {column} from {table} where instr({text}, '{old}') limit 1)"
    )


UNSERVED = {
    "vendor": (replacing("head", "sandboxes", '"topaz"', '"acme"'), "sandboxes of vendor 'acme' (1)", []),
    "operation": (
        replacing("body", "jobs", '"postEnhanceAsync"', '"postDream"'),
        "jobs of operation 'postDream' of topaz (1)",
        ["Pending"],
    ),
    "lifecycle": (
        replacing("body", "jobs", '"lifecycle":"image"', '"lifecycle":"dream"'),
        "jobs of lifecycle 'dream' of topaz (1)",
        ["Pending"],
    ),
}


@pytest.mark.fidelity("twin.data_dir")
@pytest.mark.parametrize("unknown", UNSERVED)
def test_sandboxes_of_unknown_vendors_are_logged_at_start_and_kept(
    photo: bytes, tmp_path: Path, unknown: str, caplog: pytest.LogCaptureFixture
) -> None:
    statement, named, served = UNSERVED[unknown]
    settings = Settings(data_dir=tmp_path, clock=ClockMode.MANUAL, max_sandboxes=1)
    with closing(Twin(settings)) as twin:
        submit(twin, picture(20, 20))
        submit(twin, photo)
    altered(tmp_path, statement)
    before = rows(tmp_path)

    with closing(Twin(settings)) as twin:
        outcome = [record.getMessage() for record in caplog.records]
        assert outcome == [f"this version does not serve, and keeps as they are: {named}"]
        with httpx.Client(transport=TwinTransport(twin), base_url="http://twin", headers=KEY) as client:
            response = client.get(f"{BASE}/status")
            assert (response.status_code, [job["status"] for job in response.json()]) == (200, served)
            assert client.get("/_safelight/jobs").status_code == 200
            assert client.get("/_safelight/deliveries").status_code == 200
        submit(twin, picture(30, 30))
        submit(twin, picture(40, 40))
        twin.advance(3600, vendor="topaz", key="k")
        twin.blobs.bound = twin.blobs.used  # inputs that no job needs would go for the next one
        with pytest.raises(Problem, match="inputs in use fill all"):
            twin.blobs.reserve(1)

    assert {row[1:] for row in before} <= {row[1:] for row in rows(tmp_path)}
    inputs = {msgspec.json.decode(body)["source"]["digest"] for _, _, body in before}
    assert inputs <= {file.name for file in (tmp_path / "files").iterdir()}
