"""An input whose file was damaged is never served; its jobs fail until the same bytes are uploaded again."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from io import BufferedReader
from pathlib import Path
from resource import RLIMIT_NOFILE, getrlimit, setrlimit

import httpx
import pytest
from tests.mockserver.conftest import picture
from tests.mockserver.stored import sandboxes

from safelight_mock import Settings, SnapshotError, Twin, TwinTransport
from safelight_mock.storage.blobs import BlobStore
from safelight_mock.storage.integrity import InputFiles, LostInputError, sha256_of
from safelight_mock.storage.upload_spool import UploadSpool

pytestmark = pytest.mark.slow  # twins with files of their own

BASE = "/topaz/image/v1"
PHOTO, OTHER = picture(48, 32), picture(20, 30, "PNG")
KEYS = [{"X-API-Key": "first"}, {"X-API-Key": "second"}]


def become_link(file: Path) -> None:
    file.rename(file.with_name("elsewhere"))
    file.symlink_to("elsewhere")


def become_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()
    (file / "something").touch()


def become_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "truncated": lambda file: file.write_bytes(PHOTO[:200]),
    "emptied": lambda file: file.write_bytes(b""),
    "swapped": lambda file: file.write_bytes(OTHER),
    "changed in one byte": lambda file: file.write_bytes(PHOTO[:-3] + b"\x00" + PHOTO[-2:]),
    "a folder": become_folder,
    "a symbolic link": become_link,
    "a pipe": become_pipe,
}
damages = pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())


@contextmanager
def served(folder: Path) -> Iterator[tuple[Twin, httpx.Client]]:
    twin = Twin(Settings(data_dir=folder, seed="tests"))
    with closing(twin), httpx.Client(transport=TwinTransport(twin), base_url=f"http://twin{BASE}") as to:
        yield twin, to


def submit(to: httpx.Client, key: dict[str, str]) -> str:
    response = to.post("/enhance/async", files={"image": ("cat.jpg", PHOTO)}, headers=key)
    assert response.status_code == 200, response.text
    process_id: str = response.json()["process_id"]
    return process_id


def statuses(to: httpx.Client, key: dict[str, str]) -> list[str]:
    response = to.get("/status", headers=key)
    assert response.status_code == 200, response.text
    return [job["status"] for job in response.json()]


def link(to: httpx.Client, key: dict[str, str], process_id: str, kind: str = "") -> str:
    url: str = to.get(f"/download{kind}/{process_id}", headers=key).json()["download_url"]
    return url


def end_all(twin: Twin) -> None:
    for key in KEYS:
        twin.advance(60, vendor="topaz", key=key["X-API-Key"])


def stored(folder: Path) -> Path:
    (file,) = [file for file in (folder / "files").iterdir() if len(file.name) == 64]
    return file


@pytest.mark.fidelity("twin/damaged-inputs")
@damages
def test_a_file_damaged_while_the_server_was_down_is_quarantined_and_replaced_by_an_upload(
    tmp_path: Path, damage: Callable[[Path], object], caplog: pytest.LogCaptureFixture
) -> None:
    with served(tmp_path) as (twin, to):
        before = submit(to, KEYS[0])
        end_all(twin)
        provided = link(to, KEYS[0], before, "/input")
    file = stored(tmp_path)
    damage(file)

    with served(tmp_path) as (twin, to), caplog.at_level(logging.WARNING):
        assert statuses(to, KEYS[0]) == ["Failed"]
        assert to.get(provided).status_code == 404
        assert os.path.lexists(file.parent / "damaged" / file.name)
        assert f"{file.name} is damaged and was set aside as damaged/{file.name}" in caplog.text

        after = submit(to, KEYS[1])
        end_all(twin)

        assert statuses(to, KEYS[0]) == statuses(to, KEYS[1]) == ["Completed"]
        for key, process_id in zip(KEYS, (before, after), strict=True):
            assert to.get(link(to, key, process_id)).status_code == 200
        assert to.get(provided).content == PHOTO
    assert file.read_bytes() == PHOTO


@pytest.mark.fidelity("twin/damaged-inputs")
@damages
def test_a_file_that_is_damaged_under_a_running_server_is_not_served(
    tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    with served(tmp_path) as (twin, to):
        process_id = submit(to, KEYS[0])
        end_all(twin)
        assert statuses(to, KEYS[0]) == ["Completed"]
        provided = link(to, KEYS[0], process_id, "/input")
        damage(stored(tmp_path))

        assert to.get(provided).status_code == 404
        assert statuses(to, KEYS[0]) == ["Failed"]
        submit(to, KEYS[0])
        assert to.get(provided).content == PHOTO


@damages
def test_an_upload_replaces_a_damaged_file_of_the_same_digest(
    tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    with served(tmp_path) as (_, to):
        submit(to, KEYS[0])
    damage(stored(tmp_path))

    with served(tmp_path) as (twin, to):
        submit(to, KEYS[1])
        end_all(twin)

        assert statuses(to, KEYS[0]) == statuses(to, KEYS[1]) == ["Completed"]


def test_a_result_changed_by_another_program_is_rendered_again(tmp_path: Path) -> None:
    with served(tmp_path) as (twin, to):
        process_id = submit(to, KEYS[0])
        end_all(twin)
        result = link(to, KEYS[0], process_id)
        whole = to.get(result).content
        (file,) = (tmp_path / "files").glob("*.result")

        file.write_bytes(whole[:100])
        assert to.get(result).content == whole
        become_folder(file)
        assert to.get(result).content == whole


@damages
def test_a_result_replaced_by_something_else_is_rendered_again(
    damage: Callable[[Path], object], tmp_path: Path
) -> None:
    with served(tmp_path) as (twin, to):
        process_id = submit(to, KEYS[0])
        end_all(twin)
        result = link(to, KEYS[0], process_id)
        whole = to.get(result).content
        (file,) = (tmp_path / "files").glob("*.result")

        damage(file)

        assert to.get(result).content == whole


def test_a_result_is_rendered_although_a_folder_has_its_name(tmp_path: Path) -> None:
    with served(tmp_path) as (twin, to):
        process_id = submit(to, KEYS[0])
        end_all(twin)
        whole = to.get(link(to, KEYS[0], process_id)).content
        (file,) = (tmp_path / "files").glob("*.result")
    with served(tmp_path) as (_, to):
        file.mkdir()

        assert to.get(link(to, KEYS[0], process_id)).content == whole
    assert (tmp_path / "files" / "damaged" / file.name).is_dir()


def test_a_snapshot_restores_damaged_inputs_and_none_is_made_with_them(tmp_path: Path) -> None:
    with served(tmp_path) as (twin, to):
        submit(to, KEYS[0])
        file = twin.snapshot(vendor="topaz", key="first")
    DAMAGES["swapped"](stored(tmp_path))

    with served(tmp_path) as (twin, to):
        with pytest.raises(SnapshotError, match="had an input that is not there"):
            twin.snapshot(vendor="topaz", key="first")
        twin.restore(file, vendor="topaz", key="first")
        end_all(twin)

        assert statuses(to, KEYS[0]) == ["Completed"]


def put(store: BlobStore, content: bytes) -> str:
    spool = UploadSpool(store)
    spool.write(content)
    digest = spool.commit("a.bin").digest
    store.release(digest)
    return digest


def test_a_file_is_verified_once_per_process_and_again_after_a_change(tmp_path: Path) -> None:
    digest = put(BlobStore(1000, frozenset(), tmp_path), b"input")
    read: list[str] = []

    def digest_of(file: BufferedReader) -> str:
        read.append(file.name)
        return sha256_of(file)

    files = InputFiles(tmp_path, digest_of=digest_of)
    for _ in range(3):
        files.check(digest)
    assert len(read) == 1

    (tmp_path / digest).touch()
    files.check(digest)
    assert len(read) == 2


def test_an_upload_during_verification_is_not_quarantined(tmp_path: Path) -> None:
    digest = put(BlobStore(1000, frozenset(), tmp_path), b"input")
    (tmp_path / digest).write_bytes(b"wrong")
    draft = tmp_path / "draft"
    draft.write_bytes(b"input")

    def slowly(file: BufferedReader) -> str:
        read = sha256_of(file)
        files.place(draft, digest)
        return read

    files = InputFiles(tmp_path, digest_of=slowly)

    with files.open(digest) as file:
        assert file.read() == b"input"
    assert not files.lost


def test_running_out_of_file_descriptors_is_not_damage(tmp_path: Path) -> None:
    digest = put(BlobStore(1000, frozenset(), tmp_path), b"input")
    files = InputFiles(tmp_path)
    free = os.dup(0)
    os.close(free)
    limits = getrlimit(RLIMIT_NOFILE)
    setrlimit(RLIMIT_NOFILE, (free, limits[1]))
    try:
        with pytest.raises(OSError, match="Too many open files"):
            files.open(digest)
    finally:
        setrlimit(RLIMIT_NOFILE, limits)

    assert files.check(digest).read_bytes() == b"input"


def test_quarantined_files_do_not_count_against_the_limit(tmp_path: Path) -> None:
    store = BlobStore(10, frozenset(), tmp_path)
    digest = put(store, b"0123456789")
    (tmp_path / digest).write_bytes(b"changed")

    with pytest.raises(LostInputError, match=f"input {digest} is missing or damaged"):
        store.open_input(digest)

    assert store.used == 0
    assert store.input(put(store, b"0123456789")).read_bytes() == b"0123456789"


def test_a_file_damaged_twice_is_quarantined_under_two_names(tmp_path: Path) -> None:
    store = BlobStore(1000, frozenset(), tmp_path)
    for content in (b"bad", b"worse"):
        digest = put(store, b"input")
        (tmp_path / digest).write_bytes(content)
        with pytest.raises(LostInputError):
            store.intact(digest)

    assert {file.read_bytes() for file in (tmp_path / "damaged").iterdir()} == {b"bad", b"worse"}


def test_a_paid_job_is_refunded_while_its_input_is_damaged(
    tmp_path: Path,
) -> None:
    with served(tmp_path) as (twin, to):
        submit(to, KEYS[0])
        (sandbox,) = sandboxes(twin)
        account = f"http://twin/_safelight/sandboxes/{sandbox.name}/account"
        to.patch(account, json={"balance": 100}).raise_for_status()
        end_all(twin)
        assert statuses(to, KEYS[0]) == ["Completed"]
        before = credits_of(to)

        stored(tmp_path).write_bytes(OTHER)
        assert to.get(link(to, KEYS[0], jobs_of(to)[0], "/input")).status_code == 404
        assert statuses(to, KEYS[0]) == ["Failed"]
        damaged = credits_of(to)

        submit(to, KEYS[1])
        assert statuses(to, KEYS[0]) == ["Completed"]
        assert (before, damaged, credits_of(to)) == (100, 101, 100)


def jobs_of(to: httpx.Client) -> list[str]:
    return [job["process_id"] for job in to.get("/status", headers=KEYS[0]).json()]


def credits_of(to: httpx.Client) -> int:
    outcome = to.get("http://twin/topaz/account/v1/credits/balance", headers=KEYS[0]).json()
    left: int = outcome["available_credits"]
    return left
