"""The application of examples/darkroom-app passes its tests with the wheel, in a fresh environment."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copy, copytree

import pytest
from tests.packaging.conftest import Install, run

ROOT = Path(__file__).parents[2]
TESTS = 22  # of the application
WAYS = {
    "alone": (),
    "in four processes": ("-n", "4"),
    "without sockets": ("--disable-socket",),
}

Try = Callable[..., tuple[str, list[str]]]


@pytest.fixture
def application(tmp_path: Path) -> Path:
    return copytree(ROOT / "examples" / "darkroom-app", tmp_path / "darkroom-app")


@pytest.fixture
def attempt(install: Install, application: Path, tmp_path: Path) -> Try:
    """Return what runs the application's tests, and gives what pytest says and what reached the network."""
    commands = install("[testing]", "fastapi", "requests", "httpx2", "pytest-socket", "pytest-xdist")
    copy(Path(__file__).with_name("network_recorder.py"), tmp_path)

    def attempt(name: str, *options: str) -> tuple[str, list[str]]:
        recorded = tmp_path / name
        recorded.mkdir()
        variables = {
            **os.environ,
            "PYTEST_PLUGINS": "network_recorder",
            "PYTHONPATH": str(tmp_path),
            "RECORDED": str(recorded),
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
        }
        output = run(commands / "pytest", "-q", *options, folder=application, variables=variables)
        lines = [line for file in recorded.iterdir() for line in file.read_text().splitlines()]
        return output, lines

    return attempt


@pytest.mark.slow
def test_the_application_passes_its_tests_in_this_environment(application: Path) -> None:
    left_out = [f"no:{name}" for name in ("asyncio", "cacheprovider", "schemathesis", "socket")]
    options = [option for name in left_out for option in ("-p", name)]

    output = run(sys.executable, "-m", "pytest", "-q", *options, folder=application)

    assert f"{TESTS} passed" in output


@pytest.mark.slow
@pytest.mark.wheel
def test_no_test_of_the_application_reaches_the_network_or_waits(attempt: Try) -> None:
    for name, options in WAYS.items():
        output, recorded = attempt(name, *options)

        assert f"{TESTS} passed" in output, name
        assert set(recorded) == {"started"}, name
