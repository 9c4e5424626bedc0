"""Shown in docs/control.md."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from safelight import ApiError, JobFailedError, Topaz
from safelight_mock import ClockMode, MockServer, Settings

PHOTO = Path("docs/photograph/dahlia.jpg")


@pytest.fixture
def server() -> Iterator[MockServer]:
    with MockServer(Settings(clock=ClockMode.MANUAL)) as server:
        yield server


@pytest.fixture
def topaz(server: MockServer) -> Iterator[Topaz]:
    with Topaz(api_key="mine", base_url=server.url("topaz")) as client:
        yield client


@pytest.fixture
def control(server: MockServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{server.origin}/_safelight/") as client:
        client.post("sandboxes", json={"vendor": "topaz", "key": "mine", "label": "shop"})
        yield client


def test_a_sandbox_has_a_digest_and_a_label(topaz: Topaz, control: httpx.Client) -> None:
    topaz.enhance(PHOTO)

    (sandbox,) = control.get("sandboxes").json()

    assert (sandbox["label"], sandbox["vendor"], sandbox["jobs"]) == ("shop", "topaz", 1)
    assert "mine" not in sandbox["name"]


def test_a_server_is_reset(server: MockServer, topaz: Topaz, control: httpx.Client) -> None:
    job = topaz.enhance(PHOTO)

    control.post("reset")  # in Python: server.twin.reset()

    with pytest.raises(ApiError):
        job.status()
    assert topaz.enhance(PHOTO).id == job.id  # ids are drawn from the beginning again
    server.twin.delete_sandbox(vendor="topaz", key="mine")
    assert control.get("sandboxes").json() == []


def test_a_job_is_forced_to_fail(topaz: Topaz, control: httpx.Client) -> None:
    job = topaz.enhance(PHOTO)

    control.post(f"jobs/{job.id}/move", json={"to": "Failed"})

    with pytest.raises(JobFailedError):
        job.wait()


def test_what_can_happen_next_is_ready_to_be_sent(
    server: MockServer, topaz: Topaz, control: httpx.Client
) -> None:
    job = topaz.enhance(PHOTO)

    (listed,) = control.get("sandboxes/shop/next").json()["jobs"]
    step = next(step for step in listed["steps"] if step["summary"] == "The next poll is answered 500.")
    assert step["body"] == {"next": [{"match": {"operation": "read", "job": 1}, "respond": {"status": 500}}]}
    httpx.request(step["method"], server.origin + step["path"], json=step["body"])

    with pytest.raises(ApiError):
        job.status()
    assert job.status().vendor_state == "Pending"


def test_a_job_is_created_without_an_upload(topaz: Topaz, control: httpx.Client, tmp_path: Path) -> None:
    job = {"operation": "postEnhanceAsync", "values": {"output_width": 2000}, "state": "succeeded"}

    created = control.post("sandboxes/shop/jobs", json=job).json()

    assert (created["vendor_state"], created["label"]) == ("Completed", "shop")
    assert topaz.job(created["id"]).save(tmp_path / "large.jpg").exists()


def test_credits_run_out(server: MockServer, topaz: Topaz, control: httpx.Client) -> None:
    control.patch("sandboxes/shop/account", json={"balance": 1})
    topaz.enhance(PHOTO)

    with pytest.raises(ApiError) as error:
        topaz.enhance(PHOTO)

    assert error.value.status == 402
    (sandbox,) = control.get("sandboxes").json()
    assert (sandbox["account"]["balance"], sandbox["account"]["reserved"]) == (0, 1)
    server.twin.advance(10, vendor="topaz", key="mine")
    (sandbox,) = control.get("sandboxes").json()
    assert (sandbox["account"]["reserved"], sandbox["account"]["paid"]) == (0, 1)


def test_a_failed_job_is_refunded(topaz: Topaz, control: httpx.Client) -> None:
    control.patch("sandboxes/shop/account", json={"balance": 1})
    job = topaz.enhance(PHOTO)

    control.post(f"jobs/{job.id}/move", json={"to": "Failed"})

    (sandbox,) = control.get("sandboxes").json()
    assert sandbox["account"]["balance"] == 1


def test_the_request_log_lists_ignored_fields(topaz: Topaz, control: httpx.Client) -> None:
    job = topaz.enhance(PHOTO, size="large")  # no field of this API

    (request,) = control.get("requests", params={"sandbox": "shop"}).json()

    assert (request["operation"], request["verdict"], request["job"]) == ("postEnhanceAsync", "ok", job.id)
    assert request["ignored_fields"] == [{"in": "body", "name": "size"}]


def test_the_request_log_shows_rejected_requests(topaz: Topaz, control: httpx.Client) -> None:
    with pytest.raises(ApiError):
        topaz.enhance(PHOTO, output_width=-1)

    (request,) = control.get("requests").json()
    assert (request["status"], request["verdict"]) == (400, "rejected")


def test_a_sandbox_is_restored_from_a_snapshot(
    server: MockServer, topaz: Topaz, control: httpx.Client
) -> None:
    job = topaz.enhance(PHOTO)
    before = control.get("sandboxes/shop/snapshot").content
    server.twin.advance(10, vendor="topaz", key="mine")
    job.delete()

    control.put("sandboxes/shop/snapshot", content=before, headers={"Content-Type": "application/zip"})

    assert job.status().vendor_state == "Pending"


def test_a_fork_is_independent(server: MockServer, topaz: Topaz, control: httpx.Client) -> None:
    job = topaz.enhance(PHOTO)

    control.post("sandboxes/shop/forks", json={"key": "yours"})

    with Topaz(api_key="yours", base_url=server.url("topaz")) as other:
        server.twin.advance(10, vendor="topaz", key="yours")
        assert other.job(job.id).status().vendor_state == "Completed"
        assert job.status().vendor_state == "Pending"


def test_health_and_metrics(topaz: Topaz, control: httpx.Client) -> None:
    topaz.enhance(PHOTO)

    assert control.get("health").json()["status"] == "ok"
    assert 'safelight_sandboxes{vendor="topaz"} 1.0' in control.get("metrics").text


def test_a_control_token_is_required() -> None:
    with MockServer(Settings(control_token="let-me-in")) as server:  # noqa: S106 - a test's
        control = f"{server.origin}/_safelight"

        assert httpx.get(f"{control}/sandboxes").status_code == 401
        assert httpx.get(f"{control}/sandboxes", headers={"Authorization": "Bearer let-me-in"}).is_success
        assert httpx.get(f"{control}/health").is_success  # probes need no token


def test_web_pages_are_rejected(server: MockServer) -> None:
    page = {"Origin": "https://a-page.example"}

    assert httpx.get(f"{server.origin}/_safelight/sandboxes", headers=page).status_code == 403


def test_the_control_plane_has_an_openapi_document(control: httpx.Client) -> None:
    assert "/jobs/{job}/move" in control.get("openapi.json").json()["paths"]
