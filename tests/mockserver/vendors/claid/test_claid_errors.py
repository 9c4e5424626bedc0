"""Whatever is sent to Claid's twin, the answer is the vendor's: never a 500, never a wait."""

import json
from uuid import UUID

import pytest
from tests.mockserver.claid import (
    ASYNC,
    BATCH,
    POSTS,
    SYNC,
    UPLOAD,
    caller,
    read_edit,
    request,
    status_and_error,
    submitted,
)
from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow

# What is not there


@pytest.mark.fidelity("claid/404")
@pytest.mark.parametrize("path", [ASYNC, BATCH])
@pytest.mark.parametrize("edit", ["1", "0", "-1", "99999999999999999999"])
def test_an_unknown_edit_is_404(shared_client: TwinClient, path: str, edit: str) -> None:
    status, result = status_and_error(caller(shared_client)("GET", f"{path}/{edit}"))

    assert (status, result["error_message"]) == (404, "Batch image edit pipeline not found.")


@pytest.mark.parametrize("edit", ["one", "1.5", "1.0", "%00", "1e3", "1.style", "9" * 5_000])
def test_an_id_that_is_not_an_integer_is_invalid(shared_client: TwinClient, edit: str) -> None:
    status, result = status_and_error(caller(shared_client)("GET", f"{ASYNC}/{edit}"))

    assert status == 422
    assert result["error_details"] == {"task_id": ["value is not a valid integer"]}
    assert result["error_message"] == "task_id: value is not a valid integer"


@pytest.mark.fidelity("claid/404")
def test_an_edit_is_visible_to_its_own_key_only(client: TwinClient) -> None:
    edit = submitted(caller(client), request())

    assert status_and_error(caller(client, "other")("GET", f"{ASYNC}/{edit}"))[0] == 404


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nothing", 404), ("DELETE", ASYNC, 405), ("GET", SYNC, 405)]
)
def test_an_unknown_path_is_404(shared_client: TwinClient, method: str, path: str, status: int) -> None:
    assert status_and_error(caller(shared_client)(method, path))[0] == status


@pytest.mark.fidelity("claid:x-request-id")
def test_every_response_has_its_own_reproducible_request_id(client: TwinClient) -> None:
    call = caller(client)

    observed = [
        call("POST", ASYNC, json=requested).headers["x-request-id"] for requested in ({}, request(), {})
    ]

    assert len({UUID(result) for result in observed}) == 3


# Bad bodies


@pytest.mark.fidelity("claid/400")
@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"input": NaN}',
        b'{"input": 1e999}',
        b"\xff\xfe",
        b'"\xc3\x28"',
        b"[" * 10_000,
        b'{"a":' * 10_000,
        b'{"operations":{"resizing":{"width":' + b"9" * 5_000 + b"}}}",
    ],
    ids=["cut", "NaN", "infinite", "no text", "no UTF-8", "deep list", "deep object", "huge number"],
)
def test_a_body_that_cannot_be_read_is_refused(shared_client: TwinClient, path: str, body: bytes) -> None:
    headers = {"Authorization": "Bearer k", "Content-Type": "application/json"}

    status, result = status_and_error(caller(shared_client)("POST", path, content=body, headers=headers))

    assert (status, result["error_message"]) == (400, "The request body cannot be read.")


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("media_type", ["text/plain", "multipart/form-data; boundary=x", "application/xml"])
def test_a_body_of_another_type_is_no_request(shared_client: TwinClient, path: str, media_type: str) -> None:
    headers = {"Authorization": "Bearer k", "Content-Type": media_type}

    status, result = status_and_error(caller(shared_client)("POST", path, content=b"{}", headers=headers))

    assert (status, result["error_details"]) == (422, {"body": ["value is not a valid dict"]})


@pytest.mark.fidelity("claid:media-types")
@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("body", [b"", b"null", b" null\n"])
@pytest.mark.parametrize("media_type", [{"Content-Type": "application/json"}, {}])
def test_a_missing_body_is_a_missing_field(
    shared_client: TwinClient, path: str, body: bytes, media_type: dict[str, str]
) -> None:
    headers = {"Authorization": "Bearer k", **media_type}

    status, result = status_and_error(caller(shared_client)("POST", path, content=body, headers=headers))

    assert (status, result["error_details"]) == (422, {"body": ["field required"]})


@pytest.mark.fidelity("claid/400")
def test_a_body_that_is_too_large_is_refused(client: TwinClient) -> None:
    response = caller(client)("POST", ASYNC, json={**request(), "padding": "1" * 1_100_000})

    assert status_and_error(response)[0] == 400


def test_an_upload_that_is_not_a_form_is_rejected(client: TwinClient) -> None:
    assert status_and_error(caller(client)("POST", UPLOAD, json=request()))[0] == 422


@pytest.mark.parametrize("value", [None, 5, "a", [], [{}], {"a": 1}])
def test_an_invalid_body_is_rejected_with_its_fields(shared_client: TwinClient, value: object) -> None:
    status, result = status_and_error(caller(shared_client)("POST", ASYNC, json=value))

    assert (status, result["error_code"], result["error_type"]) == (422, "9000", "validation")
    assert result["error_details"]


@pytest.mark.parametrize("deep", [100, 500, 900, 990])
def test_a_body_of_any_depth_is_answered(shared_client: TwinClient, deep: int) -> None:
    body = b'{"input":"http://a.example/b","operations":' + b'{"a":' * deep + b"1" + b"}" * deep + b"}"
    headers = {"Authorization": "Bearer k", "Content-Type": "application/json"}

    assert status_and_error(caller(shared_client)("POST", ASYNC, content=body, headers=headers))[0] in (
        400,
        422,
    )


def test_an_upload_whose_options_nest_deeply_is_answered(client: TwinClient) -> None:
    response = caller(client)("POST", UPLOAD, files={"file": ("a", b"x")}, data={"data": "[" * 10_000})

    assert status_and_error(response)[1]["error_details"] == {"data": ["value is not a valid dict"]}


def test_a_rejected_request_creates_nothing(client: TwinClient) -> None:
    call = caller(client)
    first = submitted(call, request())

    for requested in ({}, request(padding="99%"), request("a")):
        assert call("POST", ASYNC, json=requested).status_code == 422

    assert submitted(call, request()) == first + 1
    assert read_edit(call, first)["status"] == "ACCEPTED"
    assert json.dumps(read_edit(call, first + 1)["request"]) == json.dumps(request())
