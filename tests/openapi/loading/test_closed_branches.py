"""Parts of an `allOf` that exclude one another's properties are read as one object."""

from typing import Any

import pytest

from safelight_openapi._loading.closed_branches import NOTE, open_branches

URL: dict[str, Any] = {"type": "object", "properties": {"url": {}}, "additionalProperties": False}
SIZE: dict[str, Any] = {"type": "object", "properties": {"size": {}}, "additionalProperties": False}


def document(schema: dict[str, Any]) -> dict[str, Any]:
    return {"openapi": "3.1.2", "paths": {}, "components": {"schemas": {"New": schema, "Size": SIZE}}}


def opened(schema: dict[str, Any]) -> tuple[Any, list[str]]:
    changed, notes = open_branches(document(schema))
    schemas: Any = changed["components"]
    return schemas["schemas"]["New"], notes


def test_parts_in_place_and_by_reference_are_opened_and_the_whole_is_closed() -> None:
    reference = {"$ref": "#/components/schemas/Size"}

    schema, notes = opened({"allOf": [URL, reference], "additionalProperties": False})

    assert schema == {
        "allOf": [
            {"type": "object", "properties": {"url": {}}},
            {"type": "object", "properties": {"size": {}}},
        ],
        "unevaluatedProperties": False,
    }
    assert notes == [NOTE]


def test_properties_beside_the_parts_are_a_part_too() -> None:
    schema, notes = opened(
        {"allOf": [{"properties": {"a": {}}}], "properties": {"b": {}}} | {"additionalProperties": False}
    )

    assert schema == {
        "allOf": [{"properties": {"a": {}}}],
        "properties": {"b": {}},
        "unevaluatedProperties": False,
    }
    assert notes == [NOTE]


@pytest.mark.parametrize(
    "schema",
    [
        {"allOf": [URL]},
        {"allOf": [URL, {"description": "A file."}]},
        {"allOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}}]},
        {"oneOf": [URL, SIZE]},
        {"allOf": "wrong"},
    ],
)
def test_parts_that_exclude_nothing_are_left_alone(schema: dict[str, Any]) -> None:
    assert opened(schema) == (schema, [])


def test_a_component_that_others_use_stays_closed() -> None:
    changed, _ = open_branches(document({"allOf": [URL, {"$ref": "#/components/schemas/Size"}]}))

    components: Any = changed["components"]
    assert components["schemas"]["Size"] == SIZE
