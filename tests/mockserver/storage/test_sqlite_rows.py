"""A database of sandboxes: what is in it, what is kept of it, and what it says when it cannot be written."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.mockserver.storage.stores import delivery, job

from safelight_mock.config.settings import DataDirError
from safelight_mock.core.clock import Clock, ClockMode
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import Outcome
from safelight_mock.storage.port import NotStoredError
from safelight_mock.storage.sqlite_store import SqliteStore
from safelight_mock.storage.working_copy import Change

READ_ONLY = "attempt to write a readonly database"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(tmp_path)) as opened:
        yield opened


@pytest.fixture
def sandbox() -> Sandbox:
    made = Sandbox(name="box", seed="s", vendor="topaz", jobs={"a": job("a")})
    made.deliveries.update(x=delivery("x"), y=delivery("y", Outcome.FAILED))
    made.job_due_at["a"], made.next_attempt_at["x"] = 5.0, 7.0
    return made


def save(store: SqliteStore, *sandboxes: Sandbox) -> None:
    store.save([Change(sandbox=one, is_whole=True) for one in sandboxes])


def loaded(store: SqliteStore) -> dict[str, Sandbox]:
    return {one.name: one for one in store.load()}


def test_every_part_of_a_sandbox_is_loaded_again(store: SqliteStore, sandbox: Sandbox) -> None:
    other = Sandbox(name="other", seed="s", jobs={"b": job("b")})

    save(store, sandbox, other)

    assert loaded(store) == {"box": sandbox, "other": other}


def test_only_the_sandboxes_that_are_gone_are_removed(store: SqliteStore, sandbox: Sandbox) -> None:
    other = Sandbox(name="other", seed="s", jobs={"b": job("b")})
    save(store, sandbox, other)

    store.save([], gone=["box"])
    save(store, Sandbox(name="box", seed="new"))

    assert loaded(store) == {"box": Sandbox(name="box", seed="new"), "other": other}


# -- what may not be overwritten


def test_what_is_spared_is_kept_under_another_name(store: SqliteStore, sandbox: Sandbox) -> None:
    save(store, sandbox)
    store.spare({"box"})
    store.spare({"unknown"})

    newer = Sandbox(name="box", seed="newer")
    save(store, Sandbox(name="box", seed="new", jobs={"b": job("b")}))
    save(store, newer)

    actual = loaded(store)
    assert actual.pop("box") == newer
    ((name, kept),) = actual.items()
    assert name.startswith("box.")
    assert len(name) == len("box.") + 8
    assert replace(kept, name="box") == sandbox


def test_what_is_spared_is_kept_when_its_name_is_gone(store: SqliteStore, sandbox: Sandbox) -> None:
    save(store, sandbox)
    store.spare({"box"})

    store.save([], gone=["box"])
    save(store, Sandbox(name="box", seed="new"))
    store.save([], gone=["box"])

    assert [[*kept.jobs] for kept in loaded(store).values()] == [["a"]]


# -- times


def test_only_the_times_of_running_clocks_are_kept_at_the_end(store: SqliteStore) -> None:
    running = Sandbox(name="running", seed="s")
    stopped = Sandbox(name="stopped", seed="s", clock=Clock(mode=ClockMode.MANUAL))
    save(store, running, stopped)
    running.latest = stopped.latest = 7.0

    store.save_times([running, stopped])

    assert {name: one.latest for name, one in loaded(store).items()} == {"running": 7.0, "stopped": 0.0}


def test_times_that_cannot_be_kept_are_logged(store: SqliteStore, caplog: pytest.LogCaptureFixture) -> None:
    store.database.execute("pragma query_only = on")

    store.save_times([Sandbox(name="box", seed="s")])

    assert caplog.messages == [f"the time of 1 sandboxes was not kept: {READ_ONLY}"]


# -- a disk that does not take it


def test_a_change_that_cannot_be_written_is_an_error_until_one_is(
    store: SqliteStore, sandbox: Sandbox, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert store.write_error() == ""
    store.database.execute("pragma query_only = on")

    with pytest.raises(NotStoredError) as refused:
        save(store, sandbox)

    assert READ_ONLY in str(refused.value)
    assert caplog.messages == [f"what a call changes cannot be kept in {tmp_path}: {READ_ONLY}"]
    assert store.write_error() == READ_ONLY
    store.database.execute("pragma query_only = off")
    save(store, sandbox)
    store.database.execute("pragma query_only = on")
    assert store.write_error() == ""


def test_an_error_ends_when_something_can_be_written(store: SqliteStore, sandbox: Sandbox) -> None:
    store.database.execute("pragma query_only = on")
    with pytest.raises(NotStoredError):
        save(store, sandbox)

    store.database.execute("pragma query_only = off")

    assert [store.write_error(), store.write_error()] == ["", ""]
    assert loaded(store) == {}


def test_what_is_saved_after_the_end_is_not_kept(store: SqliteStore, sandbox: Sandbox) -> None:
    store.close()

    save(store, sandbox)

    assert store.write_error() == ""


# -- opening


def test_a_database_that_another_program_has_locked_is_refused(tmp_path: Path) -> None:
    SqliteStore(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "twin.sqlite")) as other:
        other.execute("begin exclusive")

        with pytest.raises(DataDirError) as refused:
            SqliteStore(tmp_path)

    assert str(refused.value) == f"cannot use data directory {tmp_path}: another server has it open"


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "twin.sqlite").write_bytes(b"no database, but longer than an empty file")

    with pytest.raises(DataDirError) as refused:
        SqliteStore(tmp_path)

    assert str(refused.value) == f"cannot use data directory {tmp_path}: file is not a database"


def test_inputs_are_not_begun_anew_beside_a_new_database(tmp_path: Path) -> None:
    SqliteStore(tmp_path).close()
    (tmp_path / "files" / ("0a" * 32)).write_bytes(b"")
    SqliteStore(tmp_path).close()
    (tmp_path / "twin.sqlite").unlink()
    with closing(sqlite3.connect(tmp_path / "twin.sqlite")) as made:
        made.execute("vacuum")

    with pytest.raises(DataDirError, match=r"has 1 inputs, but their database .* is empty"):
        SqliteStore(tmp_path)
