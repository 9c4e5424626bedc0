"""A response is validated: its body, media type and headers."""

import pytest
from msgspec.structs import replace

from safelight_mock.wire import JSON, Response
from safelight_mock.wire.described_responses import SHORT, DescribedResponse, DescribedResponses
from safelight_mock.wire.messages import RenderedFile

HEADERS: JSON = {
    "X-Count": {"$ref": "#/components/headers/Count"},
    "X-Final": {"schema": {"type": "boolean"}},
}
DOCUMENT: JSON = {"components": {"headers": {"Count": {"schema": {"type": "integer"}}}}}
THING: JSON = {"application/json": {"schema": {"type": "object", "required": ["id"]}}}
THING_ALONE: JSON = {"content": THING}
BARE = DescribedResponse(DOCUMENT, {})
TOLD = DescribedResponse(DOCUMENT, {"headers": HEADERS})
IMAGES = DescribedResponse(DOCUMENT, {"content": {"image/*": {"schema": {}}}})
ANY = DescribedResponse(DOCUMENT, {"content": {"*/*": {"schema": {}}}})
CHOICE = DescribedResponse(
    DOCUMENT,
    {"content": {"application/json": {"schema": {"oneOf": [{"type": "object"}, {"required": ["id"]}]}}}},
)
FULL = DescribedResponse(DOCUMENT, {"content": {**THING, "image/png": {"schema": {}}}})


def response(content: bytes = b"", **headers: str) -> Response:
    return Response(
        status=200,
        headers={name.replace("_", "-"): result for name, result in headers.items()},
        content=content,
    )


@pytest.mark.parametrize(
    ("described", "provided", "violation"),
    [
        (BARE, response(), ""),
        (BARE, response(b"x", content_type="image/png"), "200 has no body of image/png"),
        (FULL, response(), "200 has no body of no type"),
        (FULL, response(b"x"), "200 has no body of no type"),
        (FULL, response(b"x", content_type="image/gif"), "200 has no body of image/gif"),
        (FULL, response(b"x", content_type="image/png; charset=x"), ""),
        (FULL, Response.json(200, {"id": 1}), ""),
        (IMAGES, response(b"x", content_type="image/png"), ""),
        (IMAGES, response(b"x", content_type="text/image/png"), "200 has no body of text/image/png"),
        (ANY, response(b"x", content_type="image/png"), ""),
        (CHOICE, Response.json(200, {"id": 1}), ""),  # both branches allow it
        (TOLD, response(x_count="3", x_final="true"), ""),
        (TOLD, response(x_count="3"), "200: the header x-final is None"),
        (TOLD, response(x_count="many", x_final="true"), "200: the header x-count is 'many'"),
        (TOLD, response(x_count="3", x_final="True"), "200: the header x-final is 'True'"),
    ],
)
def test_a_response_violation_is_described(
    described: DescribedResponse, provided: Response, violation: str
) -> None:
    assert described.violation(provided) == violation


def test_a_schema_violation_is_described() -> None:
    assert "id is missing" in FULL.violation(Response.json(200, {"name": 1}))


def test_a_schema_that_allows_null_does_not_allow_everything() -> None:
    nullable = {"content": {"application/json": {"schema": {"type": ["object", "null"]}}}}

    assert (
        DescribedResponse({}, nullable).violation(Response.json(200, 3)) == "200: 3 is not an object or null"
    )


def test_a_file_with_json_is_not_looked_at() -> None:
    content = RenderedFile(digest="d", recipe=None, filename="a.json")
    file = Response(status=200, headers={"content-type": "application/json"}, content=content)

    assert FULL.violation(file) == ""


@pytest.mark.parametrize(("length", "is_remembered"), [(10, True), (SHORT + 1, False)])
def test_a_short_body_that_was_as_described_is_not_looked_at_again(
    length: int, *, is_remembered: bool
) -> None:
    described = DescribedResponse({}, {"content": THING})
    right = Response.json(200, {"id": "a" * length})
    wrong = replace(right, value={})  # under the same bytes

    assert [described.violation(right), described.violation(right)] == ["", ""]
    assert (described.violation(wrong) == "") is is_remembered


def test_a_body_that_was_not_as_described_is_looked_at_again() -> None:
    described = DescribedResponse({}, {"content": THING})

    assert all("id is missing" in described.violation(Response.json(200, {})) for _ in range(2))


def test_without_a_described_success_one_without_a_body_may_be_sent() -> None:
    described = DescribedResponses({}, {"400": {}}, describes_errors=False)

    assert described.violation(response()) == ""
    assert described.violation(response(b"x", content_type="text/plain")) == "200 is not described"


def test_bodies_and_headers_are_found_by_status() -> None:
    described = DescribedResponses(DOCUMENT, {"200": FULL.described, "4XX": TOLD.described})

    schema = described.schema(200, "application/json")
    assert schema is not None
    assert schema.described == THING["application/json"]["schema"]
    assert described.schema(200, "text/html") is None
    assert described.schema(500, "application/json") is None
    assert described.headers(404) == {"x-count", "x-final"}
    assert described.headers(500) == frozenset()


def test_an_error_that_no_document_describes_may_have_a_body() -> None:
    described = DescribedResponses(DOCUMENT, {"400": {}, "401": THING_ALONE}, describes_errors=False)

    assert described.violation(Response.json(400, {"a": 1})) == ""
    assert described.violation(Response.json(418, {"a": 1})) == ""
    assert "id is missing" in described.violation(Response.json(401, {"a": 1}))


def test_what_was_valid_before_is_not_taken_for_what_is_valid_now() -> None:
    schema = {"type": "object", "properties": {"number": {"type": "integer"}}}
    described = DescribedResponse({}, {"content": {"application/json": {"schema": schema}}})

    for number in range(200):
        assert described.violation(Response.json(200, {"number": number})) == ""
        assert described.violation(Response.json(200, {"number": str(number)})) != ""
    assert described.violation(Response.json(200, {"number": 1})) == ""
