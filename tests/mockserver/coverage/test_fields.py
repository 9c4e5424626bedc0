"""Fields of a document are found in values, wherever the schema has them."""

from threading import Thread
from typing import Any

import pytest

from safelight_mock.coverage.fields import Described, FieldNode


def fields(schema: object, *values: object, absent: str = "readOnly", most: int = 100) -> dict[str, bool]:
    node = FieldNode(Described(document=DOCUMENT, absent=absent), [schema])
    for value in values:
        node.mark(value)
    return node.fields(most)


NAME = {"properties": {"name": {"type": "string"}}}
TREE = {"$ref": "#/components/schemas/Tree"}
DOCUMENT: dict[str, Any] = {
    "components": {
        "schemas": {
            "Name": NAME,
            "Tree": {
                "properties": {"leaf": {}, "children": {"items": {"$ref": "#/components/schemas/Tree"}}}
            },
        }
    }
}
NAMED = {"$ref": "#/components/schemas/Name"}


@pytest.mark.parametrize(
    ("schema", "value", "pointer"),
    [
        pytest.param(NAME, {"name": "a"}, "/name", id="a member"),
        pytest.param(NAMED, {"name": "a"}, "/name", id="below a reference"),
        pytest.param({"allOf": [{}, NAMED]}, {"name": "a"}, "/name", id="in a part of all"),
        pytest.param({"oneOf": [{"type": "null"}, NAMED]}, {"name": "a"}, "/name", id="in a choice"),
        pytest.param({"items": NAMED}, [{}, {"name": "a"}], "/*/name", id="in an item"),
        pytest.param({"prefixItems": [NAMED]}, [{"name": "a"}], "/*/name", id="in the first item"),
        pytest.param({"additionalProperties": NAMED}, {"x": {"name": "a"}}, "/*/name", id="in a map"),
        pytest.param({"properties": {"a/b": {}}}, {"a/b": 1}, "/a~1b", id="with a slash in its name"),
        pytest.param(NAME, {"name": False}, "/name", id="with a value that is false"),
    ],
)
def test_a_field_is_covered_by_a_value(schema: object, value: object, pointer: str) -> None:
    assert fields(schema) == {pointer: False}
    assert fields(schema, value) == {pointer: True}


@pytest.mark.parametrize("value", [{}, {"name": None}, {"other": 1}, [{"name": 1}], "name", None])
def test_a_field_is_not_covered_by_null_or_another_value(value: object) -> None:
    assert fields(NAME, value) == {"/name": False}


def test_fields_are_covered_by_several_values() -> None:
    pair = {"properties": {"left": NAMED, "right": NAMED}}

    found = fields(pair, {"left": {}}, {"right": {"name": "a"}})

    assert found == {"/left": True, "/right": True, "/left/name": False, "/right/name": True}


def test_a_schema_within_itself_is_looked_into_once() -> None:
    tree = {"leaf": 1, "children": [{"leaf": 2, "children": [{"leaf": 3}]}]}

    assert fields(TREE, tree) == {"/leaf": True, "/children": True}


def test_what_only_responses_have_is_no_field_of_a_request() -> None:
    schema = {"properties": {"id": {"readOnly": True}, "secret": {"writeOnly": True}}}

    assert fields(schema) == {"/secret": False}
    assert fields(schema, absent="writeOnly") == {"/id": False}


def test_no_more_fields_are_listed_than_wanted_and_the_outer_ones_first() -> None:
    deep: dict[str, Any] = {"properties": {"a": {"properties": {"b": {}, "c": {}}}, "d": {}}}

    assert [*fields(deep, most=3)] == ["/a", "/d", "/a/b"]


def test_marking_says_when_everything_is_covered() -> None:
    node = FieldNode(
        Described(document={}, absent="readOnly"), [{"properties": {"a": {"items": NAME}, "b": {}}}]
    )

    values: list[dict[str, Any]] = [{"a": []}, {"b": 1}, {"a": [{"name": 1}]}, {}]
    assert [node.mark(value) for value in values] == [False, False, True, True]


def test_threads_mark_what_each_of_them_has_seen() -> None:
    names = [f"field-{number}" for number in range(400)]
    properties: dict[str, Any] = {name: {} for name in names}
    node = FieldNode(Described(document={}, absent="readOnly"), [{"properties": properties}])

    def mark(mine: list[str]) -> None:
        for name in mine:
            node.mark({name: 1, "field-0": 1})

    threads = [Thread(target=mark, args=(names[first::4],)) for first in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert node.fields(1_000) == {f"/{name}": True for name in names}
