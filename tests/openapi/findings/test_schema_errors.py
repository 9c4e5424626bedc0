"""An error of a JSON Schema is a sentence that names the field, its value and what is allowed."""

from typing import Any

import jsonschema_rs
import pytest

from safelight_openapi import Wording, schema_problems

CHOICE: dict[str, Any] = {
    "oneOf": [
        {"enum": ["none", "all"]},
        {"type": "object", "required": ["from", "to"], "properties": {"from": {}}},
    ]
}
BRANCHES: dict[str, Any] = {"oneOf": [{"required": ["first", "factor"]}, {"required": ["waits"]}]}
SPAN: dict[str, Any] = {
    "type": "string",
    "pattern": "^P",
    "x-otherwise": {"pattern": "{value} is no duration; use PT5S"},
}

TABLE: list[tuple[dict[str, Any], object, str]] = [
    ({"type": "integer"}, "5", 'a: "5" is not an integer'),
    ({"type": ["null", "integer"]}, 1.5, "a: 1.5 is not an integer or null"),
    ({"type": "array"}, "x", 'a: "x" is not a list; write ["x"]'),
    ({"minimum": 0}, -3, "a: -3 is less than the minimum of 0"),
    (
        {"minimum": 200, "maximum": 599},
        600,
        "a: 600 is greater than the maximum of 599; use a number from 200 to 599",
    ),
    ({"exclusiveMinimum": 0}, 0, "a: 0 is not greater than 0"),
    (
        {"enum": ["real", "manual"]},
        "manuel",
        "a: \"manuel\" must be one of real, manual; did you mean 'manual'?",
    ),
    ({"const": True}, 1, "a: 1 must be true"),
    ({"minItems": 1}, [], "a: it is empty; give at least 1 item"),
    ({"maxItems": 1}, [1, 2], "a: it has 2 items; at most 1 are allowed"),
    ({"minLength": 3}, "ab", "a: it has 2 characters; at least 3 are allowed"),
    ({"minProperties": 1, "properties": {"b": {}, "c": {}}}, {}, "a: it is empty; give one of b, c"),
    ({"format": "uuid"}, "x", 'a: "x" is not a UUID'),
    ({"uniqueItems": True}, [1, 1], "a: two of its items are equal; remove one"),
    ({"required": ["b"]}, {}, "a/b is missing"),
    ({"required": ["b", "c"]}, {"b": 1}, "a/c is missing; required: b, c"),
    (
        {"properties": {"label": {}}, "additionalProperties": False},
        {"lable": 1},
        "a: unknown field 'lable'; did you mean 'label'?",
    ),
    (
        {"properties": {"b": {}, "c": {}}, "additionalProperties": False},
        {"xyz": 1},
        "a: unknown field 'xyz'; use one of b, c",
    ),
    (CHOICE, "some", 'a: "some" must be none, all or an object with from and to'),
    (CHOICE, {"from": 1}, "a/to is missing; required: from, to"),
    (BRANCHES, {}, "a: give first and factor, or waits"),
    (BRANCHES, {"first": 1}, "a: factor is missing: give first and factor, or waits"),
    (
        BRANCHES,
        {"first": 1, "factor": 2, "waits": 3},
        "a: give only one of these: first and factor, or waits",
    ),
    (SPAN, "5s", 'a: "5s" is no duration; use PT5S'),
    ({"propertyNames": SPAN}, {"5s": 1}, 'a: "5s" is no duration; use PT5S'),
    ({"type": "integer"}, "x" * 200, f'a: "{"x" * 79}… is not an integer'),
]


def texts(schema: dict[str, Any], value: object, wording: Wording = Wording()) -> list[str]:  # noqa: B008 - immutable
    errors = jsonschema_rs.Draft202012Validator(schema, validate_formats=True).iter_errors(value)
    return [problem.text for problem in schema_problems(errors, schema, wording)]


@pytest.mark.parametrize(("schema", "value", "text"), TABLE, ids=[row[2] for row in TABLE])
def test_an_error_names_the_field_its_value_and_what_is_allowed(
    schema: dict[str, Any], value: object, text: str
) -> None:
    assert texts({"properties": {"a": schema}}, {"a": value}) == [text]
    assert texts({"properties": {"a": {"$ref": "#/$defs/a"}}, "$defs": {"a": schema}}, {"a": value}) == [text]


def test_a_misspelled_key_is_not_reported_as_missing_too() -> None:
    schema = {"properties": {"states": {}}, "required": ["states"], "additionalProperties": False}

    assert texts(schema, {"stats": 1}, Wording(noun="key")) == ["unknown key 'stats'; did you mean 'states'?"]


def test_the_value_of_a_secret_is_not_shown() -> None:
    schema = {"properties": {"token": {"type": "integer"}, "all": {"type": "string"}}}
    wording = Wording(hides="token".__eq__)

    assert texts(schema, {"token": "abc"}, wording) == ["token: it is not an integer"]
    assert texts(schema, {"all": {"token": "abc"}}, wording) == ["all: the object is not a string"]
