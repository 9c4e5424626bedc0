"""Runs a program of an official SDK against a mock server of an example."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from shutil import copy
from typing import Any, NamedTuple

import httpx
import pytest
from tests.sdks.environments import environment

from safelight_mock import ClockMode, MockServer, Settings, Spec

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
ENVIRONMENTS = Path(sys.prefix) / ".sdks"
PHOTOGRAPH = HERE.parent / "data" / "chelsea.jpg"
KEY = "mine"
SECONDS = 120  # a program may take


class Run(NamedTuple):
    """What a program reported, the files that it wrote, and what the mock server recorded meanwhile."""

    seen: dict[str, Any]
    folder: Path
    requests: list[dict[str, Any]]
    deliveries: list[dict[str, Any]]

    def operations(self) -> set[str]:
        """Return the operations that were called."""
        return {one["operation"] for one in self.requests}


Start = Callable[..., Run]


@pytest.fixture(scope="session")
def python() -> Callable[[str], Path]:
    """Return what gives the Python of an example's SDK."""
    return lambda name: environment(HERE / "locks" / f"{name}.txt", ENVIRONMENTS)


@pytest.fixture(scope="module")
def start(python: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Start:
    """Return what runs a program against an example, at `base` of its server, and returns what happened."""

    def start(
        name: str,
        program: str,
        *,
        base: Callable[[MockServer], str],
        options: Mapping[str, str] | None = None,
    ) -> Run:
        interpreter = python(name)  # before the server starts: it may take minutes the first time
        folder = tmp_path_factory.mktemp(name)
        copy(PHOTOGRAPH, folder / "photograph.jpg")
        with served(name, options or {}) as server:
            control = f"{server.origin}/_safelight"
            command = (interpreter, "-s", HERE / "programs" / program, base(server), KEY, folder)
            done = subprocess.run(
                command,
                capture_output=True,
                check=False,
                cwd=folder,
                env={"SAFELIGHT_CONTROL": control, "NO_PROXY": "*"},
                text=True,
                timeout=SECONDS,
            )
            with httpx.Client(base_url=f"{control}/", trust_env=False) as http:
                requests, deliveries = http.get("requests").json(), http.get("deliveries").json()
        failed = [one for one in requests if one["verdict"] == "internal-error"]
        assert done.returncode == 0, f"{done.stderr}\n{failed}"
        assert failed == []
        return Run(json.loads(done.stdout), folder, requests, deliveries)

    return start


@contextmanager
def served(name: str, options: Mapping[str, str]) -> Iterator[MockServer]:
    """Serve an example alone, on an auto clock."""
    folder = EXAMPLES / name
    (document,) = {*folder.glob("openapi.yaml"), *folder.glob("swagger.yaml")}
    spec = Spec(document, lifecycle=folder / "lifecycle.overlay.yaml", name=name)
    settings = Settings(clock=ClockMode.AUTO, vendors=frozenset(), options=options, cache=False)
    with MockServer(settings, specs=[spec]) as server:
        yield server
