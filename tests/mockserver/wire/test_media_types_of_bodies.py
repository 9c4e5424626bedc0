"""A body is read by the media type that its operation describes."""

import json

import pytest
from tests.mockserver.wire.things import FILE, form, sent

from safelight_mock.wire import (
    JSON,
    Api,
    Form,
    Kind,
    Operation,
    Problem,
    ReceivedFile,
    Request,
)
from safelight_mock.wire.operation import may_be_json


@pytest.mark.parametrize(
    ("media_type", "is_json"),
    [
        ("application/json", True),
        ("application/merge-patch+json", True),
        ("application/*", True),
        ("*/*", True),
        ("text/plain", False),
        ("application/jsonl", False),
    ],
)
def test_a_media_type_may_be_that_of_json(media_type: str, is_json: bool) -> None:  # noqa: FBT001 - a column of the table
    assert may_be_json(media_type) is is_json


def taking(*media_types: str) -> Operation:
    content: dict[str, object] = {name: {"schema": {}} for name in media_types}
    described = {"operationId": "put", "requestBody": {"content": content}, "responses": {"204": {}}}
    return Api.from_json(json.dumps({"paths": {"/": {"put": described}}}).encode()).operations["put"]


@pytest.mark.parametrize(
    ("described", "sent_type", "media_type"),
    [
        (["image/png", "image/*"], "image/png", "image/png"),
        (["image/*", "*/*"], "image/gif", "image/*"),
        (["image/*", "*/*"], "text/image/gif", "*/*"),
        (["image/*"], "text/plain", "text/plain"),
    ],
)
def test_a_body_is_of_the_most_exact_media_type_or_range_that_is_described(
    described: list[str], sent_type: str, media_type: str
) -> None:
    assert taking(*described).media_type(sent(b"x", sent_type)) == media_type


def test_a_form_may_have_a_list_of_files() -> None:
    file = {"type": "string", "format": "binary"}
    form_schema = {
        "type": "object",
        "required": ["files", "either"],
        "properties": {
            "files": {"type": "array", "items": file, "maxItems": 1},
            "either": {"oneOf": [file, {"type": "integer"}], "maxLength": 0},
            "any": {"$ref": "#/components/schemas/Any"},
            "note": {"type": "string"},
        },
    }
    body = {"content": {"multipart/form-data": {"schema": form_schema}}}
    document = {
        "paths": {"/": {"put": {"operationId": "put", "requestBody": body, "responses": {"204": {}}}}},
        "components": {"schemas": {"Any": {"anyOf": [{"type": "integer"}, file]}}},
    }
    operation = Api.from_json(json.dumps(document).encode()).operations["put"]

    assert operation.file_fields == {"files", "either", "any"}
    assert operation.read_body(form({"note": "a"}, files=FILE, either=FILE)) == {"note": "a"}


@pytest.mark.parametrize(
    ("body", "is_missing"),
    [
        (b"", True),
        (b"x", False),
        (Form(fields={}, files={}), True),
        (Form(fields={"note": "x"}, files={}), True),
        (Form(fields={}, files={"a": ReceivedFile(digest="d", size=0, filename="a", picture=None)}), True),
        (Form(fields={}, files={"a": ReceivedFile(digest="d", size=1, filename="a", picture=None)}), False),
    ],
)
def test_a_body_of_bytes_that_is_required_has_some(body: Form | bytes, is_missing: bool) -> None:  # noqa: FBT001 - a case
    octets = {"content": {"application/octet-stream": {"schema": {}}}, "required": True}
    operation = Operation(
        id="send", method="POST", paths=("/a",), described={"requestBody": octets}, document={}, strict=False
    )
    request = Request(
        method="POST", path="/a", at=0, headers={"content-type": "application/octet-stream"}, body=body
    )

    if is_missing:
        with pytest.raises(Problem, match=r"^the body is missing$") as refused:
            operation.read_body(request)
        assert refused.value.kind is Kind.BAD_BODY
    else:
        assert operation.read_body(request) == {}


def urlencoded(body: bytes, *, strict: bool = False) -> JSON:
    schema = {"type": "object", "properties": {"size": {"type": "integer"}, "bright": {"type": "boolean"}}}
    described = {"content": {"application/x-www-form-urlencoded": {"schema": schema}}}
    operation = Operation(
        id="send",
        method="POST",
        paths=("/a",),
        described={"requestBody": described},
        document={},
        strict=strict,
    )
    form = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    return operation.read_body(Request(method="POST", path="/a", at=0, headers=form, body=body))


def test_a_form_in_the_body_is_read_in_its_types() -> None:
    assert urlencoded(b"size=3&bright=True&mood=a%20b&empty=") == {
        "size": 3,
        "bright": True,
        "mood": "a b",
        "empty": "",
    }
    assert urlencoded("mood=é".encode()) == {"mood": "é"}
    assert urlencoded(b"mood=\xff") == {"mood": "\N{REPLACEMENT CHARACTER}"}


def test_in_strict_mode_a_boolean_of_a_form_is_lower_case() -> None:
    assert urlencoded(b"bright=true", strict=True) == {"bright": True}
    with pytest.raises(Problem) as refused:
        urlencoded(b"bright=True", strict=True)
    assert (refused.value.kind, refused.value.field) == (Kind.BAD_FIELD, "bright")
