"""Lifecycles of the examples and the built-in vendors are played to their ends, in process and by socket."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from tests.examples.served import FOLDER, SPECS

from safelight_lifecycle import follow_tokens
from safelight_mock import MockServer, TwinTransport
from safelight_mock.adapters.cli import main
from safelight_mock.adapters.dry_run.player import DryRunStep, Player
from safelight_mock.wire.api import Api
from safelight_mock.wire.schema import Schema, resolve

pytestmark = pytest.mark.slow

REFUSED = ("unknown id", "no key", "wrong key", "bad body")

# The steps of each lifecycle before those: as far as its document has them.
STORIES: Mapping[str, Mapping[str, str]] = {
    "assemblyai": {
        "transcript": "submit, poll, result, words, sentences, srt, vtt, redacted_audio, "
        "list, webhook, failure",
    },
    "azure-document-intelligence": {
        "analysis": "submit, poll, result, failure",
        "batch": "submit, poll, result, list, failure",
    },
    "bfl": {
        "task": "submit, poll, result, webhook, failure",
    },
    "deepgram": {
        "transcript": "submit, webhook",
    },
    "fal": {
        "request": "submit, poll, result, webhook, cancel, failure",
        "instance": "submit, poll, result, list, failure",
    },
    "leonardo": {
        "generation": "submit, poll, result, list, webhook, failure",
        "variation": "submit, poll, result, failure",
    },
    "luma": {
        "generation": "submit, poll, result, list, webhook, failure",
    },
    "openai": {
        "video": "submit, poll, result, thumbnail, list, failure",
        "batch": "submit, poll, result, errors, list, webhook, cancel, failure",
        "fine_tuning": "submit, poll, result, metrics, list, webhook, cancel, failure",
        "response": "submit, poll, result, webhook, cancel, failure",
    },
    "replicate": {
        "prediction": "submit, poll, result, list, webhook, cancel, failure",
        "training": "submit, poll, result, list, webhook, cancel, failure",
    },
    "runway": {
        "task": "submit, poll, result, cancel, failure",
    },
    "topaz-video": {
        "video": "submit, poll, result, list, webhook, cancel, failure",
    },
    "topaz": {
        "image": "submit, poll, result, list, webhook, cancel, failure",
    },
    "claid": {
        "edit": "submit, poll, result, webhook, failure",
        "batch": "submit, poll, result, webhook, failure",
    },
    "tengr": {
        "artwork": "submit, poll, result, list, webhook, failure",
    },
}


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(specs=SPECS) as running:
        yield running


@pytest.fixture(params=["in process", "socket"])
def client(server: MockServer, request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    transport = TwinTransport(server.twin) if request.param == "in process" else None
    with httpx.Client(transport=transport) as opened:
        yield opened


@pytest.mark.parametrize("name", STORIES)
def test_every_lifecycle_is_played_to_its_end(server: MockServer, client: httpx.Client, name: str) -> None:
    api = server.twin.served[name].api

    steps = [*Player(api=api, slug=name, client=client, origin=server.origin).play()]

    assert [f"{step.operation}: {step.problem}" for step in steps if step.problem] == []
    assert stories(steps) == STORIES[name]
    assert {(step.lifecycle, step.operation) for step in steps} == {
        (cycle.name, one.operation) for cycle in api.async_jobs.lifecycles.values() for one in cycle.submit
    }
    readable = [cycle for cycle in api.async_jobs.lifecycles.values() if cycle.read is not None]
    refused = [step.exchanges[-1].response for step in steps if step.title in REFUSED]
    assert len(refused) == len(REFUSED) * len(readable) or name == "deepgram"  # which reads no jobs
    assert [response.text for response in refused if not is_error(api, response.json())] == []


def stories(steps: list[DryRunStep]) -> Mapping[str, str]:
    """Return the titles of the steps of each lifecycle, in their order, without refusals."""
    played: dict[str, dict[str, None]] = {}
    for step in steps:
        if step.title not in REFUSED:
            played.setdefault(step.lifecycle, {})[step.title] = None
    return {lifecycle: ", ".join(one) for lifecycle, one in played.items()}


def is_error(api: Api, body: object) -> bool:
    """Whether a body is as the document describes errors; if it does not, whether it has a message."""
    schemas = error_schemas(api)
    message = api.async_jobs.refusals.message or ("message",)
    if not schemas:
        return isinstance(follow_tokens(message, body), str)
    return any(not schema.errors(body) for schema in schemas)


def error_schemas(api: Api) -> list[Schema]:
    """Return the schemas of all error responses that the document describes."""
    responses = (
        resolve(api.document, response)
        for operation in api.operations.values()
        for code, response in operation.described["responses"].items()
        if code[0] in "4d"
    )
    bodies = (one.get("content", {}).get("application/json", {}).get("schema") for one in responses)
    return [Schema(api.document, body) for body in bodies if body is not None]


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
    assert "has no lifecycle, and none is recognised in it; `safelight-mock infer" in printed.output
