"""With durability `full` what a call changed is on disk before its response; with `normal` no call waits."""

import os
import stat
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from click.testing import CliRunner

from safelight_mock import Settings, Twin, TwinTransport
from safelight_mock.adapters.cli import main
from safelight_mock.config.settings import Durability
from safelight_mock.storage.blobs import BlobStore
from safelight_mock.storage.integrity import InputFiles
from safelight_mock.storage.sqlite_store import SqliteStore
from safelight_mock.storage.upload_spool import UploadSpool

BASE = "/topaz/image/v1"


class Synced(NamedTuple):
    """What was synced, and which inputs lay in their place at that moment."""

    kind: int  # `stat.S_IFREG` or `stat.S_IFDIR`
    inode: int
    inputs: set[str]


class Disk:
    """A replacement of `os.fsync` that records its calls."""

    def __init__(self, files: Path) -> None:
        self._files = files
        self.synced: list[Synced] = []

    def __call__(self, descriptor: int) -> None:
        actual = os.fstat(descriptor)
        inputs = {file.name for file in self._files.iterdir() if len(file.name) == 64}
        self.synced.append(Synced(stat.S_IFMT(actual.st_mode), actual.st_ino, inputs))


def submitted(folder: Path, durability: Durability, photo: bytes) -> list[Synced]:
    """Return what was synced for one upload."""
    disk = Disk(folder / "files")
    twin = Twin(Settings(data_dir=folder, durability=durability), sync=disk)
    with closing(twin), httpx.Client(transport=TwinTransport(twin), base_url=f"http://twin{BASE}") as to:
        disk.synced.clear()
        files = {"image": ("a.jpg", photo)}
        response = to.post("/enhance/async", files=files, headers={"X-API-Key": "k"})
        assert response.status_code == 200
        return disk.synced


@pytest.mark.fidelity("twin.durability")
@pytest.mark.slow
def test_a_full_upload_is_synced_before_it_is_in_place_and_its_folder_after(
    tmp_path: Path, photo: bytes
) -> None:
    synced = submitted(tmp_path, Durability.FULL, photo)

    (file,) = (file for file in (tmp_path / "files").iterdir() if len(file.name) == 64)
    folder = file.parent.stat().st_ino
    assert synced == [
        Synced(stat.S_IFREG, file.stat().st_ino, set()),
        Synced(stat.S_IFDIR, folder, {file.name}),
    ]


@pytest.mark.fidelity("twin.durability")
@pytest.mark.slow
def test_an_upload_with_normal_durability_is_not_synced(tmp_path: Path, photo: bytes) -> None:
    assert submitted(tmp_path, Durability.NORMAL, photo) == []


def test_an_input_of_an_earlier_process_is_synced_before_a_job_is_taken_that_needs_it(tmp_path: Path) -> None:
    spool = UploadSpool(BlobStore(1000, frozenset(), tmp_path))
    spool.write(b"input")
    digest = spool.commit("a.bin").digest
    disk = Disk(tmp_path)

    InputFiles(tmp_path, sync=disk).check(digest)

    assert [synced.inode for synced in disk.synced] == [
        (tmp_path / digest).stat().st_ino,
        tmp_path.stat().st_ino,
    ]


def test_the_parents_of_created_folders_are_synced(tmp_path: Path) -> None:
    folder = tmp_path / "of" / "many" / "folders"
    synced: list[int] = []

    SqliteStore(folder, lambda descriptor: synced.append(os.fstat(descriptor).st_ino)).close()

    assert synced == [each.stat().st_ino for each in (folder, *folder.parents[:3])]


@pytest.mark.fidelity("twin.durability")
@pytest.mark.slow
@pytest.mark.parametrize(("synced", "level"), [(True, 2), (False, 1)])
def test_full_durability_syncs_each_commit(tmp_path: Path, *, synced: bool, level: int) -> None:
    folder = tmp_path / "kept"
    (folder / "files").mkdir(parents=True)
    disk = Disk(folder / "files")

    with closing(SqliteStore(folder, disk if synced else None)) as keep:
        (chosen,) = keep.database.execute("pragma synchronous").fetchone()

    assert chosen == level  # 2 is FULL, 1 is NORMAL
    made = [folder.stat().st_ino, tmp_path.stat().st_ino]  # in which the database and its folder have names
    assert [one.inode for one in disk.synced] == (made if synced else [])


def test_an_unknown_durability_is_rejected_with_the_known_ones() -> None:
    refused = CliRunner().invoke(main, ["serve", "--durability", "eternal"])

    assert refused.exit_code == 2
    assert "'eternal' is not one of 'normal', 'full'" in refused.output
    with pytest.raises(ValueError, match="durability must be one of normal, full, not 'eternal'"):
        Settings(durability="eternal")  # type: ignore[arg-type] # which a text may name
