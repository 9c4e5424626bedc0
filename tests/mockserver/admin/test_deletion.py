"""Sandboxes are deleted with all that belongs to them, one or all, by the control plane and in Python."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import httpx
import pytest
from msgspec.structs import replace
from tests.mockserver.conftest import START, TwinClient, in_process, serving
from tests.mockserver.hooks import answer, deliveries, inbox, inbox_messages, receiver, sandbox_of, until
from tests.mockserver.stored import changing, sandboxes
from tests.mockserver.vendors.generic.examples import EXAMPLES
from tests.mockserver.vendors.generic.examples import serving as serving_example

from safelight_mock import ClockMode, Settings, Spec, Twin, TwinTransport

CONTROL = "/_safelight"
Call = Callable[[httpx.Client, bytes], httpx.Response]


@pytest.fixture(params=["in memory", "in a folder"])
def client(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TwinClient]:
    folder = tmp_path / "data" if request.param == "in a folder" else None
    with serving(Settings(seed="tests", clock=ClockMode.MANUAL, data_dir=folder)) as opened:
        yield opened


def reset(client: TwinClient) -> None:
    response = client.request("POST", f"{CONTROL}/reset")
    assert (response.status_code, response.content) == (204, b"")


def delete(client: TwinClient, sandbox: str | None = None) -> None:
    response = client.request("DELETE", f"{CONTROL}/sandboxes/{sandbox or sandbox_of(client)}")
    assert (response.status_code, response.content) == (204, b"")


def files_of(client: TwinClient) -> list[str]:
    """The names of the inputs and results on disk."""
    return sorted(path.name for path in client.twin.blobs.input("any").parent.iterdir())


def download(client: TwinClient, process_id: str) -> httpx.Response:
    link = client.call("GET", f"/download/{process_id}").json()["download_url"]
    return client.request("GET", link)


def run(client: TwinClient, photo: bytes, **fields: str) -> list[object]:
    """Submit a job, wait for it, download it; return all that came back."""
    process_id = client.submit(photo, **fields)
    client.advance(60)
    status = client.call("GET", f"/status/{process_id}")
    file = download(client, process_id)
    return [process_id, *status.headers.raw, status.content, *file.headers.raw, file.content]


@pytest.mark.fidelity("twin:control")
def test_a_server_that_is_reset_is_as_it_was_when_it_was_started(client: TwinClient, photo: bytes) -> None:
    before = run(client, photo, webhook_url=inbox(client))
    answer(client, 500, default=503)
    assert (len(files_of(client)), len(inbox_messages(client))) == (2, 2)

    reset(client)

    for listed in ("sandboxes", "jobs", "deliveries", "requests"):
        assert client.request("GET", f"{CONTROL}/{listed}").json() == []
    box = client.request("GET", f"{CONTROL}/inbox/box").json()
    assert box == {"responses": [], "default": 200, "messages": []}
    assert files_of(client) == []
    assert client.twin.blobs.used == 0
    assert run(client, photo, webhook_url=inbox(client)) == before


def test_what_the_settings_say_stays_after_a_reset(photo: bytes) -> None:
    scenario = {"version": "1", "name": "s", "rules": [{"match": {"call": 1}, "respond": {"status": 503}}]}
    start, real = datetime(2026, 1, 1, tzinfo=UTC), [START]
    settings = Settings(seed="tests", start=start, scenario=scenario)
    with serving(settings, real=lambda: real[0]) as client:
        first = client.call("GET", "/status")
        client.submit(photo)
        real[0] += 3600

        reset(client)
        again = client.call("GET", "/status")

    assert (first.status_code, again.status_code) == (503, 503)
    assert again.headers["date"] == first.headers["date"] == "Thu, 01 Jan 2026 00:00:00 GMT"


def test_a_deleted_sandbox_takes_its_jobs_files_and_deliveries_along(
    client: TwinClient, photo: bytes
) -> None:
    before = run(client, photo, webhook_url=inbox(client))
    link = client.call("GET", f"/download/{before[0]}").json()["download_url"]

    delete(client)

    assert client.request("GET", f"{CONTROL}/sandboxes").json() == []
    assert (deliveries(client), client.twin.request_log.counts() != {}, files_of(client)) == ([], True, [])
    assert client.request("GET", f"{CONTROL}/requests").json() == []
    assert client.request("GET", link).status_code == 404
    assert client.call("GET", "/status").json() == []
    assert client.request("GET", f"{CONTROL}/sandboxes").json()[0]["jobs"] == 0


def test_others_keep_the_files_that_a_deleted_sandbox_had_too(client: TwinClient, photo: bytes) -> None:
    client.submit(photo)
    sandbox = sandbox_of(client)
    other = TwinClient(client.twin, client.request, {"X-API-Key": "other"})
    job = other.submit(photo)
    client.twin.advance(60, vendor="topaz", key="other")

    delete(client, sandbox)

    assert len(files_of(client)) == 1
    assert download(other, job).status_code == 200


def test_a_sandbox_is_deleted_by_its_label_and_once_only(client: TwinClient) -> None:
    opened = {"vendor": "topaz", "key": "k", "label": "shop"}
    client.request("POST", f"{CONTROL}/sandboxes", json=opened)

    delete(client, "shop")

    again = client.request("DELETE", f"{CONTROL}/sandboxes/shop")
    assert again.status_code == 404
    assert again.json()["detail"] == "unknown sandbox 'shop'; GET /_safelight/sandboxes lists them"
    assert client.request("POST", f"{CONTROL}/sandboxes", json=opened).json()["label"] == "shop"


def test_a_sandbox_that_is_reset_keeps_its_label_alone(client: TwinClient, photo: bytes) -> None:
    opened = {"vendor": "topaz", "key": "k", "label": "shop"}
    client.request("POST", f"{CONTROL}/sandboxes", json=opened)
    client.request("PATCH", f"{CONTROL}/sandboxes/shop/account", json={"balance": 5})
    client.request("PUT", f"{CONTROL}/sandboxes/shop/scenario", json={"scenario": "failed"})
    before = client.submit(photo)

    response = client.request("POST", f"{CONTROL}/sandboxes/shop/reset")

    fresh = response.json()
    assert (fresh["label"], fresh["jobs"], fresh["account"]["balance"]) == ("shop", 0, None)
    assert client.request("GET", f"{CONTROL}/sandboxes/shop/scenario").json()["scenario"] is None
    assert (client.request("GET", f"{CONTROL}/requests").json(), files_of(client)) == ([], [])
    assert client.submit(photo) == before  # ids are drawn again from the beginning
    assert client.request("POST", f"{CONTROL}/sandboxes/unknown/reset").status_code == 404


def test_sandboxes_are_deleted_in_python(client: TwinClient, photo: bytes) -> None:
    client.submit(photo)

    client.twin.delete_sandbox(vendor="topaz", key="k")
    client.twin.delete_sandbox(vendor="topaz", key="never-used")
    assert client.request("GET", f"{CONTROL}/sandboxes").json() == []

    client.submit(photo)
    client.twin.reset()
    assert client.request("GET", f"{CONTROL}/sandboxes").json() == []
    with pytest.raises(ValueError, match="unknown vendor 'nobody'"):
        client.twin.delete_sandbox(vendor="nobody", key="k")


def waiting(twin: Twin) -> httpx.Client:
    """Return a client whose requests are held, and looked at again after a 25th of the usual time."""
    twin.effects = replace(twin.effects, sleep=lambda seconds: time.sleep(seconds / 25))
    return httpx.Client(transport=TwinTransport(twin), base_url="http://twin", timeout=60)


def wait_at_replicate(http: httpx.Client, _: bytes) -> httpx.Response:
    headers = {"authorization": "Bearer k", "prefer": "wait=60"}
    return http.post("/replicate/v1/predictions", json={"version": "a/b", "input": {}}, headers=headers)


def wait_at_topaz(http: httpx.Client, photo: bytes) -> httpx.Response:
    files = {"image": ("a.jpg", photo)}
    return http.post("/topaz/image/v1/enhance", files=files, headers={"X-API-Key": "k"})


def wait_at_claid(http: httpx.Client, _: bytes) -> httpx.Response:
    body = {"input": "safelight://coffee.jpg", "operations": {}}
    return http.post("/claid/v1/image/edit", json=body, headers={"authorization": "Bearer k"})


@pytest.mark.parametrize(
    ("vendor", "wait", "status"),
    [("replicate", wait_at_replicate, 404), ("topaz", wait_at_topaz, 422), ("claid", wait_at_claid, 422)],
)
@pytest.mark.parametrize("is_all", [True, False], ids=["all", "one"])
def test_a_held_request_is_answered_when_its_sandbox_is_deleted(
    vendor: str, wait: Call, status: int, photo: bytes, *, is_all: bool
) -> None:
    folder = EXAMPLES / "replicate"
    spec = Spec(folder / "openapi.yaml", folder / "lifecycle.overlay.yaml", name="replicate")
    stuck = {"match": {"operation": "submit"}, "job": {"stuck": "running"}}
    settings = Settings(scenario={"version": "1", "name": "stuck", "rules": [stuck]})
    twin = Twin(settings, specs=[spec])
    with in_process(twin) as client, ThreadPoolExecutor(1) as pool:
        held = pool.submit(wait, waiting(twin), photo)
        until(lambda: [one for one in sandboxes(twin) if one.jobs])

        if is_all:
            reset(client)
        else:
            twin.delete_sandbox(vendor=vendor, key="k")

        assert held.result(10).status_code == status
        assert sandboxes(twin) == []
    twin.close()


def test_a_held_request_is_answered_when_its_job_is_deleted(photo: bytes) -> None:
    twin = Twin()
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(wait_at_topaz, waiting(twin), photo)
        until(lambda: [one for one in sandboxes(twin) if one.jobs])
        with changing(twin) as sandbox:
            sandbox.jobs.clear()

        assert held.result(10).status_code == 422
    twin.close()


def test_a_stream_ends_when_its_sandbox_is_deleted() -> None:
    with serving_example("fal") as api:
        made = api.post("/fal-ai/flux/dev", {"prompt": "Rain"}).json()["request_id"]
        with api.client.stream("GET", f"/fal/fal-ai/flux/requests/{made}/status/stream") as response:
            lines = response.iter_lines()
            assert "IN_QUEUE" in next(lines)
            api.twin.delete_sandbox(vendor="fal", key=api.key)

            assert [line for line in lines if line] == []
        assert [*api.twin.sandboxes.each()] == []


def test_no_webhook_is_sent_for_a_deleted_sandbox_after_the_one_on_its_way(photo: bytes) -> None:
    arrived, response = Event(), Event()

    def take(_: bytes) -> int:
        arrived.set()
        response.wait(10)
        return 200

    settings = Settings(seed="tests", clock=ClockMode.MANUAL)
    with receiver(take) as (address, got), serving(settings) as client, ThreadPoolExecutor(1) as pool:
        client.submit(photo, webhook_url=address)
        advancing = pool.submit(client.twin.advance, 60, vendor="topaz", key="k")
        assert arrived.wait(10)

        client.twin.delete_sandbox(vendor="topaz", key="k")
        again = client.submit(photo)
        response.set()

        assert advancing.result(10) == ()
        assert client.call("GET", f"/status/{again}").json()["status"] == "Pending"  # its clock was not moved
        assert len(got) == 1


def test_deleted_files_are_removed_by_the_next_start_if_the_process_was_killed(
    tmp_path: Path, photo: bytes
) -> None:
    settings = Settings(seed="tests", clock=ClockMode.MANUAL, data_dir=tmp_path)
    with serving(settings) as client:
        client.submit(photo)
        client.twin.sandboxes.store.delete(client.twin.sandboxes.store.names())  # and then it is killed
        assert len(files_of(client)) == 1

    with serving(settings) as client:
        assert files_of(client) == []
