"""What answers without a server look like where a document names no status."""

import pytest

from safelight_mock.wire import JSON, Api, Response, UndocumentedResponseError
from safelight_testing._example_responses import ExampleResponses


def sample(**responses: JSON) -> Response:
    ask: JSON = {"operationId": "ask", "responses": responses}
    document: JSON = {
        "servers": [{"url": "https://api.example.com"}],
        "paths": {"/ask": {"get": ask}},
    }
    api = Api(document=document)
    return ExampleResponses(api, "https://link.example").response(api.operations["ask"])


def saying(state_name: str) -> JSON:
    return {"content": {"application/json": {"schema": {"const": state_name}}}}


@pytest.mark.parametrize(
    ("responses", "status", "state_name"),
    [
        ({"default": saying("other"), "4XX": saying("wrong")}, 200, "other"),
        ({"default": saying("other"), "2XX": saying("fine")}, 200, "fine"),
        ({"2XX": saying("fine"), "202": saying("later")}, 202, "later"),
        ({"202": saying("later"), "201": saying("made"), "default": saying("other")}, 201, "made"),
        ({"x-note": "", "204": saying("none"), "5XX": saying("broken")}, 204, "none"),
    ],
)
def test_a_sample_is_a_success_by_its_code_else_by_a_range_else_by_default(
    responses: dict[str, JSON], status: int, state_name: str
) -> None:
    result = sample(**responses)

    assert (result.status, result.value) == (status, state_name)


def test_an_operation_that_documents_failures_only_has_no_sample() -> None:
    with pytest.raises(UndocumentedResponseError, match=r"^ask documents no success, only 404, 5XX$"):
        sample(**{"404": saying("gone"), "5XX": saying("broken")})
