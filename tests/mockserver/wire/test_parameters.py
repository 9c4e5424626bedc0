"""Described parameters: how they are read, and the check of frameworks that refuse any wrong one."""

from collections.abc import Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from safelight_mock.wire import JSON, Kind, Operation, Problem, Request
from safelight_mock.wire.framework import Framework
from safelight_mock.wire.schema import Parameter, Parameters, Query, resolve, schema_of

CHECKED = Framework(checks_parameters=True)
DESCRIBED: JSON = [
    {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}},
    {"name": "size", "in": "query", "schema": {"type": "integer", "minimum": 1, "default": 5}},
    {"name": "since", "in": "query", "required": True, "schema": {"type": "number"}},
    {"name": "X-Version", "in": "header", "schema": {"type": "string", "enum": ["1", "2"]}},
    {"name": "X-Region", "in": "header", "required": True, "schema": {"type": "string"}},
    {"name": "Accept", "in": "header", "required": True, "schema": {"type": "integer"}},
    {"name": "session", "in": "cookie", "required": True, "schema": {"type": "integer"}},
]
ID = "0a6d4f9b-3f0e-4e0c-9d0a-6b1f6f7f8a9b"


def operation(described: JSON = DESCRIBED, framework: Framework = CHECKED) -> Operation:
    return Operation(
        id="look",
        method="GET",
        paths=("/things/{id}",),
        described={"parameters": described},
        document={},
        strict=False,
        framework=framework,
    )


def check(query: str = "since=1", headers: Mapping[str, str] | None = None, path: str = ID) -> Parameters:
    looked = operation()
    parameters = looked.parameters({"id": path}, query)
    sent = {"x-region": "eu"} if headers is None else headers
    looked.check_parameters(Request(method="GET", path="/", at=0, headers=sent, body=b""), parameters)
    return parameters


def test_parameters_as_described_pass_and_none_counts_as_read() -> None:
    parameters = check("since=1.5&size=2&other=3")

    assert [*parameters.unread] == ["since", "size", "other"]
    assert (parameters["since"], parameters["size"], parameters["id"]) == (1.5, 2, ID)
    assert [*parameters.unread] == ["other"]


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"query": ""}, "since", "the query parameter since is missing"),
        ({"query": "since=soon"}, "since", 'query parameter since: "soon" is not a number'),
        ({"query": "since=1&size=0"}, "size", "query parameter size: 0 is less than the minimum of 1"),
        ({"path": "1"}, "id", 'path parameter id: "1" is not a UUID'),
        ({"headers": {}}, "x-region", "the header parameter x-region is missing"),
        (
            {"headers": {"x-region": "eu", "x-version": "3"}},
            "x-version",
            'header parameter x-version: "3" must be one of 1, 2',
        ),
    ],
)
def test_a_wrong_or_missing_parameter_is_named(changes: dict[str, Any], field: str, reason: str) -> None:
    with pytest.raises(Problem) as problem:
        check(**changes)

    assert (problem.value.kind, problem.value.field) == (Kind.BAD_PARAMETER, field)
    assert problem.value.reason == reason


def test_in_strict_mode_a_boolean_parameter_is_lower_case_when_all_are_checked() -> None:
    boolean: JSON = {"type": "boolean"}
    for schema in (boolean, {"type": "array", "items": boolean}):
        described: JSON = [{"name": "loud", "in": "query", "schema": schema}]

        operation(described).parameters({}, "loud=True").check()
        with pytest.raises(Problem):
            replace(operation(described), strict=True).parameters({}, "loud=True").check()


def test_headers_of_other_purposes_and_cookies_are_not_checked() -> None:
    check(headers={"x-region": "eu", "accept": "text/html"})


def test_a_framework_that_reads_what_it_needs_checks_nothing_before() -> None:
    looked = operation(framework=Framework())
    request = Request(method="GET", path="/", at=0, headers={}, body=b"")

    looked.check_parameters(request, looked.parameters({"id": "1"}, "size=0"))


def test_parameters_that_passed_are_not_checked_again() -> None:
    looked = operation()
    parameters = looked.parameters({"id": ID}, "since=1")
    parameters.check()
    parameters.texts = {"path": {}, "query": {}}

    parameters.check()

    with pytest.raises(Problem):
        looked.parameters({}, "").check()


def test_parameters_in_headers_alone_have_no_query() -> None:
    parameters = Parameters({}, {"query": {}}, strict=False)

    parameters.check()

    assert parameters.unread == ()
    assert (len(parameters), [*parameters]) == (0, [])


def test_the_names_in_the_query_are_listed() -> None:
    assert operation().query_parameters == ("size", "since")
    assert len(operation().parameters({}, "")) == 3
    assert [*operation().parameters({}, "")] == ["id", "size", "since"]


def test_a_missing_optional_parameter_has_its_default() -> None:
    assert operation().parameters({"id": ID}, "since=1")["size"] == 5
    assert operation([{"name": "a", "in": "query", "schema": {}}]).parameters({}, "")["a"] is None


@pytest.mark.parametrize(
    ("node", "texts", "value"),
    [
        ({"in": "query", "style": "spaceDelimited"}, "a=1%202", [1, 2]),
        ({"in": "query", "style": "spaceDelimited", "explode": True}, "a=1&a=2", [1, 2]),
        ({"in": "query", "style": "pipeDelimited"}, "a=1|2", [1, 2]),
        ({"in": "query", "explode": False}, "a=1,2", [1, 2]),
        ({"in": "query", "explode": False}, "a=", []),
        ({"in": "query"}, "a=1&a=2", [1, 2]),
        ({"in": "query"}, "b=1", None),
    ],
)
def test_a_list_is_read_as_style_and_explode_say(node: JSON, texts: str, value: JSON) -> None:
    schema = {"type": "array", "items": {"type": "integer"}}

    parameter = Parameter.of({}, {**node, "schema": schema})

    assert parameter.read(Query(texts), "a", strict=False) == value
    assert not parameter.required


def test_a_list_in_a_header_has_commas_and_one_text_is_a_list_where_all_are_read_at_once() -> None:
    schema = {"type": "array", "items": {"type": "integer"}}
    in_header = Parameter.of({}, {"in": "header", "schema": schema, "explode": True, "required": True})
    exploded = Parameter.of({}, {"in": "query", "schema": schema})

    assert in_header.read({"a": "1,2"}, "a", strict=False) == [1, 2]
    assert (in_header.required, in_header.location) == (True, "header")
    assert exploded.read({"a": "1"}, "a", strict=False) == [1]


def test_what_may_be_a_text_too_is_read_as_one() -> None:
    either = {"anyOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "string"}]}

    assert (
        Parameter.of({}, {"in": "query", "schema": either}).read(Query("a=1,2"), "a", strict=False) == "1,2"
    )


def test_items_are_found_through_references() -> None:
    document = {"components": {"schemas": {"Sizes": {"type": "array", "items": {"type": "integer"}}}}}
    node = {"in": "query", "schema": {"$ref": "#/components/schemas/Sizes"}}

    assert Parameter.of(document, node).read(Query("a=1&a=2"), "a", strict=False) == [1, 2]


def test_reads_of_a_copy_do_not_count() -> None:
    query = Query("a=1&b=2&a=3")
    copy = query.unrecorded()

    assert (copy["a"], copy.every("b"), len(copy), [*copy]) == ("1", ["2"], 2, ["a", "b"])
    assert query.unread == ("a", "b")
    assert copy.unread == ()


@pytest.mark.parametrize(
    ("node", "schema"),
    [
        ({"schema": {"type": "string"}}, {"type": "string"}),
        ({"content": {"application/json": {"schema": {"type": "object"}}}}, {"type": "object"}),
        ({"content": {"application/json": {}}}, {}),
        ({}, {}),
        ({"schema": True}, {}),
        ({"schema": False}, {"not": {}}),
    ],
)
def test_a_node_without_a_schema_accepts_any_value(node: JSON, schema: JSON) -> None:
    assert schema_of(node) == schema


@pytest.mark.parametrize(
    ("reference", "schema"),
    [
        ("#/$defs/one", {"type": "string"}),
        ("#/$defs/listed/1", {"type": "number"}),
        ("#/$defs/other", {"type": "string"}),
        ("#/$defs/any", {}),
        ("#/$defs/none", {"not": {}}),
        ("#/$defs/a~1b~0c", {"type": "null"}),
    ],
)
def test_references_lead_through_lists_and_to_booleans(reference: str, schema: JSON) -> None:
    one: JSON = {
        "one": {"type": "string"},
        "listed": [{}, {"type": "number"}],
        "other": {"$ref": "#/$defs/one"},
        "any": True,
        "none": False,
        "a/b~c": {"type": "null"},
    }

    assert resolve({"$defs": one}, {"$ref": reference}) == schema


def test_a_list_of_anything_has_texts() -> None:
    parameter = Parameter.of({}, {"in": "query", "schema": {"type": "array"}})

    assert parameter.read(Query("a=1&a=b"), "a", strict=False) == ["1", "b"]
    assert parameter.required is False


def test_items_may_refer_to_the_document() -> None:
    document = {"components": {"schemas": {"Size": {"type": "integer", "minimum": 2}}}}
    items = {"$ref": "#/components/schemas/Size"}
    parameter = Parameter.of(document, {"in": "query", "schema": {"type": "array", "items": items}})
    parameters = Parameters({"a": parameter}, {"query": Query("a=2&a=3")}, strict=False)

    assert parameters["a"] == [2, 3]
    with pytest.raises(Problem):
        Parameters({"a": parameter}, {"query": Query("a=1")}, strict=False)["a"]


def test_an_operation_without_parameters_in_headers_takes_any_headers() -> None:
    looked = operation([DESCRIBED[0]])
    request = Request(method="GET", path="/", at=0, headers={"x-version": "3"}, body=b"")

    looked.check_parameters(request, looked.parameters({"id": ID}, ""))

    assert repr(looked) == "Operation('look')"


def test_a_value_in_the_path_is_read_once_and_one_that_is_refused_each_time() -> None:
    looked = operation()
    right, wrong = (looked.parameters({"id": id_}, "since=1") for id_ in (ID.upper(), "1"))

    first = right["id"]
    right.texts = {}
    assert [first, right["id"]] == [ID, ID]
    for _ in range(2):
        with pytest.raises(Problem, match="id"):
            wrong["id"]
