"""Claid's twin reads requests as FastAPI does, under which the service evidently runs."""

import json
from itertools import product

import pytest
from tests.mockserver.claid import ASYNC, BASE, BATCH, SYNC, UPLOAD, caller, request, status_and_error
from tests.mockserver.conftest import TwinClient

from safelight_mock import Settings

pytestmark = pytest.mark.slow

BODY = json.dumps(request("https://a.example/ü.jpg"), ensure_ascii=False)
KEY = {"Authorization": "Bearer k"}
TYPES = ("application/json", "Application/JSON; charset=utf-8", "application/vnd.claid+json", "", None)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32-be")


def typed(media_type: str | None) -> dict[str, str]:
    return KEY if media_type is None else {**KEY, "Content-Type": media_type}


@pytest.mark.fidelity("claid:media-types")
@pytest.mark.parametrize(
    ("media_type", "encoding"), [*product(TYPES, ENCODINGS[:2]), *product(TYPES[:1], ENCODINGS)]
)
def test_json_is_parsed_under_any_media_type_and_unicode_encoding(
    client: TwinClient, media_type: str | None, encoding: str
) -> None:
    response = caller(client)("POST", ASYNC, content=BODY.encode(encoding), headers=typed(media_type))

    assert response.status_code == 200, response.text
    assert response.json()["data"]["request"] == json.loads(BODY)


@pytest.mark.parametrize(
    "media_type", ["text/json", "application/jsonx", "json", "application/x-www-form-urlencoded"]
)
def test_other_bodies_are_not_json(shared_client: TwinClient, media_type: str) -> None:
    status, result = status_and_error(
        caller(shared_client)("POST", ASYNC, content=BODY.encode(), headers=typed(media_type))
    )

    assert (status, result["error_details"]) == (422, {"body": ["value is not a valid dict"]})


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"\x00\x00\xfe\xff\x00", b"\xef\xbb\xbf", b"\x00{"])
def test_a_body_that_is_not_unicode_is_rejected(shared_client: TwinClient, body: bytes) -> None:
    assert status_and_error(caller(shared_client)("POST", ASYNC, content=body, headers=KEY))[0] == 400


@pytest.mark.fidelity("claid:media-types")
@pytest.mark.parametrize("media_type", [None, "application/vnd.claid+json"])
@pytest.mark.parametrize("settings", [Settings(seed="tests", strict=True)])
def test_in_strict_mode_only_documented_media_types_are_json(
    configured_client: TwinClient, media_type: str | None
) -> None:
    assert (
        status_and_error(
            caller(configured_client)("POST", ASYNC, content=BODY.encode(), headers=typed(media_type))
        )[0]
        == 422
    )


@pytest.mark.fidelity("claid:trailing-slash")
@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("POST", path) for path in (ASYNC, BATCH, SYNC, UPLOAD)),
        ("GET", f"{ASYNC}/1"),
        ("GET", f"{BATCH}/a"),
        ("DELETE", ASYNC),
        ("GET", ASYNC),
    ],
)
@pytest.mark.parametrize("slashes", ["/", "//"])
def test_a_trailing_slash_is_redirected(
    shared_client: TwinClient, method: str, path: str, slashes: str
) -> None:
    response = shared_client.request(method, f"{BASE}{path}{slashes}?a=b%20c", headers={})

    assert (response.status_code, response.content) == (307, b"")
    assert response.headers["location"] == f"http://twin{BASE}{path}?a=b%20c"
    assert response.headers["x-request-id"]
    assert response.headers["content-length"] == "0"


@pytest.mark.fidelity("claid:trailing-slash")
def test_following_the_redirect_gives_the_response_without_the_slash(any_client: TwinClient) -> None:
    response = caller(any_client)("POST", f"{ASYNC}/", json=request(), follow_redirects=True)

    assert response.status_code == 200
    assert response.json()["data"]["request"] == request()
    assert [step.status_code for step in response.history] == [307]


@pytest.mark.fidelity("claid:trailing-slash")
@pytest.mark.parametrize("path", ["/nothing/", "/", "/image/", f"{ASYNC}/1/2/"])
def test_an_unknown_path_with_a_trailing_slash_is_404(shared_client: TwinClient, path: str) -> None:
    assert status_and_error(caller(shared_client)("GET", path))[0] == 404
