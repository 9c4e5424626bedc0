"""The same seed, start and requests give the same bytes. `test_two_processes` compares two processes."""

from datetime import UTC, datetime
from hashlib import sha256

import httpx
import pytest
from tests.small_photograph import PHOTO

from safelight_mock import ClockMode, Settings, Twin, TwinTransport

START = datetime(2026, 1, 1, tzinfo=UTC)


def recorded(mode: str = "auto", scenario: str | None = "chaos") -> str:
    """Run several jobs to their ends, and return a digest of every byte that came back."""
    twin = Twin(Settings(clock=ClockMode(mode), seed="s", start=START, scenario=scenario))
    digest = sha256()
    with httpx.Client(transport=TwinTransport(twin), headers={"x-api-key": "k"}, timeout=5) as client:

        def request(method: str, path: str, **options: object) -> httpx.Response | None:
            try:
                response = client.request(method, f"https://api.topazlabs.com/image/v1/{path}", **options)  # type: ignore[arg-type]
            except httpx.HTTPError as error:
                digest.update(repr(error).encode())
                return None
            digest.update(repr((response.status_code, response.headers.raw, response.content)).encode())
            return response

        for _ in range(8):
            submitted = request("POST", "enhance/async", files={"image": ("a.jpg", PHOTO)})
            if submitted is not None and submitted.is_success:
                for _ in range(5):
                    request("GET", f"status/{submitted.json()['process_id']}")
        request("GET", "status")
    twin.close()
    return digest.hexdigest()


@pytest.mark.fidelity("twin.start")
@pytest.mark.parametrize("mode", ["auto", "manual"])
def test_two_runs_are_equal_byte_by_byte(mode: str) -> None:
    assert recorded(mode) == recorded(mode)
    assert recorded(mode) != recorded(mode, scenario=None)


def test_a_running_clock_starts_as_if_the_server_had() -> None:
    now = [1_000.0]
    twin = Twin(Settings(start=START), real=lambda: now[0])
    with httpx.Client(transport=TwinTransport(twin), headers={"x-api-key": "k"}) as client:
        now[0] += 3_600
        response = client.get("https://api.topazlabs.com/image/v1/status")
    twin.close()

    assert response.headers["date"] == "Thu, 01 Jan 2026 01:00:00 GMT"


def test_a_start_has_a_zone() -> None:
    with pytest.raises(ValueError, match="start must have a time zone"):
        Settings(start=datetime(2026, 1, 1))  # noqa: DTZ001 - it is refused
