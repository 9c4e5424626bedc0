"""A sandbox is taken as one file, restored, and forked."""

import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING

import httpx
import pytest
from tests.server.hooks import (
    advance,
    answer,
    deliveries,
    inbox,
    letters,
    mishap,
    sandbox_of,
    standing,
    until,
)

from safelight_mock import Settings, SnapshotError, Twin, TwinTransport
from safelight_mock.core.clock import Mode
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.server.snapshot import at_rest
from safelight_mock.wire.problem import Problem

if TYPE_CHECKING:
    from tests.server.conftest import Door

CONTROL = "/_safelight"
BASE = "/topaz/image/v1"
ZIP = {"content-type": "application/zip"}
START = 1_800_000_000.25


@pytest.fixture
def manual() -> Iterator["Door"]:
    with standing() as door:
        yield door


def sandbox(door: "Door", key: str = "k") -> Sandbox:
    return door.twin.crowd.sandbox("topaz", key, START)


def taken(door: "Door") -> bytes:
    answered = door.request("GET", f"{CONTROL}/sandboxes/{sandbox_of(door)}/snapshot")
    assert answered.status_code == 200, answered.text
    return answered.content


def restored(door: "Door", file: bytes) -> httpx.Response:
    return door.request("PUT", f"{CONTROL}/sandboxes/{sandbox_of(door)}/snapshot", content=file, headers=ZIP)


def forked(door: "Door", key: str) -> httpx.Response:
    return door.request("POST", f"{CONTROL}/sandboxes/{sandbox_of(door)}/forks", json={"key": key})


def as_key(door: "Door", key: str) -> "Door":
    return replace(door, key={"X-API-Key": key})


def test_what_happened_since_a_snapshot_is_undone_by_restoring_it(door: "Door", photo: bytes) -> None:
    process_id = door.submit(photo)
    door.advance(1.5)
    file, before = taken(door), door.call("GET", "/status").json()
    door.submit(photo)
    door.advance(60)

    answered = restored(door, file)

    assert (answered.status_code, answered.json()["jobs"]) == (200, 1), answered.text
    assert door.call("GET", "/status").json() == before
    assert door.call("GET", f"/status/{process_id}").json()["status"] == "Processing"


def test_a_sandbox_is_restored_to_the_byte_and_packed_alike_again(manual: "Door", photo: bytes) -> None:
    manual.submit(photo, webhook_url=inbox(manual))
    advance(manual, 4)
    file, before = taken(manual), sandbox(manual).to_json()
    advance(manual, 60)

    restored(manual, file)

    assert sandbox(manual).to_json() == before
    assert taken(manual) == file


@contextmanager
def running(moments: list[float], mode: Mode = Mode.REAL, **chosen: object) -> Iterator["Door"]:
    """A twin whose real time is what stands last in a list."""
    from tests.server.conftest import Door  # noqa: PLC0415 - for its tests alone

    settings = Settings(seed="tests", clock=mode, **chosen)  # type: ignore[arg-type] # whatever it takes
    with (
        closing(Twin(settings, real=lambda: moments[-1])) as twin,
        httpx.Client(transport=TwinTransport(twin), base_url="http://twin") as client,
    ):
        yield Door(twin, client.request)


@pytest.mark.parametrize(("mode", "pace"), [(Mode.REAL, 1), (Mode.SCALED, 60)])
def test_a_clock_that_runs_goes_on_from_where_it_was(photo: bytes, mode: Mode, pace: float) -> None:
    moments = [START]
    with running(moments, mode) as door:
        process_id = door.submit(photo)
        moments.append(START + 1)
        file, before = taken(door), door.call("GET", f"/status/{process_id}").json()
        moments.append(START + 86_400)

        restored(door, file)

        assert sandbox(door).now(moments[-1]) == START + pace
        assert door.call("GET", f"/status/{process_id}").json() == before
        assert taken(door) == file
        moments.append(START + 86_400 + 60)
        assert door.call("GET", f"/status/{process_id}").json()["status"] == "Completed"


def test_a_snapshot_brings_its_pictures_to_another_twin(manual: "Door", photo: bytes, tmp_path: Path) -> None:
    process_id = manual.submit(photo)
    advance(manual, 60)
    link = manual.call("GET", f"/download/{process_id}").json()["download_url"]
    picture = manual.request("GET", link).content
    file = tmp_path / "box.zip"
    manual.twin.save_snapshot(file, vendor="topaz", key="k")

    with standing() as other:
        other.twin.restore(file, vendor="topaz", key="another")

        again = as_key(other, "another").call("GET", f"/download/{process_id}").json()["download_url"]
        assert other.request("GET", again).content == picture
        assert other.call("GET", "/status").json() == []


def test_a_saved_snapshot_is_for_nobody_elses_eyes(manual: "Door", photo: bytes, tmp_path: Path) -> None:
    manual.submit(photo)
    file = tmp_path / "box.zip"
    file.write_text("older")
    file.chmod(0o644)

    manual.twin.save_snapshot(file, vendor="topaz", key="k")

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes() == manual.twin.snapshot(vendor="topaz", key="k") == taken(manual)
    assert list(tmp_path.iterdir()) == [file]


def test_no_key_is_in_a_snapshot_but_the_secret_of_a_webhook_is(inside: "Door", photo: bytes) -> None:
    keyed = as_key(inside, "a-key-nobody-should-see")
    keyed.submit(photo)
    twin, named = inside.twin, {"vendor": "topaz", "key": "a-key-nobody-should-see"}
    name = inside.request("POST", f"{CONTROL}/sandboxes", json=named).json()["name"]
    inside.request("PATCH", f"{CONTROL}/sandboxes/{name}/webhook", json={"secret": "whispered"})

    file = twin.snapshot(**named)

    assert b"a-key-nobody" not in file
    assert b"whispered" in file


def test_a_fork_goes_its_own_way(door: "Door", photo: bytes) -> None:
    process_id = door.submit(photo)
    before = sandbox(door).to_json()

    answered = forked(door, "other")
    other = as_key(door, "other")
    other.call("DELETE", f"/cancel/{process_id}")
    fresh = other.submit(photo)

    assert (answered.status_code, answered.json()["jobs"]) == (201, 1)
    assert sandbox(door).to_json() == before
    assert door.call("GET", f"/status/{fresh}").status_code == 404
    assert other.call("GET", f"/status/{process_id}").json()["status"] == "Cancelled"
    assert door.submit(photo) != fresh


def test_a_fork_owes_what_its_parent_owes(manual: "Door", photo: bytes) -> None:
    manual.submit(photo, webhook_url=inbox(manual))
    answer(manual, 503)
    advance(manual, 4)  # the first of both attempts was in vain
    owed = [one["id"] for one in deliveries(manual) if one["next_try"]]

    manual.twin.fork(vendor="topaz", key="k", to="other")
    advance(manual, 60)
    manual.twin.advance(60, vendor="topaz", key="other")

    both = {box: [one["id"] for one in deliveries(manual, sandbox=box)] for box in names(manual)}
    came = [(letter["sandbox"], letter["headers"]) for letter in letters(manual) if letter["answer"] == 200]
    assert owed
    assert {name for name, _ in came} == set(both)
    assert all(set(owed) <= set(ids) for ids in both.values())


def names(door: "Door") -> list[str]:
    return [found["name"] for found in door.request("GET", f"{CONTROL}/sandboxes").json()]


def test_what_was_delivered_since_a_snapshot_is_delivered_again(manual: "Door", photo: bytes) -> None:
    manual.submit(photo, webhook_url=inbox(manual))
    file = taken(manual)
    advance(manual, 60)
    once = [letter["body"] for letter in letters(manual)]

    restored(manual, file)
    advance(manual, 60)

    assert [letter["body"] for letter in letters(manual)] == once * 2


def test_mishaps_and_balances_are_restored(manual: "Door") -> None:
    path = f"{CONTROL}/sandboxes/{sandbox_of(manual)}"
    mishap(manual, "late", "never")
    manual.request("PATCH", f"{path}/account", json={"balance": 7})
    file = taken(manual)
    mishap(manual)
    manual.request("PATCH", f"{path}/account", json={"balance": 0})

    told = restored(manual, file).json()

    assert told["account"]["balance"] == 7
    assert manual.request("GET", f"{path}/mishaps").json() == {"next": ["late", "never"]}


def test_nobody_is_replaced_by_a_fork(inside: "Door", photo: bytes) -> None:
    for key in ("busy", "used", "k"):
        as_key(inside, key).submit(photo)
    inside.twin.advance(60, vendor="topaz", key="used")
    as_key(inside, "used").call("DELETE", "/status")
    sandbox(inside, "used").is_kept = False
    inside.twin.advance(1, vendor="topaz", key="set up")
    as_key(inside, "curious").call("GET", "/status")

    answers = {key: forked(inside, key) for key in ("busy", "used", "set up", "k", "curious", "new")}

    told = {key: answered.status_code for key, answered in answers.items()}
    assert told == {"busy": 409, "used": 409, "set up": 409, "k": 409, "curious": 201, "new": 201}
    why = "The other key has a sandbox that is in use: a fork does not replace it."
    assert answers["busy"].json()["detail"] == why


def test_what_a_restored_sandbox_owes_is_delivered_as_its_clock_runs(photo: bytes) -> None:
    with running([START], Mode.SCALED, pace=6_000) as still:
        still.submit(photo, webhook_url=inbox(still))
        file = still.twin.snapshot(vendor="topaz", key="k")

    with closing(Twin()) as twin:
        twin.restore(file, vendor="topaz", key="k")

        until(
            lambda: [letter for letter in twin.courier.inboxes["box"].letters if b"Completed" in letter.body]
        )


def test_restored_pictures_have_to_go_once_their_jobs_are_gone(manual: "Door", photo: bytes) -> None:
    manual.submit(photo)
    file = taken(manual)

    with standing(storage=2 * len(photo)) as other:
        other.twin.restore(file, vendor="topaz", key="k")
        for number in range(3):
            advance(other, 60)
            assert other.call("DELETE", "/status").is_success
            other.submit(photo + bytes([number]))


def test_what_people_call_a_sandbox_goes_nowhere_else(inside: "Door") -> None:
    sandbox(inside).label = "mine"
    sandbox(inside, "second").label = "another"

    forked(inside, "other")
    inside.twin.restore(taken(inside), vendor="topaz", key="second")

    labels = [sandbox(inside, key).label for key in ("k", "other", "second")]
    assert labels == ["mine", "", "another"]


def test_a_sandbox_of_another_vendor_is_not_taken(inside: "Door") -> None:
    file = inside.twin.snapshot(vendor="claid", key="k")

    answered = restored(inside, file)

    assert answered.status_code == 409
    assert answered.json()["detail"] == "A sandbox of claid cannot become one of topaz."
    with pytest.raises(ValueError, match="no vendor is called nobody; there are"):
        inside.twin.restore(file, vendor="nobody", key="k")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "nobody/snapshot", {}, 404),
        ("PUT", "nobody/snapshot", {"content": b"x", "headers": ZIP}, 404),
        ("POST", "nobody/forks", {"json": {"key": "k"}}, 404),
        ("PUT", "{}/snapshot", {"json": {}}, 415),
        ("PUT", "{}/snapshot", {"content": b"x", "headers": ZIP}, 422),
        ("PUT", "{}/snapshot", {"content": b"", "headers": ZIP}, 422),
        ("PUT", "{}/snapshot", {"content": b"x", "headers": {**ZIP, "content-length": "9" * 12}}, 413),
        ("POST", "{}/forks", {"json": {}}, 422),
        ("POST", "{}/forks", {"json": {"key": ""}}, 422),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    inside: "Door", method: str, path: str, body: dict[str, object], status: int
) -> None:
    refused = inside.request(method, f"{CONTROL}/sandboxes/{path.format(sandbox_of(inside))}", **body)

    assert refused.status_code == status
    assert refused.headers["content-type"] == "application/problem+json"
    assert len(refused.json()["detail"]) > 10


def test_a_file_that_was_restored_takes_no_storage(inside: "Door", photo: bytes) -> None:
    inside.submit(photo)
    file = taken(inside)
    folder = inside.twin.store.input("x").parent
    there = sorted(folder.iterdir())

    assert restored(inside, file).status_code == 200
    assert restored(inside, file[:-1]).status_code == 422

    assert sorted(folder.iterdir()) == there


@contextmanager
def changing_nothing(door: "Door") -> Iterator[None]:
    before = sandbox(door).to_json()
    yield
    assert sandbox(door).to_json() == before


def test_more_jobs_than_there_is_room_for_are_not_restored(photo: bytes) -> None:
    with standing(capacity=2) as door:
        for _ in range(2):
            door.submit(photo)
        file = taken(door)
        restored(door, file)
        door.call("DELETE", f"/cancel/{door.call('GET', '/status').json()[0]['process_id']}")

        refused = as_key(door, "other")
        with changing_nothing(door), pytest.raises(Problem, match="2 jobs do not fit beside the 2 others"):
            refused.twin.restore(file, vendor="topaz", key="other")


def test_more_pictures_than_there_is_room_for_are_not_restored(manual: "Door", photo: bytes) -> None:
    manual.submit(photo)
    file = taken(manual)

    with (
        standing(storage=len(photo) - 1) as other,
        pytest.raises(Problem, match="take more than"),
    ):
        other.twin.restore(file, vendor="topaz", key="k")


def test_an_input_that_was_swept_away_cannot_be_in_a_snapshot(inside: "Door", photo: bytes) -> None:
    inside.submit(photo)
    for file in inside.twin.store.input("x").parent.iterdir():
        file.unlink()

    refused = inside.request("GET", f"{CONTROL}/sandboxes/{sandbox_of(inside)}/snapshot")

    assert refused.status_code == 409
    assert "had an input that is not there" in refused.json()["detail"]
    with pytest.raises(SnapshotError):
        inside.twin.snapshot(vendor="topaz", key="k")


def test_whoever_moves_time_is_waited_for_but_not_for_ever(manual: "Door", photo: bytes) -> None:
    name, turns = sandbox(manual).name, manual.twin.courier.turns
    manual.submit(photo)

    with ThreadPoolExecutor(1) as pool:
        with turns.turn(name, 0):
            with (
                pytest.raises(SnapshotError, match=f"Somebody else moves the time of sandbox {name}"),
                at_rest(manual.twin, name, patience=0.001),
            ):
                pytest.fail("two have it to themselves")
            waiting = pool.submit(manual.twin.fork, vendor="topaz", key="k", to="other")
        waiting.result(10)

    assert len(sandbox(manual, "other").jobs) == 1


def test_what_was_restored_is_kept_however_the_twin_ends(tmp_path: Path, photo: bytes) -> None:
    kept, killed = tmp_path / "kept", tmp_path / "killed"
    with running([START], Mode.MANUAL, data_dir=kept) as door:
        first, *_ = [door.submit(photo) for _ in range(3)]
        file, listed = taken(door), door.call("GET", "/status").json()
        door.call("DELETE", f"/cancel/{first}")
        door.submit(photo)
        door.twin.restore(file, vendor="topaz", key="k")
        text = sandbox(door).to_json()
        copytree(kept, killed)  # as it is at this moment, in which nothing was closed

    for folder in (kept, killed):
        with running([START], Mode.MANUAL, data_dir=folder) as door:
            assert sandbox(door).to_json() == text
            assert door.call("GET", "/status").json() == listed
