"""Shown in docs/time.md."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import pytest

from safelight import Polling, Tengr, Topaz
from safelight_mock import ClockMode, MockServer, Settings

PHOTO = Path("docs/photograph/dahlia.jpg")
HOUR, DAY = 3600, 86_400


@pytest.fixture
def server() -> Iterator[MockServer]:
    with MockServer(Settings(clock=ClockMode.MANUAL)) as server:
        yield server


@pytest.fixture
def topaz(server: MockServer) -> Iterator[Topaz]:
    with Topaz(api_key="mine", base_url=server.url("topaz")) as client:
        yield client


def test_a_job_waits_until_the_clock_is_advanced(server: MockServer, topaz: Topaz) -> None:
    job = topaz.enhance(PHOTO, output_width=800)
    assert job.status().vendor_state == "Pending"

    events = server.twin.advance(10, vendor="topaz", key="mine")

    assert [one.vendor_state for one in events] == ["Processing", "Completed"]
    assert job.status().vendor_state == "Completed"


def test_a_clock_is_advanced_over_http(server: MockServer, topaz: Topaz) -> None:
    with httpx.Client(base_url=f"{server.origin}/_safelight/") as control:
        sandbox = control.post("sandboxes", json={"vendor": "topaz", "key": "mine"}).json()
        job = topaz.enhance(PHOTO)

        advanced = control.post(f"sandboxes/{sandbox['name']}/clock/advance", json={"seconds": 1})

        assert advanced.json()["now"] == sandbox["now"] + 1
        assert [one["vendor_state"] for one in advanced.json()["events"]] == ["Processing"]
        assert job.status().vendor_state == "Processing"


def test_a_clock_never_goes_back(server: MockServer) -> None:
    with httpx.Client(base_url=f"{server.origin}/_safelight/") as control:
        sandbox = control.post("sandboxes", json={"vendor": "topaz", "key": "mine"}).json()
        clock = f"sandboxes/{sandbox['name']}/clock"

        assert control.patch(clock, json={"to": sandbox["now"] + DAY}).is_success
        assert control.patch(clock, json={"to": sandbox["now"]}).status_code == 422


def test_date_headers_follow_the_clock(server: MockServer) -> None:
    server.twin.advance(7 * DAY, vendor="topaz", key="mine")

    response = httpx.get(f"{server.url('topaz')}/status", headers={"X-API-Key": "mine"})

    assert parsedate_to_datetime(response.headers["date"]) > datetime.now(UTC) + timedelta(days=6)


def test_an_auto_clock_follows_the_polls() -> None:
    with (
        MockServer(Settings(clock=ClockMode.AUTO)) as server,
        Topaz(api_key="mine", base_url=server.url("topaz"), polling=Polling(first=0)) as topaz,
    ):
        states: list[str] = []

        topaz.matte(PHOTO).wait(on_progress=lambda status: states.append(status.vendor_state))

        assert states == ["Processing", "Completed"]


def test_a_scaled_clock_runs_faster() -> None:
    with (
        MockServer(Settings(clock=ClockMode.SCALED, clock_rate=6000)) as server,
        Topaz(api_key="mine", base_url=server.url("topaz")) as topaz,
    ):
        assert topaz.denoise(PHOTO).wait().status().vendor_state == "Completed"


def test_a_link_expires_after_an_hour(server: MockServer, topaz: Topaz) -> None:
    job = topaz.enhance(PHOTO, output_width=800)
    server.twin.advance(10, vendor="topaz", key="mine")
    response = httpx.get(f"{server.url('topaz')}/download/{job.id}", headers={"X-API-Key": "mine"})
    link = response.json()["download_url"]

    server.twin.advance(HOUR - 1, vendor="topaz", key="mine")
    assert httpx.get(link).headers["content-type"] == "image/jpeg"
    server.twin.advance(2, vendor="topaz", key="mine")
    assert httpx.get(link).status_code == 403


def test_the_client_requests_a_new_link(server: MockServer, topaz: Topaz, tmp_path: Path) -> None:
    job = topaz.enhance(PHOTO, output_width=800)
    server.twin.advance(6 * DAY, vendor="topaz", key="mine")

    assert job.save(tmp_path / "large.jpg").exists()


def test_topaz_deletes_a_job_after_a_week(server: MockServer, topaz: Topaz) -> None:
    topaz.enhance(PHOTO)

    server.twin.advance(7 * DAY, vendor="topaz", key="mine")
    assert len(topaz.jobs()) == 1  # retention starts at the end of the job
    server.twin.advance(10, vendor="topaz", key="mine")
    assert topaz.jobs() == []


def test_tengr_deletes_a_job_a_day_later(server: MockServer) -> None:
    with Tengr(api_key="mine", base_url=server.url("tengr")) as tengr:
        tengr.detail("safelight://coffee.jpg")

        server.twin.advance(8 * DAY, vendor="tengr", key="mine")
        assert len(tengr.jobs()) == 1
        server.twin.advance(60, vendor="tengr", key="mine")
        assert tengr.jobs() == []


def test_a_key_has_a_clock_of_its_own(server: MockServer, topaz: Topaz) -> None:
    with Topaz(api_key="yours", base_url=server.url("topaz")) as other:
        mine, yours = topaz.enhance(PHOTO), other.enhance(PHOTO)

        server.twin.advance(10, vendor="topaz", key="mine")

        assert (mine.status().vendor_state, yours.status().vendor_state) == ("Completed", "Pending")


def test_a_clock_is_advanced_from_an_event_loop(server: MockServer, topaz: Topaz) -> None:
    job = topaz.enhance(PHOTO)

    asyncio.run(server.twin.advance_async(10, vendor="topaz", key="mine"))

    assert job.status().vendor_state == "Completed"
