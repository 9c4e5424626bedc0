"""Jobs of a document's vendor are in the control plane, in snapshots and data folders, like all others."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from safelight_mock import ClockMode, MockServer, Settings, Spec

pytestmark = pytest.mark.slow  # sockets

LUMA = Path(__file__).parents[3] / "examples" / "luma"
SPEC = Spec(LUMA / "openapi.yaml", lifecycle=LUMA / "lifecycle.overlay.yaml", name="luma")
WANTED = {"prompt": "cat", "model": "ray-2"}


@contextmanager
def served(settings: Settings) -> Iterator[tuple[MockServer, httpx.Client]]:
    with MockServer(settings, specs=[SPEC]) as server, httpx.Client(timeout=30) as http:
        http.headers["authorization"] = "Bearer k"
        yield server, http


def submit(server: MockServer, http: httpx.Client) -> str:
    response = http.post(f"{server.url('luma')}/generations/video", json=WANTED)
    assert response.status_code == 201
    return str(response.json()["id"])


def state(server: MockServer, http: httpx.Client, job: str, key: str = "k") -> str:
    headers = {"authorization": f"Bearer {key}"}
    return str(http.get(f"{server.url('luma')}/generations/{job}", headers=headers).json()["state"])


def test_the_control_plane_lists_forces_and_creates_jobs_of_a_document() -> None:
    with served(Settings(clock=ClockMode.MANUAL, cache=False)) as (server, http):
        control = f"{server.origin}/_safelight"
        job = submit(server, http)
        (listed,) = http.get(f"{control}/jobs").json()
        sandbox = f"{control}/sandboxes/{listed['sandbox']}"
        forced = http.post(f"{control}/jobs/{job}/move", json={"to": "failed"})
        created = http.post(f"{sandbox}/jobs", json={"operation": "createGeneration", "state": "completed"})
        states = [state(server, http, one) for one in (job, created.json()["id"])]
        logged: list[dict[str, Any]] = http.get(f"{control}/requests").json()

    assert (listed["vendor"], listed["lifecycle"], listed["vendor_state"]) == ("luma", "generation", "queued")
    assert (forced.status_code, created.status_code) == (200, 201)
    assert states == ["failed", "completed"]
    assert {entry["operation"] for entry in logged} == {"createGeneration", "getGeneration"}


def test_a_sandbox_of_a_document_is_advanced_saved_restored_and_forked() -> None:
    with served(Settings(clock=ClockMode.MANUAL, cache=False)) as (server, http):
        job = submit(server, http)
        snapshot = server.twin.snapshot(vendor="luma", key="k")
        happened = server.twin.advance(600, vendor="luma", key="k")
        ended = state(server, http, job)
        server.twin.restore(snapshot, vendor="luma", key="k")
        server.twin.fork(vendor="luma", key="k", to="other")
        states = [state(server, http, job, key) for key in ("k", "other")]

    assert [event.vendor_state for event in happened] == ["dreaming", "completed"]
    assert (ended, states) == ("completed", ["queued", "queued"])


def test_a_data_folder_keeps_the_jobs_of_a_document_while_it_is_not_served(tmp_path: Path) -> None:
    settings = Settings(clock=ClockMode.MANUAL, cache=False, data_dir=tmp_path)
    with served(settings) as (server, http):
        job = submit(server, http)

    with MockServer(settings) as server:
        assert "luma" not in server.twin.served
    with served(settings) as (server, http):
        assert state(server, http, job) == "queued"
