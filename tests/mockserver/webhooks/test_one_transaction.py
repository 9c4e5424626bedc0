"""Deliveries to the server's own inboxes are stored together, and a run needs its inputs inspected once."""

from contextlib import closing
from pathlib import Path

import httpx
import pytest
from tests.mockserver.conftest import picture

from safelight_mock import ClockMode, Settings, Twin, TwinTransport

BASE, INBOX = "/topaz/image/v1", "/_safelight/inbox/box"


@pytest.mark.slow
def test_an_advance_past_two_jobs_with_retries_is_stored_once(tmp_path: Path) -> None:
    twin = Twin(Settings(data_dir=tmp_path, clock=ClockMode.MANUAL), real=lambda: 1_767_225_600.0)
    client = httpx.Client(transport=TwinTransport(twin), base_url="http://twin", headers={"X-API-Key": "k"})
    with closing(twin), client:
        client.put(INBOX, json={"responses": [503, 503]}).raise_for_status()
        for side in (8, 9):
            files = {"image": ("a.jpg", picture(side, side))}
            data = {"webhook_url": f"http://twin{INBOX}"}
            client.post(f"{BASE}/enhance/async", files=files, data=data).raise_for_status()
        twin.advance(0, vendor="topaz", key="k")
        statements = list[str]()
        twin._persistence.database.set_trace_callback(statements.append)  # type: ignore[attr-defined] # noqa: SLF001 - no client sees how often something is stored

        events = twin.advance(60, vendor="topaz", key="k")

        outcomes = [event.outcome for event in events if event.outcome]
        assert sorted(outcomes) == ["2xx", "2xx", "2xx", "2xx", "5xx", "5xx"]
        assert statements.count("COMMIT") == 1
