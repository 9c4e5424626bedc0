"""Schema keywords are found at any depth, and a value exercises those that apply to it."""

from typing import Any

import pytest

from safelight_testing.coverage.exercise import Exercise
from safelight_testing.coverage.keywords import Keywords

CUP: dict[str, Any] = {
    "paths": {
        "/cups/{id}": {
            "parameters": [{"name": "id", "in": "path", "schema": {"type": "string", "format": "uuid"}}],
            "put": {
                "operationId": "paintCup",
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Paint"}}}
                },
                "responses": {"200": {}, "400": {}},
            },
        }
    },
    "components": {
        "schemas": {
            "Paint": {
                "type": "object",
                "required": ["colour", "finish"],
                "properties": {
                    "colour": {"type": "string", "enum": ["red", "blue"]},
                    "finish": {"not": {"const": "none"}},
                    "coats": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]},
                    "format": {"type": "string"},
                    "layers": {"type": ["integer", "null"], "minimum": 1},
                    "labels": {"additionalProperties": {"type": "string"}},
                },
                "additionalProperties": False,
            }
        }
    },
}
PAINT = "/components/schemas/Paint"
COATS = f"{PAINT}/properties/coats"
BODY = "/paths/~1cups~1{id}/put/requestBody/content/application~1json/schema"
FINE = {"colour": "red", "finish": "matt"}


@pytest.fixture(scope="module")
def keywords() -> Keywords:
    return Keywords(CUP)


@pytest.fixture(scope="module")
def exercise(keywords: Keywords) -> Exercise:
    return Exercise(keywords)


def test_every_keyword_that_can_reject_a_request_has_a_location(keywords: Keywords) -> None:
    identity = "/paths/~1cups~1{id}/parameters/0/schema"

    assert keywords.of["paintCup"] == {
        f"{identity}/type",
        f"{identity}/format",
        f"{PAINT}/type",
        f"{PAINT}/required/0",
        f"{PAINT}/required/1",
        f"{PAINT}/additionalProperties",
        f"{PAINT}/properties/colour/type",
        f"{PAINT}/properties/colour/enum",
        f"{PAINT}/properties/finish/not",
        f"{COATS}/anyOf",
        f"{COATS}/anyOf/0/type",
        f"{COATS}/anyOf/0/minimum",
        f"{COATS}/anyOf/1/type",
        f"{PAINT}/properties/format/type",
        f"{PAINT}/properties/layers/type",
        f"{PAINT}/properties/layers/minimum",
        f"{PAINT}/properties/labels/additionalProperties/type",
    }


def test_a_request_is_compared_with_its_parameters_and_its_body(keywords: Keywords) -> None:
    assert keywords.roots("paintCup") == {
        "path id": "/paths/~1cups~1{id}/parameters/0/schema",
        "body application/json": BODY,
    }


@pytest.mark.parametrize(
    ("coats", "kept"),
    [
        (3, {"/anyOf", "/anyOf/0/type", "/anyOf/0/minimum"}),
        (None, {"/anyOf", "/anyOf/1/type"}),
        ("absent", set()),
    ],
)
def test_a_value_satisfies_only_keywords_that_apply_to_it(
    exercise: Exercise, coats: object, kept: set[str]
) -> None:
    value = FINE if coats == "absent" else {**FINE, "coats": coats}

    result = exercise.satisfied(BODY, value)

    assert {location for location in result if location.startswith(COATS)} == {COATS + end for end in kept}


def test_a_value_does_not_satisfy_keywords_for_other_types(exercise: Exercise) -> None:
    result = exercise.satisfied(BODY, {**FINE, "layers": None})

    assert f"{PAINT}/properties/layers/type" in result
    assert f"{PAINT}/properties/layers/minimum" not in result


def test_an_invalid_value_satisfies_nothing(exercise: Exercise) -> None:
    assert exercise.satisfied(BODY, {**FINE, "coats": 0}) == set()


@pytest.mark.parametrize(
    ("value", "broken"),
    [
        ({"finish": "matt"}, {f"{PAINT}/required/0"}),
        ({**FINE, "colour": "green"}, {f"{PAINT}/properties/colour/enum"}),
        ({**FINE, "finish": "none"}, {f"{PAINT}/properties/finish/not"}),
        ({**FINE, "handle": 1}, {f"{PAINT}/additionalProperties"}),
        ({**FINE, "coats": 0}, {f"{COATS}/anyOf", f"{COATS}/anyOf/0/minimum", f"{COATS}/anyOf/1/type"}),
        (FINE, set()),
    ],
)
def test_a_keyword_is_violated_if_the_value_is_valid_without_it(
    exercise: Exercise, value: object, broken: set[str]
) -> None:
    assert exercise.violated(BODY, value) == broken


@pytest.mark.parametrize("value", [{}, {"colour": "green"}, {"colour": "green", "finish": "none"}])
def test_of_two_violations_neither_counts(exercise: Exercise, value: object) -> None:
    assert exercise.violated(BODY, value) == set()


def test_a_value_of_another_type_violates_only_the_type(exercise: Exercise) -> None:
    assert exercise.violated(BODY, {**FINE, "colour": 7}) == {f"{PAINT}/properties/colour/type"}
