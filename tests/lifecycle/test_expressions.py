"""Runtime expressions are read as the OpenAPI specification defines them (3.1.2, section 4.8.20.3)."""

import pytest

from safelight_lifecycle import Expression, ExpressionSource, evaluate_expression, parse_expression

HEADERS = {"x-eta": "7"}
BODY = {
    "data": {"id": 3, "urls": ["a", "b"], "none": None},
    "a/b": {"~": 1},
    "": "empty",
    "odd#": {"id": "b"},
}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$response.body#/data/id", 3),
        ("$response.body#/data/urls/1", "b"),
        ("$response.body#/data/urls/2", None),
        ("$response.body#/data/urls/01", None),
        ("$response.body#/data/urls/-", None),
        ("$response.body#/data/id/deeper", None),
        ("$response.body#/data/none", None),
        ("$response.body#/missing", None),
        ("$response.body#/a~1b/~0", 1),
        ("$response.body#/odd#/id", "b"),
        ("$response.body#/", "empty"),
        ("$response.body#", BODY),
        ("$response.body", BODY),
        ("$response.header.X-ETA", "7"),
        ("$response.header.X-Missing", None),
    ],
)
def test_an_expression_leads_to_its_value_in_a_response_or_to_none(expression: str, value: object) -> None:
    assert evaluate_expression(expression, body=BODY, headers=HEADERS) == value


def test_a_pointer_in_an_expression_is_not_percent_encoded() -> None:
    assert evaluate_expression("$response.body#/50%25", body={"50%25": 1, "50%": 2}) == 1


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("$url", Expression(part=ExpressionSource.URL)),
        ("$method", Expression(part=ExpressionSource.METHOD)),
        ("$statusCode", Expression(part=ExpressionSource.STATUS)),
        ("$request.path.job_id", Expression(part=ExpressionSource.PATH, is_request=True, name="job_id")),
        ("$request.query.Job id", Expression(part=ExpressionSource.QUERY, is_request=True, name="Job id")),
        ("$request.header.X-Key", Expression(part=ExpressionSource.HEADER, is_request=True, name="x-key")),
        ("$request.body#/a~1b", Expression(part=ExpressionSource.BODY, is_request=True, pointer=("a/b",))),
    ],
)
def test_expressions_about_requests_are_parsed_but_have_no_value_in_a_response(
    text: str, expression: Expression
) -> None:
    assert parse_expression(text) == expression
    with pytest.raises(ValueError, match="is not about a response; begin with"):
        evaluate_expression(text, body=BODY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "id",
        "#/id",
        "$response",
        "$response.body#id",
        "$response.body/id",
        "$response.body#/a~2",
        "$response.body#/a~",
        "$response.header.",
        "$response.header.a b",
        "$response.header.X#/id",
        "$responses.body#/id",
        "$request.path.",
        "$request.cookie.session",
        "$url#/id",
        "{$response.body#/id}",
    ],
)
def test_anything_else_is_rejected(text: str) -> None:
    with pytest.raises(ValueError, match="is not a"):
        parse_expression(text)
