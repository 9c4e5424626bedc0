"""What cannot be taken, restored or forked is refused in a sentence, and changes nothing."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from tests.mockserver.hooks import sandbox_of, serve
from tests.mockserver.snapshots import CONTROL, ZIP, as_key, forked, manual, restored, sandbox, taken
from tests.mockserver.stored import changing

from safelight_mock import SnapshotError
from safelight_mock.wire import Problem

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow  # twins with files of their own

__all__ = ["manual"]


def test_a_fork_does_not_replace_an_existing_sandbox(client: "TwinClient", photo: bytes) -> None:
    for key in ("busy", "used", "k"):
        as_key(client, key).submit(photo)
    client.twin.advance(60, vendor="topaz", key="used")
    as_key(client, "used").call("DELETE", "/status")
    with changing(client.twin, key="used") as used:
        used.never_evicted = False
    client.twin.advance(1, vendor="topaz", key="set up")
    as_key(client, "curious").call("GET", "/status")

    answers = {key: forked(client, key) for key in ("busy", "used", "set up", "k", "curious", "new")}

    outcome = {key: response.status_code for key, response in answers.items()}
    assert outcome == {"busy": 409, "used": 409, "set up": 409, "k": 409, "curious": 201, "new": 201}
    why = "The sandbox of the other key has been used, and a fork does not replace it: use an unused key."
    assert answers["busy"].json()["detail"] == why


def test_a_snapshot_of_another_vendor_is_rejected(client: "TwinClient") -> None:
    file = client.twin.snapshot(vendor="claid", key="k")

    response = restored(client, file)

    assert response.status_code == 409
    assert response.json()["detail"] == "A sandbox of claid cannot become one of topaz."
    with pytest.raises(ValueError, match="unknown vendor 'nobody'; use one of topaz, claid, tengr"):
        client.twin.restore(file, vendor="nobody", key="k")


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
def test_an_invalid_snapshot_request_is_rejected_with_a_reason(
    client: "TwinClient", method: str, path: str, body: dict[str, object], status: int
) -> None:
    refused = client.request(method, f"{CONTROL}/sandboxes/{path.format(sandbox_of(client))}", **body)

    assert refused.status_code == status
    assert refused.headers["content-type"] == "application/problem+json"
    assert len(refused.json()["detail"]) > 10


@contextmanager
def changing_nothing(client: "TwinClient") -> Iterator[None]:
    before = sandbox(client).to_json()
    yield
    assert sandbox(client).to_json() == before


def test_a_snapshot_with_too_many_jobs_is_rejected(photo: bytes) -> None:
    with serve(max_jobs=2) as client:
        for _ in range(2):
            client.submit(photo)
        file = taken(client)
        restored(client, file)
        client.call("DELETE", f"/cancel/{client.call('GET', '/status').json()[0]['process_id']}")

        refused = as_key(client, "other")
        with changing_nothing(client), pytest.raises(Problem, match="2 jobs do not fit beside the 2 others"):
            refused.twin.restore(file, vendor="topaz", key="other")


def test_a_snapshot_with_too_many_images_is_rejected(manual: "TwinClient", photo: bytes) -> None:
    manual.submit(photo)
    file = taken(manual)

    with (
        serve(max_storage=len(photo) - 1) as other,
        pytest.raises(Problem, match="have more than"),
    ):
        other.twin.restore(file, vendor="topaz", key="k")


def test_a_snapshot_of_an_evicted_input_is_rejected(client: "TwinClient", photo: bytes) -> None:
    client.submit(photo)
    for file in client.twin.blobs.input("x").parent.iterdir():
        file.unlink()

    refused = client.request("GET", f"{CONTROL}/sandboxes/{sandbox_of(client)}/snapshot")

    assert refused.status_code == 409
    assert "had an input that is not there" in refused.json()["detail"]
    with pytest.raises(SnapshotError):
        client.twin.snapshot(vendor="topaz", key="k")


def test_a_snapshot_waits_for_an_advance_until_a_timeout(manual: "TwinClient", photo: bytes) -> None:
    name = sandbox(manual).name
    manual.submit(photo)

    with ThreadPoolExecutor(1) as pool:
        lease = manual.twin.sandboxes.store.lease(name, 0)
        assert lease is not None
        with pytest.raises(SnapshotError, match=f"Somebody else moves the time of sandbox {name}"):
            manual.twin._snapshots.at_rest(name, lambda _: pytest.fail("two at once"), timeout=0.001)  # noqa: SLF001 - by default it is patient
        waiting = pool.submit(manual.twin.fork, vendor="topaz", key="k", to="other")
        lease.release()
        waiting.result(10)

    assert len(sandbox(manual, "other").jobs) == 1
