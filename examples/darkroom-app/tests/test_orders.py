"""What becomes of an order when the API takes its time, is busy, or loses an answer.

Nothing in the application is replaced: it sends requests to https://api.topazlabs.com and
https://api.prints.example, and sleeps by time.sleep. No request leaves the process, and no test waits.
"""

import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from safelight_testing import Safelight

from darkroom import app as darkroom

pytestmark = pytest.mark.safelight(spec="prints.yaml", sleeps=["darkroom"])

PHOTO = (Path(__file__).parent / "photo.jpg").read_bytes()
HOUR = 3600


def order(shop: TestClient, vendor: str, *, poll: bool = True) -> str:
    response = shop.post(f"/orders/{vendor}", params={"poll": poll}, content=PHOTO)
    return str(response.json()["id"])


def state(shop: TestClient, name: str) -> str:
    return str(shop.get(f"/orders/{name}").json()["state"])


def test_a_photograph_is_enlarged(shop: TestClient, vendor: str) -> None:
    name = order(shop, vendor)

    assert state(shop, name) == "ready"
    assert shop.get(f"/orders/{name}/photo").content.startswith(b"\xff\xd8")


@pytest.mark.safelight(scenario={"version": "1", "rules": [{"job": {"slow": 600}}]})
def test_a_job_may_take_twenty_minutes(safelight: Safelight, shop: TestClient, vendor: str) -> None:
    name = order(shop, vendor)

    assert state(shop, name) == "ready"
    assert 15 * 60 < safelight.clock.elapsed < darkroom.DEADLINE


@pytest.mark.safelight(scenario="stuck")
def test_a_job_that_is_stuck_is_given_up_at_the_deadline(
    safelight: Safelight, shop: TestClient, vendor: str
) -> None:
    name = order(shop, vendor)

    assert state(shop, name) == "late"
    assert darkroom.DEADLINE - darkroom.LONGEST_PAUSE <= safelight.clock.elapsed <= darkroom.DEADLINE


def test_a_webhook_is_retried_for_an_hour(safelight: Safelight, shop: TestClient, vendor: str) -> None:
    darkroom.maintenance_until = time.time() + HOUR
    name = order(shop, vendor, poll=False)

    safelight.clock.advance(HOUR - 60)
    assert state(shop, name) == "working"
    safelight.clock.advance(HOUR)

    assert state(shop, name) == "ready"
    statuses = [attempt.status for one in safelight.webhooks.deliveries for attempt in one.attempts]
    assert set(statuses) == {503, 204}


def test_without_credits_nothing_is_tried_again(safelight: Safelight, shop: TestClient, vendor: str) -> None:
    safelight.ledger.grant(0)

    assert state(shop, order(shop, vendor)) == "unpaid"

    assert [request.status for request in safelight.requests] == [402]


def test_an_api_that_is_busy_gets_the_request_again(
    safelight: Safelight, shop: TestClient, vendor: str
) -> None:
    safelight.faults.next(503, times=2)

    assert state(shop, order(shop, vendor)) == "ready"

    assert [request.status for request in safelight.requests[:3]] == [503, 503, safelight.requests[2].status]
    assert len(safelight.jobs) == 1


@pytest.mark.safelight(scenario="lost-response")
def test_a_job_whose_response_was_lost_is_not_paid_for_twice(
    safelight: Safelight, shop: TestClient, vendor: str
) -> None:
    assert state(shop, order(shop, vendor)) == "ready"

    assert len(safelight.jobs) == 1
    assert safelight.ledger.paid == 1


@pytest.mark.parametrize("fault", ["refused", "connect-timeout", "reset", "closed"])
def test_an_order_survives_a_connection_that_fails(
    safelight: Safelight, shop: TestClient, vendor: str, fault: str
) -> None:
    safelight.fail_connections(fault)

    assert state(shop, order(shop, vendor)) == "ready"
    assert len(safelight.jobs) == 1
