"""A sandbox is taken as one file, restored, and forked."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING

import pytest
from tests.mockserver.hooks import (
    advance,
    answer,
    deliveries,
    fault,
    inbox,
    inbox_messages,
    sandbox_of,
    serve,
    until,
)
from tests.mockserver.snapshots import (
    CONTROL,
    START,
    as_key,
    forked,
    manual,
    restored,
    running,
    sandbox,
    taken,
)
from tests.mockserver.stored import changing

from safelight_mock import ClockMode, Twin
from safelight_mock.wire.messages import SnapshotBody

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow  # twins with files of their own

__all__ = ["manual"]


@pytest.mark.fidelity("twin:snapshot")
def test_restoring_a_snapshot_undoes_later_changes(any_client: "TwinClient", photo: bytes) -> None:
    process_id = any_client.submit(photo)
    any_client.advance(1.5)
    file, before = taken(any_client), any_client.call("GET", "/status").json()
    any_client.submit(photo)
    any_client.advance(60)

    response = restored(any_client, file)

    assert (response.status_code, response.json()["jobs"]) == (200, 1), response.text
    assert any_client.call("GET", "/status").json() == before
    assert any_client.call("GET", f"/status/{process_id}").json()["status"] == "Processing"


def test_a_restored_sandbox_gives_the_same_snapshot_again(manual: "TwinClient", photo: bytes) -> None:
    manual.submit(photo, webhook_url=inbox(manual))
    advance(manual, 4)
    file, before = taken(manual), sandbox(manual).to_json()
    advance(manual, 60)

    restored(manual, file)

    assert sandbox(manual).to_json() == before
    assert taken(manual) == file


@pytest.mark.fidelity("twin:snapshot")
@pytest.mark.parametrize(("mode", "clock_rate"), [(ClockMode.REAL, 1), (ClockMode.SCALED, 60)])
def test_a_restored_running_clock_continues_from_its_time(
    photo: bytes, mode: ClockMode, clock_rate: float
) -> None:
    moments = [START]
    with running(moments, mode) as client:
        process_id = client.submit(photo)
        moments.append(START + 1)
        file, before = taken(client), client.call("GET", f"/status/{process_id}").json()
        moments.append(START + 86_400)

        restored(client, file)

        assert sandbox(client).now(moments[-1]) == START + clock_rate
        assert client.call("GET", f"/status/{process_id}").json() == before
        assert taken(client) == file
        moments.append(START + 86_400 + 60)
        assert client.call("GET", f"/status/{process_id}").json()["status"] == "Completed"


@pytest.mark.fidelity("twin:snapshot")
def test_a_snapshot_carries_its_images_to_another_twin(
    manual: "TwinClient", photo: bytes, tmp_path: Path
) -> None:
    process_id = manual.submit(photo)
    advance(manual, 60)
    link = manual.call("GET", f"/download/{process_id}").json()["download_url"]
    picture = manual.request("GET", link).content
    file = tmp_path / "box.zip"
    manual.twin.save_snapshot(file, vendor="topaz", key="k")

    with serve() as other:
        other.twin.restore(file, vendor="topaz", key="another")

        again = as_key(other, "another").call("GET", f"/download/{process_id}").json()["download_url"]
        assert other.request("GET", again).content == picture
        assert other.call("GET", "/status").json() == []


def test_a_saved_snapshot_is_readable_by_its_owner_only(
    manual: "TwinClient", photo: bytes, tmp_path: Path
) -> None:
    manual.submit(photo)
    file = tmp_path / "box.zip"
    file.write_text("older")
    file.chmod(0o644)

    manual.twin.save_snapshot(file, vendor="topaz", key="k")

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes() == manual.twin.snapshot(vendor="topaz", key="k") == taken(manual)
    assert list(tmp_path.iterdir()) == [file]


def test_a_snapshot_replaces_only_regular_files(manual: "TwinClient", tmp_path: Path) -> None:
    device, link = tmp_path / "device", tmp_path / "link"
    os.mkfifo(device)
    link.symlink_to(device)

    for special in (device, link):  # as /dev/null, and as /dev/stdout, which is a link
        with pytest.raises(FileExistsError, match=f"{special.name} is not a regular file"):
            manual.twin.save_snapshot(special, vendor="topaz", key="k")

    assert device.is_fifo()
    assert link.is_symlink()
    assert {*tmp_path.iterdir()} == {device, link}


def test_no_key_is_in_a_snapshot_but_the_secret_of_a_webhook_is(client: "TwinClient", photo: bytes) -> None:
    keyed = as_key(client, "a-key-nobody-should-see")
    keyed.submit(photo)
    twin, named = client.twin, {"vendor": "topaz", "key": "a-key-nobody-should-see"}
    name = client.request("POST", f"{CONTROL}/sandboxes", json=named).json()["name"]
    client.request("PATCH", f"{CONTROL}/sandboxes/{name}/webhook", json={"secret": "whispered"})

    file = twin.snapshot(**named)

    assert b"a-key-nobody" not in file
    assert b"whispered" in file


def test_a_fork_changes_independently_of_its_parent(any_client: "TwinClient", photo: bytes) -> None:
    process_id = any_client.submit(photo)
    before = sandbox(any_client).to_json()

    response = forked(any_client, "other")
    other = as_key(any_client, "other")
    other.call("DELETE", f"/cancel/{process_id}")
    fresh = other.submit(photo)

    assert (response.status_code, response.json()["jobs"]) == (201, 1)
    assert sandbox(any_client).to_json() == before
    assert any_client.call("GET", f"/status/{fresh}").status_code == 404
    assert other.call("GET", f"/status/{process_id}").json()["status"] == "Cancelled"
    assert any_client.submit(photo) != fresh


@pytest.mark.fidelity("twin:snapshot")
def test_a_fork_has_the_pending_deliveries_of_its_parent(manual: "TwinClient", photo: bytes) -> None:
    manual.submit(photo, webhook_url=inbox(manual))
    answer(manual, 503)
    advance(manual, 4)  # the first of both attempts failed
    owed = [one["id"] for one in deliveries(manual) if one["next_attempt"]]

    manual.twin.fork(vendor="topaz", key="k", to="other")
    advance(manual, 60)
    manual.twin.advance(60, vendor="topaz", key="other")

    both = {box: [one["id"] for one in deliveries(manual, sandbox=box)] for box in names(manual)}
    came = [
        (message["sandbox"], message["headers"])
        for message in inbox_messages(manual)
        if message["response"] == 200
    ]
    assert owed
    assert {name for name, _ in came} == set(both)
    assert all(set(owed) <= set(ids) for ids in both.values())


def names(client: "TwinClient") -> list[str]:
    return [actual["name"] for actual in client.request("GET", f"{CONTROL}/sandboxes").json()]


def test_deliveries_made_after_a_snapshot_are_made_again(manual: "TwinClient", photo: bytes) -> None:
    manual.submit(photo, webhook_url=inbox(manual))
    file = taken(manual)
    advance(manual, 60)
    once = [message["body"] for message in inbox_messages(manual)]

    restored(manual, file)
    advance(manual, 60)

    assert [message["body"] for message in inbox_messages(manual)] == once * 2


def test_faults_and_balances_are_restored(manual: "TwinClient") -> None:
    path = f"{CONTROL}/sandboxes/{sandbox_of(manual)}"
    fault(manual, "late", "never")
    manual.request("PATCH", f"{path}/account", json={"balance": 7})
    file = taken(manual)
    fault(manual)
    manual.request("PATCH", f"{path}/account", json={"balance": 0})

    outcome = restored(manual, file).json()

    assert outcome["account"]["balance"] == 7
    assert manual.request("GET", f"{path}/faults").json() == {"next": ["late", "never"]}


def test_pending_deliveries_of_a_restored_sandbox_are_made_as_its_clock_runs(photo: bytes) -> None:
    with running([START], ClockMode.SCALED, clock_rate=6_000) as still:
        still.submit(photo, webhook_url=inbox(still))
        file = still.twin.snapshot(vendor="topaz", key="k")

    with closing(Twin()) as twin:
        twin.restore(file, vendor="topaz", key="k")

        until(
            lambda: [one for one in (*twin.dispatcher.inboxes["box"].messages,) if b"Completed" in one.body]
        )


def test_restored_images_are_deleted_with_their_jobs(manual: "TwinClient", photo: bytes) -> None:
    manual.submit(photo)
    file = taken(manual)

    with serve(max_storage=2 * len(photo)) as other:
        other.twin.restore(file, vendor="topaz", key="k")
        for number in range(3):
            advance(other, 60)
            assert other.call("DELETE", "/status").is_success
            other.submit(photo + bytes([number]))


def test_deliveries_due_before_a_snapshot_are_made(manual: "TwinClient", photo: bytes) -> None:
    process_id = manual.submit(photo, webhook_url=inbox(manual))
    twin, box = manual.twin, sandbox(manual)

    with ThreadPoolExecutor(1) as pool:
        lease = twin.sandboxes.store.lease(box.name, 0)
        assert lease is not None
        taking = pool.submit(twin.effects.open, SnapshotBody(sandbox=box.name))
        manual.request("POST", f"{CONTROL}/jobs/{process_id}/move", json={"to": "failed"})
        lease.release()
        taking.result(10).close()

    assert [delivery["state"] for delivery in deliveries(manual)] == ["failed"]
    assert len(inbox_messages(manual)) == 1


def test_a_snapshot_does_not_contain_the_label(client: "TwinClient") -> None:
    for key, label in (("k", "mine"), ("second", "another")):
        with changing(client.twin, key=key) as labelled:
            labelled.label = label

    forked(client, "other")
    client.twin.restore(taken(client), vendor="topaz", key="second")

    labels = [sandbox(client, key).label for key in ("k", "other", "second")]
    assert labels == ["mine", "", "another"]


def test_restoring_a_present_file_takes_no_storage(client: "TwinClient", photo: bytes) -> None:
    client.submit(photo)
    file = taken(client)
    folder = client.twin.blobs.input("x").parent
    there = sorted(folder.iterdir())

    assert restored(client, file).status_code == 200
    assert restored(client, file[:-1]).status_code == 422

    assert sorted(folder.iterdir()) == there


@pytest.mark.fidelity("twin.data_dir")
def test_a_restored_sandbox_survives_a_killed_server(tmp_path: Path, photo: bytes) -> None:
    kept, killed = tmp_path / "kept", tmp_path / "killed"
    with running([START], ClockMode.MANUAL, data_dir=kept) as client:
        first, *_ = [client.submit(photo) for _ in range(3)]
        file, listed = taken(client), client.call("GET", "/status").json()
        client.call("DELETE", f"/cancel/{first}")
        client.submit(photo)
        client.twin.restore(file, vendor="topaz", key="k")
        text = sandbox(client).to_json()
        copytree(kept, killed)  # as it is at this moment, in which nothing was closed

    for folder in (kept, killed):
        with running([START], ClockMode.MANUAL, data_dir=folder) as client:
            assert sandbox(client).to_json() == text
            assert client.call("GET", "/status").json() == listed
