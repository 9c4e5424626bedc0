"""Swagger 2.0 becomes the effective form; the rows follow the Swagger 2.0 specification."""

from pathlib import Path
from typing import Any

import pytest

from safelight_openapi import JSONValue, convert, find_violations, operations_by_id, read_document

ROOT = Path(__file__).parents[3]
AZURE = ROOT / "examples/azure-document-intelligence/swagger.yaml"


def converted(**parts: JSONValue) -> Any:  # noqa: ANN401 - as documents are read
    base: dict[str, JSONValue] = {"swagger": "2.0", "info": {"title": "Acme", "version": "1"}, "paths": {}}
    return convert({**base, **parts}).document


def operation(node: dict[str, JSONValue], **parts: JSONValue) -> Any:  # noqa: ANN401 - as documents are read
    return converted(paths={"/a": {"post": {"operationId": "a", "responses": {}, **node}}}, **parts)["paths"][
        "/a"
    ]["post"]


def test_a_document_of_a_vendor_becomes_valid() -> None:
    document = convert(read_document(AZURE)).document

    assert find_violations(document) == []
    assert operations_by_id(document)["DocumentModels_GetAnalyzeResult"].path.startswith("/documentModels/")
    assert document["openapi"] == "3.1.2"


@pytest.mark.parametrize(
    ("parts", "urls"),
    [
        ({"host": "api.acme.com", "basePath": "/v1", "schemes": ["https"]}, ["https://api.acme.com/v1"]),
        (
            {"host": "api.acme.com", "schemes": ["http", "https", "wss"]},
            ["https://api.acme.com", "http://api.acme.com"],
        ),
        ({"host": "api.acme.com:8443", "basePath": "/"}, ["https://api.acme.com:8443"]),
        ({"basePath": "/v1/"}, ["/v1"]),
        ({}, ["/"]),
    ],
)
def test_host_base_path_and_schemes_become_servers(parts: dict[str, JSONValue], urls: list[str]) -> None:
    assert [server["url"] for server in converted(**parts)["servers"]] == urls


def test_a_host_that_is_a_parameter_is_noted() -> None:
    result = convert(
        {
            "swagger": "2.0",
            "paths": {},
            "basePath": "/di",
            "x-ms-parameterized-host": {"hostTemplate": "{endpoint}"},
        }
    )

    assert result.document["servers"] == [{"url": "/di"}]
    assert result.notes == ("/x-ms-parameterized-host: the host is a parameter; the server has none",)


def test_a_body_becomes_a_request_body_in_each_media_type_that_the_operation_consumes() -> None:
    body: JSONValue = {"name": "b", "in": "body", "required": True, "schema": {"$ref": "#/definitions/T"}}
    schema = {"$ref": "#/components/schemas/T"}

    own = operation({"parameters": [body], "consumes": ["text/json"]}, consumes=["application/xml"])
    general = operation({"parameters": [body]}, consumes=["application/xml"])
    silent = operation({"parameters": [body]})

    assert own["requestBody"] == {"required": True, "content": {"text/json": {"schema": schema}}}
    assert list(general["requestBody"]["content"]) == ["application/xml"]
    assert list(silent["requestBody"]["content"]) == ["application/json"]
    assert "parameters" not in own


def test_a_body_that_is_a_shared_parameter_is_moved_into_the_operation() -> None:
    shared: JSONValue = {"Body": {"name": "b", "in": "body", "schema": {"type": "object"}}}

    result = operation({"parameters": [{"$ref": "#/parameters/Body"}]}, parameters=shared)

    assert result["requestBody"]["content"]["application/json"]["schema"] == {"type": "object"}
    assert "parameters" not in result


def test_form_parameters_become_one_form_and_a_file_makes_it_multipart() -> None:
    text: JSONValue = {"name": "title", "in": "formData", "type": "string", "required": True}
    tags: JSONValue = {
        "name": "tags",
        "in": "formData",
        "type": "array",
        "items": {"type": "string"},
        "collectionFormat": "multi",
    }
    file: JSONValue = {"name": "photo", "in": "formData", "type": "file", "description": "A photo."}

    plain = operation({"parameters": [text, tags]})["requestBody"]
    upload = operation({"parameters": [text, file], "consumes": ["application/x-www-form-urlencoded"]})

    form = plain["content"]["application/x-www-form-urlencoded"]
    assert plain["required"] is True
    assert form["schema"]["required"] == ["title"]
    assert form["encoding"] == {"tags": {"style": "form", "explode": True}}
    assert upload["requestBody"]["content"]["multipart/form-data"]["schema"]["properties"]["photo"] == {
        "description": "A photo.",
        "type": "string",
        "contentMediaType": "application/octet-stream",
    }


@pytest.mark.parametrize(
    ("collection", "style", "explode"),
    [
        ("csv", "form", False),
        ("multi", "form", True),
        ("ssv", "spaceDelimited", False),
        ("pipes", "pipeDelimited", False),
        (None, "form", False),
    ],
)
def test_a_collection_format_becomes_a_style(collection: str | None, style: str, *, explode: bool) -> None:
    chosen: dict[str, JSONValue] = {} if collection is None else {"collectionFormat": collection}
    array: JSONValue = {"name": "ids", "in": "query", "type": "array", "items": {"type": "integer"}, **chosen}

    (parameter,) = operation({"parameters": [array]})["parameters"]

    assert (parameter["style"], parameter["explode"]) == (style, explode)
    assert parameter["schema"] == {"type": "array", "items": {"type": "integer"}}


def test_a_collection_format_that_openapi_lacks_is_noted() -> None:
    array: JSONValue = {"name": "ids", "in": "query", "type": "array", "items": {}, "collectionFormat": "tsv"}

    result = convert({"swagger": "2.0", "paths": {"/a": {"get": {"parameters": [array], "responses": {}}}}})

    assert result.notes == ("/paths/~1a/get: the parameter ids has collectionFormat tsv; read as csv",)


def test_a_response_has_its_schema_in_each_media_type_that_the_operation_produces() -> None:
    response: JSONValue = {
        "description": "Yes",
        "schema": {"type": "file"},
        "headers": {"X-Left": {"type": "integer", "description": "Left."}},
        "examples": {"application/json": {"a": 1}},
    }

    result = operation(
        {"responses": {"200": response, "default": {"$ref": "#/responses/Error"}}, "produces": ["image/png"]}
    )

    binary = {"type": "string", "contentMediaType": "application/octet-stream"}
    assert result["responses"]["200"] == {
        "description": "Yes",
        "headers": {"X-Left": {"description": "Left.", "schema": {"type": "integer"}}},
        "content": {
            "image/png": {"schema": binary},
            "application/json": {"schema": binary, "example": {"a": 1}},
        },
    }
    assert result["responses"]["default"] == {"$ref": "#/components/responses/Error"}


def test_schemas_are_converted_at_every_depth_but_not_what_examples_contain() -> None:
    definitions: JSONValue = {
        "Pet": {
            "discriminator": "kind",
            "properties": {
                "kind": {"type": "string", "x-nullable": True},
                "$ref": {"$ref": "#/definitions/Pet"},
            },
            "example": {"$ref": "#/definitions/Pet"},
        },
        "Pets": {"type": "array", "items": {"$ref": "#/definitions/Pet"}},
    }

    schemas = converted(definitions=definitions)["components"]["schemas"]

    assert schemas["Pets"]["items"] == {"$ref": "#/components/schemas/Pet"}
    assert schemas["Pet"]["discriminator"] == {"propertyName": "kind"}
    assert schemas["Pet"]["properties"]["kind"] == {"type": ["string", "null"]}
    assert schemas["Pet"]["properties"]["$ref"] == {"$ref": "#/components/schemas/Pet"}
    assert schemas["Pet"]["examples"] == [{"$ref": "#/definitions/Pet"}]


def test_security_definitions_become_security_schemes() -> None:
    definitions: JSONValue = {
        "plain": {"type": "basic"},
        "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
        "code": {
            "type": "oauth2",
            "flow": "accessCode",
            "authorizationUrl": "https://a",
            "tokenUrl": "https://t",
            "scopes": {"s": ""},
        },
    }

    schemes = converted(securityDefinitions=definitions)["components"]["securitySchemes"]

    assert schemes["plain"] == {"type": "http", "scheme": "basic"}
    assert schemes["key"] == {"type": "apiKey", "in": "header", "name": "X-Key"}
    assert schemes["code"]["flows"] == {
        "authorizationCode": {"authorizationUrl": "https://a", "tokenUrl": "https://t", "scopes": {"s": ""}}
    }


def test_paths_with_a_query_are_paths_and_parameters_of_a_path_are_kept() -> None:
    item: JSONValue = {
        "parameters": [{"name": "id", "in": "path", "required": True, "type": "string", "maxLength": 9}],
        "post": {"operationId": "b", "responses": {}},
    }

    document = converted(**{"x-ms-paths": {"/a/{id}?beta=true": item}})

    assert list(operations_by_id(document)) == ["b"]
    (parameter,) = document["paths"]["/a/{id}?beta=true"]["parameters"]
    assert parameter == {
        "name": "id",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "maxLength": 9},
    }
