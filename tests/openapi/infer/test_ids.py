"""Where the id of a job is, in requests and responses, and which requests start a job for it."""

import pytest
from tests.openapi.infer.documents import (
    ID,
    JOB,
    TEXT,
    URL,
    WORDS,
    accepted,
    lifecycles,
    operation,
    parameter,
    put,
    read,
)


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


def test_the_description_of_the_parameter_may_name_the_id() -> None:
    created = {"type": "object", "properties": {"id": TEXT, "ticket_id": TEXT}}
    get = operation("getJob", JOB)
    get["parameters"] = [parameter("id") | {"description": "The `ticket_id` of the response."}]

    job = lifecycles({"/jobs": {"post": operation("createJob", created)}, "/jobs/{id}": {"get": get}})["job"]

    assert job["id"]["from"] == "$response.body#/ticket_id"


@pytest.mark.parametrize("path", ["/renders/v4/{id}", "/renders/v2beta/{id}", "/v1.1/renders/{id}"])
def test_a_version_in_the_path_is_no_name_of_a_job(path: str) -> None:
    collection = path.removesuffix("/{id}")

    assert list(lifecycles({collection: {"post": operation("start", ID)}, **read(path)})) == ["render"]


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


def test_a_put_that_responds_with_nothing_new_only_updates() -> None:
    paths = put("/jobs/{id}", JOB)
    paths["/jobs/{id}"]["put"]["responses"] = {"204": {"description": "Updated"}}

    assert lifecycles(paths) == {}
