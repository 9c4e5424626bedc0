"""A wall clock that is set back by a day stops no job and takes no time back."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from shutil import copytree

import httpx
import pytest

from safelight_mock import ClockMode, Settings, Twin, TwinTransport

BASE = "/topaz/image/v1"
NOON = 1_800_000_000.0
DAY = 86_400.0


@dataclass
class Machine:
    """The clocks of a machine."""

    wall: float = NOON
    monotonic: float = 5.0
    headers: dict[str, str] = field(default_factory=lambda: {"X-API-Key": "k"})

    def pass_by(self, seconds: float) -> None:
        self.wall += seconds
        self.monotonic += seconds

    @contextmanager
    def serving(self, **chosen: object) -> Iterator[httpx.Client]:
        settings = Settings(seed="tests", **chosen)  # type: ignore[arg-type] # whatever it takes
        twin = Twin(settings, real=lambda: self.wall, monotonic=lambda: self.monotonic)
        transport = TwinTransport(twin)
        with (
            closing(twin),
            httpx.Client(transport=transport, base_url=f"http://twin{BASE}", headers=self.headers) as client,
        ):
            yield client


def submit(client: httpx.Client, photo: bytes) -> str:
    response = client.post("/enhance/async", files={"image": ("a.jpg", photo)})
    assert response.status_code == 200, response.text
    process_id: str = response.json()["process_id"]
    return process_id


def status(client: httpx.Client, process_id: str) -> str:
    state_name: str = client.get(f"/status/{process_id}").json()["status"]
    return state_name


def shown(client: httpx.Client) -> float:
    """The time of the sandbox, in whole seconds."""
    return parsedate_to_datetime(client.get("/status").headers["date"]).timestamp()


running = pytest.mark.parametrize(
    ("clock", "clock_rate"), [(ClockMode.REAL, 1.0), (ClockMode.SCALED, 60.0)], ids=["real", "scaled"]
)


@pytest.mark.fidelity("twin/wall-clock")
@running
def test_a_new_job_progresses_after_the_wall_clock_was_set_back(
    clock: ClockMode, clock_rate: float, photo: bytes
) -> None:
    machine = Machine()
    with machine.serving(clock=clock, clock_rate=clock_rate) as client:
        before = shown(client)
        machine.wall -= DAY
        process_id = submit(client, photo)
        assert shown(client) == before
        assert status(client, process_id) == "Pending"

        machine.pass_by(120)

        assert status(client, process_id) == "Completed"
        assert shown(client) == before + 120 * clock_rate


@pytest.mark.fidelity("twin/wall-clock")
@running
@pytest.mark.slow
@pytest.mark.parametrize("is_killed", [False, True], ids=["stopped", "killed"])
def test_after_a_restart_with_an_earlier_wall_clock_time_goes_on_from_the_latest(
    clock: ClockMode, clock_rate: float, *, is_killed: bool, photo: bytes, tmp_path: Path
) -> None:
    machine, folder, left = Machine(), tmp_path / "kept", tmp_path / "left"
    with machine.serving(clock=clock, clock_rate=clock_rate, data_dir=folder) as client:
        process_id = submit(client, photo)
        machine.pass_by(0.5)
        before = shown(client)
        if is_killed:
            other = submit(client, photo)  # the last that is written
            copytree(folder, left)  # as a kill would leave it
    folder = left if is_killed else folder
    machine.wall, machine.monotonic = machine.wall - DAY, 1.0

    with machine.serving(clock=clock, clock_rate=clock_rate, data_dir=folder) as client:
        assert shown(client) == before
        machine.pass_by(120)
        assert status(client, process_id) == "Completed"
        assert status(client, other if is_killed else process_id) == "Completed"
        assert shown(client) == before + 120 * clock_rate


@running
@pytest.mark.slow
def test_correcting_the_wall_clock_after_a_restart_does_not_move_sandboxes(
    clock: ClockMode, clock_rate: float, photo: bytes, tmp_path: Path
) -> None:
    machine = Machine()
    with machine.serving(clock=clock, clock_rate=clock_rate, data_dir=tmp_path) as client:
        submit(client, photo)
        before = shown(client)
    machine.wall, machine.monotonic = machine.wall - DAY, 1.0

    with machine.serving(clock=clock, clock_rate=clock_rate, data_dir=tmp_path) as client:
        machine.pass_by(10)
        machine.wall += DAY
        assert shown(client) == before + 10 * clock_rate


def test_a_key_that_is_new_beside_sandboxes_from_the_future_begins_at_the_time_of_the_wall_clock(
    photo: bytes, tmp_path: Path
) -> None:
    machine = Machine()
    with machine.serving(clock=ClockMode.REAL, data_dir=tmp_path) as client:
        submit(client, photo)
    machine.wall -= DAY

    with machine.serving(clock=ClockMode.REAL, data_dir=tmp_path) as client:
        assert shown(client) == NOON
        client.headers["X-API-Key"] = "new"
        assert shown(client) == NOON - DAY
