"""The rules by which jobs are recognised, each on a document of a few lines."""

from typing import Any

import pytest

from safelight_openapi import infer_lifecycles

TEXT: Any = {"type": "string"}
URL: Any = {"type": "string", "format": "uri"}
WORDS: Any = {"type": "string", "enum": ["queued", "running", "done", "error"]}
JOB: Any = {"type": "object", "properties": {"id": TEXT, "status": WORDS, "url": URL}}
ID: Any = {"type": "object", "properties": {"id": TEXT}}


def operation(name: str, schema: object, **members: object) -> Any:  # noqa: ANN401 - as documents are read
    """Return an operation whose response has a schema."""
    response = {"description": "OK", "content": {"application/json": {"schema": schema}}}
    return {"operationId": name, "responses": {"200": response}, **members}


def parameter(name: str, location: str = "path") -> Any:  # noqa: ANN401 - as documents are read
    return {"name": name, "in": location, "required": True, "schema": TEXT}


def body(**fields: object) -> Any:  # noqa: ANN401 - as documents are read
    return {"content": {"application/json": {"schema": {"type": "object", "properties": fields}}}}


def lifecycles(paths: object, **members: object) -> Any:  # noqa: ANN401 - as documents are read
    """Return what is inferred from these paths, by lifecycle."""
    document: Any = {"openapi": "3.1.2", "info": {"title": "A", "version": "1"}, "paths": paths, **members}
    extension: Any = infer_lifecycles(document).extension
    return extension["lifecycles"] if extension else {}


def read(path: str = "/jobs/{id}", schema: object = JOB, **members: object) -> Any:  # noqa: ANN401 - as above
    return {path: {"get": operation("getJob", schema, parameters=[parameter("id")], **members)}}


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


def test_a_post_to_the_collection_of_the_read_is_the_submission() -> None:
    job = lifecycles({"/jobs": {"post": operation("createJob", ID)}, **read()})["job"]

    assert job["submit"] == ["createJob"]
    assert job["id"] == {"from": "$response.body#/id", "parameter": "id"}
    assert job["read"] == {"operation": "getJob", "state": "$response.body#/status"}
    assert job["states"] == {"queued": "queued", "running": "running", "done": "succeeded", "error": "failed"}
    assert job["result"] == {"from": "$response.body#/url"}


def test_a_link_leads_from_the_submission_to_the_read() -> None:
    post = operation("render", {"type": "object", "properties": {"ticket": TEXT}})
    links = {"Job": {"operationId": "getJob", "parameters": {"id": "$response.header.X-Ticket"}}}
    post["responses"]["200"] |= {"links": links, "headers": {"X-Ticket": {"schema": TEXT}}}

    job = lifecycles({"/images": {"post": post}, **read()})["job"]

    assert (job["submit"], job["id"]["from"]) == (["render"], "$response.header.X-Ticket")


@pytest.mark.parametrize("header", ["Operation-Location", "Location"])
def test_a_submission_without_a_body_has_the_id_in_the_url_of_a_header(header: str) -> None:
    post = {
        "operationId": "analyze",
        "x-ms-long-running-operation": True,
        "responses": {"202": {"description": "Accepted", "headers": {header: {"schema": URL}}}},
    }

    job = lifecycles({"/models/{model}:analyze": {"post": post}, **read("/models/analyzeResults/{id}")})

    (analysis,) = job.values()
    assert analysis["id"] == {"urls": f"$response.header.{header}", "parameter": "id"}
    assert analysis["read"]["follow"] == f"$response.header.{header}"


def test_an_id_in_the_query_and_a_url_to_poll() -> None:
    response = {"type": "object", "properties": {"id": TEXT, "polling_url": URL}}
    get = operation("getResult", JOB, parameters=[parameter("id", "query")])

    (job,) = lifecycles(
        {"/v1/flux": {"post": operation("flux", response)}, "/v1/get_result": {"get": get}}
    ).values()

    assert job["id"] == {
        "from": "$response.body#/id",
        "urls": "$response.body#/polling_url",
        "parameter": "id",
    }
    assert job["read"]["follow"] == "$response.body#/polling_url"


def test_an_id_may_have_the_name_of_the_parameter_alone() -> None:
    job_schema = {"type": "object", "properties": {"JobName": TEXT, "JobStatus": WORDS}}
    wrapped = {"type": "object", "properties": {"Job": job_schema}}
    get = operation("GetJob", wrapped, parameters=[parameter("JobName")])

    job = lifecycles({"/jobs": {"post": operation("StartJob", wrapped)}, "/jobs/{JobName}": {"get": get}})[
        "job"
    ]

    assert job["id"] == {"from": "$response.body#/Job/JobName", "parameter": "JobName"}
    assert job["read"]["state"] == "$response.body#/Job/JobStatus"


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


def test_submissions_that_nothing_else_reads_belong_to_the_only_read_without_one() -> None:
    paths = {f"/{name}": {"post": operation(name, ID)} for name in ("text_to_image", "text_to_speech")}

    job = lifecycles(paths | read("/tasks/{id}"))["task"]

    assert [one["operation"] for one in job["submit"][1:]] == ["text_to_speech"]
    assert job["submit"][1]["result"] == {"from": "$response.body#/url", "media": "audio/mpeg"}


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


def test_what_creates_things_of_another_name_starts_no_job_of_their_import() -> None:
    paths: Any = {f"/{name}": {"post": operation(name, ID)} for name in ("devices", "device-import-task")}
    paths |= read("/device-import-task/{id}")
    paths["/devices/{id}"] = {"get": operation("getDevice", ID, parameters=[parameter("id")])}

    assert lifecycles(paths)["device_import_task"]["submit"] == ["device-import-task"]


def test_what_is_made_of_a_job_alone_starts_none_if_nothing_makes_the_first_one() -> None:
    post = operation("createToken", ID, parameters=[parameter("id")], description="Creates a job token.")

    assert lifecycles({"/jobs/{id}/tokens": {"post": post}, **read()}) == {}


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


def test_of_two_states_that_with_the_words_of_jobs_is_taken() -> None:
    delivery = {"enum": ["accepted", "buffered", "answered", "human", "machine", "ok", "busy"]}
    members = {"id": TEXT, "status": delivery, "request_status": WORDS}
    schema = {"type": "object", "properties": members}

    job = lifecycles({"/jobs": {"post": operation("createJob", ID)}, **read(schema=schema)})["job"]

    assert job["read"]["state"] == "$response.body#/request_status"


def test_the_description_of_the_parameter_may_name_the_id() -> None:
    created = {"type": "object", "properties": {"id": TEXT, "ticket_id": TEXT}}
    get = operation("getJob", JOB)
    get["parameters"] = [parameter("id") | {"description": "The `ticket_id` of the response."}]

    job = lifecycles({"/jobs": {"post": operation("createJob", created)}, "/jobs/{id}": {"get": get}})["job"]

    assert job["id"]["from"] == "$response.body#/ticket_id"


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


def test_a_job_without_a_word_for_cancelled_ones_gets_that_of_failed_ones() -> None:
    cancel = operation("cancelJob", JOB, parameters=[parameter("id")])

    job = lifecycles(
        {"/jobs": {"post": operation("createJob", ID)}, **read(), "/jobs/{id}/cancel": {"post": cancel}}
    )["job"]

    assert job["moves"] == [{"operation": "cancelJob", "while": ["queued", "running"], "to": "cancelled"}]
    assert job["states"]["error"] == {"means": ["failed", "cancelled"]}


def test_an_operation_with_the_response_of_other_submissions_belongs_to_their_read() -> None:
    paths: Any = {
        f"/{name}": {"post": operation(name, ID, description="It starts a new task.")}
        for name in ("draw", "paint")
    }
    paths["/upscale"] = {"post": operation("upscale", ID)}
    paths |= read("/tasks/{id}")
    paths["/talks/{id}"] = {"get": operation("getTalk", JOB, parameters=[parameter("id")])}

    inferred = lifecycles(paths)

    assert list(inferred) == ["task"]
    assert inferred["task"]["submit"] == ["draw", "paint", "upscale"]


def test_what_responds_with_more_than_an_id_is_no_submission_for_want_of_a_better_one() -> None:
    member = {"type": "object", "properties": {"id": TEXT, "name": TEXT, "a": TEXT, "b": TEXT, "c": TEXT}}

    assert lifecycles({"/members": {"post": operation("createMember", member)}, **read("/tasks/{id}")}) == {}


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


def test_a_flag_of_the_request_makes_the_operation_asynchronous() -> None:
    post = operation("createJob", JOB, requestBody=body(background={"type": "boolean"}))

    job = lifecycles({"/jobs": {"post": post}, **read()})["job"]

    assert job["submit"] == [{"operation": "createJob", "when": {"$request.body#/background": True}}]


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


def test_a_word_that_is_about_no_job_is_a_refusal() -> None:
    words = {"type": "string", "enum": ["Pending", "Ready", "Error", "Task not found"]}
    schema = {"type": "object", "properties": {"id": TEXT, "status": words}}
    document: Any = {"paths": {"/jobs": {"post": operation("createJob", ID)}, **read(schema=schema)}}

    extension: Any = infer_lifecycles(document).extension

    assert list(extension["lifecycles"]["job"]["states"]) == ["Pending", "Ready", "Error"]
    assert extension["refusals"] == {"unknown": {"status": 200, "write": {"/status": "Task not found"}}}


def test_schemas_that_contain_themselves_have_an_end() -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}, "url": URL}}
    schema = {
        "type": "object",
        "properties": {"id": TEXT, "status": WORDS, "output": {"$ref": "#/components/schemas/Node"}},
    }
    paths = {"/jobs": {"post": operation("createJob", ID)}, **read(schema=schema)}

    job = lifecycles(paths, components={"schemas": {"Node": node}})["job"]

    assert job["result"] == {"from": "$response.body#/output/url"}


@pytest.mark.parametrize("path", ["/renders/v4/{id}", "/renders/v2beta/{id}", "/v1.1/renders/{id}"])
def test_a_version_in_the_path_is_no_name_of_a_job(path: str) -> None:
    collection = path.removesuffix("/{id}")

    assert list(lifecycles({collection: {"post": operation("start", ID)}, **read(path)})) == ["render"]


def put(path: str, schema: object, name: str = "id", **members: object) -> Any:  # noqa: ANN401 - as above
    """Return paths in which the client names the job in a PUT to the path of its read."""
    paths = read(path, schema)
    paths[path]["put"] = operation("putJob", schema, parameters=[parameter(name)], **members)
    return paths


def test_a_put_to_the_path_of_the_read_starts_a_job_whose_id_the_client_chooses() -> None:
    paths = put("/jobs/{id}", JOB)
    paths["/jobs/{id}"]["put"]["responses"]["201"] = paths["/jobs/{id}"]["put"]["responses"].pop("200")

    job = lifecycles(paths)["job"]

    assert job["submit"] == ["putJob"]
    assert job["id"] == {"from": ["$request.path.id", "$response.body#/id"], "parameter": "id"}


def test_a_put_beside_a_post_to_the_collection_only_updates_a_job() -> None:
    paths = {"/jobs": {"post": operation("createJob", ID)}, **put("/jobs/{id}", JOB)}

    assert lifecycles(paths)["job"]["submit"] == ["createJob"]


def test_a_verb_starts_a_job_whose_id_is_in_its_path() -> None:
    start = {
        "operationId": "startScan",
        "parameters": [parameter("id")],
        "responses": {"202": {"description": ""}},
    }

    job = lifecycles({"/scans/{id}/start": {"post": start}, **read("/scans/{id}")})["scan"]

    assert (job["submit"], job["id"]["from"]) == (["startScan"], "$request.path.id")


def test_a_required_field_is_the_id_if_the_response_has_nothing() -> None:
    fields = {"type": "object", "required": ["id"], "properties": {"id": TEXT, "pool": TEXT}}
    add = {
        "operationId": "addJob",
        "requestBody": {"content": {"application/json": {"schema": fields}}},
        "responses": {"201": {"description": "Added"}},
    }

    job = lifecycles({"/jobs": {"post": add}, **read()})["job"]

    assert (job["submit"], job["id"]["from"]) == (["addJob"], "$request.body#/id")


def accepted(description: str = "Accepted") -> Any:  # noqa: ANN401 - as documents are read
    return {"operationId": "start", "responses": {"202": {"description": description}}}


@pytest.mark.parametrize(
    ("path", "jobs"),
    [
        ("/jobs", "/jobs/{id}"),
        ("/vaults/v/backup", "/vaults/v/operationResults/{id}"),
        ("/vaults/v", "/vaults/v/operations/{id}"),
    ],
)
def test_a_202_without_anything_has_the_url_of_the_job_near_it_in_its_header(path: str, jobs: str) -> None:
    (job,) = lifecycles({path: {"post": accepted()}, **read(jobs)}).values()

    assert job["submit"] == ["start"]
    assert job["id"]["urls"] == job["read"]["follow"] == "$response.header.Location"


def test_a_202_without_anything_is_no_submission_of_jobs_elsewhere() -> None:
    assert lifecycles({"/images": {"post": accepted()}, **read("/operations/{id}")}) == {}


def test_a_header_of_which_only_the_description_speaks_has_the_url_of_the_job() -> None:
    said = accepted("The Location header has the URL of the job.")

    (job,) = lifecycles({"/images": {"post": said}, **read()}).values()

    assert job["id"]["urls"] == "$response.header.Location"


def test_an_address_that_is_the_only_thing_in_the_response_has_the_id() -> None:
    link = {"type": "object", "properties": {"@href": TEXT, "@rel": TEXT}}
    created = operation("createJob", {"type": "object", "properties": {"Link": link}})

    job = lifecycles({"/jobs": {"post": created}, **read("/jobs/{id}/info")})["info"]

    assert job["id"]["urls"] == "$response.body#/Link/@href"


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


def test_a_base_of_all_objects_makes_no_submission() -> None:
    members = dict.fromkeys(("id", "name", "kind", "location", "tags"), TEXT)
    components = {"schemas": {"Base": {"type": "object", "properties": members}}}
    base = {"$ref": "#/components/schemas/Base"}
    account = {"allOf": [base, {"type": "object", "properties": {"secret": TEXT}}]}
    flow = {"allOf": [base, {"type": "object", "properties": {"status": WORDS}}]}
    paths = {"/accounts/a/key": {"post": operation("newKey", account)}, **read("/flows/{id}", flow)}

    assert lifecycles(paths, components=components) == {}


def test_progress_below_a_job_is_no_result() -> None:
    paths = {
        "/jobs": {"post": operation("createJob", ID)},
        **read(schema={"type": "object", "properties": {"id": TEXT, "status": WORDS}}),
        "/jobs/{id}/progress": {"get": operation("getProgress", TEXT, parameters=[parameter("id")])},
    }

    assert "result" not in lifecycles(paths)["job"]


def test_a_put_that_responds_with_nothing_new_only_updates() -> None:
    paths = put("/jobs/{id}", JOB)
    paths["/jobs/{id}"]["put"]["responses"] = {"204": {"description": "Updated"}}

    assert lifecycles(paths) == {}


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
