"""Shown in docs/intercept.md."""

import time
from pathlib import Path

import pytest
import requests

from safelight_mock import ClockMode, Settings
from safelight_testing import ConnectionFault, RefusedConnectionError, Safelight, intercept

PHOTO = Path("docs/photograph/dahlia.jpg")
API = "https://api.topazlabs.com/image/v1"
KEY = {"X-API-Key": "secret"}


def enlarge(photo: Path) -> bytes:
    """Program under test."""
    with requests.Session() as session, photo.open("rb") as image:
        session.headers.update(KEY)
        form = {"output_width": "1000"}
        submitted = session.post(f"{API}/enhance/async", data=form, files={"image": image}, timeout=30)
        submitted.raise_for_status()
        job = submitted.json()["process_id"]
        while session.get(f"{API}/status/{job}", timeout=30).json()["status"] != "Completed":
            time.sleep(0.01)
        link = session.get(f"{API}/download/{job}", timeout=30).json()["download_url"]
    return requests.get(link, timeout=30).content


def test_a_photograph_is_enlarged() -> None:
    with intercept(Settings(clock=ClockMode.AUTO)):
        assert enlarge(PHOTO).startswith(b"\xff\xd8")


@intercept(Settings(scenario="out-of-credits"))
def test_credits_are_used_up() -> None:
    with pytest.raises(requests.HTTPError, match="402"):
        enlarge(PHOTO)


def test_the_vendor_cannot_be_reached() -> None:
    with intercept() as mock:
        mock.fail_connections(ConnectionFault.CONNECT_TIMEOUT)

        with pytest.raises(requests.ConnectTimeout):
            enlarge(PHOTO)


def test_another_host_is_refused() -> None:
    with pytest.raises(RefusedConnectionError, match=r"a connection to shop\.example from"), intercept():
        requests.get("https://shop.example/photo.jpg", timeout=30)


def test_the_fixture_shows_what_happened(safelight: Safelight) -> None:
    with intercept(twin=safelight.twin):
        enlarge(PHOTO)

    assert [job.state for job in safelight.jobs] == ["succeeded"]
