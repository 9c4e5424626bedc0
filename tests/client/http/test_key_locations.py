"""A key is sent where the API's document says."""

import httpx
import pytest

from safelight._http.session import ApiKey, Session
from safelight_lifecycle import KeyLocation, KeyPlace


@pytest.mark.parametrize(
    ("location", "key", "header", "value"),
    [
        (KeyLocation(name="X-Key"), "k1", "X-Key", "k1"),
        (KeyLocation(prefix="Bearer "), "k1", "Authorization", "Bearer k1"),
        (
            KeyLocation(place=KeyPlace.BASIC, prefix="Basic "),
            "me:pass",
            "Authorization",
            "Basic bWU6cGFzcw==",
        ),
        (KeyLocation(name="session", place=KeyPlace.COOKIE), "k1", "Cookie", "session=k1"),
    ],
)
def test_a_key_is_in_a_header(location: KeyLocation, key: str, header: str, value: str) -> None:
    request = _sent(location, key)

    assert request.headers[header] == value
    assert request.url == "https://api.acme.example/v1/jobs?limit=1"


def test_a_key_is_a_parameter_of_the_query() -> None:
    request = _sent(KeyLocation(name="key", place=KeyPlace.QUERY), "k1")

    assert request.url == "https://api.acme.example/v1/jobs?limit=1&key=k1"


def _sent(location: KeyLocation, key: str) -> httpx.Request:
    sent: list[httpx.Request] = []

    def respond(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200)

    session = Session.open(
        "https://api.acme.example/v1",
        api_key=ApiKey(key=key, location=location),
        messages=(),
        timeout=1,
        transport=httpx.MockTransport(respond),
    )
    session.send({"method": "GET", "url": "/jobs", "params": {"limit": 1}})
    session.close()
    return sent[0]
