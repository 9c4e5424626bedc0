import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from safelight_openapi import JSONValue, Node, as_mapping, find_violations, schema_violations
from safelight_openapi._checks.document import (
    body_violations,
    example_violations,
    format_violations,
    link_violations,
    tag_violations,
)

ID: Node = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
JOB: JSONValue = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "next": {"oneOf": [{"$ref": "#/components/schemas/Job"}]},
        "parts": {"type": "array", "items": {"properties": {"name": {}}}},
    },
}


def service(link: Node | None = None, body: JSONValue = None, answer: JSONValue = None) -> Node:
    """A document with a submit operation (link, body and response are optional) and a read operation."""
    ok: Node = {
        "description": "OK",
        "headers": {"X-Id": {"schema": {"type": "string"}}},
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Job"}}},
    }
    submitted: Node = {**ok, **({"links": {"Read": link}} if link else {})}
    submit: Node = {"operationId": "submit", "responses": {"200": answer or submitted}}
    if body is not None:
        submit["requestBody"] = {"content": {"application/json": {"schema": body}}}
    read: Node = {"operationId": "read", "parameters": [ID], "responses": {"200": ok}}
    return {
        "openapi": "3.1.2",
        "info": {"title": "Toy", "version": "1"},
        "paths": {"/jobs": {"post": submit}, "/jobs/{id}": {"get": read}},
        "components": {"schemas": {"Job": JOB}},
    }


def linked(expression: str) -> Node:
    return service({"operationId": "read", "parameters": {"id": expression}})


def test_a_sound_document_has_no_complaints() -> None:
    assert find_violations(linked("$response.body#/id")) == []


def test_a_document_that_is_not_openapi_is_reported_with_the_location() -> None:
    document = service(answer={"content": {}})

    assert any("description" in fault for fault in format_violations(document))
    assert find_violations(document) == list(format_violations(document))


def test_a_reference_that_does_not_resolve_is_reported_with_the_location() -> None:
    document = service(body={"$ref": "#/components/schemas/Lost"})
    pointer = "/paths/~1jobs/post/requestBody/content/application~1json/schema"

    assert find_violations(document) == [f"{pointer}: #/components/schemas/Lost does not resolve"]


def notifying(webhook: Node, **operation: JSONValue) -> Node:
    document = service()
    as_mapping(as_mapping(as_mapping(document["paths"])["/jobs"])["post"]).update(operation)
    return {**document, "webhooks": {"finished": {"post": {"responses": {}, **webhook}}}}


@pytest.mark.parametrize(
    ("webhook", "operation", "tag"),
    [
        ({"tags": ["Jobs"]}, {"tags": ["Jobs"]}, "Jobs"),
        ({"tags": ["Webhooks", "Jobs"]}, {"tags": ["Service", "Jobs"]}, "Jobs"),
        ({}, {}, "default"),
        ({"tags": ["default"]}, {}, "default"),
    ],
)
def test_a_webhook_that_shares_a_tag_with_an_operation_is_rejected(
    webhook: Node, operation: Node, tag: str
) -> None:
    assert list(tag_violations(notifying(webhook, **operation))) == [
        f"webhook finished has the tag {tag}, as POST /jobs has: generated clients overwrite one of them"
    ]


@pytest.mark.parametrize("tags", [["Webhooks"], ["Webhooks", "Notifications"]])
def test_a_webhook_with_tags_of_its_own_is_sound(tags: list[JSONValue]) -> None:
    assert list(tag_violations(notifying({"tags": tags}, tags=["Jobs"]))) == []


OUTSIDE = ["other.yaml#/Job", "./other.yaml", "../../etc/passwd", "/etc/passwd", "file:///etc/passwd"]
OUTSIDE += ["https://schemas.example/job.json", "//schemas.example/job.json"]


@pytest.mark.parametrize("reference", OUTSIDE)
def test_a_reference_to_a_file_or_a_url_is_rejected_in_one_sentence(reference: str) -> None:
    pointer = "/paths/~1jobs/post/requestBody/content/application~1json/schema/properties/value/$ref"
    document = service(body={"properties": {"value": {"$ref": reference}}})

    assert find_violations(document) == [
        f"{pointer}: {reference} leads out of the document; bundle all of it into one file"
    ]


@pytest.mark.parametrize(
    "schema",
    [
        {"examples": [{"$ref": "https://schemas.example/a"}]},
        {"default": {"$ref": "other.yaml"}},
        {"enum": [{"$ref": "other.yaml"}]},
        {"x-see": {"$ref": "other.yaml"}},
    ],
)
def test_a_reference_in_plain_data_is_data(schema: Node) -> None:
    assert find_violations(service(body=schema)) == []


class Retrievals(BaseHTTPRequestHandler):
    """Records requests, and responds with a schema that allows everything."""

    requested: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.requested.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    Retrievals.requested.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Retrievals) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/schema"
        server.shutdown()


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "@"},
        {"$dynamicRef": "@"},
        {"$recursiveRef": "@"},
        {"$schema": "@"},
        {"$id": "@", "$ref": "other"},
        {"definitions": {"x": {"$ref": "@"}}},
        {"foo": {"$ref": "@"}},
        {"$ref": "#/components/schemas/Data/default", "Data": {"default": {"$ref": "@"}}},
        {"$ref": "#/components/schemas/Data/%64efault", "Data": {"default": {"$ref": "@"}}},
        {"$ref": "#/components/schemas/Data/x-a", "Data": {"x-a": {"default": 1, "allOf": [{"$ref": "@"}]}}},
    ],
)
def test_nothing_is_fetched_whatever_a_schema_refers_to(schema: Node, address: str) -> None:
    schema = json.loads(json.dumps(schema).replace("@", address))

    document = with_data(schema, as_mapping(schema.pop("Data", {})))

    find_violations(document)
    schema_violations(1, schema, document)

    assert Retrievals.requested == []


def with_data(body: Node, data: Node) -> Node:
    document = service(body=body)
    return {**document, "components": {"schemas": {**schemas_of(document), "Data": data}}}


def schemas_of(document: Node) -> Node:
    return as_mapping(as_mapping(document["components"])["schemas"])


@pytest.mark.parametrize("key", ["default", "example", "x-see", "const"])
def test_plain_data_that_a_reference_leads_to_may_not_lead_out(key: str) -> None:
    document = with_data(
        {"$ref": f"#/components/schemas/Data/{key}"}, {key: {"$ref": "file:///etc/hostname"}}
    )
    pointer = f"/components/schemas/Data/{key}/$ref"

    assert find_violations(document) == [
        f"{pointer}: file:///etc/hostname leads out of the document; bundle all of it into one file"
    ]


def test_a_reference_that_only_the_validator_supports_is_not_followed() -> None:
    spelled = "#/components/schemas/Data/%64efault"
    data: Node = {"default": {"$ref": "file:///etc/hostname"}, "definitions": {"x": {"$ref": spelled}}}
    document = with_data({"$ref": "#/components/schemas/Data/definitions/x"}, data)

    (fault,) = find_violations(document)

    assert fault.startswith("/: file:///etc/hostname does not resolve, or leads out of the document")


def test_no_file_is_read_whatever_a_schema_refers_to(tmp_path: Path) -> None:
    file = tmp_path / "schema.json"
    file.write_text('{"type": "string"}')

    (fault,) = schema_violations(1, {"$ref": file.as_uri()}, {})

    assert "leads out of the document; bundle all of it into one file" in fault


@pytest.mark.parametrize(
    "expression",
    [
        "$response.body#/id",
        "$response.body#/next/id",
        "$response.body#/next/next/id",
        "$response.body#/parts/0/name",
        "$response.header.X-Id",
        "$response.header.x-id",
        "$url",
        "$statusCode",
        "constant",
    ],
)
def test_a_link_may_take_its_parameter_from_what_the_response_has(expression: str) -> None:
    assert list(link_violations(linked(expression))) == []


@pytest.mark.parametrize(
    "expression",
    [
        "$response.body#/ID",
        "$response.body#/id/deeper",
        "$response.body#/parts/name",
        "$response.header.X-Other",
        "$request.path.id",
        "$request.body#/id",
        "$response.path.id",
        "$nonsense",
    ],
)
def test_a_link_whose_expression_reads_nothing_is_reported(expression: str) -> None:
    assert list(link_violations(linked(expression))) == [
        f"POST /jobs 200, link Read: {expression} reads nothing that submit describes"
    ]


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ({"operationId": "lost"}, "leads to lost, which is not an operation of the document"),
        ({"operationId": "read"}, "read requires id"),
        ({"operationId": "read", "parameters": {"id": "1", "key": "2"}}, "read has no parameter key"),
    ],
)
def test_a_link_must_match_its_operation(link: Node, fault: str) -> None:
    assert list(link_violations(service(link))) == [f"POST /jobs 200, link Read: {fault}"]


def test_a_link_may_have_the_location_of_a_parameter() -> None:
    document = service({"operationId": "read", "parameters": {"path.id": "$response.body#/id"}})

    assert list(link_violations(document)) == []


def test_an_unsatisfiable_body_is_reported() -> None:
    contradiction: JSONValue = {
        "allOf": [{"type": "object", "additionalProperties": {"type": "string"}}],
        "required": ["height"],
        "properties": {"height": {"type": "integer", "examples": [1]}},
    }

    assert [fault.partition(" is valid")[0] for fault in body_violations(service(body=contradiction))] == [
        "POST /jobs: no example of its application/json body"
    ]


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {
            "type": "object",
            "required": ["a"],
            "properties": {"a": {"type": "integer", "minimum": 3}, "b": False},
        },
        {"type": "array", "items": {"enum": ["x", "y"]}},
        {"anyOf": [{"$ref": "#/components/schemas/Job"}, {"type": "string"}]},
        {
            "allOf": [{"properties": {"a": {"const": 1}}}, {"properties": {"b": {"type": "boolean"}}}],
            "minProperties": 2,
        },
        {
            "type": "object",
            "properties": {"a": {"const": 1}, "b": {"const": 2}},
            "if": {"required": ["b"]},
            "else": {"required": ["a"]},
        },
        {"type": ["null", "string"]},
        {"type": "string", "format": "uuid"},
        {"oneOf": [{"type": "object", "properties": {"a": {"type": "null"}}}]},
        {"type": "number", "default": 2.5},
    ],
)
def test_a_satisfiable_body_passes(schema: JSONValue) -> None:
    assert list(body_violations(service(body=schema))) == []


def test_formats_count_when_a_value_is_judged() -> None:
    assert schema_violations("no uuid", {"type": "string", "format": "uuid"}, {}) == [
        '"no uuid" is not a "uuid"'
    ]


@pytest.mark.parametrize(
    ("answer", "pointers"),
    [
        (
            {"schema": {"type": "integer", "examples": [1, "a", "b"]}},
            ["schema/examples/1", "schema/examples/2"],
        ),
        ({"schema": {"type": "integer", "default": "a"}}, ["schema/default"]),
        ({"schema": {"type": "integer"}, "example": "a"}, ["example"]),
        (
            {"schema": {"type": "integer"}, "examples": {"one": {"value": "a"}, "two": {"value": 2}}},
            ["examples/one/value"],
        ),
        (
            {"schema": {"properties": {"example": {"type": "integer", "examples": [True]}}}},
            ["schema/properties/example/examples/0"],
        ),
    ],
)
def test_an_example_that_does_not_match_its_schema_is_reported_with_its_location(
    answer: JSONValue, pointers: list[str]
) -> None:
    document = service(answer={"description": "OK", "content": {"application/json": answer}})

    violations = [fault.partition(": ")[0] for fault in example_violations(document)]

    assert violations == [
        f"/paths/~1jobs/post/responses/200/content/application~1json/{pointer}" for pointer in pointers
    ]
