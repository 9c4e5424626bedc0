"""The least that a schema takes is made from what it says itself."""

import pytest

from safelight_mock.wire import JSON, Schema
from safelight_mock.wire.minimal_example import minimal_value

ADDRESS = "safelight://coffee.jpg"
DOCUMENT = {"components": {"schemas": {"Size": {"type": "integer", "minimum": 16}}}}
SIZE = {"$ref": "#/components/schemas/Size"}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "object", "properties": {"a": SIZE, "b": SIZE}, "required": ["a"]}, {"a": 16}),
        ({"type": "object"}, {}),
        ({"type": "array", "items": SIZE}, [16]),
        ({"type": "array", "items": SIZE, "minItems": 2}, [16, 16]),
        ({"type": "string"}, ADDRESS),
        ({"type": "string", "examples": ["https://example.com/a.jpg"]}, ADDRESS),
        ({"type": "string", "example": "100%"}, "100%"),
        ({"type": "string", "enum": ["low", "high"]}, "low"),
        ({"type": "string", "enum": ["low", "high"], "default": "high"}, "high"),
        ({"const": "only"}, "only"),
        ({"type": ["integer", "null"]}, 1),
        ({"type": "number", "minimum": 0.5}, 0.5),
        ({"type": "number"}, 1),
        ({"properties": {"a": SIZE}, "required": ["a"]}, {"a": 16}),
        ({"type": "string", "examples": ["small", "large"]}, "small"),
        ({"type": "integer", "anyOf": [{"minimum": 0}, {"minimum": 9}]}, 0),
        ({"type": "boolean"}, False),
        ({"type": "null"}, None),
        ({"anyOf": [{"type": "boolean"}, SIZE]}, False),
        ({"const": {"a": ["https://example.com/a.jpg", "a"]}}, {"a": [ADDRESS, "a"]}),
    ],
)
def test_a_minimal_value_has_the_minimum_of_its_schema(schema: dict[str, JSON], value: JSON) -> None:
    described = Schema(DOCUMENT, schema)

    assert minimal_value(described, ADDRESS) == value
    assert described.accepts(value) or "const" in schema  # whose URL gives way to one that can be loaded
