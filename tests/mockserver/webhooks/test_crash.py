"""A twin that is killed amid its deliveries goes on with them, and repeats none it knows to be taken."""

import json
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest
from tests.mockserver.conftest import START
from tests.mockserver.hooks import CONTROL, HOUR, receiver, sandbox_of, serve, until
from tests.mockserver.stored import sandboxes

from safelight_mock import ClockMode, Settings, Twin

pytestmark = pytest.mark.slow

JOBS = 200


@contextmanager
def running(folder: Path, *chosen: str) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """The command, with jobs that live quickly; yields its process and a client of Topaz."""
    options = ["--port", "0", "--job-speedup", "5", "--data-dir", str(folder), "--log", "none", *chosen]
    command = [sys.executable, "-m", "safelight_mock", "serve", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        base = next(line for line in process.stderr if line.startswith("topaz: ")).split()[1]
        try:
            with httpx.Client(base_url=base, headers={"X-API-Key": "k"}, timeout=30) as client:
                yield process, client
        finally:
            process.kill()
            process.stderr.close()


def submit(client: httpx.Client, photo: bytes, address: str) -> str:
    form: dict[str, Any] = {"files": {"image": ("a.jpg", photo)}, "data": {"webhook_url": address}}
    process_id: str = client.post("/enhance/async", **form).json()["process_id"]
    return process_id


def taken_by_receiver(client: httpx.Client) -> list[int]:
    """Return how often each delivery is on record as taken."""
    outcome = client.get(client.base_url.copy_with(path="/_safelight/deliveries"), params={"limit": "1000"})
    return [sum(attempt["outcome"] == "2xx" for attempt in one["attempts"]) for one in outcome.json()]


def test_pending_deliveries_survive_a_killed_server(photo: bytes, tmp_path: Path) -> None:
    outcome: list[tuple[str, str]] = []

    def take(body: bytes) -> int:
        notification = json.loads(body)
        outcome.append((notification["process_id"], notification["status"]))
        return 200

    with receiver(take) as (address, _):
        with running(tmp_path) as (process, client):
            taken = [submit(client, photo, address) for _ in range(JOBS)]
            until(lambda: len(outcome) >= JOBS)
            process.send_signal(signal.SIGKILL)
            process.wait()
        known = len(outcome)
        with running(tmp_path) as (_, client):
            assert [job["process_id"] for job in client.get("/status").json()] == taken
            until(lambda: len(set(outcome)) == 2 * JOBS)
            until(lambda: taken_by_receiver(client) == [1] * 2 * JOBS)

    assert set(outcome) == {(job, status) for job in taken for status in ("Processing", "Completed")}
    assert known < 2 * JOBS
    assert sum(Counter(outcome).values()) - 2 * JOBS <= 1  # the one that was under way


def stop(process: subprocess.Popen[str], client: httpx.Client) -> None:
    """Stop a server, and wait until it accepts no more requests."""
    process.terminate()
    until(lambda: not is_listening(client))


def is_listening(client: httpx.Client) -> bool:
    try:
        httpx.get(client.base_url)
    except httpx.TransportError:
        return False
    return True


@pytest.mark.fidelity("twin.shutdown_timeout")
@pytest.mark.parametrize(("grace", "times"), [("60", 1), ("0", 2)])
def test_a_delivery_in_flight_at_shutdown_is_repeated_only_after_the_shutdown_timeout(
    photo: bytes, tmp_path: Path, grace: str, times: int
) -> None:
    outcome: Counter[str] = Counter()
    arrived, response = Event(), Event()

    def take(body: bytes) -> int:
        outcome[json.loads(body)["status"]] += 1
        arrived.set()
        response.wait(30)
        return 200

    with receiver(take) as (address, _):
        with running(tmp_path, "--shutdown-timeout", grace) as (process, client):
            submit(client, photo, address)
            assert arrived.wait(30)
            stop(process, client)
            if grace == "0":
                process.wait(30)
            response.set()
            process.wait(30)
        with running(tmp_path) as (_, client):
            until(lambda: taken_by_receiver(client) == [1, 1])

    assert outcome == {"Processing": times, "Completed": 1}


def test_deliveries_of_an_interrupted_advance_are_made_later(photo: bytes, tmp_path: Path) -> None:
    outcome: Counter[str] = Counter()
    arrived, response = Event(), Event()

    def take(body: bytes) -> int:
        outcome[json.loads(body)["status"]] += 1
        arrived.set()
        response.wait(30)
        return 200

    options = ("--clock", "manual", "--shutdown-timeout", "60")
    with receiver(take) as (address, _):
        with running(tmp_path, *options) as (process, client), ThreadPoolExecutor(1) as elsewhere:
            submit(client, photo, address)
            control = str(client.base_url.copy_with(path="/_safelight/sandboxes"))
            name = httpx.get(control).json()[0]["name"]
            advance = f"{control}/{name}/clock/advance"
            advanced = elsewhere.submit(httpx.post, advance, json={"seconds": 3600}, timeout=60)
            assert arrived.wait(30)
            stop(process, client)
            response.set()
            refused = advanced.result(30)
            process.wait(30)

        assert (refused.status_code, refused.json()["detail"]) == (503, "The mock server is being stopped.")
        assert outcome == {"Processing": 1}
        with running(tmp_path, *options) as (_, client):
            advance = str(client.base_url.copy_with(path=f"/_safelight/sandboxes/{name}/clock/advance"))
            assert httpx.post(advance, json={"seconds": 3600}, timeout=60).status_code == 200

    assert outcome == {"Processing": 1, "Completed": 1}


def test_a_clock_held_by_a_killed_server_continues(photo: bytes, tmp_path: Path) -> None:
    before, killed = tmp_path / "before", tmp_path / "killed"
    real = [START]

    def take(body: bytes) -> int:
        if b"Completed" in body:
            shutil.copytree(before, killed)  # as a kill would leave it
        return 200

    with receiver(take) as (address, _):
        with serve(ClockMode.SCALED, clock_rate=50, data_dir=before) as mock:
            mock.submit(photo, webhook_url=address)
            path = f"{CONTROL}/sandboxes/{sandbox_of(mock)}/clock"
            assert mock.request("PATCH", path, json={"to": START + HOUR}).json()["now"] == START + HOUR
        with closing(Twin(Settings(data_dir=killed), real=lambda: real[0])) as twin:
            (sandbox,) = sandboxes(twin)
            held = sandbox.now(real[0])
            real[0] += 1

            assert START <= held < START + HOUR
            assert (sandbox.clock.mode, sandbox.now(real[0])) == (ClockMode.SCALED, held + 50)


def test_what_was_deleted_stays_deleted_after_a_kill(photo: bytes, tmp_path: Path) -> None:
    with running(tmp_path) as (process, client):
        submit(client, photo, "")
        (sandbox,) = client.get(client.base_url.copy_with(path="/_safelight/sandboxes")).json()
        path = f"/_safelight/sandboxes/{sandbox['name']}"
        assert client.delete(client.base_url.copy_with(path=path)).status_code == 204
        process.send_signal(signal.SIGKILL)
        process.wait()

    with running(tmp_path) as (_, client):
        assert client.get(client.base_url.copy_with(path="/_safelight/sandboxes")).json() == []
        assert client.get("/status").json() == []
    assert [*(tmp_path / "files").iterdir()] == []
