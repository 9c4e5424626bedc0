"""What the workflows of an API say, by the official schema of Arazzo and by what they are for."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from safelight_codegen._arazzo.api import WorkflowApi
from safelight_codegen._arazzo.document import arazzo_document
from safelight_codegen._arazzo.sources import file_source, vendor_source
from safelight_codegen._arazzo.steps import WorkflowOptions
from safelight_lifecycle import JSON

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted(one.name for one in (ROOT / "examples").iterdir() if one.is_dir())
SCHEMA = json.loads((Path(__file__).parent / "data" / "arazzo-1.0.schema.json").read_text())

OPERATION: dict[str, JSON] = {"parameters": [{"name": "id", "in": "path", "required": True, "schema": {}}]}
FOUND: dict[str, JSON] = {"200": {"description": "found"}, "404": {"description": "unknown"}}
JOB: dict[str, JSON] = {
    "submit": ["start"],
    "id": {"from": "$response.body#/id", "parameter": "id"},
    "read": {"operation": "find", "state": "$response.body#/status"},
    "states": {"waiting": "queued", "working": "running", "done": "succeeded", "stopped": "cancelled"},
}
DOCUMENT: dict[str, JSON] = {
    "openapi": "3.1.0",
    "info": {"title": "Jobs", "version": "1"},
    "paths": {
        "/jobs": {"post": {"operationId": "start", "responses": {"202": {"description": "started"}}}},
        "/jobs/{id}": {"get": {"operationId": "find", **OPERATION, "responses": FOUND}},
        "/jobs/{id}/stop": {"post": {"operationId": "jobs.stop", **OPERATION, "responses": FOUND}},
    },
}


def workflows(job: JSON = None, **others: JSON) -> dict[str, Any]:
    """Give the workflows of a small API by id; `job` is added to its lifecycle, `others` to its document."""
    extension = {"version": "2", "lifecycles": {"job": {**JOB, **(job or {})}}}
    api = WorkflowApi(document={**DOCUMENT, "x-async-jobs": extension, **others}, source="jobs")
    return by_id(arazzo_document(api, url="jobs.yaml", server="", settings=WorkflowOptions()))


def by_id(document: dict[str, JSON]) -> dict[str, Any]:
    return {one["workflowId"]: one for one in document["workflows"]}


def test_a_job_is_read_again_while_its_word_is_a_live_one() -> None:
    _, read = workflows()["job_run"]["steps"]

    (again,) = read["onFailure"]
    assert read["successCriteria"][-1] == {"condition": "$response.body#/status == 'done'"}
    assert again["type"] == "retry"
    assert again["criteria"] == [
        {"condition": "$response.body#/status == 'waiting' || $response.body#/status == 'working'"}
    ]


def test_the_id_of_a_submission_is_an_output_that_later_steps_send() -> None:
    submit, read = workflows()["job_run"]["steps"]

    assert submit["outputs"] == {"id": "$response.body#/id"}
    assert read["parameters"] == [{"name": "id", "in": "path", "value": "$steps.submit.outputs.id"}]


def test_a_move_that_cancels_is_a_workflow() -> None:
    move = {"operation": "jobs.stop", "while": ["queued", "running"], "to": "stopped"}

    cancel = workflows({"moves": [move]})["job_cancel"]["steps"][1:]

    assert cancel[0]["operationPath"] == "{$sourceDescriptions.jobs.url}#/paths/~1jobs~1{id}~1stop/post"
    assert cancel[1]["successCriteria"][-1] == {"condition": "$response.body#/status == 'stopped'"}


def test_a_move_that_is_allowed_after_the_end_waits_for_the_end() -> None:
    move = {"operation": "jobs.stop", "while": ["succeeded"], "to": "deleted"}

    steps = workflows({"moves": [move]})["job_delete"]["steps"]

    assert [step["stepId"] for step in steps] == ["submit", "read", "delete", "read_deleted"]
    assert steps[-1]["successCriteria"] == [{"condition": "$statusCode == 404"}]


def test_an_unknown_id_is_refused_with_what_the_document_describes() -> None:
    unknown = workflows()["job_unknown"]

    assert unknown["steps"][0]["successCriteria"] == [{"condition": "$statusCode == 404"}]
    assert unknown["inputs"]["properties"]["unknown_id"]["type"] == "string"
    assert "job_unknown" not in workflows(**{"x-async-jobs": refused(410)})


def refused(status: int) -> JSON:
    return {"version": "2", "lifecycles": {"job": JOB}, "refusals": {"unknown": status}}


def test_the_key_is_an_input() -> None:
    scheme = {"components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}}}

    run = workflows(security=[{"token": []}], **scheme)["job_run"]

    assert run["inputs"]["properties"]["key"]["format"] == "password"
    assert run["parameters"] == [{"name": "Authorization", "in": "header", "value": "Bearer {$inputs.key}"}]


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
        ("topaz-video", "video_run_CreateExpressVideoRequest", "waits under the word `requested`"),
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


def test_a_file_is_sent_in_a_form() -> None:
    source = vendor_source("topaz", ROOT)
    api = WorkflowApi(document=source.document, source=source.name)
    settings = WorkflowOptions(file="cat.jpg")

    run = by_id(arazzo_document(api, url="x.json", server="", settings=settings))["image_run_postDenoise"]

    body = run["steps"][0]["requestBody"]
    assert body == {"contentType": "multipart/form-data", "payload": {"image": "$file('cat.jpg')"}}


def example(name: str) -> dict[str, JSON]:
    folder = ROOT / "examples" / name
    source = file_source(next(folder.glob("*[ri].yaml")), [folder / "lifecycle.overlay.yaml"])
    api = WorkflowApi(document=source.document, source=source.name)
    return arazzo_document(api, url="openapi.yaml", server="", settings=WorkflowOptions())
