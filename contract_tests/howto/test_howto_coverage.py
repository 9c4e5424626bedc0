"""The examples of docs/coverage.md."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from safelight import Topaz
from safelight_mock import ClockMode, MockServer, Settings, merge_coverage, write_coverage

PHOTO = Path("docs/photograph/dahlia.jpg")


@pytest.fixture
def server() -> Iterator[MockServer]:
    with MockServer(Settings(clock=ClockMode.AUTO)) as server:
        yield server


@pytest.fixture
def topaz(server: MockServer) -> Iterator[Topaz]:
    with Topaz(api_key="mine", base_url=server.url("topaz")) as client:
        yield client


def test_coverage_in_python(server: MockServer, topaz: Topaz, tmp_path: Path) -> None:
    topaz.enhance(PHOTO, output_width=800).wait().save(tmp_path / "large.jpg")

    coverage = server.twin.coverage()

    image = coverage.apis["topaz"].lifecycles["image"]
    assert [state for state, times in image.states.items() if not times] == ["Pending", "Failed", "Cancelled"]
    write_coverage(coverage, tmp_path / "coverage.html")


def test_coverage_of_several_servers(tmp_path: Path) -> None:
    reports = []
    for key in ("right", "invalid"):
        with MockServer() as server, httpx.Client(headers={"X-API-Key": key}) as http:
            http.get(f"{server.url('topaz')}/status")
            reports.append(server.twin.coverage())

    write_coverage(merge_coverage(reports), tmp_path / "coverage.json")


def test_coverage_of_a_running_server(server: MockServer, topaz: Topaz) -> None:
    topaz.jobs()

    report = httpx.get(f"{server.origin}/_safelight/coverage").json()

    assert report["totals"]["operations"] == {"covered": 1, "total": 24}
