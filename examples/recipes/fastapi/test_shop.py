"""Run by `pytest`."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from shop import app

PHOTO = Path("photo.jpg").read_bytes()


@pytest.fixture
def client(safelight):
    return TestClient(app)


@pytest.mark.safelight(sleeps=["shop"], scenario="slow")
def test_a_photograph_is_enlarged_in_twenty_minutes(safelight, client):
    name = client.post("/photos", content=PHOTO).json()["photo"]

    assert client.get(f"/photos/{name}").content.startswith(b"\xff\xd8")
    assert safelight.clock.elapsed > 20 * 60


@pytest.mark.safelight(sleeps=["shop"], scenario="stuck")
def test_a_job_that_is_stuck_is_given_up(safelight, client):
    with pytest.raises(TimeoutError):
        client.post("/photos", content=PHOTO)

    assert safelight.clock.elapsed <= 1800
