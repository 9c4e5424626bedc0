"""Jobs that wait for their client, or for others: in snapshots, timelines and the control plane."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.conformance.playing import KEY, NAME, START, document_of

from safelight_mock import ClockMode, Settings, Spec, Twin, TwinTransport

CASE: dict[str, Any] = {
    "lifecycle": {
        "states": {
            "created": {"means": "queued", "waits": True},
            "waiting": "queued",
            "held": {"means": "queued", "only": True},
            "working": {"means": "running", "share": 0.5},
            "saving": "running",
            "done": "succeeded",
            "failed": "failed",
        },
        "moves": [{"operation": "startJob", "while": ["created"], "to": "waiting"}],
        "concurrency": {"running": 1, "word": "held"},
        "deadline": {"from": "$request.body#/limit", "word": "failed"},
    }
}


@pytest.fixture
def twin(tmp_path: Path) -> Iterator[Twin]:
    path = tmp_path / "api.json"
    path.write_text(json.dumps(document_of(CASE)), encoding="utf-8")
    twin = Twin(Settings(clock=ClockMode.MANUAL), specs=[Spec(path, name=NAME)], real=lambda: START)
    yield twin
    twin.close()


@pytest.fixture
def client(twin: Twin) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {KEY}"}
    with httpx.Client(transport=TwinTransport(twin), base_url="http://twin", headers=headers) as client:
        yield client


def submit(client: httpx.Client, **body: object) -> str:
    response = client.post(f"/{NAME}/v1/jobs", json=body)
    assert response.status_code == 201, response.text
    job_id: str = response.json()["id"]
    return job_id


def word(client: httpx.Client, job_id: str) -> str:
    state: str = client.get(f"/{NAME}/v1/jobs/{job_id}").json()["status"]
    return state


def sandbox(client: httpx.Client) -> str:
    name: str = client.get("/_safelight/sandboxes").json()[0]["name"]
    return name


def test_each_word_of_a_job_is_in_the_timeline_of_an_advance(twin: Twin, client: httpx.Client) -> None:
    job_id = submit(client)
    client.post(f"/{NAME}/v1/jobs/{job_id}/start")

    moved = twin.advance(60, vendor=NAME, key=KEY)

    assert [(event.at - START, event.vendor_state) for event in moved] == [
        (2, "working"),
        (7, "saving"),
        (12, "done"),
    ]


def test_a_snapshot_has_jobs_that_wait(twin: Twin, client: httpx.Client) -> None:
    created, held = submit(client), submit(client, limit=3600)
    snapshot = client.get(f"/_safelight/sandboxes/{sandbox(client)}/snapshot")
    assert snapshot.is_success, snapshot.text
    client.post(f"/{NAME}/v1/jobs/{created}/start")
    twin.advance(60, vendor=NAME, key=KEY)
    assert [word(client, one) for one in (created, held)] == ["done", "created"]

    restored = client.put(
        f"/_safelight/sandboxes/{sandbox(client)}/snapshot",
        content=snapshot.content,
        headers={"Content-Type": snapshot.headers["content-type"]},
    )

    assert restored.is_success, restored.text
    assert [word(client, one) for one in (created, held)] == ["created", "held"]


def test_a_job_that_waits_has_no_time_at_which_it_ends(client: httpx.Client) -> None:
    submit(client)

    (job,) = client.get(f"/_safelight/jobs?sandbox={sandbox(client)}").json()

    assert (job["ends"], job["is_paused"], job["vendor_state"]) == (None, True, "created")
