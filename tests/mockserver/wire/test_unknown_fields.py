"""Unknown fields are found at any depth."""

import pytest

from safelight_mock.wire import JSON, Schema
from safelight_mock.wire.operation import ANNOTATIONS, unknown_fields

POINT = {"type": "object", "properties": {"x": {"type": "integer"}}}
DOCUMENT = {"components": {"schemas": {"Point": POINT}}}
REFERENCE = {"$ref": "#/components/schemas/Point"}


def unknown(schema: dict[str, JSON], value: JSON) -> list[str]:
    return [*unknown_fields(Schema(DOCUMENT, schema), value)]


@pytest.mark.parametrize(
    ("schema", "value", "names"),
    [
        (POINT, {"x": 1, "y": 2}, ["y"]),
        (REFERENCE, {"x": 1, "y": {"z": 1}}, ["y"]),
        ({"properties": {"a": REFERENCE}}, {"a": {"x": 1, "y": 2}, "b": 1}, ["a.y", "b"]),
        (
            {"properties": {"a": {"type": "array", "items": REFERENCE}}},
            {"a": [{"x": 1}, {"y": 2}]},
            ["a.1.y"],
        ),
        ({"properties": {"a": {"anyOf": [{"type": "string"}, REFERENCE]}}}, {"a": {"x": 1, "y": 2}}, ["a.y"]),
        ({"oneOf": [POINT, {"properties": {"y": {"type": "integer"}}}]}, {"x": 1, "y": 2}, []),
        ({"allOf": [REFERENCE, {"properties": {"y": {"type": "integer"}}}]}, {"x": 1, "y": 2, "z": 3}, ["z"]),
        ({**POINT, "additionalProperties": True}, {"y": {"z": 1}}, []),
        ({**POINT, "additionalProperties": {"type": "string"}}, {"y": "z"}, []),
        ({**POINT, "additionalProperties": False}, {"y": "z"}, ["y"]),
        ({"properties": {"a": {"type": "object"}}}, {"a": {"b": 1}}, []),
        ({}, {"a": 1}, []),
        ({"properties": {"a": {"description": "Any value."}}}, {"a": {"b": 1}, "c": 1}, ["c"]),
        ({"properties": {"a": dict.fromkeys(ANNOTATIONS)}}, {"a": {"b": 1}}, []),
        (REFERENCE, {"x": 1}, []),
        (REFERENCE, {"x": {"z": 1}}, ["x.z"]),
        (POINT, [1], []),
        (POINT, "x", []),
    ],
)
def test_unknown_fields_are_listed_by_path(schema: dict[str, JSON], value: JSON, names: list[str]) -> None:
    assert unknown(schema, value) == names
