"""A twin that is killed amid its deliveries goes on with them, and repeats none it knows to be taken."""

import json
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.server.conftest import START
from tests.server.hooks import CONTROL, HOUR, receiver, sandbox_of, standing, until

from safelight_mock import Mode, Settings, Twin

pytestmark = pytest.mark.slow

JOBS = 200


@contextmanager
def running(folder: Path) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """The command, with jobs that live quickly; yields its process and a client of Topaz."""
    options = ["--port", "0", "--speed", "5", "--data-dir", str(folder), "--log", "none"]
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
    told = client.get(client.base_url.copy_with(path="/_safelight/deliveries"), params={"limit": "1000"})
    return [sum(attempt["outcome"] == "2xx" for attempt in one["attempts"]) for one in told.json()]


def test_a_twin_that_is_killed_still_owes_what_it_owed(photo: bytes, tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []

    def take(body: bytes) -> int:
        notification = json.loads(body)
        told.append((notification["process_id"], notification["status"]))
        return 200

    with receiver(take) as (address, _):
        with running(tmp_path) as (process, client):
            taken = [submit(client, photo, address) for _ in range(JOBS)]
            until(lambda: len(told) >= JOBS)
            process.send_signal(signal.SIGKILL)
            process.wait()
        known = len(told)
        with running(tmp_path) as (_, client):
            assert [job["process_id"] for job in client.get("/status").json()] == taken
            until(lambda: len(set(told)) == 2 * JOBS)
            until(lambda: taken_by_receiver(client) == [1] * 2 * JOBS)

    assert set(told) == {(job, status) for job in taken for status in ("Processing", "Completed")}
    assert known < 2 * JOBS
    assert sum(Counter(told).values()) - 2 * JOBS <= 1  # the one that was under way


def test_a_clock_that_was_held_when_its_twin_was_killed_goes_on(photo: bytes, tmp_path: Path) -> None:
    before, killed = tmp_path / "before", tmp_path / "killed"
    real = [START]

    def take(body: bytes) -> int:
        if b"Completed" in body:
            shutil.copytree(before, killed)  # as a kill would leave it
        return 200

    with receiver(take) as (address, _):
        with standing(Mode.SCALED, pace=50, data_dir=before) as door:
            door.submit(photo, webhook_url=address)
            path = f"{CONTROL}/sandboxes/{sandbox_of(door)}/clock"
            assert door.request("PATCH", path, json={"to": START + HOUR}).json()["now"] == START + HOUR
        with closing(Twin(Settings(data_dir=killed), real=lambda: real[0])) as twin:
            (sandbox,) = twin.crowd
            held = sandbox.now(real[0])
            real[0] += 1

            assert START <= held < START + HOUR
            assert (sandbox.clock.mode, sandbox.now(real[0])) == (Mode.SCALED, held + 50)
