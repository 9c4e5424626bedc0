"""Words, status codes and fields that say in which state a job is."""

from typing import Any

import pytest
from tests.openapi.infer.documents import (
    ID,
    JOB,
    TEXT,
    URL,
    WORDS,
    accepted,
    body,
    lifecycles,
    operation,
    parameter,
    read,
)

from safelight_openapi import infer_lifecycles


@pytest.mark.parametrize(
    "words",
    [
        ["pending", "paid", "shipped"],  # no word of success
        ["available", "sold"],
        ["active", "archived"],
        ["completed", "failed"],  # none of a job that is not over
        ["active", "ended", "failed"],  # perhaps a subscription: no word is certain
        ["suspended", "completed", "enabled"],  # a workflow that is switched on and off
        ["submitted", "resolved", "invalid"],  # an issue
    ],
)
def test_a_status_without_the_words_of_a_job_is_no_job(words: list[str]) -> None:
    schema = {"type": "object", "properties": {"id": TEXT, "status": {"type": "string", "enum": words}}}

    assert lifecycles({"/jobs": {"post": operation("createJob", schema)}, **read(schema=schema)}) == {}


def test_words_are_constants_of_a_nested_union() -> None:
    branches = [
        {"type": "object", "properties": {"id": TEXT, "status": {"const": word}}}
        for word in ("PENDING", "RUNNING", "SUCCEEDED", "FAILED")
    ]
    schema = {"oneOf": [{"anyOf": branches[:2]}, {"allOf": [{"oneOf": branches[2:]}]}]}

    job = lifecycles({"/jobs": {"post": operation("createJob", ID)}, **read(schema=schema)})["job"]

    assert list(job["states"]) == ["PENDING", "RUNNING", "SUCCEEDED", "FAILED"]


def test_words_of_a_description_are_doubtful() -> None:
    status = {"type": "string", "description": "One of `waiting`, `processing`, `finished` and `failed`."}
    schema = {"type": "object", "properties": {"id": TEXT, "status": status}}
    document: Any = {"paths": {"/jobs": {"post": operation("createJob", ID)}, **read(schema=schema)}}

    inferred = infer_lifecycles(document)

    words = [at for at in inferred.facts if at.startswith("/lifecycles/job/states/")]
    assert [at.split("/")[4] for at in words] == ["waiting", "processing", "finished", "failed"]
    assert {*words} <= {*inferred.doubtful()}


def test_the_status_code_says_whether_a_job_is_over() -> None:
    get = operation("getVideo", ID, parameters=[parameter("id")])
    get["responses"]["202"] = get["responses"]["200"]
    get["responses"]["200"] = {"description": "OK", "content": {"video/mp4": {}}}

    (job,) = lifecycles(
        {"/videos": {"post": operation("createVideo", ID)}, "/videos/{id}": {"get": get}}
    ).values()

    assert job["read"]["by_status"] == {"202": ["queued", "running"], "200": ["succeeded"]}
    assert job["result"] == {"as": "bytes", "operation": "getVideo", "media": "video/mp4"}


def test_a_participle_is_the_word_of_success_if_no_other_is() -> None:
    status = {"type": "string", "enum": ["in_progress", "transcribed", "failed"]}
    schema = {"type": "object", "properties": {"id": TEXT, "status": status}}

    job = lifecycles({"/jobs": {"post": operation("createJob", ID)}, **read(schema=schema)})["job"]

    assert job["states"]["transcribed"] == "succeeded"


def test_a_word_for_a_cancellation_that_was_asked_for_is_not_passed_by_itself() -> None:
    words = {"type": "string", "enum": ["pending", "cancel_pending", "running", "done", "cancelled"]}
    schema = {"type": "object", "properties": {"id": TEXT, "status": words}}
    cancel = operation("cancelJob", schema, parameters=[parameter("id")])
    paths = {"/jobs": {"post": operation("createJob", ID)}, **read(schema=schema)}

    job = lifecycles({**paths, "/jobs/{id}/cancel": {"post": cancel}})["job"]

    assert job["states"]["cancel_pending"] == {
        "means": "running",
        "only": True,
        "then": "cancelled",
        "after": "PT5S",
    }


def test_a_word_that_ends_with_does_not_exist_is_about_something_else() -> None:
    words = {"type": "string", "enum": ["pending", "VaultDoesNotExist", "done", "failed"]}
    schema = {"type": "object", "properties": {"id": TEXT, "status": words}}
    document: Any = {"paths": {"/jobs": {"post": operation("createJob", ID)}, **read(schema=schema)}}

    inferred = infer_lifecycles(document)

    assert inferred.refusals == {}


def test_a_boolean_says_whether_a_job_is_over_beside_what_came_of_it() -> None:
    message = {"type": "object", "properties": {"code": {"type": "integer"}, "message": TEXT}}
    members = {"id": TEXT, "done": {"type": "boolean"}, "error": message, "response": {"type": "object"}}
    schema = {"type": "object", "properties": members}

    job = lifecycles(
        {"/pages:scan": {"post": operation("scan", schema)}, **read("/operations/{id}", schema)}
    )["operation"]

    assert job["read"]["state"] == "$response.body#/done"
    assert job["states"] == {"false": "running", "true": {"means": ["succeeded", "failed"]}}
    assert job["errors"] == "$response.body#/error/message"
    assert job["result"] == {"as": "value", "from": "$response.body#/response"}


def test_a_code_of_an_error_is_no_message() -> None:
    code = {"type": "string", "enum": ["bad_input", "internal"]}
    members = {"id": TEXT, "status": WORDS, "failure": code, "failure_detail": TEXT, "error": TEXT}
    schema = {"type": "object", "properties": members}

    job = lifecycles({"/jobs": {"post": operation("createJob", ID)}, **read(schema=schema)})["job"]

    assert job["errors"] == "$response.body#/error"


def test_the_state_of_an_address_is_none_of_a_job() -> None:
    address = {"type": "object", "properties": {"street": TEXT, "city": TEXT, "state": TEXT}}
    customer = {"type": "object", "properties": {"id": TEXT, "billing": address}}
    post = operation("createCustomer", ID, description="Creates a customer. It sends a webhook.")
    post["requestBody"] = body(webhook_url=URL)

    assert lifecycles({"/customers": {"post": post}, **read("/customers/{id}", customer)}) == {}


def test_a_state_without_words_is_that_of_a_job_if_path_or_request_say_so() -> None:
    schema = {"type": "object", "properties": {"id": TEXT, "status": TEXT}}

    exports = lifecycles({"/exports": {"post": operation("export", ID)}, **read("/exports/{id}", schema)})
    contacts = lifecycles({"/contacts": {"post": operation("add", ID)}, **read("/contacts/{id}", schema)})

    assert (list(exports), contacts) == (["export"], {})


def test_words_may_begin_with_the_name_of_their_list() -> None:
    words = [f"BATCH_STATUS_{one}" for one in ("UNSPECIFIED", "QUEUED", "IN_PROGRESS", "COMPLETED", "FAILED")]
    schema = {"type": "object", "properties": {"id": TEXT, "status": {"type": "string", "enum": words}}}

    job = lifecycles({"/jobs": {"post": operation("createJob", ID)}, **read(schema=schema)})["job"]

    assert job["states"]["BATCH_STATUS_IN_PROGRESS"] == "running"
    assert job["states"]["BATCH_STATUS_FAILED"] == "failed"
    assert job["states"]["BATCH_STATUS_UNSPECIFIED"] == {"means": "failed", "only": True}


def test_a_state_may_be_in_an_object_named_status() -> None:
    state = {"type": "string", "description": "Valid states are 'PENDING', 'RUNNING' and 'DONE'."}
    status = {"type": "object", "properties": {"state": state}}
    schema = {"type": "object", "properties": {"id": TEXT, "status": status}}

    job = lifecycles({"/jobs": {"post": operation("createJob", schema)}, **read(schema=schema)})["job"]

    assert job["read"]["state"] == "$response.body#/status/state"


def test_of_two_states_that_with_the_words_of_jobs_is_taken() -> None:
    delivery = {"enum": ["accepted", "buffered", "answered", "human", "machine", "ok", "busy"]}
    members = {"id": TEXT, "status": delivery, "request_status": WORDS}
    schema = {"type": "object", "properties": members}

    job = lifecycles({"/jobs": {"post": operation("createJob", ID)}, **read(schema=schema)})["job"]

    assert job["read"]["state"] == "$response.body#/request_status"


def test_a_job_without_a_word_for_cancelled_ones_gets_that_of_failed_ones() -> None:
    cancel = operation("cancelJob", JOB, parameters=[parameter("id")])

    job = lifecycles(
        {"/jobs": {"post": operation("createJob", ID)}, **read(), "/jobs/{id}/cancel": {"post": cancel}}
    )["job"]

    assert job["moves"] == [{"operation": "cancelJob", "while": ["queued", "running"], "to": "cancelled"}]
    assert job["states"]["error"] == {"means": ["failed", "cancelled"]}


def test_a_word_that_is_about_no_job_is_a_refusal() -> None:
    words = {"type": "string", "enum": ["Pending", "Ready", "Error", "Task not found"]}
    schema = {"type": "object", "properties": {"id": TEXT, "status": words}}
    document: Any = {"paths": {"/jobs": {"post": operation("createJob", ID)}, **read(schema=schema)}}

    extension: Any = infer_lifecycles(document).extension

    assert list(extension["lifecycles"]["job"]["states"]) == ["Pending", "Ready", "Error"]
    assert extension["refusals"] == {"unknown": {"status": 200, "write": {"/status": "Task not found"}}}


def test_a_read_by_status_code_may_end_without_content() -> None:
    codes = {code: {"description": ""} for code in ("202", "204")}
    reading = {"operationId": "getResult", "parameters": [parameter("id")], "responses": codes}

    job = lifecycles({"/jobs": {"post": operation("createJob", ID)}, "/jobs/{id}": {"get": reading}})["job"]

    assert job["read"]["by_status"] == {"202": ["queued", "running"], "204": ["succeeded"]}
    assert "result" not in job


def test_a_state_without_words_may_have_the_name_of_the_job() -> None:
    task = {"type": "object", "properties": {"id": TEXT, "reportTaskStatus": TEXT}}
    paths = {"/report_tasks": {"post": accepted()}, **read("/report_tasks/{id}", task)}

    assert lifecycles(paths)["report_task"]["read"]["state"] == "$response.body#/reportTaskStatus"
