"""Lifecycles of the examples and the built-in vendors are played to their ends, in process and by socket."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from tests.examples.served import FOLDER, NAMES, SPECS

from safelight_mock import MockServer, Twin, TwinTransport
from safelight_mock.adapters.cli import main
from safelight_mock.adapters.dry_run.player import DryRunStep, Player
from safelight_mock.wire.api import Api

pytestmark = pytest.mark.slow

VENDORS = ("topaz", "claid", "tengr")


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    served = Twin(specs=SPECS)
    yield served
    served.close()


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(specs=SPECS) as running:
        yield running


def play(api: Api, name: str, client: httpx.Client, origin: str) -> list[DryRunStep]:
    return [*Player(api=api, slug=name, client=client, origin=origin).play()]


def problems(steps: list[DryRunStep]) -> list[str]:
    return [f"{step.operation}: {step.problem}" for step in steps if step.problem]


def titles(steps: list[DryRunStep]) -> Mapping[str, list[str]]:
    """Return the titles of the steps of each submit operation."""
    played: dict[str, list[str]] = {}
    for step in steps:
        played.setdefault(f"{step.lifecycle} {step.operation}", []).append(step.title)
    return played


@pytest.mark.parametrize("name", [*NAMES, *VENDORS])
def test_every_lifecycle_is_played_to_its_end_in_process(twin: Twin, name: str) -> None:
    api = twin.served[name].api
    with httpx.Client(transport=TwinTransport(twin)) as client:
        steps = play(api, name, client, "http://mock.local")

    assert problems(steps) == []
    submissions = [
        f"{cycle.name} {one.operation}"
        for cycle in api.async_jobs.lifecycles.values()
        for one in cycle.submit
    ]
    assert [*titles(steps)] == submissions


@pytest.mark.parametrize("name", NAMES)
def test_a_socket_makes_no_difference(server: MockServer, twin: Twin, name: str) -> None:
    api = twin.served[name].api
    with httpx.Client(transport=TwinTransport(twin)) as inside, httpx.Client() as outside:
        steps = play(api, name, inside, "http://mock.local")
        over_a_socket = play(api, name, outside, server.origin)

    assert problems(over_a_socket) == []
    assert titles(over_a_socket) == titles(steps)


def test_the_command_prints_each_step_with_its_requests() -> None:
    folder = FOLDER / "replicate"
    lifecycle = ["--lifecycle", str(folder / "lifecycle.overlay.yaml")]

    printed = CliRunner().invoke(main, ["dry-run", str(folder / "openapi.yaml"), *lifecycle])

    assert printed.exit_code == 0, printed.output
    assert "\nprediction: predictions.create\n  submit: job " in printed.output
    assert "\n    POST /api/v1/predictions {" in printed.output
    assert "\n  poll: starting -> processing -> succeeded\n" in printed.output
    assert "\n  unknown id: status 404\n" in printed.output


def test_the_command_says_where_a_lifecycle_sticks(tmp_path: Path) -> None:
    wrong = (
        (FOLDER / "luma/lifecycle.overlay.yaml")
        .read_text()
        .replace("$response.body#/state", "$response.body#/model")
    )
    overlay = tmp_path / "wrong.yaml"
    overlay.write_text(wrong)

    printed = CliRunner().invoke(
        main, ["dry-run", str(FOLDER / "luma/openapi.yaml"), "--lifecycle", str(overlay), "--quiet"]
    )

    assert printed.exit_code == 1
    assert "  sticks here: the job never ended" in printed.output


def test_a_document_without_lifecycles_is_refused_with_what_to_do(tmp_path: Path) -> None:
    document = tmp_path / "plain.yaml"
    document.write_text(
        'openapi: 3.1.2\ninfo: {title: Plain, version: "1"}\nservers: [{url: https://plain.example}]\n'
        "paths: {/a: {get: {operationId: a, responses: {'204': {description: none}}}}}\n"
    )

    printed = CliRunner().invoke(main, ["dry-run", str(document)])

    assert printed.exit_code == 1
    assert "has no lifecycle; add --lifecycle FILE" in printed.output
