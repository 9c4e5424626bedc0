"""Files of scenarios that were sent to the control plane: counted, kept as long as a rule or job has them."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest
from tests.mockserver.conftest import TwinClient, serving
from tests.mockserver.hooks import sandbox_of

from safelight_mock import ClockMode, Settings

SIZE = 40_000  # bytes of each file
BOUND = 100_000  # for two of them and a photograph
Open = Callable[[], AbstractContextManager[TwinClient]]


@pytest.fixture(params=["in memory", "in a folder"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    return tmp_path / "data" if request.param == "in a folder" else None


@pytest.fixture
def client(folder: Path | None) -> Iterator[TwinClient]:
    with served(folder) as opened:
        yield opened


def served(folder: Path | None) -> AbstractContextManager[TwinClient]:
    settings = Settings(seed="tests", clock=ClockMode.MANUAL, data_dir=folder, max_storage=BOUND)
    return serving(settings)


def content(number: int) -> bytes:
    return f"file {number}".encode().ljust(SIZE, b".")


def rule(*numbers: int) -> dict[str, object]:
    """Give jobs a file, and others in links of recorded responses."""
    first, *others = (f"data:;base64,{b64encode(content(number)).decode()}" for number in numbers)
    job = {"result": first, **({"files": dict(enumerate(others))} if others else {})}
    return {"match": {"operation": "submit"}, "job": {str(key): value for key, value in job.items()}}


def send_next(client: TwinClient, *numbers: int, method: str = "POST") -> httpx.Response:
    rules = {"next": [rule(number) for number in numbers]}
    return client.request(method, f"/_safelight/sandboxes/{sandbox_of(client)}/faults", json=rules)


def send_scenario(client: TwinClient, *numbers: int) -> httpx.Response:
    scenario = {"version": "1", "rules": [rule(number) for number in numbers]} if numbers else None
    path = f"/_safelight/sandboxes/{sandbox_of(client)}/scenario"
    return client.request("PUT", path, json={"scenario": scenario})


def result(client: TwinClient, job: str) -> bytes:
    client.advance(60)
    link = client.call("GET", f"/download/{job}").json()["download_url"]
    return client.request("GET", link).content


def free(client: TwinClient) -> int:
    """How many files fit, beside all that is needed."""
    client.twin.blobs.remove_unneeded()
    return (BOUND - client.twin.blobs.used) // SIZE


@pytest.mark.parametrize("send", [send_next, send_scenario])
def test_a_file_that_does_not_fit_is_refused_and_changes_nothing(
    client: TwinClient, send: Callable[..., httpx.Response], photo: bytes
) -> None:
    assert send(client, 1, 2).status_code == 200
    assert free(client) == 0

    refused = send(client, 3)

    assert refused.status_code == 503
    assert refused.json()["detail"] == f"inputs in use fill all {BOUND} bytes: raise --max-storage"
    assert client.twin.blobs.used == 2 * SIZE
    assert result(client, client.submit(photo)) == content(1)


def test_a_refused_request_leaves_no_file(client: TwinClient) -> None:
    unknown = {**rule(1), "match": {"vendor": "nobody"}}
    box = f"/_safelight/sandboxes/{sandbox_of(client)}"

    posted = client.request("POST", f"{box}/faults", json={"next": [rule(1), unknown]})
    put = client.request(
        "PUT", f"{box}/scenario", json={"scenario": {"version": "1", "rules": [rule(2), unknown]}}
    )

    assert (posted.status_code, put.status_code) == (422, 422)
    assert client.twin.blobs.used == 0


def test_the_file_of_a_rule_that_is_used_up_is_the_jobs(client: TwinClient, photo: bytes) -> None:
    send_next(client, 1)
    job = client.submit(photo)
    assert free(client) == 1

    assert result(client, job) == content(1)
    client.call("DELETE", f"/status/{job}")

    assert free(client) == 2
    assert send_next(client, 2, 3).status_code == 200


def test_the_file_of_a_rule_that_is_replaced_makes_room(client: TwinClient) -> None:
    for number in range(6):
        assert send_scenario(client, number, number + 1).status_code == 200
        send_scenario(client)
        assert send_next(client, number, number + 1, method="PUT").status_code == 200
        send_next(client, method="PUT")

    assert free(client) == 2


@pytest.mark.parametrize("send", [send_next, send_scenario])
@pytest.mark.parametrize("path", ["POST reset", "POST sandboxes/{}/reset", "DELETE sandboxes/{}"])
def test_a_deleted_sandbox_has_no_files(
    client: TwinClient, send: Callable[..., httpx.Response], path: str
) -> None:
    send(client, 1)
    method, _, path = path.format(sandbox_of(client)).partition(" ")

    assert client.request(method, f"/_safelight/{path}").is_success

    assert client.twin.blobs.used == 0


def test_a_file_that_two_sandboxes_have_stays_for_the_other(client: TwinClient, photo: bytes) -> None:
    other = TwinClient(client.twin, client.request, {"X-API-Key": "other"})
    send_scenario(client, 1)
    client.twin.fork(vendor="topaz", key="k", to="other")

    client.request("DELETE", f"/_safelight/sandboxes/{sandbox_of(client)}")

    job = other.submit(photo)
    client.twin.advance(60, vendor="topaz", key="other")
    link = other.call("GET", f"/download/{job}").json()["download_url"]
    assert client.request("GET", link).content == content(1)


def test_a_snapshot_has_the_files_of_rules(client: TwinClient, photo: bytes) -> None:
    send_next(client, 1)
    send_scenario(client, 1)
    before = client.twin.snapshot(vendor="topaz", key="k")
    client.twin.reset()

    client.twin.restore(before, vendor="topaz", key="k")

    assert [result(client, client.submit(photo)) for _ in "ab"] == [content(1)] * 2


def test_the_files_of_rules_survive_a_restart(tmp_path: Path, photo: bytes) -> None:
    with served(tmp_path) as client:
        send_next(client, 1)
        send_scenario(client, 2)

    with served(tmp_path) as client:
        assert free(client) == 0
        assert [result(client, client.submit(photo)) for _ in "ab"] == [content(1), content(2)]

    with served(tmp_path) as client:
        client.request("POST", "/_safelight/reset")
        assert client.twin.blobs.used == 0
