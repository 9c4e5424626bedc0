"""Shown in docs/control.md."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from safelight import ApiError, JobFailedError, Topaz
from safelight_mock import MockServer, Mode, Settings

PHOTO = Path("docs/photograph/dahlia.jpg")


@pytest.fixture
def server() -> Iterator[MockServer]:
    with MockServer(Settings(clock=Mode.MANUAL)) as server:
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


def test_a_sandbox_is_known_by_a_digest_or_by_a_label(topaz: Topaz, control: httpx.Client) -> None:
    topaz.enhance(PHOTO)

    (sandbox,) = control.get("sandboxes").json()

    assert (sandbox["label"], sandbox["vendor"], sandbox["jobs"]) == ("shop", "topaz", 1)
    assert "mine" not in sandbox["name"]


def test_a_job_fails_because_you_say_so(topaz: Topaz, control: httpx.Client) -> None:
    job = topaz.enhance(PHOTO)

    control.post(f"jobs/{job.id}/move", json={"to": "Failed"})

    with pytest.raises(JobFailedError):
        job.wait()


def test_a_job_that_nobody_submitted(topaz: Topaz, control: httpx.Client, tmp_path: Path) -> None:
    wanted = {"operation": "postEnhanceAsync", "values": {"output_width": 2000}, "state": "succeeded"}

    made = control.post("sandboxes/shop/jobs", json=wanted).json()

    assert (made["word"], made["label"]) == ("Completed", "shop")
    assert topaz.job(made["id"]).save(tmp_path / "large.jpg").exists()


def test_credits_run_out(server: MockServer, topaz: Topaz, control: httpx.Client) -> None:
    control.patch("sandboxes/shop/account", json={"balance": 1})
    topaz.enhance(PHOTO)

    with pytest.raises(ApiError) as refused:
        topaz.enhance(PHOTO)

    assert refused.value.status == 402
    (sandbox,) = control.get("sandboxes").json()
    assert (sandbox["account"]["balance"], sandbox["account"]["reserved"]) == (0, 1)
    server.twin.advance(10, vendor="topaz", key="mine")
    (sandbox,) = control.get("sandboxes").json()
    assert (sandbox["account"]["reserved"], sandbox["account"]["paid"]) == (0, 1)


def test_a_failure_gives_the_credits_back(topaz: Topaz, control: httpx.Client) -> None:
    control.patch("sandboxes/shop/account", json={"balance": 1})
    job = topaz.enhance(PHOTO)

    control.post(f"jobs/{job.id}/move", json={"to": "Failed"})

    (sandbox,) = control.get("sandboxes").json()
    assert sandbox["account"]["balance"] == 1


def test_the_journal_tells_what_was_sent_in_vain(topaz: Topaz, control: httpx.Client) -> None:
    job = topaz.enhance(PHOTO, output_widht=2000)  # a slip

    (request,) = control.get("requests", params={"sandbox": "shop"}).json()

    assert (request["operation"], request["verdict"], request["job"]) == ("postEnhanceAsync", "ok", job.id)
    assert request["unread"] == [{"in": "body", "name": "output_widht"}]


def test_the_journal_tells_why_a_call_was_refused(topaz: Topaz, control: httpx.Client) -> None:
    with pytest.raises(ApiError):
        topaz.enhance(PHOTO, output_width=-1)

    (request,) = control.get("requests").json()
    assert (request["status"], request["verdict"]) == (400, "refused")


def test_a_sandbox_is_put_back_to_what_it_was(
    server: MockServer, topaz: Topaz, control: httpx.Client
) -> None:
    job = topaz.enhance(PHOTO)
    before = control.get("sandboxes/shop/snapshot").content
    server.twin.advance(10, vendor="topaz", key="mine")
    job.forget()

    control.put("sandboxes/shop/snapshot", content=before, headers={"Content-Type": "application/zip"})

    assert job.status().word == "Pending"


def test_a_fork_goes_its_own_way(server: MockServer, topaz: Topaz, control: httpx.Client) -> None:
    job = topaz.enhance(PHOTO)

    control.post("sandboxes/shop/forks", json={"key": "yours"})

    with Topaz(api_key="yours", base_url=server.url("topaz")) as other:
        server.twin.advance(10, vendor="topaz", key="yours")
        assert other.job(job.id).status().word == "Completed"
        assert job.status().word == "Pending"


def test_probes_and_prometheus_find_what_they_look_for(topaz: Topaz, control: httpx.Client) -> None:
    topaz.enhance(PHOTO)

    assert control.get("health").json()["status"] == "ok"
    assert 'safelight_sandboxes{vendor="topaz"} 1.0' in control.get("metrics").text


def test_who_has_the_token_may_drive() -> None:
    with MockServer(Settings(control_token="let-me-in")) as server:  # noqa: S106 - of nobody
        control = f"{server.origin}/_safelight"

        assert httpx.get(f"{control}/sandboxes").status_code == 401
        assert httpx.get(f"{control}/sandboxes", headers={"Authorization": "Bearer let-me-in"}).is_success
        assert httpx.get(f"{control}/health").is_success  # a probe has no token


def test_a_web_page_may_not(server: MockServer) -> None:
    page = {"Origin": "https://a-page.example"}

    assert httpx.get(f"{server.origin}/_safelight/sandboxes", headers=page).status_code == 403


def test_it_describes_itself(control: httpx.Client) -> None:
    assert "/jobs/{job}/move" in control.get("openapi.json").json()["paths"]
