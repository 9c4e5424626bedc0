"""Documents as they are met are played by `safelight-mock dry-run` without an overlay."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from safelight_mock.adapters.cli import main

pytestmark = pytest.mark.slow

TEXT: Any = {"type": "string"}
URL: Any = {"type": "string", "format": "uri"}
WORDS: Any = {"type": "string", "enum": ["queued", "printing", "done", "failed"]}
PRINT: Any = {"type": "object", "required": ["id", "status"], "properties": {"id": TEXT, "status": WORDS}}
ID: Any = {"name": "id", "in": "path", "required": True, "schema": TEXT}


def operation(name: str, schema: object, **members: object) -> Any:  # noqa: ANN401 - as documents are read
    """Return an operation whose response has a schema."""
    response = {"description": "OK", "content": {"application/json": {"schema": schema}}}
    return {"operationId": name, "responses": {"200": response}, **members}


def body(schema: object, media_type: str = "application/json") -> Any:  # noqa: ANN401 - as above
    return {"content": {media_type: {"schema": schema}}, "required": True}


def document(job: object = PRINT, /, paths: object = None, **submission: object) -> Any:  # noqa: ANN401 - as above
    """Return a document in which createPrint starts a job that getPrint reads."""
    usual = {
        "/prints": {"post": operation("createPrint", job, **submission)},
        "/prints/{id}": {"get": operation("getPrint", job, parameters=[ID])},
    }
    return {
        "openapi": "3.1.2",
        "info": {"title": "Prints", "version": "1"},
        "paths": usual | (paths if isinstance(paths, dict) else {}),
    }


def dry_run(folder: Path, described: object) -> list[str]:
    """Return what is printed of a document that is played to its end."""
    path = folder / "prints.json"
    path.write_text(json.dumps(described), "utf-8")
    printed = CliRunner().invoke(main, ["dry-run", str(path), "--quiet"])
    assert printed.exit_code == 0, printed.output
    return [line.strip() for line in printed.stdout.splitlines()]


def test_a_job_is_submitted_read_until_its_end_and_fails(tmp_path: Path) -> None:
    assert [line.partition(": ")[2] for line in dry_run(tmp_path, document())[3:]] == [
        "queued -> printing -> done",
        "failed",
        "status 404",
    ]


def test_a_doubtful_result_and_a_doubtful_cancellation_are_played(tmp_path: Path) -> None:
    job = {**PRINT, "properties": {**PRINT["properties"], "output": {}}}
    cancel = operation("cancelPrint", job, parameters=[ID])

    lines = dry_run(tmp_path, document(job, {"/prints/{id}/cancel": {"post": cancel}}))

    assert "result: 1 of kind value" in lines
    assert "cancel: failed" in lines  # there is no other word for it


def test_the_url_to_cancel_in_the_response_is_the_one_of_the_operation(tmp_path: Path) -> None:
    urls = {"type": "object", "required": ["cancel"], "properties": {"cancel": URL}}
    job = {**PRINT, "properties": {**PRINT["properties"], "urls": urls}, "required": ["id", "status", "urls"]}
    cancel = operation("cancelPrint", job, parameters=[ID])

    lines = dry_run(tmp_path, document(job, {"/prints/{id}/cancel": {"post": cancel}}))

    assert "cancel: failed" in lines


def test_a_body_that_several_branches_of_a_one_of_allow_is_taken(tmp_path: Path) -> None:
    page = {"type": "object", "required": ["text"], "properties": {"text": TEXT}}
    alike = {"oneOf": [page, {**page, "title": "Cover"}]}

    lines = dry_run(tmp_path, document(requestBody=body(alike)))

    assert "poll: queued -> printing -> done" in lines


def test_required_texts_are_made_by_their_pattern(tmp_path: Path) -> None:
    code = {"type": "string", "pattern": "^PR[0-9a-f]{8}$"}
    wanted = {"type": "object", "required": ["code"], "properties": {"code": code}}

    lines = dry_run(tmp_path, document(requestBody=body(wanted)))

    assert "poll: queued -> printing -> done" in lines


@pytest.mark.parametrize(
    "member",
    [
        {"type": "string", "enum": ["matt", "gloss"], "example": "matte finish"},
        {"type": "string", "pattern": "^arn:(cn|us)(-gov)?:[a-z]{1,50}$", "default": "none"},
    ],
)
def test_an_optional_member_whose_example_its_schema_forbids_is_left_out(
    tmp_path: Path, member: object
) -> None:
    lines = dry_run(tmp_path, document({**PRINT, "properties": {**PRINT["properties"], "finish": member}}))

    assert "poll: queued -> printing -> done" in lines


@pytest.mark.parametrize(
    "member",
    [
        {"type": "string", "format": "json-pointer"},
        {"type": "string", "format": "date-time", "minLength": 25},
        {"type": "string", "pattern": "^[0-9]+[KMG]$", "maxLength": 6},
        {"type": "string", "pattern": "^[a-z0-9]+={0,2}$", "minLength": 24},
        {"type": "string", "pattern": "^arn:[a-z]*:(thing|group)/.+$"},
        {"type": "string", "pattern": "[\\uD800\\uDBFF-\\uDC00]*"},  # no validator accepts it
    ],
)
def test_required_texts_are_as_format_length_and_pattern_want_them(tmp_path: Path, member: object) -> None:
    job = {
        **PRINT,
        "properties": {**PRINT["properties"], "detail": member},
        "required": ["id", "status", "detail"],
    }

    assert "poll: queued -> printing -> done" in dry_run(tmp_path, document(job))


def test_errors_without_a_described_body_and_with_one_of_text_are_refusals(tmp_path: Path) -> None:
    described = document(security=[{"key": []}])
    described["components"] = {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}}
    text = {"description": "Not found", "content": {"text/plain": {"schema": TEXT}}}
    described["paths"]["/prints/{id}"]["get"]["responses"]["404"] = text
    described["paths"]["/prints"]["post"]["responses"]["401"] = {"description": "No key"}

    lines = dry_run(tmp_path, described)

    assert "unknown id: status 404" in lines
    assert "no key: status 401" in lines


def test_a_body_of_any_media_type_is_sent_as_json(tmp_path: Path) -> None:
    wanted = {"type": "object", "required": ["text"], "properties": {"text": TEXT}}

    assert "poll: queued -> printing -> done" in dry_run(tmp_path, document(requestBody=body(wanted, "*/*")))


def test_what_of_a_lifecycle_the_document_forbids_is_left_out_alone(tmp_path: Path) -> None:
    described = document(requestBody=body({"type": "object", "properties": {"callback_url": URL}}))
    described["paths"]["/prints"]["post"]["callbacks"] = {"ended": {"{$request.body#/url}": {}}}

    assert "poll: queued -> printing -> done" in dry_run(tmp_path, described)


def test_a_story_that_sticks_at_once_has_the_name_of_its_operation(tmp_path: Path) -> None:
    path = tmp_path / "prints.json"
    impossible = {"type": "object", "required": ["code"], "properties": {"code": {"not": {}}}}
    path.write_text(json.dumps(document(requestBody=body(impossible))), "utf-8")

    printed = CliRunner().invoke(main, ["dry-run", str(path), "--quiet"])

    assert printed.exit_code == 1
    assert "print: createPrint\n  sticks here: createPrint responded 422" in printed.stdout


def test_content_of_a_get_that_the_document_requires_is_not_sent(tmp_path: Path) -> None:
    described = document()
    listed = {"type": "object", "properties": {"prints": {"type": "array", "items": PRINT}}}
    described["paths"]["/prints"]["get"] = operation(
        "listPrints", listed, requestBody=body({"type": "object"})
    )

    assert "list: 1 jobs" in dry_run(tmp_path, described)


def test_a_time_is_written_as_its_pattern_wants_it(tmp_path: Path) -> None:
    local = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$"}
    entry = {**PRINT, "properties": {**PRINT["properties"], "created": local}, "required": ["created"]}
    listed = {"type": "object", "properties": {"prints": {"type": "array", "items": entry}}}
    described = document()
    described["paths"]["/prints"]["get"] = operation("listPrints", listed)

    assert "list: 1 jobs" in dry_run(tmp_path, described)


@pytest.mark.parametrize("security", [[], [{"forgotten": []}]])
def test_the_key_is_sent_where_the_document_forgets_to_say_that_it_is_needed(
    tmp_path: Path, security: object
) -> None:
    described = document(
        security=security,
        requestBody=body({"type": "object", "properties": {"webhook_url": URL}}),
    )
    described["components"] = {
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}
    }

    assert "webhook: 1 received" in dry_run(tmp_path, described)


def test_a_boolean_that_says_whether_a_job_is_done_is_played(tmp_path: Path) -> None:
    error = {"type": "object", "properties": {"message": TEXT}}
    members = {"name": TEXT, "done": {"type": "boolean"}, "error": error, "response": {"type": "object"}}
    scan = {"type": "object", "properties": members}
    name = {"name": "name", "in": "path", "required": True, "schema": TEXT}
    described = document()
    described["paths"] = {
        "/pages:scan": {"post": operation("scan", scan)},
        "/operations/{name}": {"get": operation("getOperation", scan, parameters=[name])},
    }

    lines = dry_run(tmp_path, described)

    assert "poll: false -> true" in lines
    assert "failure: false -> true: The job failed." in lines or "failure: true: The job failed." in lines


def with_error(status: str, schema: object, **members: object) -> Any:  # noqa: ANN401 - as documents are read
    """Return a document whose read responds to an unknown id with an error of this schema."""
    described = document()
    content = {"application/json": {"schema": schema, **members}}
    described["paths"]["/prints/{id}"]["get"]["responses"][status] = {
        "description": "Bad",
        "content": content,
    }
    return described


def test_an_error_whose_example_its_schema_forbids_is_corrected(tmp_path: Path) -> None:
    properties = {"trace": {"type": "string", "format": "uuid"}, "message": TEXT}
    schema = {"type": "object", "properties": properties, "required": ["trace"]}
    example = {"trace": "5771b3d4-95ae-lds2", "message": "There is no such print."}

    assert "unknown id: status 404" in dry_run(tmp_path, with_error("404", schema, example=example))


def test_of_the_errors_of_a_union_the_one_with_the_status_is_sent(tmp_path: Path) -> None:
    kinds = [
        {"type": "object", "required": ["status"], "properties": {"status": {"const": status}}}
        for status in (409, 404)
    ]

    assert "unknown id: status 404" in dry_run(tmp_path, with_error("4XX", {"anyOf": kinds}))


def test_a_wrong_example_inside_what_is_required_is_made_anew(tmp_path: Path) -> None:
    glossy = {"type": "boolean", "example": "true"}
    shop = {"type": "string", "pattern": r"^(https?://)?([\da-z.-]+)\.([a-z.]{2,6})([/\w .-]*)*/?$"}
    paper = {"type": "object", "required": ["glossy"], "properties": {"glossy": glossy}}
    properties = {**PRINT["properties"], "paper": paper, "shop": shop | {"example": "https://example.com"}}
    job = {**PRINT, "properties": properties, "required": ["id", "status", "paper", "shop"]}

    assert "poll: queued -> printing -> done" in dry_run(tmp_path, document(job))


def test_an_optional_part_of_which_no_value_can_be_made_is_left_out(tmp_path: Path) -> None:
    impossible = {"type": "string", "pattern": "^(?=x)(?!x)"}
    files = {
        "type": "array",
        "items": {"type": "object", "required": ["arn"], "properties": {"arn": impossible}},
    }
    job = {"type": "object", "required": ["print"], "properties": {"print": PRINT, "files": files}}

    assert "poll: queued -> printing -> done" in dry_run(tmp_path, document(job))


@pytest.mark.parametrize(
    "schema",
    [
        {"minLength": 22, "maxLength": 22},
        {"minLength": 22, "maxLength": 22, "pattern": "^[A-Za-z-0-9]+$"},
        {"maxLength": 8},
        {"pattern": "^PR-[0-9a-f]{8}$"},
    ],
)
def test_ids_have_the_length_and_the_pattern_that_the_response_wants(tmp_path: Path, schema: object) -> None:
    identifier = {"type": "string"} | (schema if isinstance(schema, dict) else {})
    job = {**PRINT, "properties": {**PRINT["properties"], "id": identifier}}

    assert "poll: queued -> printing -> done" in dry_run(tmp_path, document(job))


def test_parameters_are_as_long_as_their_pattern_may_be(tmp_path: Path) -> None:
    account = {"type": "string", "pattern": "^[a-zA-Z0-9]*$", "minLength": 5, "maxLength": 50}
    parameter = {"name": "account", "in": "query", "required": True, "schema": account}

    assert "poll: queued -> printing -> done" in dry_run(tmp_path, document(parameters=[parameter]))


def test_a_time_of_a_pattern_with_groups_is_made(tmp_path: Path) -> None:
    pattern = r"^[0-9]{4}-?[0-9]{2}-?[0-9]{2}( |T)?[0-9]{2}:?[0-9]{2}:?[0-9]{2}(.[0-9]{1,6})?(Z|[+][0-9]{2})$"
    properties = {**PRINT["properties"], "at": {"type": "string", "pattern": pattern}}
    job = {**PRINT, "properties": properties, "required": ["id", "status", "at"]}

    assert "poll: queued -> printing -> done" in dry_run(tmp_path, document(job))


def test_a_content_type_among_the_parameters_is_not_sent_as_one(tmp_path: Path) -> None:
    header = {"name": "Content-Type", "in": "header", "required": True, "schema": TEXT}
    wanted = body({"type": "object", "required": ["text"], "properties": {"text": TEXT}})

    lines = dry_run(tmp_path, document(requestBody=wanted, parameters=[header]))

    assert "poll: queued -> printing -> done" in lines


def test_a_cancellation_without_a_response_of_success_is_played(tmp_path: Path) -> None:
    refused = {"400": {"description": "Not possible"}}
    cancel = {"operationId": "cancelPrint", "parameters": [ID], "responses": refused}

    lines = dry_run(tmp_path, document(PRINT, {"/prints/{id}/cancel": {"post": cancel}}))

    assert "cancel: failed" in lines


def test_a_result_of_bytes_has_the_status_and_the_headers_of_its_operation(tmp_path: Path) -> None:
    content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    partial = {
        "description": "A part",
        "headers": {"Content-Range": {"schema": TEXT}, "X-Trace": {"schema": TEXT}},
        "content": content,
    }
    responses = {"204": {"description": "Nothing there"}, "206": partial}
    download = {"operationId": "download", "parameters": [ID], "responses": responses}

    lines = dry_run(tmp_path, document(PRINT, {"/prints/{id}/content": {"get": download}}))

    assert "result: 1 of kind bytes" in lines


def test_a_list_whose_example_its_schema_forbids_is_corrected(tmp_path: Path) -> None:
    total = {"type": "object", "required": ["pages"], "properties": {"pages": {"type": "integer"}}}
    properties = {"prints": {"type": "array", "items": PRINT}, "sum": total}
    listed = {"type": "object", "required": ["prints", "sum"], "properties": properties}
    described = document()
    shown = {"schema": listed, "example": {"prints": [], "sum": {"pages": "many"}}}
    responses = {"200": {"description": "OK", "content": {"application/json": shown}}}
    described["paths"]["/prints"]["get"] = {"operationId": "listPrints", "responses": responses}

    assert "list: 1 jobs" in dry_run(tmp_path, described)


def test_the_id_that_a_client_chooses_is_one_that_the_read_takes(tmp_path: Path) -> None:
    described = document()
    exact = {**ID, "schema": {"type": "string", "format": "uuid"}}
    start = {
        "operationId": "startPrint",
        "parameters": [ID],
        "responses": {"202": {"description": "Started"}},
    }
    described["paths"] = {
        "/prints/{id}": {"get": operation("getPrint", PRINT, parameters=[exact])},
        "/prints/{id}/start": {"post": start},
    }

    lines = dry_run(tmp_path, described)

    assert "poll: queued -> printing -> done" in lines
    assert "unknown id: status 404" in lines


def test_a_job_is_read_at_an_address_with_the_headers_of_its_operation(tmp_path: Path) -> None:
    version = {"name": "Api-Version", "in": "header", "required": True, "schema": TEXT}
    created = {"type": "object", "required": ["href"], "properties": {"href": URL}}
    described = document()
    described["paths"] = {
        "/prints": {"post": operation("createPrint", created)},
        "/prints/{id}": {"get": operation("getPrint", PRINT, parameters=[ID, version])},
    }

    assert "poll: queued -> printing -> done" in dry_run(tmp_path, described)


def test_a_download_of_which_the_document_describes_no_body_has_one(tmp_path: Path) -> None:
    download = {
        "operationId": "download",
        "parameters": [ID],
        "responses": {"200": {"description": "A file"}},
    }

    lines = dry_run(tmp_path, document(PRINT, {"/prints/{id}/content": {"get": download}}))

    assert "result: 1 of kind bytes" in lines


def test_an_example_of_a_body_is_corrected_where_its_schema_forbids_it(tmp_path: Path) -> None:
    page = {"type": "object", "required": ["number"], "properties": {"number": {"type": "integer"}}}
    wanted = {
        "type": "object",
        "required": ["token", "pages"],
        "properties": {
            "token": {"type": "string", "pattern": r"^(?!\s*$).+", "minLength": 32},
            "pages": {"type": "array", "items": page, "minItems": 1},
        },
    }
    described = document(requestBody=body(wanted))
    content = described["paths"]["/prints"]["post"]["requestBody"]["content"]["application/json"]
    content["example"] = {"token": "short", "pages": [{"number": "one"}]}

    assert "poll: queued -> printing -> done" in dry_run(tmp_path, described)


@pytest.mark.parametrize("pattern", ["^se(-[a-z0-9]+)+$", r"^(\w+:)*\d{3}$", "^([a-f0-9]{4}-){1}x$"])
def test_texts_of_patterns_with_repeated_groups_are_made(tmp_path: Path, pattern: str) -> None:
    job = {
        **PRINT,
        "properties": {**PRINT["properties"], "code": {"type": "string", "pattern": pattern}},
        "required": ["id", "status", "code"],
    }

    assert "poll: queued -> printing -> done" in dry_run(tmp_path, document(job))


def test_an_unknown_id_of_one_character_is_another_one(tmp_path: Path) -> None:
    job = {**PRINT, "properties": {**PRINT["properties"], "id": {"type": "string", "pattern": "^x$"}}}

    assert "unknown id: status 404" in dry_run(tmp_path, document(job))
