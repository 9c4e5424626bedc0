"""Runtime expressions and list paths point at what the OpenAPI and JSONPath documents say."""

import pytest

from safelight.answers import Answer
from safelight.expressions import evaluate, every, follow

ANSWER = Answer(headers={"x-eta": "7"}, body={"data": {"id": 3, "urls": ["a", "b"]}, "a/b": {"~": None}})


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$response.body#/data/id", 3),
        ("$response.body#/data/urls/1", "b"),
        ("$response.body#/data/urls/2", None),
        ("$response.body#/data/id/deeper", None),
        ("$response.body#/missing", None),
        ("$response.body", ANSWER.body),
        ("$response.header.X-ETA", "7"),
        ("$response.header.X-Missing", None),
    ],
)
def test_an_expression_leads_to_its_value_or_to_none(expression: str, value: object) -> None:
    assert evaluate(expression, ANSWER) == value


@pytest.mark.parametrize("expression", ["$request.body#/id", "$url", "$responses.body#/id", ""])
def test_an_expression_that_is_not_about_a_response_is_a_mistake(expression: str) -> None:
    with pytest.raises(ValueError, match="no expression about a response"):
        evaluate(expression, ANSWER)


def test_a_pointer_may_lead_through_names_with_slashes_and_tildes() -> None:
    assert follow("/a~1b", ANSWER.body) == {"~": None}
    assert follow("/m~0n/0", {"m~n": ["first"]}) == "first"


@pytest.mark.parametrize(
    ("path", "body", "found"),
    [
        ("$[*]", [1, 2], [1, 2]),
        ("$.data.results[*].url", {"data": {"results": [{"url": "a"}, {}, {"url": "b"}]}}, ["a", "b"]),
        ("$.data[*]", {"data": {"not": "a list"}}, []),
        ("$", 1, [1]),
    ],
)
def test_a_path_selects_every_entry(path: str, body: object, found: list[object]) -> None:
    assert every(path, body) == found


@pytest.mark.parametrize("path", ["$[0]", "$..id", "items[*]", "$[?@.id]"])
def test_a_path_of_anything_but_names_and_stars_is_a_mistake(path: str) -> None:
    with pytest.raises(ValueError, match="no path"):
        every(path, {})
