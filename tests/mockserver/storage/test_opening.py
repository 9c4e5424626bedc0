"""The settings choose where sandboxes are kept."""

from contextlib import closing
from pathlib import Path

import pytest

from safelight_mock.config.settings import Settings
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.storage.memory import InMemoryPersistence
from safelight_mock.storage.opening import open_persistence
from safelight_mock.storage.sqlite_store import SqliteStore
from safelight_mock.storage.working_copy import Change


def test_without_a_data_directory_nothing_outlives_the_process() -> None:
    with closing(open_persistence(Settings(), None)) as kept:
        kept.save([Change(sandbox=Sandbox(name="box", seed="s"), is_whole=True)])

        assert isinstance(kept, InMemoryPersistence)
        assert (kept.files, [*kept.load()], kept.write_error()) == (None, [], "")


def test_a_seed_in_memory_is_the_configured_one_or_new_each_time() -> None:
    kept = InMemoryPersistence()

    assert kept.seed("mine") == "mine"
    assert [len(kept.seed("")), len({kept.seed(""), kept.seed("")})] == [32, 2]


@pytest.mark.slow
def test_a_data_directory_is_opened_and_synced_as_configured(tmp_path: Path) -> None:
    synced: list[int] = []

    with closing(open_persistence(Settings(data_dir=tmp_path / "data"), synced.append)) as kept:
        assert isinstance(kept, SqliteStore)
        assert kept.files == tmp_path / "data" / "files"

    assert synced
