"""The route table and the reply check, both straight from a spec."""

import json

import pytest

from safelight_mock.core import State
from safelight_mock.wire import (
    JSON,
    Api,
    Form,
    Kind,
    Problem,
    ReceivedFile,
    Request,
    Response,
    UndocumentedResponseError,
)
from safelight_mock.wire.framework import Framework

DOCUMENT: JSON = {
    "openapi": "3.1.2",
    "servers": [{"url": "https://api.example.com/v1"}],
    "x-async-jobs": {
        "version": "2",
        "lifecycles": {
            "image": {
                "submit": ["make"],
                "states": {"Waiting": "queued", "Parked": "queued", "Done": "succeeded"},
                "id": {"from": "$response.body#/id", "parameter": "id"},
                "read": {"operation": "look", "state": "$response.body#/state"},
                "moves": [{"operation": "drop", "while": ["queued"], "to": "cancelled"}],
                "retention": "P7D",
            }
        },
    },
    "components": {
        "schemas": {
            "Thing": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
        }
    },
    "paths": {
        "/things": {
            "post": {
                "operationId": "make",
                "requestBody": {
                    "content": {
                        "multipart/form-data": {
                            "schema": {
                                "type": "object",
                                "properties": {
                                    "file": {
                                        "type": "string",
                                        "contentMediaType": "application/octet-stream",
                                    },
                                    "size": {"type": "integer", "minimum": 1, "default": 5},
                                    "mood": {"type": "string"},
                                },
                            }
                        }
                    }
                },
                "responses": {
                    "200": {
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
                    }
                },
            }
        },
        "/things/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "get": {
                "operationId": "look",
                "parameters": [
                    {"name": "full", "in": "query", "schema": {"type": "boolean", "default": False}}
                ],
                "responses": {
                    "200": {
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
                    }
                },
            },
            "delete": {"operationId": "drop", "responses": {"204": {"description": "gone"}}},
        },
        "/things/latest": {
            "get": {"operationId": "latest", "responses": {"204": {"description": "nothing"}}}
        },
    },
}
API = Api.from_json(json.dumps(DOCUMENT).encode())
FORM = {"content-type": "multipart/form-data; boundary=x"}


def posted(**fields: str) -> Request:
    return Request(method="POST", path="/things", at=0, headers=FORM, body=Form(fields=fields))


def test_the_server_url_has_host_and_base_path() -> None:
    assert (API.host, API.base) == ("api.example.com", "/v1")


def test_every_server_of_the_document_names_a_host() -> None:
    document = {
        "servers": [{"url": "https://API.example.com/v1"}, {"url": "/v2"}],
        "paths": {
            "/a": {"servers": [{"url": "https://a.example:8443"}], "get": {}},
            "/b": {"get": {"servers": [{"url": "http://b.example/"}]}},
        },
    }

    hosts = Api.from_json(json.dumps(document).encode()).hosts

    assert hosts == {"api.example.com", "a.example", "b.example"}


def test_a_literal_path_wins_over_a_parameter() -> None:
    assert API.route("GET", "/v1/things/latest")[0].id == "latest"
    assert API.route("GET", "/v1/things/7")[1] == {"id": "7"}


def test_a_decoded_path_is_not_decoded_again() -> None:
    assert API.route("GET", "/v1/things/a%2Fb")[1] == {"id": "a%2Fb"}


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/v1/nothing", Kind.UNKNOWN_ROUTE),
        ("GET", "/v1/things/", Kind.UNKNOWN_ROUTE),
        ("GET", "/v1/things/7/8", Kind.UNKNOWN_ROUTE),
        ("PUT", "/v1/things/7", Kind.WRONG_METHOD),
        ("GET", "/v1/things", Kind.WRONG_METHOD),
    ],
)
def test_an_undocumented_path_is_rejected(method: str, path: str, kind: Kind) -> None:
    with pytest.raises(Problem) as refused:
        API.route(method, path)

    assert refused.value.kind is kind


def test_a_wrong_method_is_answered_with_those_that_are_allowed() -> None:
    with pytest.raises(Problem) as refused:
        API.route("PUT", "/v1/things/7")

    assert refused.value.reason == "PUT is not allowed on /v1/things/7; allowed: DELETE, GET"


@pytest.mark.parametrize(
    ("method", "path", "kind", "location"),
    [
        ("GET", "/v1/things/7/", Kind.MOVED, "/v1/things/7"),
        ("PUT", "/v1/things/7//", Kind.MOVED, "/v1/things/7"),  # whatever its methods
        ("GET", "/v1/nothing/", Kind.UNKNOWN_ROUTE, ""),
        ("GET", "/v1/nothing", Kind.UNKNOWN_ROUTE, ""),
        ("PUT", "/v1/things/7", Kind.WRONG_METHOD, "DELETE, GET"),
    ],
)
def test_a_framework_that_redirects_slashes_redirects_to_the_path_without(
    method: str, path: str, kind: Kind, location: str
) -> None:
    redirecting = Api.from_json(json.dumps(DOCUMENT).encode(), framework=Framework(redirects_slashes=True))

    with pytest.raises(Problem) as refused:
        redirecting.route(method, path)

    assert (refused.value.kind, refused.value.field) == (kind, location)


def test_parameters_have_their_types_and_defaults() -> None:
    look = API.operations["look"]

    assert dict(look.parameters({"id": "7"}, "")) == {"id": 7, "full": False}
    assert dict(look.parameters({"id": "7"}, "full=true&other=1")) == {"id": 7, "full": True}


@pytest.mark.parametrize(
    ("in_path", "query", "location"),
    [({"id": "x"}, "", "id"), ({"id": "1"}, "full=maybe", "full"), ({}, "", "id")],
)
def test_an_invalid_parameter_is_named_when_it_is_read(
    in_path: dict[str, str], query: str, location: str
) -> None:
    parameters = API.operations["look"].parameters(in_path, query)

    with pytest.raises(Problem) as refused:
        dict(parameters)

    assert (refused.value.kind, refused.value.field) == (Kind.BAD_PARAMETER, location)


def test_an_invalid_parameter_that_is_not_read_is_ignored() -> None:
    parameters = API.operations["look"].parameters({"id": "7"}, "full=maybe")

    assert parameters["id"] == 7


def test_form_fields_have_their_types_and_defaults() -> None:
    make = API.operations["make"]

    assert make.read_body(posted(mood="12")) == {"mood": "12", "size": 5}
    assert make.read_body(posted(size="3", extra="kept")) == {"size": 3, "extra": "kept"}


@pytest.mark.parametrize("fields", [{"size": "0"}, {"size": "big"}, {"size": ""}])
def test_a_wrong_field_is_named(fields: dict[str, str]) -> None:
    with pytest.raises(Problem) as refused:
        API.operations["make"].read_body(posted(**fields))

    assert (refused.value.kind, refused.value.field) == (Kind.BAD_FIELD, "size")


def test_a_file_in_a_text_field_and_a_text_in_a_file_field_are_refused() -> None:
    upload = ReceivedFile(digest="d", size=1, filename="a", picture=None)
    as_file = Request(method="POST", path="/things", at=0, headers=FORM, body=Form(files={"mood": upload}))

    for call, location in ((as_file, "mood"), (posted(file="text"), "file")):
        with pytest.raises(Problem) as refused:
            API.operations["make"].read_body(call)
        assert (refused.value.kind, refused.value.field) == (Kind.BAD_FIELD, location)


def test_a_body_of_another_media_type_is_refused() -> None:
    call = Request(method="POST", path="/things", at=0, headers={"content-type": "text/plain"}, body=b"x")

    with pytest.raises(Problem) as refused:
        API.operations["make"].read_body(call)

    assert refused.value.kind is Kind.UNSUPPORTED_TYPE


def test_a_documented_response_is_valid() -> None:
    API.operations["look"].check(Response.json(200, {"id": 1}))
    API.operations["drop"].check(Response(status=204))


@pytest.mark.parametrize(
    ("operation", "response"),
    [
        ("look", Response.json(200, {"id": "1"})),
        ("look", Response.json(200, {})),
        ("look", Response.json(201, {"id": 1})),
        ("look", Response(status=200)),
        ("look", Response(status=200, headers={"content-type": "text/plain"}, content=b"x")),
        ("drop", Response.json(204, {"id": 1})),
        ("drop", Response(status=204, content=b"x")),
    ],
)
def test_an_undocumented_response_is_an_internal_error(operation: str, response: Response) -> None:
    with pytest.raises(UndocumentedResponseError):
        API.operations[operation].check(response)


def test_a_lifecycle_is_read_with_its_durations_states_and_rules() -> None:
    cycle = API.lifecycles["image"]

    assert API.lifecycle_of == dict.fromkeys(["make", "look", "drop", "latest"], "image")
    assert cycle.kept_for == 7 * 24 * 3600
    assert cycle.vendor_state(State.QUEUED) == "Waiting"
    assert cycle.cancel is not None
    assert cycle.cancel.allowed.states == {State.QUEUED}


def test_a_document_may_name_several_servers_of_one_service() -> None:
    servers = [*DOCUMENT["servers"], {"url": "https://api.example.com/v0"}]
    api = Api.from_json(json.dumps({**DOCUMENT, "servers": servers}).encode())

    (new, _), (old, in_path) = api.route("POST", "/v1/things"), api.route("GET", "/v0/things/7")

    assert (new.id, old.id, in_path) == ("make", "look", {"id": "7"})
    assert api.base == "/v1"


def test_a_problem_names_the_first_wrong_field_and_carries_every_broken_rule() -> None:
    with pytest.raises(Problem) as refused:
        API.operations["make"].read_body(posted(size="0"))

    assert refused.value.field == "size"
    assert [(fault.path, fault.rule, fault.expected) for fault in refused.value.violations] == [
        (("size",), "minimum", 1)
    ]


def test_a_file_that_is_required_may_not_be_missing() -> None:
    document = json.loads(json.dumps(DOCUMENT))
    body = document["paths"]["/things"]["post"]["requestBody"]["content"]["multipart/form-data"]
    body["schema"]["required"] = ["file"]
    make = Api.from_json(json.dumps(document).encode()).operations["make"]
    upload = ReceivedFile(digest="d", size=1, filename="a", picture=None)

    with pytest.raises(Problem) as refused:
        make.read_body(posted(mood="calm"))

    assert refused.value.field == "file"
    whole = Request(method="POST", path="/things", at=0, headers=FORM, body=Form(files={"file": upload}))
    assert make.read_body(whole) == {"size": 5}


def test_a_redirect_says_where_to_and_keeps_to_the_method_and_query() -> None:
    redirecting = Api.from_json(json.dumps(DOCUMENT).encode(), framework=Framework(redirects_slashes=True))

    with pytest.raises(Problem, match="redirected to /v1/things") as refused:
        redirecting.route("POST", "/v1/things/")

    assert (refused.value.kind, refused.value.field) == (Kind.MOVED, "/v1/things")


def test_the_servers_of_an_operation_replace_those_of_its_path() -> None:
    elsewhere = {"servers": [{"url": "https://files.example.com/raw"}], "responses": {"204": {}}}
    document = {
        **DOCUMENT,
        "paths": {
            "/things": {
                "servers": [{"url": "https://api.example.com/v9"}],
                "get": {"operationId": "list", "responses": {"204": {}}},
                "put": {"operationId": "replace", **elsewhere},
            }
        },
    }
    described = Api.from_json(json.dumps(document).encode())

    assert described.operations["list"].paths == ("/v9/things",)
    assert described.operations["replace"].paths == ("/raw/things",)


def test_a_path_that_no_operation_has_is_redirected_only_where_the_path_without_slashes_exists() -> None:
    api = Api(document=DOCUMENT, framework=Framework(redirects_slashes=True))

    with pytest.raises(Problem) as moved:
        api.route("DELETE", "/v1/things//", "a=1")
    with pytest.raises(Problem) as unknown:
        api.route("GET", "/v1/nothing/", "a=1")

    assert (moved.value.kind, moved.value.field) == (Kind.MOVED, "/v1/things")
    assert str(moved.value) == "redirected to /v1/things"
    assert (unknown.value.kind, str(unknown.value)) == (Kind.UNKNOWN_ROUTE, "GET /v1/nothing/")


@pytest.mark.parametrize(
    ("servers", "path", "hint"),
    [
        (["https://a.example/v1", "https://b.example/v2"], "/v1/thing", "; did you mean /v1/things?"),
        (["https://a.example/v1", "https://b.example/v2"], "/other", "; its paths begin with /v1 or /v2"),
        (["https://a.example/v1", "https://b.example/v2"], "/v2/other", ""),
        (["https://a.example", "https://b.example/v2"], "/other", "; its paths begin with /v2"),
        (["https://a.example"], "/other", ""),
    ],
)
def test_an_unknown_path_is_answered_with_what_may_be_meant(servers: list[str], path: str, hint: str) -> None:
    api = Api(document={**DOCUMENT, "servers": [{"url": url} for url in servers]})

    with pytest.raises(Problem) as refused:
        api.route("GET", path)

    assert refused.value.reason == f"no operation has the path {path}{hint}"


def test_a_query_decides_between_operations_of_a_path() -> None:
    path: JSON = {"get": {"operationId": "all"}}
    document: JSON = {"paths": {"/a": path, "/a?kind=small": {"get": {"operationId": "small"}}}}
    api = Api(document=document)

    assert api.selects_by_query
    assert api.route("GET", "/a", "kind=small")[0].id == "small"
    assert api.route("GET", "/a", "kind=large")[0].id == "all"
    assert not Api(document={"paths": {"/a": path}}).selects_by_query


def test_a_redirect_finds_a_path_by_its_query() -> None:
    document: JSON = {"paths": {"/a?kind=small": {"get": {"operationId": "small"}}}}
    api = Api(document=document, framework=Framework(redirects_slashes=True))

    with pytest.raises(Problem) as moved:
        api.route("GET", "/a/", "kind=small")

    assert (moved.value.kind, moved.value.field) == (Kind.MOVED, "/a")


def test_an_operation_without_an_id_is_named_by_method_and_path_and_knows_its_server() -> None:
    document: JSON = {
        "servers": [{"url": "https://a.example.com/v1"}, {"url": "https://b.example.com/v2"}],
        "paths": {"/a": {"get": {}}},
    }

    operation = Api(document=document).operations["GET /a"]

    assert operation.paths == ("/v1/a", "/v2/a")
    assert operation.server == "https://a.example.com/v1"


def test_variables_of_a_server_have_their_defaults() -> None:
    variables = {"host": {"default": "a.example.com"}, "version": {"default": "v2"}, "none": {}}
    server = {"url": "https://{host}/{version}{none}", "variables": variables}
    api = Api(document={"servers": [server], "paths": {}})

    assert (api.host, api.base) == ("a.example.com", "/v2")


def test_a_document_without_servers_is_served_at_the_root_and_one_of_this_machine_names_no_host() -> None:
    local: JSON = {"servers": [{"url": "http://localhost:8000/x"}, {"url": "https://[::1"}], "paths": {}}

    assert (Api(document={"paths": {}}).base, Api(document={"paths": {}}).hosts) == ("", frozenset())
    assert (Api(document=local).base, Api(document=local).hosts) == ("/x", frozenset())


def test_operations_of_no_lifecycle_are_those_of_the_first() -> None:
    api = Api(document=DOCUMENT)

    assert api.lifecycle_of["make"] == "image"
    assert set(api.lifecycle_of.values()) == {"image"}
    assert repr(api) == "Api('/v1')"


def test_bodies_of_webhooks_have_schemas() -> None:
    body = {"content": {"application/json": {"schema": {"type": "integer"}}}}
    api = Api(document={"paths": {}, "webhooks": {"done": {"post": {"requestBody": body}}}})

    assert api.webhooks["done"].accepts(1)
    assert not api.webhooks["done"].accepts("1")
    assert Api(document={"paths": {}}).webhooks == {}
