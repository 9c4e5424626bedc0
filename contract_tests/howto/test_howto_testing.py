"""Shown in docs/testing.md."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from safelight import JobFailedError, Topaz
from safelight_testing import Safelight

PHOTO = Path("docs/photograph/dahlia.jpg")


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


def enlarge(topaz: Topaz, photo: Path) -> str:
    """Program under test, with a back-off and a deadline of its own."""
    job, deadline = topaz.enhance(photo), time.monotonic() + 1800
    while time.monotonic() < deadline:
        if job.status().vendor_state == "Completed":
            return job.id
        time.sleep(15)
    raise TimeoutError


@pytest.mark.safelight(sleeps=True, scenario="slow")
def test_a_job_takes_twenty_minutes(safelight: Safelight) -> None:
    assert enlarge(safelight.topaz, PHOTO) == safelight.jobs[0].id
    assert safelight.clock.elapsed > 20 * 60


@pytest.mark.safelight(sleeps=True, scenario="stuck")
def test_a_job_is_stuck_beyond_the_deadline(safelight: Safelight) -> None:
    with pytest.raises(TimeoutError):
        enlarge(safelight.topaz, PHOTO)


@pytest.mark.safelight(sleeps=True)
def test_threads_and_tasks_sleep_in_one_order(safelight: Safelight) -> None:
    async def sleepers() -> None:
        await asyncio.gather(asyncio.sleep(10), asyncio.to_thread(time.sleep, 10))

    asyncio.run(sleepers())

    assert safelight.clock.elapsed == 10
