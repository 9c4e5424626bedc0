"""Runs a program of an official SDK against a mock server of an example, in two ways.

Over a port, with a base URL of its own; and with the SDK's own address, in a process whose connections are
intercepted.
"""

import json
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import copy
from typing import Any, NamedTuple, Protocol

import httpx
import pytest
from tests.sdks.environments import environment

from safelight_mock import ClockMode, MockServer, Settings, Spec, Twin

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
ENVIRONMENTS = Path(sys.prefix) / ".sdks"
PHOTOGRAPH = HERE.parent / "data" / "chelsea.jpg"
PROGRAMS = HERE / "programs"
CUSTOMER = "acme.cognitiveservices.azure.com"  # one of the hosts of which each customer has another
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


class Served(Protocol):
    """Where an example is reached."""

    @property
    def origin(self) -> str:
        """Scheme, host and port."""

    def url(self, vendor: str) -> str:
        """Return the base URL."""


Start = Callable[..., Run]


@pytest.fixture(scope="session")
def python() -> Callable[[str], Path]:
    """Return what gives the Python of an example's SDK."""
    return lambda name: environment(HERE / "locks" / f"{name}.txt", ENVIRONMENTS)


@pytest.fixture(scope="module", params=["over a port", "intercepted"])
def start(
    python: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Start:
    """Return what runs a program against an example, at `base` of its server, and returns what happened."""
    run = over_a_port if request.param == "over a port" else at_its_own_address

    def start(
        name: str,
        program: str,
        *,
        base: Callable[[Served], str],
        options: Mapping[str, str] | None = None,
    ) -> Run:
        interpreter = python(name)  # before the server starts: it may take minutes the first time
        folder = tmp_path_factory.mktemp(name)
        copy(PHOTOGRAPH, folder / "photograph.jpg")
        done = run((interpreter, "-s"), program, folder, Example(name, options or {}), base)
        failed = [one for one in done.requests if one["verdict"] == "internal-error"]
        assert failed == []
        return done

    return start


class Example(NamedTuple):
    """An example, and the settings that it is served with."""

    name: str
    options: Mapping[str, str]

    @property
    def document(self) -> Path:
        """Its document."""
        folder = EXAMPLES / self.name
        (document,) = {*folder.glob("openapi.yaml"), *folder.glob("swagger.yaml")}
        return document

    def spec(self) -> Spec:
        """Return its document with its lifecycle."""
        return Spec(
            self.document, lifecycle=self.document.with_name("lifecycle.overlay.yaml"), name=self.name
        )

    def settings(self) -> Settings:
        """Return settings with which it alone is served, on an auto clock."""
        return Settings(clock=ClockMode.AUTO, vendors=frozenset(), options=self.options, cache=False)


def over_a_port(
    interpreter: Sequence[str | Path],
    program: str,
    folder: Path,
    example: Example,
    base: Callable[[Served], str],
) -> Run:
    """Run a program that is given the base URL of a server."""
    with served(example.name, example.options) as server:
        control = f"{server.origin}/_safelight"
        command = (*interpreter, PROGRAMS / program, base(server), KEY, folder)
        seen = reported(command, folder, {"SAFELIGHT_CONTROL": control})
        with httpx.Client(base_url=f"{control}/", trust_env=False) as http:
            requests, deliveries = http.get("requests").json(), http.get("deliveries").json()
    return Run(seen, folder, requests, deliveries)


class OwnAddress:
    """An example at its own address, or that of a customer if each has one."""

    def __init__(self, example: Example) -> None:
        twin = Twin(example.settings(), specs=[example.spec()])
        service = twin.served[example.name]
        self.origin = f"https://{min(service.hosts)}"
        self._base = service.facts.base
        twin.close()

    def url(self, _: str) -> str:
        """Return the base URL."""
        return self.origin + self._base


def at_its_own_address(
    interpreter: Sequence[str | Path],
    program: str,
    folder: Path,
    example: Example,
    base: Callable[[Served], str],
) -> Run:
    """Run a program with its SDK's own address."""
    hosts = {name: CUSTOMER for name in example.options if name.endswith(".host")}
    example = Example(example.name, {**example.options, **hosts})
    return intercepted(interpreter, program, folder, [example], base(OwnAddress(example)))


def intercepted(
    interpreter: Sequence[str | Path],
    program: str,
    folder: Path,
    examples: Sequence[Example],
    base: str = "",
) -> Run:
    """Run a program in a process in which the addresses of examples are intercepted."""
    setup = {
        "site": sysconfig.get_path("purelib"),
        "documents": {example.name: str(example.document) for example in examples},
        "options": {name: value for example in examples for name, value in example.options.items()},
        "arguments": [str(PROGRAMS / program), base, KEY, str(folder)],
    }
    seen = reported((*interpreter, PROGRAMS / "intercepted.py", json.dumps(setup)), folder, {})
    requests, deliveries = json.loads((folder / "recorded.json").read_text())
    return Run(seen, folder, requests, deliveries)


def reported(command: Sequence[str | Path], folder: Path, variables: Mapping[str, str]) -> dict[str, Any]:
    """Run a program; return what it reports."""
    done = subprocess.run(
        command,
        capture_output=True,
        check=False,
        cwd=folder,
        env={"NO_PROXY": "*", **variables},
        text=True,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


@contextmanager
def served(name: str, options: Mapping[str, str]) -> Iterator[MockServer]:
    """Serve an example alone, on an auto clock."""
    example = Example(name, options)
    with MockServer(example.settings(), specs=[example.spec()]) as server:
        yield server
