"""Parameters of an operation are read as their styles say."""

import json

import pytest
from tests.mockserver.wire.things import api

from safelight_mock.wire import (
    JSON,
    Api,
    Operation,
    Problem,
)


def test_parameters_of_a_path_and_of_its_operation_are_both_known() -> None:
    result = api().operations["list"].parameters({}, "loud=true&page=3&quiet=")

    assert dict(result) == {"page": 3, "loud": True}
    assert result.unread == ("quiet",)
    assert api().operations["list"].parameters({}, "").unread == ()


def test_the_first_of_repeated_query_parameters_counts() -> None:
    result = api().operations["list"].parameters({}, "page=3&page=4").texts["query"]

    assert (list(result), len(result), dict(result)) == (["page"], 1, {"page": "3"})


@pytest.mark.parametrize(
    ("described", "query", "value"),
    [
        ({}, "in=1&in=2", [1, 2]),
        ({}, "in=1", [1]),
        ({"explode": False}, "in=1,2", [1, 2]),
        ({"explode": False}, "in=1%2C2", [1, 2]),
        ({"explode": False}, "in=", []),
        ({"style": "spaceDelimited"}, "in=1%202", [1, 2]),
        ({"style": "pipeDelimited"}, "in=1|2", [1, 2]),
        ({"style": "pipeDelimited", "explode": True}, "in=1&in=2", [1, 2]),
    ],
)
def test_a_parameter_that_is_a_list_is_read_as_its_style_says(
    described: dict[str, JSON], query: str, value: JSON
) -> None:
    numbers = {"type": "array", "items": {"type": "integer"}}
    operation = with_parameter({"name": "in", "in": "query", "schema": numbers, **described})

    assert operation.parameters({}, query)["in"] == value


def test_a_list_with_a_wrong_item_is_refused() -> None:
    numbers = {"type": "array", "items": {"type": "integer"}}
    operation = with_parameter({"name": "in", "in": "query", "explode": False, "schema": numbers})

    with pytest.raises(Problem):
        operation.parameters({}, "in=1,two")["in"]


def test_a_list_in_a_path_has_commas_between_its_items() -> None:
    numbers = {"type": "array", "items": {"type": "integer"}}
    operation = with_parameter({"name": "in", "in": "path", "required": True, "schema": numbers})

    assert operation.parameters({"in": "1,2"}, "")["in"] == [1, 2]


def with_parameter(parameter: dict[str, JSON]) -> Operation:
    described = {"operationId": "read", "parameters": [parameter], "responses": {}}
    path = "/things/{in}" if parameter["in"] == "path" else "/things"
    return Api.from_json(json.dumps({"paths": {path: {"get": described}}}).encode()).operations["read"]


def test_a_parameter_has_a_schema_if_it_is_described() -> None:
    described = api().operations["list"]

    page, unknown = described.parameter("page"), described.parameter("mood")

    assert page is not None
    assert (page.accepts(3), page.accepts("three")) == (True, False)
    assert unknown is None
