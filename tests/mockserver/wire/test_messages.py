"""A call on its way to a handler, and the reply on its way back."""

import json

import pytest
from msgspec.structs import replace

from safelight_mock.core.transfer_faults import TransferFault
from safelight_mock.wire import Form, Kind, Listener, Problem, ReceivedFile, Request, Response, VendorError
from safelight_mock.wire.listener import FILES
from safelight_mock.wire.messages import NotLoadedError

CUP = ReceivedFile(digest="c", size=1, filename="cup.jpg", picture=None)
HAT = ReceivedFile(digest="h", size=1, filename="hat.jpg", picture=None)


def test_loaded_inputs_have_the_order_of_their_urls() -> None:
    call = Request(method="POST", path="/", at=0, loaded={"http://cup": CUP, "http://hat": HAT})

    assert call.load("http://hat", "http://cup") == (HAT, CUP)
    with pytest.raises(NotLoadedError, match=r"^2 inputs have not been loaded$") as unloaded:
        call.load("http://cup", "http://bag", "http://tie")
    assert unloaded.value.addresses == {"http://bag", "http://tie"}


def test_a_request_is_shown_without_its_key() -> None:
    call = Request(method="GET", path="/jobs", at=0, headers={"x-api-key": "secret"}, key="secret")

    assert repr(call) == "GET /jobs"


def test_only_a_form_has_files() -> None:
    assert Request(method="POST", path="/", at=0, body=Form(files={"cup": CUP})).files == {"cup": CUP}
    assert Request(method="POST", path="/", at=0, body=b"cup").files == {}


def test_adding_headers_keeps_the_rest_of_a_response() -> None:
    cut = TransferFault(delay=3.0)
    response = replace(Response.json(201, {"id": 1}, {"x-id": "1", "x-at": "2"}), transfer=cut, is_wrong=True)

    assert json.loads(response.content) == response.value == {"id": 1}  # type: ignore[arg-type] # a document is bytes
    assert response.also({"x-at": "3"}) == Response(
        status=201,
        headers={"content-type": "application/json", "x-id": "1", "x-at": "3"},
        content=response.content,
        value={"id": 1},
        transfer=cut,
        is_wrong=True,
    )


def test_with_a_files_port_files_are_served_on_it_only() -> None:
    here = Listener(files_port=4011)

    assert here.on(4011) is FILES
    assert here.on(4010) is here
    assert here.on(None) is here
    assert Listener().on(0) == Listener()


def test_a_problem_is_shown_by_its_reason_or_its_kind_and_location() -> None:
    assert str(Problem(Kind.BAD_FIELD, field="size", detail="too large")) == "too large"
    assert str(Problem(Kind.BAD_FIELD, field="size")) == "a body field is not as described: size"
    assert str(Problem(Kind.BAD_BODY)) == "the body cannot be read"
    assert (Problem(Kind.BAD_BODY).field, Problem(Kind.BAD_BODY).violations) == ("", ())
    assert Problem(Kind.BAD_FIELD, field="GET").headers == {}
    assert Problem(Kind.LIMITED, headers={"retry-after": "3"}).headers == {"retry-after": "3"}


def test_an_error_response_has_status_and_headers() -> None:
    plain, result = VendorError(402, "Pay."), VendorError(429, "Wait.", {"retry-after": "3"})

    assert (plain.status, str(plain), plain.headers) == (402, "Pay.", {})
    assert (result.status, str(result), result.headers) == (429, "Wait.", {"retry-after": "3"})
