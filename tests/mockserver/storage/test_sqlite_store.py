"""What is kept in a folder is there again, however the twin ended."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace
from tests.mockserver.stored import changing as changed_by_key
from tests.mockserver.stored import sandboxes

from safelight_mock import ClockMode, Settings, Twin, TwinTransport
from safelight_mock.config.settings import DataDirError
from safelight_mock.core import Event, Format, Job, Move, Picture, Plan, Sandbox, Source
from safelight_mock.storage.sandboxes import SandboxRegistry
from safelight_mock.storage.sqlite_store import SqliteStore
from safelight_mock.storage.transaction import Transaction
from safelight_mock.storage.working_copy import Change

pytestmark = pytest.mark.slow

PHOTO = Path(__file__).parents[2] / "data" / "chelsea.jpg"
PICTURE = Picture(format=Format.PNG, width=4, height=3)


def job(name: str) -> Job:
    source = Source(id=name, digest="", filename="photo.png", picture=PICTURE)
    return Job(id=name, operation="o", plan=Plan(queued=1, running=1), source=source, output=PICTURE)


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(name="box", seed="s", vendor="topaz", jobs={name: job(name) for name in ("b", "a", "c")})


def save(keep: SqliteStore, sandbox: Sandbox) -> None:
    keep.save([Change(sandbox=sandbox, is_whole=True)])


@contextmanager
def changing(keep: SqliteStore, sandbox: Sandbox, real: float = 0) -> Iterator[Sandbox]:
    """Change a copy of a sandbox, as a request does."""
    registry = SandboxRegistry("s", Settings(), keep)
    registry.load([sandbox])
    with Transaction(registry, real) as transaction:
        (copy,) = filter(None, [transaction.named(sandbox.name)])
        yield copy
        transaction.commit()


def reopened(folder: Path) -> list[Sandbox]:
    with closing(SqliteStore(folder)) as keep:
        return list(keep.load())


def test_sandboxes_survive_a_restart(tmp_path: Path, sandbox: Sandbox) -> None:
    with closing(SqliteStore(tmp_path)) as keep:
        save(keep, sandbox)
        save(keep, Sandbox(name="other", seed="s"))

    assert reopened(tmp_path) == [sandbox, Sandbox(name="other", seed="s")]


def test_changes_are_saved_and_jobs_keep_their_order(tmp_path: Path, sandbox: Sandbox) -> None:
    with closing(SqliteStore(tmp_path)) as keep:
        save(keep, sandbox)
        with changing(keep, sandbox) as copy:
            copy.jobs["a"] = replace(copy.jobs["a"], events=(Event(move=Move.CANCEL, at=1.0),))
            del copy.jobs["b"]
            copy.jobs["d"] = job("d")
            copy.job_due_at["d"], copy.job_due_at["a"] = 7.5, 2.5
            copy.advance(5, real=100)

    (actual,) = reopened(tmp_path)
    assert actual == sandbox
    assert list(actual.jobs) == ["a", "c", "d"]


def test_a_loaded_sandbox_is_saved_again(tmp_path: Path, sandbox: Sandbox) -> None:
    with closing(SqliteStore(tmp_path)) as keep:
        save(keep, sandbox)
    with closing(SqliteStore(tmp_path)) as keep:
        (again,) = keep.load()
        with changing(keep, again) as copy:
            del copy.jobs["c"]

    assert [list(actual.jobs) for actual in reopened(tmp_path)] == [["b", "a"]]


def test_a_deleted_sandbox_is_not_loaded(tmp_path: Path, sandbox: Sandbox) -> None:
    with closing(SqliteStore(tmp_path)) as keep:
        save(keep, sandbox)
        keep.save([], gone=["box"])

    assert reopened(tmp_path) == []


def test_the_seed_is_kept_unless_another_is_configured(tmp_path: Path) -> None:
    def seed(wanted: str = "") -> str:
        with closing(SqliteStore(tmp_path)) as keep:
            return keep.seed(wanted)

    first = seed()

    assert len(first) == 32
    assert [seed(), seed("mine"), seed()] == [first, "mine", "mine"]


def test_the_data_dir_is_readable_by_its_owner_only(tmp_path: Path, sandbox: Sandbox) -> None:
    with closing(SqliteStore(tmp_path)) as keep:
        save(keep, sandbox)

        kept = [file for file in tmp_path.iterdir() if file.is_file()]
        assert {file.stat().st_mode & 0o077 for file in kept} == {0}


@pytest.mark.fidelity("twin.data_dir")
def test_a_data_dir_is_locked_by_one_server(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path)), pytest.raises(DataDirError, match="another server has it open"):
        SqliteStore(tmp_path)


def test_a_data_dir_that_is_not_a_folder_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(DataDirError, match="cannot use data directory"):
        SqliteStore(tmp_path / "file")


def altered(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "twin.sqlite")) as database:
        database.executescript(statement)


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("pragma user_version = 5", "has data of format 5; this version reads format 4"),
        ("pragma user_version = 3", "has data of format 3; this version reads format 4"),
        ("update jobs set body = '{}'", "cannot read data directory .*: Object missing required field"),
        ("update sandboxes set head = 'x'", "cannot read data directory .*: JSON is malformed"),
        ("update sandboxes set head = 5", "cannot read data directory .*: a bytes-like object is required"),
        (
            """update jobs set body = replace(hex(zeroblob(9999)), '00', '{"x":')""",
            "cannot read data directory .*: maximum recursion depth exceeded",
        ),
        (
            "drop table twin; create table twin (other text)",
            "cannot read data directory .*: no such column: seed",
        ),
    ],
)
def test_an_unreadable_database_is_rejected_and_left_unchanged(
    tmp_path: Path, sandbox: Sandbox, statement: str, why: str
) -> None:
    with closing(SqliteStore(tmp_path)) as keep:
        save(keep, sandbox)
    altered(tmp_path, statement)

    for _ in range(2):  # what was refused is not held open
        with pytest.raises(DataDirError, match=why):
            Twin(Settings(data_dir=tmp_path))


@pytest.mark.fidelity("twin.data_dir")
def test_committed_changes_survive_a_killed_process(tmp_path: Path) -> None:
    script = """
import os, signal, sys
from pathlib import Path
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.storage.sqlite_store import SqliteStore
from safelight_mock.storage.working_copy import Change
keep = SqliteStore(Path(sys.argv[1]))
keep.save([Change(sandbox=Sandbox(name="box", seed="s", ids_drawn=7), is_whole=True)])
os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False, timeout=30)

    assert [actual.ids_drawn for actual in reopened(tmp_path)] == [7]


def written(folder: Path) -> bytes:
    """What was written since the folder was opened."""
    return (folder / "twin.sqlite-wal").read_bytes()


def test_a_new_sandbox_of_the_same_name_replaces_the_old_one(tmp_path: Path) -> None:
    older = Sandbox(name="box", seed="s", jobs={name: job(name) for name in ("a", "b", "c")})
    newer = Sandbox(name="box", seed="s", jobs={name: job(name) for name in ("c", "d", "b")})
    with closing(SqliteStore(tmp_path)) as keep:
        save(keep, older)
        save(keep, newer)

    (actual,) = reopened(tmp_path)
    assert list(actual.jobs) == ["c", "d", "b"]


def test_a_running_clock_causes_no_writes(tmp_path: Path, sandbox: Sandbox) -> None:
    with closing(SqliteStore(tmp_path)) as keep:
        save(keep, sandbox)
        before = written(tmp_path)
        with changing(keep, sandbox, real=200) as copy:
            assert copy.now(200) == 200

        assert written(tmp_path) == before
        with changing(keep, sandbox) as copy:
            copy.ids_drawn += 1
        assert written(tmp_path) != before

    assert [(actual.latest, actual.ids_drawn) for actual in reopened(tmp_path)] == [(200, 1)]


def test_the_time_of_a_stopped_clock_is_written(tmp_path: Path, sandbox: Sandbox) -> None:
    with closing(SqliteStore(tmp_path)) as keep:
        save(keep, sandbox)
        with changing(keep, sandbox) as copy:
            copy.set_clock(100, mode=ClockMode.MANUAL, to=500)

    assert [actual.now(0) for actual in reopened(tmp_path)] == [500]


def test_reads_of_a_job_cause_no_writes(tmp_path: Path) -> None:
    with served(tmp_path) as (_, to):
        response = to.post(f"{BASE}/enhance/async", files={"image": ("cat.jpg", PHOTO.read_bytes())})
        before = written(tmp_path)
        for _ in range(20):
            assert to.get(f"{BASE}/status/{response.json()['process_id']}").status_code == 200

        assert written(tmp_path) == before


BASE = "/topaz/image/v1"
KEY = {"X-API-Key": "k"}


@contextmanager
def served(folder: Path) -> Iterator[tuple[Twin, httpx.Client]]:
    twin = Twin(Settings(data_dir=folder))
    with (
        closing(twin),
        httpx.Client(transport=TwinTransport(twin), base_url="http://twin", headers=KEY) as to,
    ):
        yield twin, to


@pytest.mark.fidelity("twin.data_dir")
def test_a_restarted_server_continues_where_it_stopped(tmp_path: Path) -> None:
    photo = {"image": ("cat.jpg", PHOTO.read_bytes())}
    with served(tmp_path) as (twin, to):
        process_id = to.post(f"{BASE}/enhance/async", files=photo).json()["process_id"]
        twin.advance(60, vendor="topaz", key="k")
        link = to.get(f"{BASE}/download/{process_id}").json()["download_url"]
        before = to.get(f"{BASE}/status/{process_id}").json()
        picture = to.get(link).content

    with served(tmp_path) as (_, to):
        assert to.get(f"{BASE}/status/{process_id}").json() == before
        assert to.get(link).content == picture
        assert to.delete(f"{BASE}/status/{process_id}").status_code == 204

    with served(tmp_path) as (_, to):
        assert to.get(f"{BASE}/status").json() == []


def test_temporary_files_are_removed_at_start(tmp_path: Path) -> None:
    files = tmp_path / "files"
    with served(tmp_path) as (twin, _):
        twin.blobs.scratch()
        for name in (".safelight-a.b", f"{'0a' * 32}.result"):
            (files / name).write_bytes(b"x")

    with served(tmp_path):
        assert list(files.iterdir()) == []


def test_other_files_in_the_folder_are_kept(tmp_path: Path) -> None:
    own = tmp_path / "files" / "thesis"
    own.mkdir(parents=True)
    (own.parent / "thesis.txt").write_text("years of work")

    with served(tmp_path):
        pass

    assert sorted(file.name for file in own.parent.iterdir()) == ["thesis", "thesis.txt"]


def test_an_evicted_job_stays_deleted_after_a_restart(tmp_path: Path) -> None:
    moments = iter(range(1_800_000_000, 1_900_000_000, 100))
    settings = Settings(data_dir=tmp_path, max_jobs=1)
    with closing(Twin(settings, real=lambda: next(moments))) as twin:
        transport = TwinTransport(twin)
        for key in ("first", "second"):
            with httpx.Client(transport=transport, base_url="http://twin", headers={"X-API-Key": key}) as to:
                to.post(f"{BASE}/enhance/async", files={"image": ("cat.jpg", PHOTO.read_bytes())})

    with closing(Twin(settings)) as twin:
        assert sorted(len(sandbox.jobs) for sandbox in sandboxes(twin)) == [0, 1]


@pytest.mark.fidelity("twin/damaged-inputs")
def test_only_the_job_with_a_missing_input_fails(tmp_path: Path, photo: bytes) -> None:
    with served(tmp_path) as (_, to):
        to.post(f"{BASE}/enhance/async", files={"image": ("cat.jpg", PHOTO.read_bytes())})
    for file in (tmp_path / "files").iterdir():
        file.unlink()

    with served(tmp_path) as (twin, to):
        to.post(f"{BASE}/enhance/async", files={"image": ("other.jpg", photo)})
        twin.advance(60, vendor="topaz", key="k")
        listed = to.get(f"{BASE}/status").json()
        assert {job["status"] for job in listed} == {"Failed", "Completed"}


def test_an_evicted_sandbox_stays_deleted_after_a_restart(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, max_sandboxes=1)
    for key in ("first", "second"):
        with closing(Twin(settings)) as twin:
            twin.advance(0, vendor="topaz", key=key)
            with changed_by_key(twin, key=key) as sandbox:
                sandbox.never_evicted = False

    with closing(Twin(settings)) as twin:
        assert len(sandboxes(twin)) == 1
