"""Run by `pytest`."""

from pathlib import Path

import pytest

from shop import app

PHOTO = Path("photo.jpg").read_bytes()


@pytest.fixture
def client(safelight):
    safelight.webhooks.to("https://shop.example", app)
    return app.test_client()


@pytest.mark.safelight(clock="manual")
def test_a_photograph_is_shown_once_its_webhook_has_come(safelight, client):
    job = client.post("/photos", data=PHOTO).json["job"]
    assert client.get(f"/photos/{job}").status_code == 404

    safelight.clock.advance(60)

    assert client.get(f"/photos/{job}").data.startswith(b"\xff\xd8")
    assert [one.attempts[-1].status for one in safelight.webhooks.deliveries] == [204, 204]


@pytest.mark.safelight(clock="manual")
def test_a_webhook_that_comes_twice_does_no_harm(safelight, client):
    safelight.faults.next("duplicate", times=2)
    job = client.post("/photos", data=PHOTO).json["job"]

    safelight.clock.advance(60)

    assert client.get(f"/photos/{job}").status_code == 200


@pytest.mark.safelight(scenario="out-of-credits")
@pytest.mark.usefixtures("safelight")
def test_customers_are_told_when_credits_are_used_up(client):
    assert client.post("/photos", data=PHOTO).status_code == 503
