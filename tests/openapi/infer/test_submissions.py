"""Which operations start a job, and which start none."""

from typing import Any

from tests.openapi.infer.documents import (
    ID,
    JOB,
    TEXT,
    WORDS,
    body,
    lifecycles,
    operation,
    parameter,
    read,
)


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


def test_submissions_that_nothing_else_reads_belong_to_the_only_read_without_one() -> None:
    paths = {f"/{name}": {"post": operation(name, ID)} for name in ("text_to_image", "text_to_speech")}

    job = lifecycles(paths | read("/tasks/{id}"))["task"]

    assert [one["operation"] for one in job["submit"][1:]] == ["text_to_speech"]
    assert job["submit"][1]["result"] == {"from": "$response.body#/url", "media": "audio/mpeg"}


def test_what_creates_things_of_another_name_starts_no_job_of_their_import() -> None:
    paths: Any = {f"/{name}": {"post": operation(name, ID)} for name in ("devices", "device-import-task")}
    paths |= read("/device-import-task/{id}")
    paths["/devices/{id}"] = {"get": operation("getDevice", ID, parameters=[parameter("id")])}

    assert lifecycles(paths)["device_import_task"]["submit"] == ["device-import-task"]


def test_what_is_made_of_a_job_alone_starts_none_if_nothing_makes_the_first_one() -> None:
    post = operation("createToken", ID, parameters=[parameter("id")], description="Creates a job token.")

    assert lifecycles({"/jobs/{id}/tokens": {"post": post}, **read()}) == {}


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


def test_a_flag_of_the_request_makes_the_operation_asynchronous() -> None:
    post = operation("createJob", JOB, requestBody=body(background={"type": "boolean"}))

    job = lifecycles({"/jobs": {"post": post}, **read()})["job"]

    assert job["submit"] == [{"operation": "createJob", "when": {"$request.body#/background": True}}]


def test_a_base_of_all_objects_makes_no_submission() -> None:
    members = dict.fromkeys(("id", "name", "kind", "location", "tags"), TEXT)
    components = {"schemas": {"Base": {"type": "object", "properties": members}}}
    base = {"$ref": "#/components/schemas/Base"}
    account = {"allOf": [base, {"type": "object", "properties": {"secret": TEXT}}]}
    flow = {"allOf": [base, {"type": "object", "properties": {"status": WORDS}}]}
    paths = {"/accounts/a/key": {"post": operation("newKey", account)}, **read("/flows/{id}", flow)}

    assert lifecycles(paths, components=components) == {}
