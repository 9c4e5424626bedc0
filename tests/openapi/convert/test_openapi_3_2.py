"""OpenAPI 3.2 becomes the effective form: what 3.1 lacks is rewritten, or kept aside and noted."""

from typing import Any

from safelight_openapi import JSONValue, convert, find_violations

OK: dict[str, JSONValue] = {"200": {"description": ""}}


def document(**parts: JSONValue) -> dict[str, JSONValue]:
    return {"openapi": "3.2.0", "info": {"title": "Acme", "version": "1"}, "paths": {}, **parts}


def of_operation(node: dict[str, JSONValue], **parts: JSONValue) -> tuple[Any, tuple[str, ...]]:
    result = convert(document(paths={"/a": {"post": {"operationId": "a", "responses": OK, **node}}}, **parts))
    assert find_violations(result.document) == []
    paths: Any = result.document["paths"]
    return paths["/a"]["post"], result.notes


def test_a_document_that_uses_nothing_new_becomes_3_1_without_notes() -> None:
    result = convert(document(paths={"/a": {"get": {"operationId": "a", "responses": OK}}}))

    assert (result.document["openapi"], result.notes) == ("3.1.2", ())
    assert find_violations(result.document) == []


def test_methods_that_3_1_lacks_are_kept_aside_and_noted() -> None:
    item: JSONValue = {
        "query": {"responses": OK},
        "additionalOperations": {"COPY": {"responses": OK}},
        "get": {"operationId": "a", "responses": OK},
    }

    result = convert(document(paths={"/a": item, "/b": {"query": {"responses": OK}}}))

    paths: Any = result.document["paths"]
    assert set(paths["/a"]) == {"x-query", "x-additionalOperations", "get"}
    assert result.notes == (
        "`additionalOperations`: OpenAPI 3.1 has no methods beside its own, which are not served",
        "`query`: OpenAPI 3.1 has no method QUERY, which is not served (2 times)",
    )
    assert find_violations(result.document) == []


def test_a_query_method_in_a_document_of_3_1_is_kept_aside_too() -> None:
    result = convert({**document(paths={"/a": {"query": {"responses": OK}}}), "openapi": "3.1.0"})

    assert result.document["paths"] == {"/a": {"x-query": {"responses": OK}}}
    assert len(result.notes) == 1


def test_a_parameter_that_is_the_whole_query_is_kept_aside() -> None:
    whole: JSONValue = {"name": "q", "in": "querystring", "content": {"application/json": {"schema": {}}}}
    other: JSONValue = {"name": "limit", "in": "query", "schema": {"type": "integer"}}

    node, notes = of_operation({"parameters": [whole, other]})

    assert (node["parameters"], node["x-querystring"]) == ([other], [whole])
    assert notes == ("a parameter in `querystring`: the whole query is not validated",)


def test_items_of_a_stream_are_kept_aside_and_noted() -> None:
    content: JSONValue = {"text/event-stream": {"itemSchema": {"type": "object"}}}

    node, notes = of_operation({"responses": {"200": {"description": "", "content": content}}})

    assert node["responses"]["200"]["content"] == {"text/event-stream": {"x-itemSchema": {"type": "object"}}}
    assert notes == ("`itemSchema`: items of a stream are not validated",)


def test_shared_media_types_are_put_where_they_are_used() -> None:
    media: JSONValue = {"schema": {"type": "string"}}
    content: JSONValue = {"application/json": {"$ref": "#/components/mediaTypes/Text"}}

    node, notes = of_operation(
        {"requestBody": {"content": content}}, components={"mediaTypes": {"Text": media}}
    )

    assert node["requestBody"]["content"] == {"application/json": media}
    assert notes == ()


def test_a_response_needs_no_description_and_an_example_has_its_data() -> None:
    example: JSONValue = {"dataValue": {"a": 1}, "serializedValue": '{"a": 1}'}
    content: JSONValue = {"application/json": {"examples": {"one": example}}}

    node, _ = of_operation({"responses": {"200": {"summary": "Done", "content": content}}})

    assert node["responses"]["200"]["description"] == "Done"
    assert node["responses"]["200"]["content"]["application/json"]["examples"]["one"]["value"] == {"a": 1}


def test_references_by_the_documents_own_address_stay_inside_it() -> None:
    schema: JSONValue = {"$ref": "https://acme.com/api.json#/components/schemas/T"}
    content: JSONValue = {"application/json": {"schema": schema}}

    parts: dict[str, JSONValue] = {
        "$self": "https://acme.com/api.json",
        "components": {"schemas": {"T": {"type": "string"}}},
    }
    node, _ = of_operation({"requestBody": {"content": content}}, **parts)

    assert node["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/T"}


def test_names_of_servers_and_tags_flows_and_default_mappings_are_kept_aside() -> None:
    flows: JSONValue = {
        "deviceAuthorization": {"deviceAuthorizationUrl": "https://a", "tokenUrl": "https://t", "scopes": {}}
    }
    result = convert(
        document(
            paths={
                "/a": {"get": {"operationId": "a", "responses": OK, "servers": [{"url": "/", "name": "x"}]}}
            },
            servers=[{"url": "https://a.com", "name": "main"}],
            tags=[{"name": "t", "kind": "nav", "parent": "u", "summary": "S"}, {"name": "u"}],
            components={
                "securitySchemes": {"o": {"type": "oauth2", "flows": flows, "deprecated": True}},
                "schemas": {"T": {"discriminator": {"propertyName": "k", "defaultMapping": "T"}}},
            },
        )
    )

    assert find_violations(result.document) == []
    assert result.notes == ("`defaultMapping`: a default mapping of a discriminator is not used",)
