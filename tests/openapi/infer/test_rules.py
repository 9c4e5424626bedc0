"""What belongs to a job: lists, moves, results and webhooks; and schemas that are hard to read."""

from typing import Any

import pytest
from tests.openapi.infer.documents import (
    ID,
    JOB,
    TEXT,
    URL,
    WORDS,
    body,
    lifecycles,
    operation,
    parameter,
    read,
)


def test_the_name_of_a_function_for_jsonp_is_no_address_of_a_webhook() -> None:
    callback = {"name": "callback", "in": "query", "description": "JSONP", "schema": TEXT}
    post = operation("createJob", ID, parameters=[callback])

    job = lifecycles({"/jobs": {"post": post}, **read()})["job"]

    assert "deliver" not in job


def test_entries_with_other_words_are_no_list_of_the_jobs() -> None:
    inputs = {"type": "object", "properties": {"id": TEXT, "status": {"enum": ["queued", "used"]}}}
    listed = {"type": "object", "properties": {"inputs": {"type": "array", "items": inputs}}}
    schema = {"type": "object", "properties": {"id": TEXT, "status": WORDS}}
    paths: Any = {"/jobs": {"post": operation("createJob", ID)}, **read(schema=schema)}
    paths["/inputs"] = {"get": operation("listInputs", listed)}

    assert "list" not in lifecycles(paths)["job"]


def test_a_base_that_all_schemas_have_makes_no_two_of_them_alike() -> None:
    base = {"type": "object", "properties": {"kind": TEXT}}
    reference = {"$ref": "#/components/schemas/Base"}
    job = {"allOf": [reference, {"type": "object", "properties": {"key": TEXT, "state": WORDS}}]}
    hook = {"allOf": [reference, {"type": "object", "properties": {"key": TEXT, "url": URL}}]}
    paths: Any = {
        "/builds": {"post": operation("build", job)},
        "/hooks": {"post": operation("addHook", hook)},
    }
    paths["/builds/{key}"] = {"get": operation("getBuild", job, parameters=[parameter("key")])}

    inferred = lifecycles(paths, components={"schemas": {"Base": base}})

    assert inferred["build"]["submit"] == ["build"]


def test_invocations_are_read_in_a_collection_that_is_named_after_what_is_invoked() -> None:
    post = operation("invoke", ID, parameters=[parameter("id")])

    job = lifecycles({"/workflows/{id}": {"post": post}, **read("/workflow_invocations/{id}")})

    assert list(job) == ["workflow_invocation"]


def test_a_list_that_can_be_filtered_by_an_id_reads_no_job() -> None:
    filtered = parameter("stream_id", "query") | {"required": False}
    paths: Any = {"/assets": {"get": operation("listAssets", {"type": "array", "items": JOB})}}
    paths["/assets"]["get"]["parameters"] = [filtered]
    paths["/assets/tracks"] = {"post": operation("addTrack", JOB)}

    assert lifecycles(paths) == {}


def test_what_another_operation_reads_is_not_changed_with_the_job() -> None:
    sid = [parameter("Sid")]
    paths: Any = {"/prints": {"post": operation("createPrint", {"properties": {"sid": TEXT}})}}
    printed = {"type": "object", "properties": {"sid": TEXT, "status": WORDS}}
    paths["/prints/{Sid}"] = {"get": operation("getPrint", printed, parameters=sid)}
    paths["/hooks/{Sid}"] = {
        "get": operation("getHook", {"type": "object"}, parameters=sid),
        "delete": operation("deleteHook", {}, parameters=sid),
    }

    assert "moves" not in lifecycles(paths)["print"]


def test_an_operation_that_needs_another_id_has_no_result() -> None:
    content = operation("getFile", {"type": "object"}, parameters=[parameter("id"), parameter("file_id")])
    schema = {"type": "object", "properties": {"id": TEXT, "status": WORDS}}
    paths = {"/jobs": {"post": operation("createJob", ID)}, **read(schema=schema)}

    job = lifecycles({**paths, "/jobs/{id}/files/{file_id}/content": {"get": content}})["job"]

    assert "result" not in job


def test_operations_below_a_job_cancel_delete_and_make_another_one() -> None:
    words = {"type": "string", "enum": ["queued", "running", "done", "error", "canceled"]}
    job_schema = {"type": "object", "properties": {"id": TEXT, "status": words}}
    paths: Any = {"/jobs": {"post": operation("createJob", job_schema)}, **read(schema=job_schema)}
    paths["/jobs/{id}"]["delete"] = operation("deleteJob", {}, parameters=[parameter("id")])
    paths["/jobs/{id}/cancel"] = {"post": operation("cancelJob", job_schema, parameters=[parameter("id")])}
    paths["/jobs/{id}/upscale"] = {"post": operation("upscaleJob", job_schema, parameters=[parameter("id")])}

    job = lifecycles(paths)["job"]

    assert job["moves"] == [
        {"operation": "deleteJob", "to": "deleted"},
        {"operation": "cancelJob", "while": ["queued", "running"], "to": "canceled"},
    ]
    assert job["submit"][1] == {"operation": "upscaleJob", "of": "$request.path.id"}


def test_the_list_has_entries_like_the_job_and_is_paged() -> None:
    listed = {"type": "object", "properties": {"jobs": {"type": "array", "items": JOB}, "next_cursor": TEXT}}
    get = operation(
        "listJobs", listed, parameters=[parameter("cursor", "query"), parameter("limit", "query")]
    )

    job = lifecycles({"/jobs": {"post": operation("createJob", ID), "get": get}, **read()})["job"]

    assert job["list"] == {
        "operation": "listJobs",
        "each": "$.jobs[*]",
        "paging": {
            "by": "cursor",
            "at": "cursor",
            "limit": "limit",
            "next": "$response.body#/next_cursor",
        },
    }


@pytest.mark.parametrize(
    ("field", "target"),
    [("webhook_url", {"field": "webhook_url"}), ("callbackUrl", {"field": "callbackUrl"})],
)
def test_a_field_of_the_request_has_the_address_of_a_webhook(field: str, target: object) -> None:
    post = operation("createJob", ID, requestBody=body(**{field: URL}))

    job = lifecycles({"/jobs": {"post": post}, **read()})["job"]

    assert job["deliver"]["target"] == target


def test_webhooks_are_named_after_the_job_and_its_words() -> None:
    webhooks = {name: {"post": operation(name, {})} for name in ("job_done", "job_error", "user_created")}

    job = lifecycles({"/jobs": {"post": operation("createJob", ID)}, **read()}, webhooks=webhooks)["job"]

    assert job["deliver"]["events"] == {"done": "job_done", "error": "job_error"}
    assert job["deliver"]["target"] == {"account": True}


def test_a_job_that_is_delivered_and_not_read() -> None:
    response = {"oneOf": [{"type": "object", "properties": {"results": {"type": "object"}}}, ID]}
    post = operation("transcribe", response, parameters=[parameter("callback", "query")])

    job = lifecycles({"/listen": {"post": post}})["transcribe"]

    assert "read" not in job
    assert job["submit"] == [{"operation": "transcribe", "when": {"$request.query.callback": True}}]
    assert job["result"]["from"] == "$response.body#/results"
    assert job["deliver"]["target"] == {"query": "callback"}


def test_a_description_says_how_long_an_address_works() -> None:
    url = URL | {"description": "Expires after 30 minutes; read the job again for a fresh URL."}
    schema = {"type": "object", "properties": {"id": TEXT, "status": WORDS, "url": url}}

    job = lifecycles({"/jobs": {"post": operation("createJob", ID)}, **read(schema=schema)})["job"]

    assert job["result"] == {"from": "$response.body#/url", "expires": "PT30M", "renew": True}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": {}, "properties": {"status": WORDS, "id": TEXT}},
        {"type": "object", "properties": {"status": {"enum": "queued"}, "id": {"type": [{}, "string"]}}},
        {"properties": {"status": WORDS, "id": True, "result": {"items": True}}},
        {"oneOf": [True, {"$ref": "#/components/schemas/Lost"}], "properties": {"status": {"const": {}}}},
        {"properties": {"status": WORDS, "id": TEXT, "parent": {"$ref": "#/paths/~1jobs"}}},
        {"properties": []},
    ],
)
def test_schemas_of_any_shape_are_read(schema: object) -> None:
    paths = {"/jobs": {"post": operation("createJob", schema)}, **read(schema=schema)}

    for job in lifecycles(paths).values():
        assert job["submit"] == ["createJob"]


def test_schemas_that_contain_themselves_have_an_end() -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}, "url": URL}}
    schema = {
        "type": "object",
        "properties": {"id": TEXT, "status": WORDS, "output": {"$ref": "#/components/schemas/Node"}},
    }
    paths = {"/jobs": {"post": operation("createJob", ID)}, **read(schema=schema)}

    job = lifecycles(paths, components={"schemas": {"Node": node}})["job"]

    assert job["result"] == {"from": "$response.body#/output/url"}


def test_progress_below_a_job_is_no_result() -> None:
    paths = {
        "/jobs": {"post": operation("createJob", ID)},
        **read(schema={"type": "object", "properties": {"id": TEXT, "status": WORDS}}),
        "/jobs/{id}/progress": {"get": operation("getProgress", TEXT, parameters=[parameter("id")])},
    }

    assert "result" not in lifecycles(paths)["job"]


def test_an_address_that_has_the_id_is_no_result() -> None:
    job = {"type": "object", "properties": {"url": URL, "status": WORDS}}

    found = lifecycles({"/builds": {"post": operation("build", job)}, **read("/builds/{id}", job)})["build"]

    assert found["id"]["urls"] == "$response.body#/url"
    assert "result" not in found


@pytest.mark.parametrize("entry", [{"type": "integer"}, TEXT])
def test_a_list_of_things_of_a_job_is_no_list_of_jobs(entry: object) -> None:
    row = {"type": "object", "properties": {"id": TEXT, "status": entry}}
    listed = operation("listRows", {"type": "array", "items": row}, parameters=[parameter("job_id", "query")])
    paths = {"/jobs": {"post": operation("createJob", ID)}, **read(), "/job_rows": {"get": listed}}

    assert "list" not in lifecycles(paths)["job"]


def test_a_list_by_the_id_of_something_else_reads_no_job() -> None:
    listed = operation(
        "listRuns", {"type": "array", "items": JOB}, parameters=[parameter("flow_id", "query")]
    )
    paths = {"/flows": {"post": operation("createFlow", ID)}, "/flow_runs": {"get": listed}}

    assert lifecycles(paths) == {}


def test_the_only_text_of_a_response_is_no_id_if_it_is_a_state() -> None:
    begun = operation("build", {"type": "object", "properties": {"status": TEXT, "url": URL}})

    found = lifecycles({"/builds": {"post": begun}, **read("/builds/{id}")})["build"]

    assert found["id"] == {"urls": "$response.body#/url", "parameter": "id"}
