"""What the workflows of an API say, by what they are for."""

from typing import Any

from safelight_codegen._arazzo.api import WorkflowApi
from safelight_codegen._arazzo.document import arazzo_document
from safelight_codegen._arazzo.steps import WorkflowOptions
from safelight_lifecycle import JSON

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
    return by_id(arazzo_document(api, url="jobs.yaml", server="", settings=WorkflowOptions(file="cat.jpg")))


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


def test_a_file_is_sent_in_a_form() -> None:
    image: JSON = {"type": "string", "format": "binary"}
    form = {"schema": {"type": "object", "required": ["image"], "properties": {"image": image}}}
    start = {"operationId": "start", "requestBody": {"content": {"multipart/form-data": form}}}
    paths = {**DOCUMENT["paths"], "/jobs": {"post": {**start, "responses": FOUND}}}

    submit = workflows(paths=paths)["job_run"]["steps"][0]

    assert submit["requestBody"] == {
        "contentType": "multipart/form-data",
        "payload": {"image": "$file('cat.jpg')"},
    }
