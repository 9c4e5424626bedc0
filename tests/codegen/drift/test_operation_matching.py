"""Changes outside of schemas: operations, parameters, responses, security, servers, webhooks."""

from copy import deepcopy
from typing import Any

import pytest

from safelight_codegen._drift import ChangeSeverity, DocumentChange, compare_documents
from safelight_codegen._drift.operation_matching import list_operations, pair_operations, shared_operations

Json = Any

B, L, H = ChangeSeverity.BREAKING, ChangeSeverity.REVIEW, ChangeSeverity.HARMLESS

SIGNED = {"name": "X-Sign", "in": "header", "required": True, "schema": {"type": "string"}}
KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}
DARKROOM: dict[str, Json] = {
    "openapi": "3.1.2",
    "info": {"title": "Darkroom", "version": "1"},
    "servers": [{"url": "https://darkroom.example/v1"}],
    "security": [{"key": []}],
    "paths": {
        "/prints": {
            "parameters": [{"name": "shop", "in": "header", "schema": {"type": "string"}}],
            "post": {
                "operationId": "print",
                "tags": ["Prints"],
                "parameters": [{"name": "copies", "in": "query", "schema": {"type": "integer"}}],
                "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
                "responses": {
                    "201": {"description": "Made.", "headers": {"Location": {"schema": {"type": "string"}}}},
                    "400": {"description": "Refused."},
                },
            },
        },
        "/prints/{id}": {
            "get": {
                "operationId": "read",
                "tags": ["Prints"],
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
                "responses": {"200": {"description": "", "content": {"application/json": {"schema": {}}}}},
            }
        },
    },
    "webhooks": {
        "dry": {
            "post": {
                "operationId": "dry",
                "parameters": [SIGNED, {"name": "X-Try", "in": "header", "schema": {"type": "integer"}}],
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {"type": "object", "properties": {"state": {"enum": ["dry"]}}}
                        }
                    }
                },
                "responses": {"200": {"description": "Taken."}},
            }
        }
    },
    "components": {"securitySchemes": {"key": KEY, "other": {"type": "http", "scheme": "bearer"}}},
}


def changed(path: str, value: Json) -> tuple[DocumentChange, ...]:
    """Compare the darkroom with a copy that has this value at a location; None removes the value."""
    new = deepcopy(DARKROOM)
    *holders, last = [part.replace("~1", "/") for part in path.split("/")[1:]]
    node: Json = new
    for key in holders:
        node = node[int(key) if isinstance(node, list) else key]
    if value is None:
        del node[last]
    else:
        node[last] = value
    return compare_documents(DARKROOM, new)


PRINT = "/paths/~1prints/post"
READ = "/paths/~1prints~1{id}/get"
MADE = DARKROOM["paths"]["/prints"]["post"]["responses"]["201"]
COPIES = {"name": "copies", "in": "query", "schema": {"type": "integer"}}
DRY = "/webhooks/dry/post"
STATE = "/webhooks/dry/post/requestBody/content/application~1json/schema/properties/state/enum"
TABLE: list[tuple[str, Json, str, ChangeSeverity]] = [
    (f"{PRINT}/operationId", "makePrint", "operationId renamed", B),
    (f"{PRINT}/operationId", None, "operationId removed", L),
    (f"{PRINT}/tags", ["Paper"], "tags changed", L),
    (f"{PRINT}/tags", ["Prints", "Paper"], "notation changed", H),
    (f"{PRINT}/deprecated", True, "deprecated", L),
    (f"{PRINT}/parameters", [], "parameter removed", B),
    (f"{PRINT}/parameters", [{**COPIES, "required": True}], "parameter became required", B),
    (f"{PRINT}/parameters", [{**COPIES, "in": "header"}], "parameter removed", B),
    (f"{PRINT}/parameters", [{**COPIES, "explode": False}], "serialization changed", B),
    (f"{PRINT}/parameters", [{**COPIES, "explode": True, "style": "form"}], "notation changed", H),
    (f"{PRINT}/parameters", [{**COPIES, "deprecated": True}], "deprecated", L),
    (f"{PRINT}/parameters", [{**COPIES, "allowEmptyValue": True}], "not supported", L),
    (f"{PRINT}/parameters/0/schema/type", "string", "type replaced", B),
    (f"{PRINT}/requestBody", None, "body removed", B),
    (f"{PRINT}/requestBody/required", True, "body became required", B),
    (f"{READ}/requestBody", {"content": {"text/plain": {}}}, "body added", H),
    (f"{READ}/requestBody", {"content": {"text/plain": {}}, "required": True}, "required body added", B),
    (f"{PRINT}/responses/400", None, "error removed", H),
    (f"{PRINT}/responses/409", {"description": ""}, "error added", H),
    (f"{PRINT}/responses/201", None, "response removed", B),
    (f"{PRINT}/responses/202", {"description": ""}, "response added", L),
    (f"{PRINT}/responses/201/headers", {"location": {"schema": {"type": "string"}}}, "notation changed", H),
    (f"{PRINT}/responses/201/headers", {}, "header removed", B),
    (f"{PRINT}/responses/201/headers/Location/schema/type", "integer", "type replaced", B),
    (f"{PRINT}/responses/201/links", {"read": {"operationId": "read"}}, "not supported", L),
    (f"{PRINT}/responses", {"2XX": MADE, "400": {"description": "Refused."}}, "response added", L),
    (f"{PRINT}/responses", {"201": MADE, "4XX": {"description": "Refused."}}, "error added", H),
    (f"{PRINT}/responses/2XX", {"description": "", "content": {}}, "response added", L),
    (f"{PRINT}/callbacks", {"done": {"{$url}": {"post": {}}}}, "not supported", L),
    (f"{READ}/responses/200/content", {"application/xml": {"schema": {}}}, "media type removed", B),
    (
        f"{READ}/responses/200/content",
        {"application/json; charset=UTF-8": {"schema": {}}},
        "notation changed",
        H,
    ),
    (f"{READ}/responses/200/content", {"application/json;v=2": {"schema": {}}}, "media type removed", B),
    (f"{READ}/responses/200/content/application~1json/example", {"id": 1}, "documentation changed", H),
    (f"{READ}/security", [], "security relaxed", H),
    (f"{READ}/security", [{"key": []}], "notation changed", H),
    (f"{READ}/security", [{"key": [], "other": []}], "security tightened", B),
    (f"{READ}/security", [{"key": []}, {"other": []}], "security relaxed", H),
    ("/security", [{"other": []}], "security tightened", B),
    ("/security", None, "security relaxed", H),
    ("/components/securitySchemes/key", {**KEY, "name": "X-Token"}, "security tightened", B),
    ("/components/securitySchemes/key", {**KEY, "description": "Ask us."}, "documentation changed", H),
    ("/components/securitySchemes/key", {**KEY, "bearerFormat": "UUID"}, "notation changed", H),
    ("/components/securitySchemes/key", {**KEY, "x-hint": "Ask us."}, "documentation changed", H),
    ("/components/securitySchemes/key/name", "x-key", "notation changed", H),
    ("/components/securitySchemes/other", None, "notation changed", H),
    ("/servers", [{"url": "https://darkroom.example/v2"}], "server removed", B),
    ("/servers", [{"url": "https://darkroom.example/v1/"}], "server's details changed", L),
    (
        "/servers",
        [{"url": "https://eu.example"}, {"url": "https://darkroom.example/v1"}],
        "first server changed",
        L,
    ),
    ("/servers", None, "server removed", B),
    ("/servers", [{"url": "https://darkroom.example/v1", "description": "Here."}], "notation changed", H),
    ("/webhooks/dry", None, "webhook removed", B),
    ("/webhooks/wet", {"post": {"responses": {}}}, "webhook added", H),
    ("/webhooks/dry/post/responses", {"204": {"description": ""}}, "webhook's response changed", L),
    (STATE, ["dry", "wet"], "enum widened", B),
    (STATE, [], "enum narrowed", H),
    (f"{DRY}/parameters/0/required", False, "parameter became optional", B),
    (f"{DRY}/parameters/0/schema/type", "integer", "type replaced", B),
    (f"{DRY}/parameters/0/explode", True, "serialization changed", B),
    (f"{DRY}/parameters/1/required", True, "parameter became required", H),
    (f"{DRY}/parameters", [SIGNED], "parameter removed", B),
    (f"{DRY}/requestBody", None, "body removed", B),
    (f"{DRY}/requestBody/required", True, "body became required", H),
    (f"{DRY}/operationId", "dried", "operationId renamed", B),
    ("/jsonSchemaDialect", "https://example.com/dialect", "not supported", L),
]


@pytest.mark.parametrize(
    ("path", "value", "rule", "severity"), TABLE, ids=[f"{one[2]}, {one[0]}" for one in TABLE]
)
def test_a_change_of_a_document_is_of_its_class(
    path: str, value: Json, rule: str, severity: ChangeSeverity
) -> None:
    changes = changed(path, value)

    assert rule in [change.rule for change in changes]
    assert max(change.severity for change in changes) is severity, changes


def answers(**schemas: Json) -> Json:
    new = deepcopy(DARKROOM)
    listed = {
        status.strip("_"): {"content": {"application/json": {"schema": schema}}}
        for status, schema in schemas.items()
    }
    new["paths"]["/prints/{id}"]["get"]["responses"] = listed
    return new


@pytest.mark.parametrize(
    ("was", "now", "severity"),
    [
        ({"_2XX": {"enum": [1]}}, {"_200": {"enum": [1]}}, H),
        ({"_2XX": {"enum": [1]}}, {"_200": {"enum": [1, 2]}}, B),
        ({"_200": {"enum": [1, 2]}}, {"_200": {"enum": [1, 2]}, "_2XX": {"enum": [1]}}, L),
        ({"_4XX": {"enum": [1]}}, {"_4XX": {"enum": [1]}, "_404": {"enum": [2]}}, B),
        ({"_4XX": {"enum": [1]}}, {"_404": {"enum": [1]}, "_409": {"enum": [1]}}, H),
        ({"_2XX": {"enum": [1]}}, {"_404": {"enum": [1]}}, B),
    ],
)
def test_a_status_that_is_not_listed_is_that_of_its_range(
    was: Json, now: Json, severity: ChangeSeverity
) -> None:
    assert max(one.severity for one in compare_documents(answers(**was), answers(**now))) is severity


def test_schemes_and_names_of_headers_have_no_case() -> None:
    old = deepcopy(DARKROOM)
    old["security"] = [{"other": []}]
    new = deepcopy(old)
    new["components"]["securitySchemes"]["other"]["scheme"] = "Bearer"

    assert {one.severity for one in compare_documents(old, new)} == {H}


def test_a_security_scheme_may_be_called_otherwise() -> None:
    new = deepcopy(DARKROOM)
    new["components"]["securitySchemes"]["token"] = new["components"]["securitySchemes"].pop("key")
    new["security"] = [{"token": []}]

    assert {change.severity for change in compare_documents(DARKROOM, new)} == {H}


def test_the_order_of_a_security_scheme_and_what_its_scopes_are_for_ask_for_nothing() -> None:
    old, new = deepcopy(DARKROOM), deepcopy(DARKROOM)
    flow = {"tokenUrl": "/token", "scopes": {"read": "Look."}}
    old["components"]["securitySchemes"]["key"] = {"type": "oauth2", "flows": {"password": flow}}
    flow = {"scopes": {"read": "Look at prints.", "write": "Print."}, "tokenUrl": "/token"}
    new["components"]["securitySchemes"]["key"] = {"flows": {"password": flow}, "type": "oauth2"}

    assert {change.severity for change in compare_documents(old, new)} == {H}


def test_an_added_scope_is_breaking_and_a_removed_one_is_not() -> None:
    read, both = [{"key": ["read"]}], [{"key": ["read", "write"]}]
    less, more = deepcopy(DARKROOM) | {"security": read}, deepcopy(DARKROOM) | {"security": both}

    assert [one.rule for one in compare_documents(less, more)] == ["security tightened"]
    assert [one.rule for one in compare_documents(more, less)] == ["security relaxed"]


def test_parameters_of_a_path_may_be_repeated_in_each_operation() -> None:
    new = deepcopy(DARKROOM)
    new["paths"]["/prints"]["post"]["parameters"] += new["paths"]["/prints"].pop("parameters")

    assert {change.severity for change in compare_documents(DARKROOM, new)} == {H}


def test_an_operation_that_moves_is_compared_all_the_same() -> None:
    new = deepcopy(DARKROOM)
    new["paths"]["/copies"] = new["paths"].pop("/prints")
    new["paths"]["/copies"]["post"]["parameters"] = []

    assert [change.rule for change in compare_documents(DARKROOM, new)] == [
        "operation moved",
        "parameter removed",
    ]


def test_operations_are_matched_by_path_then_by_name_then_by_content() -> None:
    new = deepcopy(DARKROOM)
    new["paths"]["/prints/{number}"] = new["paths"].pop("/prints/{id}")
    moved = new["paths"].pop("/prints")
    new["paths"]["/copies"] = {"post": {**moved["post"], "operationId": "copy", "summary": "Copy."}}

    pairs, removed, added = pair_operations(list_operations(DARKROOM), list_operations(new))

    assert [(one.name, other.name) for one, other in pairs] == [("read", "read"), ("print", "copy")]
    assert (removed, added) == ([], [])
    assert shared_operations(DARKROOM, new) == 1


def test_the_worst_comes_first() -> None:
    new = deepcopy(DARKROOM)
    new["info"]["version"] = "2"
    new["paths"]["/prints"]["post"]["deprecated"] = True
    del new["paths"]["/prints/{id}"]

    assert [change.severity for change in compare_documents(DARKROOM, new)] == [B, L, H]


def test_a_narrowing_is_a_widening_in_reverse() -> None:
    new = deepcopy(DARKROOM)
    new["paths"]["/prints"]["post"]["parameters"][0]["required"] = True
    new["paths"]["/prints"]["post"]["requestBody"]["required"] = True
    new["paths"]["/prints"]["post"]["responses"]["201"]["headers"]["Location"]["required"] = True
    new["webhooks"]["dry"]["post"]["requestBody"]["required"] = True
    new["webhooks"]["dry"]["post"]["parameters"].append({**SIGNED, "name": "X-Day"})
    del new["paths"]["/prints"]["post"]["operationId"]

    reported = {
        (change.rule, change.direction.value): change.severity for change in compare_documents(new, DARKROOM)
    }

    assert reported == {
        ("parameter became optional", "request"): H,
        ("body became optional", "request"): H,
        ("header became optional", "response"): B,
        ("body became optional", "response"): B,
        ("parameter removed", "response"): B,
        ("operationId added", "neither"): L,
    }
    assert ("header became required", H) in [
        (one.rule, one.severity) for one in compare_documents(DARKROOM, new)
    ]


def test_additional_content_of_a_webhook_is_harmless() -> None:
    bare = deepcopy(DARKROOM)
    body = bare["webhooks"]["dry"]["post"].pop("requestBody")
    more, required = deepcopy(bare), deepcopy(bare)
    more["webhooks"]["dry"]["post"]["requestBody"] = body
    more["webhooks"]["dry"]["post"]["parameters"].append({**SIGNED, "name": "X-Day", "required": False})
    required["webhooks"]["dry"]["post"]["requestBody"] = {**body, "required": True}
    required["webhooks"]["dry"]["post"]["parameters"].append({**SIGNED, "name": "X-Day"})

    reported = [(one.rule, one.severity) for new in (more, required) for one in compare_documents(bare, new)]

    assert reported == [
        ("parameter added", H),
        ("body added", H),
        ("required parameter added", H),
        ("required body added", H),
    ]


def test_unsupported_parts_are_reported_beside_supported_ones() -> None:
    old, new = deepcopy(DARKROOM), deepcopy(DARKROOM)
    for document, more in ((old, {}), (new, {"required": ["state"]})):
        media = document["webhooks"]["dry"]["post"]["requestBody"]["content"]["application/json"]
        media["schema"] = {"type": "object", "properties": {"state": {"type": "string"}}, **more}
    holder = new["webhooks"]["dry"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    holder["properties"]["state"]["not"] = {"const": "wet"}

    assert [one.rule for one in compare_documents(old, new)] == ["not supported", "property became required"]
