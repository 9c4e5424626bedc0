"""Shown in docs/testing.md."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from fastapi import FastAPI

from safelight import JobFailedError
from safelight_testing import Safelight

PHOTO = Path("docs/photograph/dahlia.jpg")


URL, KEY = "https://api.topazlabs.com/image/v1", {"X-API-Key": "hard-coded"}


def enlarge(photo: Path) -> bytes:
    """Program under test, with an address, a back-off and a deadline of its own."""
    submitted = requests.post(
        f"{URL}/enhance/async", headers=KEY, files={"image": photo.read_bytes()}, timeout=9
    )
    submitted.raise_for_status()
    job, deadline = submitted.json()["process_id"], time.monotonic() + 1800
    while time.monotonic() < deadline:
        status = requests.get(f"{URL}/status/{job}", headers=KEY, timeout=9).json()["status"]
        if status == "Completed":
            link = requests.get(f"{URL}/download/{job}", headers=KEY, timeout=9).json()["download_url"]
            return requests.get(link, timeout=9).content
        time.sleep(15)
    raise TimeoutError


@pytest.mark.safelight(sleeps=True, scenario="slow")
def test_a_job_takes_twenty_minutes(safelight: Safelight) -> None:
    assert enlarge(PHOTO).startswith(b"\xff\xd8")  # a JPEG
    assert safelight.clock.elapsed > 20 * 60


@pytest.mark.safelight(scenario="failed")
def test_a_job_fails(safelight: Safelight) -> None:
    job = safelight.topaz.enhance(PHOTO)

    with pytest.raises(JobFailedError):
        job.wait()


@pytest.mark.safelight(clock="manual", start=datetime(2026, 1, 1, tzinfo=UTC))
def test_a_job_is_deleted_after_a_week(safelight: Safelight) -> None:
    safelight.topaz.enhance(PHOTO)

    events = safelight.clock.advance(8 * 24 * 3600)

    assert [event.vendor_state for event in events] == ["Processing", "Completed"]
    assert safelight.topaz.jobs() == []
    assert safelight.clock.now == datetime(2026, 1, 9, tzinfo=UTC)


def test_the_next_two_requests_get_503(safelight: Safelight) -> None:
    safelight.faults.next(503, times=2)

    statuses = [safelight.http("topaz").get("status").status_code for _ in range(3)]

    assert statuses == [503, 503, 200]


def test_one_credit_is_left(safelight: Safelight) -> None:
    safelight.ledger.grant(1)

    safelight.topaz.enhance(PHOTO).wait()

    assert (safelight.ledger.balance, safelight.ledger.paid) == (0, 1)
    assert [job.vendor_state for job in safelight.jobs] == ["Completed"]
    assert safelight.requests[0].operation == "postEnhanceAsync"


shop = FastAPI()
statuses: list[str] = []


@shop.post("/hooks")
async def receive(message: dict[str, Any]) -> None:
    statuses.append(message["status"])


@pytest.mark.safelight(clock="manual")
def test_an_application_receives_webhooks(safelight: Safelight) -> None:
    safelight.webhooks.to("https://shop.example/hooks", shop)
    safelight.topaz.enhance(PHOTO, webhook_url="https://shop.example/hooks")

    safelight.clock.advance(60)

    assert statuses == ["Processing", "Completed"]


@pytest.mark.safelight(clock="manual")
def test_a_webhook_is_retried_for_an_hour(safelight: Safelight) -> None:
    safelight.webhooks.to("https://shop.example/hooks", [503] * 10 + [200])
    job = safelight.topaz.enhance(PHOTO, webhook_url="https://shop.example/hooks")
    safelight.jobs.move(job.id, "failed")

    safelight.clock.advance(2 * 3600)

    (delivery,) = safelight.webhooks.deliveries
    assert [attempt.status for attempt in delivery.attempts] == [503] * 10 + [200]


@pytest.mark.safelight(sleeps=True, scenario="stuck")
@pytest.mark.usefixtures("safelight")
def test_a_job_is_stuck_beyond_the_deadline() -> None:
    with pytest.raises(TimeoutError):
        enlarge(PHOTO)


@pytest.mark.safelight(sleeps=True)
def test_threads_and_tasks_sleep_in_one_order(safelight: Safelight) -> None:
    async def sleepers() -> None:
        await asyncio.gather(asyncio.sleep(10), asyncio.to_thread(time.sleep, 10))

    asyncio.run(sleepers())

    assert safelight.clock.elapsed == 10
