"""What an operation takes, as its spec and its strictness have it, and what it says of anything else."""

import json
from collections.abc import Mapping

import pytest

from safelight_mock.wire import (
    JSON,
    Api,
    Form,
    Kind,
    Operation,
    Problem,
    ReceivedFile,
    Request,
    Response,
    UndocumentedResponseError,
)
from safelight_mock.wire.framework import Framework
from safelight_mock.wire.operation import may_be_json
from safelight_mock.wire.violations import Violation

THING: JSON = {
    "type": "object",
    "required": ["size"],
    "properties": {
        "size": {"type": "integer", "minimum": 1},
        "bright": {"type": "boolean"},
        "mood": {"type": "string", "default": "calm"},
        "parts": {"type": "array", "items": {"type": "integer"}},
    },
}
FORM: JSON = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "contentMediaType": "application/octet-stream"},
        "note": {"type": "string"},
        "bright": {"type": "boolean"},
    },
}
DOCUMENT: JSON = {
    "servers": [{"url": "https://api.example.com/v1/"}],
    "paths": {
        "/things": {
            "parameters": [{"name": "loud", "in": "query", "schema": {"type": "boolean"}}],
            "servers": [{"url": "https://api.example.com/v2"}, {"url": "https://api.example.com/v2/"}],
            "get": {
                "operationId": "list",
                "parameters": [{"name": "page", "in": "query", "schema": {"type": "integer"}}],
                "responses": {"204": {}},
            },
            "post": {
                "operationId": "make",
                "requestBody": {"content": {"application/json": {"schema": THING}}},
                "responses": {"204": {}},
            },
        },
        "/things/{id}/file": {
            "put": {
                "operationId": "fill",
                "requestBody": {
                    "content": {"multipart/form-data": {"schema": FORM}, "application/json": {"schema": {}}}
                },
                "responses": {"204": {}},
            }
        },
    },
}
FILE = ReceivedFile(digest="d", size=1, filename="cup.jpg", picture=None)


def api() -> Api:
    return Api.from_json(json.dumps(DOCUMENT).encode())


def strict() -> Api:
    return Api.from_json(json.dumps(DOCUMENT).encode(), strict=True)


def sent(body: bytes | Form, media_type: str = "application/json") -> Request:
    return Request(method="POST", path="/", at=0, headers={"content-type": media_type}, body=body)


def form(fields: Mapping[str, str] | None = None, **files: ReceivedFile) -> Request:
    return sent(Form(fields=fields or {}, files=files), "multipart/form-data; boundary=a;b")


def refusal(operation: Operation, call: Request) -> Problem:
    with pytest.raises(Problem) as refused:
        operation.read_body(call)
    return refused.value


def test_a_document_is_read_with_its_defaults() -> None:
    assert api().operations["make"].read_body(sent(b'{"size": 2}')) == {"size": 2, "mood": "calm"}
    assert api().operations["fill"].read_body(sent(b"[1]", "Application/JSON ; charset=utf-8")) == [1]
    assert api().operations["list"].read_body(sent(b"anything")) == {}


@pytest.mark.parametrize(
    ("body", "kind", "location", "why"),
    [
        (b"{", Kind.BAD_BODY, "", "Input data was truncated"),
        (b"\xff", Kind.BAD_BODY, "", "JSON is malformed: invalid character (byte 0)"),
        (b"[" * 9_999, Kind.BAD_BODY, "", ""),
        (b"[" * 400 + b"]" * 400, Kind.BAD_BODY, "", "Recursion limit reached"),
        (b'{"size": "big"}', Kind.BAD_FIELD, "size", '"big" is not of type "integer"'),
        (b'{"size": 1, "parts": [2, "x"]}', Kind.BAD_FIELD, "parts", '"x" is not of type "integer"'),
        (b"{}", Kind.BAD_FIELD, "size", '"size" is a required property'),
        (b"3", Kind.BAD_FIELD, "", '3 is not of type "object"'),
    ],
)
def test_an_invalid_body_is_rejected(body: bytes, kind: Kind, location: str, why: str) -> None:
    refused = refusal(api().operations["make"], sent(body))

    assert (refused.kind, refused.field) == (kind, location)
    assert str(refused).startswith(why)
    assert str(refused) != "None"


def test_the_reason_of_a_refusal_names_the_field_and_what_is_allowed() -> None:
    refused = refusal(api().operations["make"], sent(b'{"size": "big"}'))

    assert refused.reason == 'size: "big" is not an integer'


def test_a_body_that_is_optional_may_be_missing() -> None:
    make = Api(document=DOCUMENT, framework=Framework(describes_errors=False)).operations["make"]

    assert make.read_body(Request(method="POST", path="/", at=0)) == {}
    assert make.read_body(sent(b'{"size": 2}'))["size"] == 2


def test_unknown_fields_are_rejected_by_strict_servers_alone() -> None:
    call = sent(b'{"size": 2, "moood": "x"}')

    refused = refusal(strict().operations["make"], call)

    assert (refused.kind, refused.field) == (Kind.BAD_FIELD, "moood")
    assert refused.reason == str(refused) == "unknown field 'moood'; did you mean 'mood'?"
    assert refused.violations == [Violation(("moood",), "additionalProperties", None, None)]
    assert api().operations["make"].read_body(call)["moood"] == "x"


def test_unknown_fields_are_named_by_their_paths_and_their_number_is_limited() -> None:
    point: JSON = {"type": "object", "properties": {"x": {"type": "integer"}}}
    taking = Operation(
        id="send",
        method="POST",
        paths=("/a",),
        described={
            "requestBody": {"content": {"application/json": {"schema": {"properties": {"at": point}}}}}
        },
        document={},
        strict=True,
    )

    refused = refusal(taking, sent(json.dumps({"at": {"z" * 200: 1}}).encode()))
    many = refusal(taking, sent(json.dumps(dict.fromkeys(map(str, range(300)))).encode()))

    assert refused.reason == f"unknown field {('at.' + 'z' * 200)[:100]!r}"
    assert [one.path for one in refused.violations] == [("at", "z" * 200)]
    assert len(many.violations) == 100


def test_an_error_for_another_media_type_lists_the_supported_ones() -> None:
    refused = refusal(api().operations["fill"], sent(b"", f"text/{'x' * 200}; a=b; c=d"))
    unnamed = refusal(api().operations["make"], Request(method="POST", path="/", at=0))

    assert (refused.kind, str(refused)) == (
        Kind.UNSUPPORTED_TYPE,
        "takes multipart/form-data or application/json",
    )
    assert (unnamed.kind, str(unnamed)) == (Kind.UNSUPPORTED_TYPE, "takes application/json")
    assert refused.reason == (
        f"the Content-Type is text/{'x' * 95}; send multipart/form-data or application/json"
    )
    assert unnamed.reason == "there is no Content-Type; send application/json"


def test_the_number_of_reported_violations_is_limited() -> None:
    parts = b",".join([b'"x"'] * 300)

    assert (
        len(refusal(api().operations["make"], sent(b'{"size": 1, "parts": [%b]}' % parts)).violations) == 100
    )


def test_an_unknown_file_part_is_ignored_unless_strict() -> None:
    call = form({"note": "hi"}, file=FILE, other=FILE)

    assert api().operations["fill"].read_body(call) == {"note": "hi"}
    refused = refusal(strict().operations["fill"], call)
    assert (refused.field, str(refused)) == ("other", "a file needs a file name, a text must have none")


def test_a_file_where_a_text_belongs_is_refused_by_name() -> None:
    for fields in ({}, {"unknown": "x"}):
        refused = refusal(api().operations["fill"], form(fields, file=FILE, note=FILE))

        assert (refused.kind, refused.field) == (Kind.BAD_FIELD, "note")


def test_in_strict_mode_a_boolean_is_lower_case() -> None:
    call = form({"bright": "True"}, file=FILE)

    assert api().operations["fill"].read_body(call) == {"bright": True}
    assert refusal(strict().operations["fill"], call).field == "bright"
    assert api().operations["list"].parameters({}, "loud=True")["loud"] is True
    with pytest.raises(Problem):
        strict().operations["list"].parameters({}, "loud=True")["loud"]


def test_unknown_fields_are_listed() -> None:
    make = api().operations["make"]

    assert [*make.unknown_fields(sent(b""), {"size": 1, "colour": "red"})] == ["colour"]
    assert [*make.unknown_fields(sent(b"", "text/plain"), {"colour": "red"})] == []


def test_parameters_of_a_path_and_of_its_operation_are_both_known() -> None:
    result = api().operations["list"].parameters({}, "loud=true&page=3&quiet=")

    assert dict(result) == {"page": 3, "loud": True}
    assert result.unread == ("quiet",)
    assert api().operations["list"].parameters({}, "").unread == ()


def test_the_first_of_repeated_query_parameters_counts() -> None:
    result = api().operations["list"].parameters({}, "page=3&page=4").texts["query"]

    assert (list(result), len(result), dict(result)) == (["page"], 1, {"page": "3"})


@pytest.mark.parametrize(
    ("described", "query", "value"),
    [
        ({}, "in=1&in=2", [1, 2]),
        ({}, "in=1", [1]),
        ({"explode": False}, "in=1,2", [1, 2]),
        ({"explode": False}, "in=1%2C2", [1, 2]),
        ({"explode": False}, "in=", []),
        ({"style": "spaceDelimited"}, "in=1%202", [1, 2]),
        ({"style": "pipeDelimited"}, "in=1|2", [1, 2]),
        ({"style": "pipeDelimited", "explode": True}, "in=1&in=2", [1, 2]),
    ],
)
def test_a_parameter_that_is_a_list_is_read_as_its_style_says(
    described: dict[str, JSON], query: str, value: JSON
) -> None:
    numbers = {"type": "array", "items": {"type": "integer"}}
    operation = with_parameter({"name": "in", "in": "query", "schema": numbers, **described})

    assert operation.parameters({}, query)["in"] == value


def test_a_list_with_a_wrong_item_is_refused() -> None:
    numbers = {"type": "array", "items": {"type": "integer"}}
    operation = with_parameter({"name": "in", "in": "query", "explode": False, "schema": numbers})

    with pytest.raises(Problem):
        operation.parameters({}, "in=1,two")["in"]


def test_a_list_in_a_path_has_commas_between_its_items() -> None:
    numbers = {"type": "array", "items": {"type": "integer"}}
    operation = with_parameter({"name": "in", "in": "path", "required": True, "schema": numbers})

    assert operation.parameters({"in": "1,2"}, "")["in"] == [1, 2]


def with_parameter(parameter: dict[str, JSON]) -> Operation:
    described = {"operationId": "read", "parameters": [parameter], "responses": {}}
    path = "/things/{in}" if parameter["in"] == "path" else "/things"
    return Api.from_json(json.dumps({"paths": {path: {"get": described}}}).encode()).operations["read"]


def test_a_path_may_have_a_server_of_its_own() -> None:
    assert api().operations["list"].paths == ("/v2/things",)
    assert api().operations["fill"].paths == ("/v1/things/{id}/file",)
    assert api().base == "/v1"


@pytest.mark.parametrize(
    ("method", "path", "kind", "location", "why"),
    [
        ("GET", "/v1/nothing", Kind.UNKNOWN_ROUTE, "", "GET /v1/nothing"),
        ("GET", "/v1/things/7", Kind.UNKNOWN_ROUTE, "", "GET /v1/things/7"),
        ("PUT", "/v2/things", Kind.WRONG_METHOD, "GET, POST", "PUT on /v2/things"),
    ],
)
def test_an_error_for_an_unknown_path_names_the_request(
    method: str, path: str, kind: Kind, location: str, why: str
) -> None:
    with pytest.raises(Problem) as refused:
        api().route(method, path)

    assert (refused.value.kind, refused.value.field, str(refused.value)) == (kind, location, why)


def test_an_undocumented_response_error_names_the_operation() -> None:
    make = api().operations["make"]

    assert make.describes(Response(status=204))
    assert not make.describes(Response(status=200))
    with pytest.raises(UndocumentedResponseError, match=r"^make: 200 is not described$"):
        make.check(Response(status=200))


ORDERED: dict[str, JSON] = {
    "x-note": "no response",
    "default": {"content": {"application/json": {"schema": {"const": "any other"}}}},
    "4XX": {"content": {"application/json": {"schema": {"const": "any other 4xx"}}}},
    "404": {"content": {"application/json": {"schema": {"const": "not found"}}}},
}


def answering(**responses: JSON) -> Operation:
    described = {"operationId": "ask", "responses": responses}
    return Api(document={**DOCUMENT, "paths": {"/ask": {"get": described}}}).operations["ask"]


@pytest.mark.parametrize(
    ("status", "body"), [(404, "not found"), (422, "any other 4xx"), (503, "any other"), (200, "any other")]
)
def test_a_status_is_looked_up_exactly_then_by_its_range_then_by_default(status: int, body: str) -> None:
    ask = answering(**ORDERED)

    ask.check(Response.json(status, body))
    for other in {"not found", "any other 4xx", "any other"} - {body}:
        with pytest.raises(UndocumentedResponseError, match=f"^ask: {status}: "):
            ask.check(Response.json(status, other))
    assert ask.describes(Response(status=status))


def test_without_a_default_a_status_outside_every_range_is_undocumented() -> None:
    ask = answering(**{"2XX": {}, "404": {}, "x-5XX": {}})

    ask.check(Response(status=204))
    assert ask.describes(Response(status=404))
    assert not ask.describes(Response(status=400))
    with pytest.raises(UndocumentedResponseError, match=r"^ask: 500 is not described$"):
        ask.check(Response(status=500))


def test_each_part_of_the_wrong_kind_is_a_violation_that_names_the_kind_it_should_have() -> None:
    refused = refusal(api().operations["fill"], form({"file": "text"}, note=FILE))

    assert list(refused.violations) == [
        Violation(("file",), "type", "file", ""),
        Violation(("note",), "type", "string", ""),
    ]


def test_violations_of_a_form_follow_its_parts_of_the_wrong_kind() -> None:
    refused = refusal(api().operations["fill"], form({"file": "text", "bright": "maybe"}))

    assert [(one.path, one.rule) for one in refused.violations] == [
        (("file",), "type"),
        (("bright",), "type"),
    ]


@pytest.mark.parametrize("body", [b"", b"null"])
def test_a_framework_that_requires_a_body_reports_the_whole_body_as_missing(body: bytes) -> None:
    demanding = Api.from_json(json.dumps(DOCUMENT).encode(), framework=Framework(requires_body=True))

    refused = refusal(demanding.operations["make"], sent(body, "application/json; charset=utf-8"))

    assert (refused.kind, refused.field, str(refused)) == (Kind.BAD_FIELD, "body", "the body is missing")
    assert list(refused.violations) == [Violation(("body",), "required", "body", None)]


def test_a_parameter_has_a_schema_if_it_is_described() -> None:
    described = api().operations["list"]

    page, unknown = described.parameter("page"), described.parameter("mood")

    assert page is not None
    assert (page.accepts(3), page.accepts("three")) == (True, False)
    assert unknown is None


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
