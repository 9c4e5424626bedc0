import pytest

from safelight_openapi import JSONValue, SpecError, convert, normalise, operations_by_id
from safelight_openapi._convert.normalise import string_keys


def of_schema(schema: dict[str, JSONValue], version: str = "3.0.3") -> JSONValue:
    document = normalise({"openapi": version, "components": {"schemas": {"Thing": schema}}})
    return document["components"]["schemas"]["Thing"]  # type: ignore[call-overload,index]  # as just built


@pytest.mark.parametrize("version", ["3.0.0", "3.0.3", "3.1.0", "3.1.2"])
def test_every_3_0_and_3_1_document_becomes_3_1_2(version: str) -> None:
    assert normalise({"openapi": version, "paths": {}}) == {"openapi": "3.1.2", "paths": {}}


@pytest.mark.parametrize("version", ["3.3.0", "3.01.0", 3.1, None, "1.2"])
def test_any_other_version_is_rejected(version: JSONValue) -> None:
    with pytest.raises(SpecError, match=r"it must be 2\.0 \(Swagger\), 3\.0"):
        normalise({"openapi": version})


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ([], "must be a mapping"),
        (None, "it is empty; give the path of a JSON or YAML document"),
        ("# Acme", "it is plain text; give the path"),
        ({"asyncapi": "3.0.0"}, "it is an AsyncAPI document"),
        ({"info": {"schema": "https://schema.postman.example/v2"}}, "it is a Postman collection"),
        ({"info": {}}, "`openapi` is missing"),
        ({"overlay": "1.1.0"}, "it is an overlay; give it as --lifecycle"),
        ({"swagger": "1.2"}, "`swagger` is '1.2'"),
    ],
)
def test_what_is_no_openapi_document_is_rejected_with_what_to_do(document: JSONValue, reason: str) -> None:
    with pytest.raises(SpecError, match=reason):
        normalise(document)


def test_an_operation_without_operation_id_is_named_by_method_and_path() -> None:
    document = normalise(
        {"openapi": "3.1.0", "paths": {"/v1/renders": {"post": {}, "get": {"operationId": "a"}}}}
    )

    assert sorted(operations_by_id(document)) == ["POST /v1/renders", "a"]


def test_an_operation_id_that_occurs_twice_is_noted_and_the_second_one_renamed() -> None:
    item: JSONValue = {"get": {"operationId": "read"}}

    converted = convert({"openapi": "3.1.0", "paths": {"/a": item, "/b": item}})

    assert sorted(operations_by_id(converted.document)) == ["GET /b", "read"]
    assert converted.notes == ("GET /b: its operationId read is another operation's; it is named GET /b",)


def test_a_path_item_that_is_a_reference_is_replaced_by_its_target() -> None:
    shared: JSONValue = {"get": {"operationId": "read"}}
    document: JSONValue = {
        "openapi": "3.1.0",
        "paths": {"/a": {"$ref": "#/components/pathItems/shared", "summary": "s"}},
        "components": {"pathItems": {"shared": shared}},
    }

    assert normalise(document)["paths"] == {"/a": {"get": {"operationId": "read"}, "summary": "s"}}


def test_status_codes_that_yaml_read_as_numbers_become_strings() -> None:
    document: JSONValue = {"openapi": "3.1.0", "x": [{200: {"a": 1}, True: 2, None: 3}]}  # type: ignore[dict-item]  # YAML's

    assert normalise(document) == {"openapi": "3.1.2", "x": [{"200": {"a": 1}, "true": 2, "null": 3}]}


def test_keys_that_would_become_one_are_rejected() -> None:
    with pytest.raises(SpecError, match="differ only by type"):
        string_keys({200: "a", "200": "b"})  # type: ignore[dict-item]  # as YAML may give it


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": "string", "example": "a"}, {"type": "string", "examples": ["a"]}),
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "string", "nullable": False}, {"type": "string"}),
        ({"enum": ["a"], "nullable": True}, {"enum": ["a"]}),
        ({"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1}),
        ({"minimum": 1, "exclusiveMinimum": False}, {"minimum": 1}),
        ({"maximum": 0, "exclusiveMaximum": True}, {"exclusiveMaximum": 0}),
        ({"exclusiveMaximum": True}, {}),
        (
            {"type": "string", "format": "binary"},
            {"type": "string", "contentMediaType": "application/octet-stream"},
        ),
        (
            {"type": "string", "format": "binary", "nullable": True},
            {"type": ["string", "null"], "contentMediaType": "application/octet-stream"},
        ),
        ({"type": "string", "format": "byte"}, {"type": "string", "contentEncoding": "base64"}),
        ({"type": "string", "format": "uuid"}, {"type": "string", "format": "uuid"}),
        ({"$ref": "#/a", "description": "ignored in 3.0"}, {"$ref": "#/a"}),
    ],
)
def test_a_3_0_keyword_takes_its_3_1_form(old: dict[str, JSONValue], new: dict[str, JSONValue]) -> None:
    assert of_schema(old) == new


def test_keywords_of_every_schema_are_converted() -> None:
    inner: dict[str, JSONValue] = {"type": "string", "example": "a"}
    outer: dict[str, JSONValue] = {
        "properties": {"p": inner},
        "items": inner,
        "allOf": [inner],
        "additionalProperties": inner,
    }

    new: JSONValue = {"type": "string", "examples": ["a"]}

    assert of_schema(outer) == {
        "properties": {"p": new},
        "items": new,
        "allOf": [new],
        "additionalProperties": new,
    }


def test_a_property_named_like_a_keyword_is_left_alone() -> None:
    schema: dict[str, JSONValue] = {
        "properties": {"example": {"type": "string"}, "nullable": {"type": "boolean"}}
    }

    assert of_schema(schema) == schema


def test_the_value_of_an_example_is_left_alone() -> None:
    assert of_schema({"example": {"example": 1, "nullable": True}}) == {
        "examples": [{"example": 1, "nullable": True}]
    }


def test_the_example_of_a_media_type_is_still_one_in_3_1() -> None:
    media: JSONValue = {
        "application/json": {"example": {"a": 1}, "schema": {"type": "object", "example": {"a": 2}}}
    }
    operation: JSONValue = {"operationId": "a", "responses": {"200": {"description": "", "content": media}}}

    document = normalise({"openapi": "3.0.3", "paths": {"/a": {"get": operation}}})

    expected: JSONValue = {
        "application/json": {"example": {"a": 1}, "schema": {"type": "object", "examples": [{"a": 2}]}}
    }
    assert document["paths"] == {
        "/a": {"get": {"operationId": "a", "responses": {"200": {"description": "", "content": expected}}}}
    }


def test_a_3_1_schema_keeps_its_keywords() -> None:
    schema: dict[str, JSONValue] = {
        "$ref": "#/a",
        "description": "counts in 3.1",
        "format": "binary",
        "type": "string",
    }

    assert of_schema(schema, "3.1.0") == schema


def test_the_argument_is_not_changed() -> None:
    document: JSONValue = {
        "openapi": "3.0.3",
        "components": {"schemas": {"A": {"nullable": True, "type": "string"}}},
    }

    normalise(document)

    assert document == {
        "openapi": "3.0.3",
        "components": {"schemas": {"A": {"nullable": True, "type": "string"}}},
    }


def test_keywords_are_converted_in_callbacks_and_webhooks_but_not_in_extensions() -> None:
    def posts(schema: JSONValue) -> JSONValue:
        content: JSONValue = {"application/json": {"schema": schema}}
        return {"post": {"requestBody": {"content": content}}}

    old: JSONValue = {"type": "string", "nullable": True}
    new: JSONValue = {"type": ["string", "null"]}
    callback: JSONValue = {"onDone": {"$request.body#/url": posts(old), "x-sketch": posts(old)}}
    document: JSONValue = {
        "openapi": "3.0.3",
        "webhooks": {"done": posts(old)},
        "paths": {"/a": {"post": {"operationId": "a", "callbacks": callback}}},
    }

    made = normalise(document)

    converted: JSONValue = {"onDone": {"$request.body#/url": posts(new), "x-sketch": posts(old)}}
    assert made["webhooks"] == {"done": posts(new)}
    assert made["paths"] == {"/a": {"post": {"operationId": "a", "callbacks": converted}}}


def test_media_types_have_no_parameters_and_a_response_has_no_range_of_them() -> None:
    content: JSONValue = {
        "Application/JSON; charset=utf-8": {"schema": {"type": "object"}},
        "image/*": {},
    }
    ranges: JSONValue = {"*/*": {"schema": {"type": "object"}}}
    octets: JSONValue = {"*/*": {"schema": {"type": "string"}}}
    operation: JSONValue = {
        "operationId": "a",
        "requestBody": {"content": content},
        "responses": {"200": {"content": ranges}, "201": {"content": octets}, "202": {"content": ranges}},
    }

    converted = convert({"openapi": "3.1.0", "paths": {"/a": {"post": operation}}})

    (node,) = operations_by_id(converted.document).values()
    assert list(node.body["content"]) == ["application/json", "image/*"]  # type: ignore[arg-type] # as just written
    assert [list(one["content"]) for one in node.responses.values()] == [  # type: ignore[arg-type] # likewise
        ["application/json"],
        ["application/octet-stream"],
        ["application/json"],
    ]
    assert converted.notes == (
        "a response of */* is sent as application/json (2 times)",
        "a response of */* is sent as application/octet-stream",
    )
