"""A job is created in any state without an upload, and the vendor's own operations return it."""

from collections.abc import Mapping
from contextlib import closing
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from PIL import Image
from tests.mockserver.stored import sandboxes

from safelight_mock import ClockMode, MockServer, Settings, Twin, TwinTransport
from safelight_mock.config.services import services
from safelight_mock.core import State

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow

CONTROL = "/_safelight"
KEYS: Mapping[str, dict[str, str]] = {
    "topaz": {"X-API-Key": "k"},
    "claid": {"Authorization": "Bearer k"},
    "tengr": {"Authorization": "Bearer k"},
}
SERVED = services(Settings())
EVERY = [
    (vendor, operation, state_name)
    for vendor, service in SERVED.items()
    for cycle in service.lifecycles.values()
    for operation in cycle.described.submissions
    for state_name in (*cycle.described.words.by_name, *State)
]


def opened(client: "TwinClient", vendor: str = "topaz") -> str:
    response = client.request("POST", f"{CONTROL}/sandboxes", json={"vendor": vendor, "key": "k"})
    name: str = response.json()["name"]
    return name


def make(client: "TwinClient", sandbox: str, operation: str, **rest: object) -> httpx.Response:
    return client.request(
        "POST", f"{CONTROL}/sandboxes/{sandbox}/jobs", json={"operation": operation, **rest}
    )


def read(client: "TwinClient", vendor: str, job: Mapping[str, str]) -> str:
    """Return the state of a job by the vendor's own operation."""
    service = SERVED[vendor]
    cycle = service.lifecycles[job["lifecycle"]]
    path = service.api.operations[cycle.read_operation].paths[0]
    location = f"/{vendor}{path.replace('{' + cycle.described.ids.parameter + '}', job['id'])}"
    response = client.request("GET", location, headers=KEYS[vendor])
    assert response.status_code == 200, response.text
    return cycle.word_in(response.json())


@pytest.mark.parametrize(("vendor", "operation", "state_name"), EVERY)
def test_a_job_of_every_operation_can_be_created_in_every_state(
    client: "TwinClient", vendor: str, operation: str, state_name: str
) -> None:
    made = make(client, opened(client, vendor), operation, state=state_name)

    assert made.status_code == 201, made.text
    job = made.json()
    assert state_name in (job["vendor_state"], job["state"])
    assert read(client, vendor, job) == job["vendor_state"]


def test_a_job_can_be_created_through_every_adapter(any_client: "TwinClient") -> None:
    made = make(
        any_client, opened(any_client), "postEnhanceAsync", state="succeeded", values={"output_width": 96}
    ).json()

    link = any_client.call("GET", f"/download/{made['id']}").json()["download_url"]
    picture = Image.open(BytesIO(any_client.request("GET", link).content))

    assert picture.width == 96
    assert any_client.call("GET", f"/status/{made['id']}").json()["status"] == "Completed"


def test_without_a_state_a_created_job_is_queued(client: "TwinClient") -> None:
    assert make(client, opened(client), "postMatting").json()["state"] == "queued"


def test_a_created_claid_job_has_a_real_image(client: "TwinClient") -> None:
    made = make(client, opened(client, "claid"), "editImageAsync", state="DONE").json()

    result = client.request("GET", f"/claid/v1/image/edit/async/{made['id']}", headers=KEYS["claid"]).json()
    link = result["data"]["result"]["output_object"]["tmp_url"]

    assert Image.open(BytesIO(client.request("GET", link).content)).width > 0


def test_a_created_job_may_name_its_input_and_a_damaged_one_fails(client: "TwinClient") -> None:
    values = {"image": "safelight://damaged.jpg"}

    made = make(client, opened(client), "postEnhanceAsync", state="succeeded", values=values).json()

    assert made["state"] == "failed"


def test_a_created_job_is_charged_or_rejected_for_insufficient_credits(client: "TwinClient") -> None:
    sandbox = opened(client)
    client.request("PATCH", f"{CONTROL}/sandboxes/{sandbox}/account", json={"balance": 1})

    make(client, sandbox, "postEnhanceAsync", state="succeeded")
    refused = make(client, sandbox, "postEnhanceAsync")

    (result,) = client.request("GET", f"{CONTROL}/sandboxes").json()
    assert (result["account"]["balance"], result["account"]["paid"], result["jobs"]) == (0, 1, 1)
    assert refused.status_code == 422
    assert "Insufficient funds." in refused.json()["detail"]


def test_a_created_job_sends_its_webhooks(client: "TwinClient") -> None:
    sandbox = opened(client)
    client.request("PATCH", f"{CONTROL}/sandboxes/{sandbox}/clock", json={"mode": "manual"})
    target = {"webhook_url": f"http://twin{CONTROL}/inbox/mine"}

    make(client, sandbox, "postEnhanceAsync", state="failed", values=target)

    (message,) = client.request("GET", f"{CONTROL}/inbox/mine").json()["messages"]
    assert '"Failed"' in message["body"]


@pytest.mark.parametrize("state_name", ["Completed", "succeeded"])
def test_a_created_job_may_succeed_by_its_plan_before_it_is_forced(state_name: str) -> None:
    moments = count(1_800_000_000)  # each look at the clock takes seconds
    with (
        closing(Twin(Settings(job_speedup=1e6), real=lambda: float(next(moments)))) as twin,
        httpx.Client(transport=TwinTransport(twin), base_url="http://twin") as client,
    ):
        sandbox = client.post(f"{CONTROL}/sandboxes", json={"vendor": "topaz", "key": "k"}).json()["name"]
        wanted = {"operation": "postEnhanceAsync", "state": state_name}
        made = client.post(f"{CONTROL}/sandboxes/{sandbox}/jobs", json=wanted)

    assert (made.status_code, made.json()["state"]) == (201, "succeeded")


def test_a_created_job_that_ends_before_it_is_forced_is_kept(tmp_path: Path) -> None:
    settings = Settings(job_speedup=1e9, data_dir=tmp_path)  # over in the moment in which it is taken in
    with (
        closing(Twin(settings)) as twin,
        httpx.Client(transport=TwinTransport(twin), base_url="http://twin") as client,
    ):
        sandbox = client.post(f"{CONTROL}/sandboxes", json={"vendor": "topaz", "key": "k"}).json()["name"]
        wanted = {"operation": "postEnhanceAsync", "state": "running"}
        refused = client.post(f"{CONTROL}/sandboxes/{sandbox}/jobs", json=wanted)

    with closing(Twin(settings)) as again:
        kept = [job.operation for one in sandboxes(again) for job in one.jobs.values()]
    assert (refused.status_code, kept) == (409, ["postEnhanceAsync"])


def test_creating_a_job_in_a_full_server_is_rejected() -> None:
    with (
        closing(Twin(Settings(max_jobs=1))) as twin,
        httpx.Client(transport=TwinTransport(twin), base_url="http://twin") as client,
    ):
        sandbox = client.post(f"{CONTROL}/sandboxes", json={"vendor": "topaz", "key": "k"}).json()["name"]
        location, wanted = f"{CONTROL}/sandboxes/{sandbox}/jobs", {"operation": "postEnhanceAsync"}
        client.post(location, json=wanted)
        refused = client.post(location, json=wanted)

    assert (refused.status_code, refused.json()["detail"]) == (
        503,
        "all 1 jobs are in progress: delete some, or raise --max-jobs",
    )


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (
            {"operation": "postEnhanceSync"},
            "operation: postEnhanceSync is synchronous, so its jobs have no state; use one of ",
        ),
        ({"operation": "getStatus"}, "operation: getStatus submits no job; use one of postEnhanceAsync, "),
        (
            {"operation": "editImageAsync"},
            "operation: editImageAsync submits no job; use one of postEnhanceAsync, ",
        ),
        (
            {"operation": "postEnhanceAsync", "state": "Lost"},
            "state: unknown state 'Lost'; use one of Pending",
        ),
        (
            {"operation": "postEnhanceAsync", "values": {"output_width": "big"}},
            'output_width: "big" is not an integer',
        ),
        ({"operation": "postEnhanceAsync", "values": {"source_id": "none"}}, "values: rejected by topaz: "),
    ],
)
def test_a_job_that_cannot_be_created_is_rejected_with_a_reason(
    client: "TwinClient", wanted: dict[str, object], why: str
) -> None:
    location = f"{CONTROL}/sandboxes/{opened(client)}/jobs"

    refused = client.request("POST", location, json=wanted)

    assert (refused.status_code, refused.json()["detail"][: len(why)]) == (422, why)
    assert client.request("GET", f"{CONTROL}/jobs").json() == []


def test_no_job_is_created_in_an_unknown_sandbox(client: "TwinClient") -> None:
    assert make(client, "none", "postEnhanceAsync").status_code == 404


def test_links_of_a_created_job_have_the_origin_of_the_request() -> None:
    with (
        MockServer(Settings(clock=ClockMode.MANUAL)) as server,
        httpx.Client(base_url=server.origin) as client,
    ):
        sandbox = client.post(f"{CONTROL}/sandboxes", json={"vendor": "topaz", "key": "k"}).json()["name"]
        wanted = {"operation": "postDenoise", "state": "Completed"}
        made = client.post(f"{CONTROL}/sandboxes/{sandbox}/jobs", json=wanted).json()
        result = client.get(f"/topaz/image/v1/download/{made['id']}", headers=KEYS["topaz"]).json()

        assert result["download_url"].startswith(f"{server.origin}/files/")
