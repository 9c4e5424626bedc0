"""Example values match their schemas, use values of the schema, and are limited."""

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight_lifecycle import media_example, schema_example
from safelight_lifecycle._examples import MAX_VALUES

JSON = Any

DOCUMENT = {
    "components": {
        "schemas": {
            "Size": {"type": "integer", "minimum": 16},
            "Named": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
        },
        "examples": {"Done": {"value": {"state": "DONE"}}},
    }
}
SIZE = {"$ref": "#/components/schemas/Size"}
NAMED = {"$ref": "#/components/schemas/Named"}

FULL: list[tuple[JSON, JSON]] = [
    ({"const": 1, "default": 2, "examples": [3], "enum": [4]}, 1),
    ({"default": 2, "examples": [3], "enum": [4]}, 3),
    ({"default": 2, "enum": [4, 2]}, 2),
    ({"type": "array", "items": SIZE, "default": []}, [16]),
    ({"type": "integer", "default": None}, 1),
    ({"example": 5, "examples": [3], "enum": [4]}, 5),
    ({"examples": [3], "enum": [4]}, 3),
    ({"enum": [4]}, 4),
    ({"type": "integer"}, 1),
    ({"type": "integer", "minimum": 0.5}, 1),
    ({"type": "integer", "exclusiveMinimum": 4}, 5),
    ({"type": "integer", "maximum": -3}, -3),
    ({"type": "integer", "exclusiveMaximum": 0}, -1),
    ({"type": "integer", "minimum": 5, "multipleOf": 4}, 8),
    ({"type": "number", "minimum": 0.5}, 0.5),
    ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}, 0.5),
    ({"type": "boolean"}, True),
    ({"type": "null"}, None),
    ({"type": ["null", "integer"]}, 1),
    ({"type": ["null"]}, None),
    ({"type": "string"}, "text"),
    ({"type": "string", "minLength": 6}, "textte"),
    ({"type": "string", "maxLength": 2}, "te"),
    ({"type": "string", "format": "uri"}, "https://example.com/"),
    ({"type": "string", "pattern": "^[0-9a-f]{64}$"}, "0" * 64),
    ({"type": "string", "pattern": "^[0-9]+%$"}, "1%"),
    ({"type": "array", "items": SIZE}, [16]),
    ({"type": "array", "items": SIZE, "minItems": 2}, [16, 16]),
    ({"type": "array", "items": SIZE, "maxItems": 0}, []),
    ({"prefixItems": [{"const": 1}, {"const": 2}]}, [1, 2]),
    ({"properties": {"a": SIZE, "b": {"const": 1}}, "required": ["a"]}, {"a": 16, "b": 1}),
    ({"type": "object", "required": ["x"], "additionalProperties": SIZE}, {"x": 16}),
    ({"$ref": "#/components/schemas/Named", "properties": {"size": SIZE}}, {"name": "text", "size": 16}),
    ({"allOf": [NAMED, {"required": ["size"], "properties": {"size": SIZE}}]}, {"name": "text", "size": 16}),
    ({"anyOf": [SIZE, {"type": "string"}]}, 16),
    ({"type": "integer", "anyOf": [{"minimum": 7}, {"minimum": 9}]}, 7),
    ({"oneOf": [{"const": "a"}, {"const": "b"}]}, "a"),
    ({"properties": {"a": {"const": 1}}, "if": {}, "else": {"required": ["a"]}}, {"a": 1}),
]


@pytest.mark.parametrize(("schema", "value"), FULL)
def test_an_example_is_made_from_the_schema(schema: JSON, value: JSON) -> None:
    made = schema_example(schema, DOCUMENT)

    assert made == value
    assert type(made) is type(value)


VALID = [
    schema
    for schema, value in FULL
    if not {"default", "example"} & schema.keys() and "examples" not in schema
]


@pytest.mark.parametrize("required_only", [True, False])
@pytest.mark.parametrize("schema", VALID)
def test_an_example_is_valid(schema: JSON, *, required_only: bool) -> None:
    made = schema_example(schema, DOCUMENT, required_only=required_only)

    assert jsonschema_rs.is_valid({**schema, **DOCUMENT}, made)


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "object", "properties": {"a": SIZE, "b": SIZE}, "required": ["a"]}, {"a": 16}),
        (
            {"allOf": [NAMED, {"required": ["size"], "properties": {"size": SIZE}}]},
            {"name": "text", "size": 16},
        ),
        ({"type": "boolean"}, False),
        ({"type": "array", "items": SIZE}, [16]),
        ({"type": "array", "items": SIZE, "default": []}, []),
        ({"const": 1, "default": 2, "examples": [3], "enum": [4]}, 1),
        ({"default": 2, "examples": [3], "enum": [4]}, 2),
        ({"examples": [3], "enum": [4]}, 3),
    ],
)
def test_a_minimal_example_has_what_is_required_and_turns_nothing_on(schema: JSON, value: JSON) -> None:
    assert schema_example(schema, DOCUMENT, required_only=True) == value


def test_free_texts_are_the_callers() -> None:
    schema = {"properties": {"free": {"type": "string"}, "id": {"type": "string", "format": "uuid"}}}

    made = schema_example(schema, DOCUMENT, text="safelight://coffee.jpg")

    assert made["free"] == "safelight://coffee.jpg"
    assert made["id"] != "safelight://coffee.jpg"


@pytest.mark.parametrize(
    ("media", "value"),
    [
        ({"example": None, "schema": SIZE}, None),
        ({"examples": {"one": {"summary": "no value"}, "two": {"value": 2}}, "schema": SIZE}, 2),
        ({"examples": {"done": {"$ref": "#/components/examples/Done"}}, "schema": SIZE}, {"state": "DONE"}),
        ({"schema": SIZE}, 16),
        ({}, "text"),
    ],
)
def test_a_media_type_shows_its_own_example_before_one_of_its_schema(media: JSON, value: JSON) -> None:
    assert media_example(media, DOCUMENT) == value


@pytest.mark.parametrize(
    ("tree", "made"),
    [
        ({"properties": {side: {"$ref": "#/components/schemas/Tree"} for side in ("left", "right")}}, {}),
        (
            {"properties": {"all": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}}},
            {"all": []},
        ),
        (
            {"properties": {"all": {"anyOf": [{"$ref": "#/components/schemas/Tree"}, {"type": "null"}]}}},
            {},
        ),
        (
            {
                "required": ["all"],
                "properties": {"all": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}},
            },
            {"all": []},
        ),
        ({"allOf": [{"$ref": "#/components/schemas/Tree"}], "const": 1}, 1),
        ({"oneOf": [{"$ref": "#/components/schemas/Tree"}, {"type": "string"}], "default": 2}, 2),
        ({"type": [], "enum": []}, "text"),
        (False, "text"),
    ],
)
def test_what_repeats_the_schema_that_contains_it_is_left_out(tree: JSON, made: JSON) -> None:
    assert (
        schema_example({"$ref": "#/components/schemas/Tree"}, {"components": {"schemas": {"Tree": tree}}})
        == made
    )


@pytest.mark.parametrize("reference", ["#/components/schemas/Lost", "other.yaml#/Job", "#anchor", "#/a~"])
def test_a_reference_that_does_not_resolve_has_no_effect(reference: str) -> None:
    assert schema_example({"$ref": reference}, DOCUMENT) == "text"


def test_an_example_that_would_unfold_without_end_is_cut_off() -> None:
    schemas = {
        f"A{n}": {"properties": {name: {"$ref": f"#/components/schemas/A{n + 1}"} for name in "abcdefgh"}}
        for n in range(30)
    }

    made = schema_example({"$ref": "#/components/schemas/A0"}, {"components": {"schemas": schemas}})

    assert MAX_VALUES / 10 < count(made) < 10 * MAX_VALUES


def count(value: JSON) -> int:
    return 1 + sum(map(count, value.values())) if isinstance(value, dict) else 1


def test_a_text_longer_than_bounded_is_not_made() -> None:
    assert len(schema_example({"type": "string", "minLength": 10**9}, {})) == 10_000


def test_a_pattern_that_a_matcher_could_backtrack_over_for_ever_is_not_tried() -> None:
    assert schema_example({"type": "string", "pattern": "^(0+)+x$"}, {}) == "text"


@given(low=st.integers(-50, 50), width=st.integers(0, 50), step=st.integers(1, 7))
def test_a_number_is_within_its_bounds_where_one_exists(low: int, width: int, step: int) -> None:
    schema = {"type": "integer", "minimum": low, "maximum": low + width, "multipleOf": step}

    made = schema_example(schema, {})

    exists = any(number % step == 0 for number in range(low, low + width + 1))
    assert jsonschema_rs.is_valid(schema, made) == exists
