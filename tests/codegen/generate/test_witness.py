"""A body is satisfiable when an independent validator accepts an instance made for it."""

from typing import Any

import pytest
from safelight_codegen.generate.witness import is_satisfiable


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "integer", "minimum": 3},
        {"type": "integer", "maximum": -2},
        {"type": ["string", "null"], "minLength": 4},
        {"type": "string", "format": "uuid"},
        {"type": "string", "enum": ["a", "b"]},
        {"anyOf": [{"type": "integer"}, {"type": "string"}]},
        {"type": "array", "minItems": 2, "items": {"const": 1}},
        {"allOf": [{"$ref": "#/components/schemas/Named"}, {"properties": {"age": {"type": "integer"}}}]},
        {"type": "object", "properties": {"a": {}, "b": {}}, "required": ["a"], "not": {"required": ["b"]}},
    ],
)
def test_an_instance_is_found(schema: dict[str, Any]) -> None:
    named = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}

    assert is_satisfiable(schema, {"components": {"schemas": {"Named": named}}})


@pytest.mark.parametrize(
    "schema",
    [{"type": "string", "enum": [1]}, {"type": "object", "required": ["a"], "additionalProperties": False}],
)
def test_no_instance_is_found_where_there_is_none(schema: dict[str, Any]) -> None:
    assert not is_satisfiable(schema, {})
