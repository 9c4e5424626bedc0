"""What an operation takes, as its spec and its strictness have it, and what it says of anything else."""

import json

import pytest
from tests.mockserver.wire.things import DOCUMENT, FILE, api, form, refusal, sent, strict

from safelight_mock.wire import (
    JSON,
    Api,
    Kind,
    Operation,
    Problem,
    Request,
    Response,
    UndocumentedResponseError,
)
from safelight_mock.wire.framework import Framework
from safelight_mock.wire.violations import Violation


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
    plain = api().operations["make"].unsupported(sent(b"", "text/plain; a=b; c=d"))
    assert plain.reason == "the Content-Type is text/plain; send application/json"
    assert str(plain) == str(Kind.UNSUPPORTED_TYPE)


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


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the body is empty; send JSON"),
        (b" \n", "the body is empty; send JSON"),
        (b"{", "the body is not valid JSON: Input data was truncated"),
    ],
)
def test_a_body_that_is_no_json_is_refused_with_the_reason(body: bytes, reason: str) -> None:
    operation = Api(document=DOCUMENT, framework=Framework(describes_errors=True)).operations["make"]

    assert refusal(operation, sent(body)).reason == reason
