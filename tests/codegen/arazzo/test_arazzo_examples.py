"""The workflows of the APIs under examples/ and of the vendors, by the official schema of Arazzo."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from safelight_codegen._arazzo.api import WorkflowApi
from safelight_codegen._arazzo.document import arazzo_document
from safelight_codegen._arazzo.sources import file_source, vendor_source
from safelight_codegen._arazzo.steps import WorkflowOptions
from safelight_lifecycle import JSON

pytestmark = pytest.mark.slow  # large documents

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted(one.parent.name for one in (ROOT / "examples").glob("*/lifecycle.overlay.yaml"))
SCHEMA = json.loads((Path(__file__).parent / "data" / "arazzo-1.0.schema.json").read_text())


@cache
def api_of(name: str) -> WorkflowApi:
    folder = ROOT / "examples" / name
    source = file_source(next(folder.glob("*[ri].yaml")), [folder / "lifecycle.overlay.yaml"])
    return WorkflowApi(document=source.document, source=source.name)


def example(name: str) -> dict[str, JSON]:
    return arazzo_document(api_of(name), url="openapi.yaml", server="", settings=WorkflowOptions())


def by_id(document: dict[str, JSON]) -> dict[str, Any]:
    return {one["workflowId"]: one for one in document["workflows"]}


def test_a_document_has_the_same_workflows_each_time() -> None:
    source = example("openai")

    assert source == example("openai")


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_workflows_of_an_example_match_the_schema_of_arazzo(name: str) -> None:
    jsonschema_rs.Draft202012Validator(SCHEMA).validate(example(name))


@pytest.mark.parametrize("vendor", ["claid", "tengr", "topaz"])
def test_the_workflows_of_a_vendor_match_the_schema_of_arazzo(vendor: str) -> None:
    source = vendor_source(vendor, ROOT)
    api = WorkflowApi(document=source.document, source=source.name)

    document = arazzo_document(api, url="x.json", server="http://localhost/", settings=WorkflowOptions())

    jsonschema_rs.Draft202012Validator(SCHEMA).validate(document)


def test_a_step_without_an_operation_does_not_match_the_schema() -> None:
    document = example("bfl")
    del document["workflows"][0]["steps"][0]["operationId"]

    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.Draft202012Validator(SCHEMA).validate(document)


@pytest.mark.parametrize(
    ("name", "workflow", "steps"),
    [
        ("replicate", "prediction_cancel", ["submit", "cancel", "read"]),
        ("assemblyai", "transcript_run", ["submit", "read_transcript", "result_sentences", "result_srt"]),
        ("topaz-video", "video_run_CreateVideoRequest", ["submit", "move_1", "move_2", "read_video"]),
        ("topaz-video", "video_run_CreateExpressVideoRequest", ["submit", "read"]),
        ("deepgram", "transcript_run", ["submit"]),
        ("azure-document-intelligence", "analysis_run", ["submit"]),
        ("luma", "generation_run_upscaleGeneration", ["parent", "read_parent", "submit"]),
        ("fal", "request_cancel", ["submit", "cancel", "read"]),
    ],
)
def test_a_workflow_has_the_steps_that_a_client_takes(name: str, workflow: str, steps: list[str]) -> None:
    found = [step["stepId"] for step in by_id(example(name))[workflow]["steps"]]

    assert found[: len(steps)] == steps


@pytest.mark.parametrize(
    ("name", "workflow", "reason"),
    [
        ("deepgram", "transcript_run", "No operation reads the job"),
        ("azure-document-intelligence", "analysis_run", "part of a URL"),
        ("topaz-video", "video_run_CreateExpressVideoRequest", "stays in state `requested`"),
    ],
)
def test_a_workflow_that_ends_early_says_why(name: str, workflow: str, reason: str) -> None:
    assert reason in by_id(example(name))[workflow]["description"]


def test_a_result_of_another_operation_is_a_step() -> None:
    steps = {one["stepId"]: one for one in by_id(example("openai"))["fine_tuning_run"]["steps"]}

    file = steps["content_of_metrics"]["parameters"]
    assert file == [{"name": "file_id", "in": "path", "value": "$steps.read_fine_tuning.outputs.metrics"}]


def test_a_body_that_a_submission_needs_to_be_asynchronous_is_sent() -> None:
    run = by_id(example("openai"))["response_run"]

    assert run["inputs"]["properties"]["body"]["default"]["background"] is True
