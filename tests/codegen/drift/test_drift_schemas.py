"""The class of a change of a keyword in requests and in responses."""

import pytest
from tests.codegen.drift.schemas import (
    FORMS,
    LONG,
    MANY,
    MATCHED,
    MATCHED_TOO,
    NOTHING,
    NUMBER,
    READ,
    SHORT,
    TEXT,
    WRITTEN,
    B,
    H,
    Json,
    L,
    changes,
    closed,
    kind,
    of,
    worst,
)

from safelight_codegen._drift import ChangeSeverity, Direction

# The old schema, the new one, and the class of the change in a request and in an answer.
TABLE = [
    ("an integer where a number was", {"type": "number"}, {"type": "integer"}, B, H),
    ("a number where an integer was", {"type": "integer"}, {"type": "number"}, H, B),
    ("another type", {"type": "string"}, {"type": "integer"}, B, B),
    ("a type where none was", {}, {"type": "string"}, B, H),
    (
        "an object that is called one",
        {"properties": {"a": {}}},
        {"type": "object", "properties": {"a": {}}},
        H,
        H,
    ),
    ("null as well", {"type": "string"}, {"type": ["string", "null"]}, H, B),
    ("null no longer", {"type": ["string", "null"]}, {"type": "string"}, B, H),
    ("an enum where none was", {"type": "string"}, {"type": "string", "enum": ["a"]}, B, H),
    ("another enum", {"enum": ["a", "b"]}, {"enum": ["b", "c"]}, B, B),
    ("an enum in another order", {"enum": ["a", "b"]}, {"enum": ["b", "a"]}, H, H),
    ("a const for an enum of one", {"enum": ["a"]}, {"const": "a"}, H, H),
    ("a const for one of two", {"enum": ["a", "b"]}, {"const": "a"}, B, H),
    ("true is not one", {"enum": [1]}, {"enum": [True]}, B, B),
    ("a higher least", {"minimum": 1}, {"minimum": 2}, B, H),
    ("a lower least", {"minimum": 1}, {"minimum": 0}, H, B),
    ("a higher most", {"maximum": 1}, {"maximum": 2}, H, B),
    ("a bound that is not reached", {"maximum": 1}, {"exclusiveMaximum": 1}, B, H),
    ("a shorter text", {"maxLength": 9}, {"maxLength": 8}, B, H),
    ("no least length is zero", {"type": "string"}, {"type": "string", "minLength": 0}, H, H),
    ("fewer items", {"maxItems": 9}, {"maxItems": 8}, B, H),
    ("more properties", {"maxProperties": 1}, {"maxProperties": 2}, H, B),
    ("a coarser step", {"multipleOf": 0.1}, {"multipleOf": 0.5}, B, H),
    ("a finer step", {"multipleOf": 0.5}, {"multipleOf": 0.1}, H, B),
    ("another step", {"multipleOf": 2}, {"multipleOf": 3}, B, B),
    ("no pattern", {"pattern": "a"}, {}, H, B),
    ("another pattern", {"pattern": "a"}, {"pattern": "b"}, L, L),
    ("another format", {"format": "uuid"}, {"format": "uri"}, B, B),
    ("a longer integer", {"format": "int32"}, {"format": "int64"}, H, B),
    ("a shorter integer", {"format": "int64"}, {"format": "int32"}, B, H),
    ("items all different", {"uniqueItems": False}, {"uniqueItems": True}, B, H),
    ("base64 where text was", {"type": "string"}, {"type": "string", "contentEncoding": "base64"}, B, B),
    (
        "a file in the words of OpenAPI 3.0",
        {"type": "string", "contentMediaType": "application/octet-stream"},
        {"type": "string", "format": "binary"},
        H,
        H,
    ),
    ("items of another type", {"items": {"type": "string"}}, {"items": {"type": "integer"}}, B, B),
    ("items of any type", {"items": {"type": "string"}}, {"type": "array"}, H, B),
    ("a closed object", {"type": "object"}, {"type": "object", "additionalProperties": False}, B, H),
    (
        "more in a closed object",
        {"additionalProperties": False},
        {"additionalProperties": False, "properties": {"a": {}}},
        H,
        L,
    ),
    ("an opened object", {"additionalProperties": False}, {"additionalProperties": True}, H, L),
    (
        "others of another type",
        {"additionalProperties": {"type": "string"}},
        {"additionalProperties": {"type": "integer"}},
        B,
        B,
    ),
    ("others of any type", {"additionalProperties": {"type": "string"}}, {"type": "object"}, H, B),
    ("a default", {"type": "integer"}, {"type": "integer", "default": 1}, L, H),
    ("for reading only", of({}), of(READ), B, H),
    ("no longer for reading only", of(READ), of({}), H, H),
    ("no longer for reading only and required", of(READ, "a"), of({}, "a"), B, H),
    ("for writing only", of({}), of(WRITTEN), H, B),
    ("no longer for writing only", of(WRITTEN), of({}), H, H),
    ("a required property for reading only", {"type": "object"}, of(READ, "a"), H, H),
    ("a required property for writing only", {"type": "object"}, of(WRITTEN, "a"), B, H),
    ("a property for reading only that is required now", of(READ), of(READ, "a"), H, H),
    ("a property for writing only that is required now", of(WRITTEN), of(WRITTEN, "a"), B, H),
    ("a property for reading only that is gone", of(READ), {"type": "object"}, H, B),
    ("a property for writing only that is gone", of(WRITTEN), {"type": "object"}, B, H),
    ("a property for reading only of another type", of({**READ, **TEXT}), of({**READ, **NUMBER}), H, B),
    ("a property for writing only of another type", of({**WRITTEN, **TEXT}), of({**WRITTEN, **NUMBER}), B, H),
    ("no longer to go", {"deprecated": True}, {}, H, H),
    ("another title", {"title": "a"}, {"title": "b"}, H, H),
    ("an extension", {}, {"x-order": 1}, H, H),
    ("an unknown keyword", {}, {"unevaluatedProperties": False}, L, L),
    ("another condition", {"if": {"type": "string"}}, {"if": {"type": "integer"}}, L, L),
    ("any of them where one was", {"oneOf": [{}, {}]}, {"anyOf": [{}, {}]}, L, B),
    ("one of them where any was", {"anyOf": [TEXT, SHORT]}, {"oneOf": [TEXT, SHORT]}, B, L),
    ("nothing where anything was", {}, False, B, H),
    ("nothing where a text was", of(TEXT), of(NOTHING), B, H),
    ("anything where nothing was", of(NOTHING), of({}), H, B),
    ("a bound that floats cannot tell", {"maximum": 2**63 - 1}, {"maximum": 2**63 - 2}, B, H),
    ("a bound that no float has", {"maximum": 10**400}, {"maximum": 10**401}, H, B),
    ("steps that are none", {"multipleOf": 0}, {"multipleOf": "x"}, H, H),
    ("steps where none are", {"multipleOf": True}, {"multipleOf": 2}, B, H),
    (
        "a property that fitted the others",
        {"additionalProperties": TEXT},
        {"properties": {"a": SHORT}, "additionalProperties": TEXT},
        B,
        H,
    ),
    ("items of several forms where any were", {"type": "array"}, {"type": "array", "items": FORMS}, B, B),
    ("a form beside a hundred", {"anyOf": MANY}, {"anyOf": [*MANY, {"const": "a"}]}, H, B),
    ("a form more", {"type": "string"}, {"anyOf": [{"type": "string"}, {"type": "integer"}]}, H, B),
    (
        "a form less",
        {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        {"oneOf": [{"type": "integer"}]},
        B,
        H,
    ),
    ("a form that is in another", {"oneOf": [TEXT]}, {"oneOf": [TEXT, SHORT]}, B, B),
    ("a form that is in the only one", TEXT, {"oneOf": [TEXT, SHORT]}, B, B),
    ("a whole number beside a number", {"oneOf": [NUMBER]}, {"oneOf": [NUMBER, {"type": "integer"}]}, B, B),
    ("a form apart by its type", {"oneOf": [TEXT]}, {"oneOf": [TEXT, NUMBER]}, H, B),
    (
        "a form apart by its words",
        {"oneOf": [{"enum": ["a"]}]},
        {"oneOf": [{"enum": ["a"]}, {"enum": ["b"]}]},
        H,
        B,
    ),
    ("a form apart by a property", {"oneOf": [kind("a")]}, {"oneOf": [kind("a"), kind("b")]}, H, B),
    ("a form apart as it is closed", {"oneOf": [closed("a")]}, {"oneOf": [closed("a"), closed("b")]}, H, B),
    (
        "an object beside any",
        {"oneOf": [{"type": "object"}]},
        {"oneOf": [{"type": "object"}, kind("a")]},
        B,
        B,
    ),
    (
        "a form that may be in another",
        {"oneOf": [MATCHED]},
        {"oneOf": [MATCHED, {**MATCHED, "pattern": "b"}]},
        L,
        B,
    ),
    (
        "a form that was doubtful before",
        {"oneOf": [MATCHED, MATCHED_TOO]},
        {"oneOf": [MATCHED, {**MATCHED_TOO, "title": "b"}]},
        H,
        H,
    ),
    ("any form that is in another", {"anyOf": [TEXT]}, {"anyOf": [TEXT, SHORT]}, H, B),
    (
        "a form that grows into another",
        {"oneOf": [SHORT, LONG]},
        {"oneOf": [SHORT, {**LONG, "minLength": 2}]},
        B,
        B,
    ),
    ("a form less that was in another", {"oneOf": [TEXT, SHORT]}, {"oneOf": [TEXT]}, B, B),
    ("null as a form", {"type": "string"}, {"anyOf": [{"type": "string"}, {"type": "null"}]}, H, B),
    (
        "forms in another order",
        {"anyOf": [{"type": "string"}, {"type": "null"}]},
        {"anyOf": [{"type": "null"}, {"type": "string"}]},
        H,
        H,
    ),
    ("a part more", {"allOf": [{"minimum": 1}]}, {"allOf": [{"minimum": 1}, {"maximum": 2}]}, B, H),
    ("parts put together", {"allOf": [{"minimum": 1}, {"maximum": 2}]}, {"minimum": 1, "maximum": 2}, H, H),
    ("a property that is required and not described", {"required": []}, {"required": ["a"]}, B, H),
    (
        "a property that loses its description",
        {"properties": {"a": {}}, "required": ["a"]},
        {"required": ["a"]},
        B,
        B,
    ),
    ("a property named like a keyword", {"properties": {"description": {}}}, {"properties": {}}, B, B),
]
NAMES = [row[0] for row in TABLE]


@pytest.mark.parametrize(("old", "new", "sent", "answered"), [row[1:] for row in TABLE], ids=NAMES)
def test_a_change_is_judged_by_where_it_goes(
    old: Json, new: Json, sent: ChangeSeverity, answered: ChangeSeverity
) -> None:
    assert worst(changes(old, new, Direction.REQUEST)) is sent
    assert worst(changes(old, new, Direction.RESPONSE)) is answered


@pytest.mark.parametrize(("old", "new", "sent", "answered"), [row[1:] for row in TABLE], ids=NAMES)
def test_every_difference_is_reported(
    old: Json, new: Json, sent: ChangeSeverity, answered: ChangeSeverity
) -> None:
    del sent, answered

    assert changes(old, new, Direction.REQUEST)


def test_a_number_written_otherwise_is_the_same_number() -> None:
    assert changes({"minimum": 1}, {"minimum": 1.0}, Direction.REQUEST) == ()
    assert changes({"default": [1]}, {"default": [1.0]}, Direction.REQUEST) == ()
    assert changes({"default": 1}, {"default": True}, Direction.REQUEST) != ()
