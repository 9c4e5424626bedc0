"""Operations of no lifecycle: the example of the document, unless its own schema does not allow it."""

import re
from pathlib import Path

import httpx
import pytest

from safelight_mock import Settings, Twin, TwinTransport

API = """
openapi: 3.1.0
info: {title: Examples, version: "1"}
paths:
  /a: {get: {responses: {"200": {description: "", content: {application/json: CONTENT}}}}}
components: {schemas: {Text: {type: string, examples: [5]}}}
"""


def get(folder: Path, content: str) -> httpx.Response:
    (folder / "api.yaml").write_text(API.replace("CONTENT", content))
    twin = Twin(Settings(cache=False, vendors=frozenset()), specs=[folder / "api.yaml"])
    with httpx.Client(transport=TwinTransport(twin), base_url="http://mock.test/examples") as http:
        response = http.get("/a")
    twin.close()
    return response


UUID_7 = "^([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})$"
NAMED_EXAMPLE = "properties: {example: {type: string, default: 1}}"


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ("{schema: {type: integer}, example: 7}", 7),
        ("{schema: {type: integer}, examples: {wrong: {value: a}, right: {value: 8}}}", 8),
        ("{schema: {type: integer, maximum: 3, default: 9}, example: a}", 1),
        ("{schema: {type: array, minItems: 1, items: {$ref: '#/components/schemas/Text'}}}", ["text"]),
        (f"{{schema: {{type: object, required: [example], {NAMED_EXAMPLE}}}}}", {"example": "text"}),
    ],
)
def test_the_first_body_that_the_schema_allows_is_sent(tmp_path: Path, content: str, body: object) -> None:
    response = get(tmp_path, content)

    assert (response.status_code, response.json()) == (200, body)


def test_a_pattern_may_be_that_of_a_uuid_of_version_7(tmp_path: Path) -> None:
    response = get(tmp_path, f"{{schema: {{type: string, pattern: '{UUID_7}'}}}}")

    assert re.fullmatch(UUID_7, response.json())


def test_a_schema_that_nothing_made_matches_is_not_served_and_says_why(tmp_path: Path) -> None:
    response = get(tmp_path, "{schema: {type: integer, minimum: 2, maximum: 1}}")

    assert response.status_code == 501
    assert "GET /a: neither its example nor a value of its schema is as the document has it" in response.text
    assert "correct one of them, for example by an overlay" in response.text


def test_a_value_that_several_branches_of_a_oneof_allow_is_served(tmp_path: Path) -> None:
    response = get(tmp_path, "{schema: {oneOf: [{type: integer}, {type: integer, minimum: 0}]}}")

    assert response.status_code == 200
    assert isinstance(response.json(), int)
