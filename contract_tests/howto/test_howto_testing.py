"""Shown in docs/testing.md."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from safelight import JobFailedError
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
