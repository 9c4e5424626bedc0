"""The key is sent to the service only."""

import logging
import traceback
from collections.abc import Callable

import httpx
import pytest

from safelight import ApiError, Claid, SafelightError, Tengr, Topaz
from safelight._http.session import ApiKey
from safelight_lifecycle import KeyLocation

Connect = Callable[[Callable[[httpx.Request], httpx.Response]], Topaz]

KEY = "sk-secret"
LEGACY = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJtYWNoaW5lX2lkIjoiabc"


def test_no_attribute_of_a_client_shows_the_key(connect: Connect) -> None:
    topaz = connect(lambda _: httpx.Response(200, json=[]))

    job = topaz.job("a-job")
    parts = [
        topaz,
        job,
        job._client,
        job._client.operations,
        job._client.operations.session,
    ]

    assert repr(topaz) == "Topaz(base_url='https://api.topazlabs.com/image/v1')"
    assert not [part for part in parts if KEY in f"{part!r} {part}"]
    assert KEY not in repr(job._client.operations.session.api.headers)
    assert KEY not in repr(ApiKey(key=KEY, location=KeyLocation(name="X-API-Key")))


@pytest.mark.parametrize(
    ("client", "shown"),
    [
        (Claid(api_key=KEY), "Claid(base_url='https://api.claid.ai/v1')"),
        (Tengr(api_key=KEY, base_url="https://t.example"), "Tengr(base_url='https://t.example')"),
    ],
)
def test_the_repr_of_a_client_has_its_base_url_and_not_its_key(client: Claid | Tengr, shown: str) -> None:
    with client:
        job = client.job("7")

        assert repr(client) == shown
        assert KEY not in f"{job!r} {job._client!r} {job._client.operations.session.api.headers!r}"


def test_a_service_that_repeats_the_key_is_not_quoted(connect: Connect) -> None:
    topaz = connect(lambda _: httpx.Response(401, json={"message": f"Unknown key {KEY}."}))

    with pytest.raises(ApiError, match=r"returned 401: Unknown key \*\*\*\.$") as raised:
        topaz.jobs()

    assert KEY not in str(vars(raised.value))
    assert KEY not in "".join(traceback.format_exception(raised.value))


def test_no_log_line_contains_the_key(connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    topaz = connect(lambda _: httpx.Response(401, json={"message": "Unauthorized"}))

    with pytest.raises(SafelightError):
        topaz.enhance(b"image")

    assert "401" in caplog.text
    assert KEY not in caplog.text


@pytest.mark.parametrize("key", ["", "two words", "line\n", "schlüssel", "tab\t"])
def test_a_key_that_a_header_cannot_contain_is_rejected_without_being_shown(key: str) -> None:
    with pytest.raises(ValueError, match="api_key must be a text of printable ASCII") as raised:
        Topaz(api_key=key)

    assert not key or key not in str(raised.value)


def test_a_legacy_key_is_sent_as_a_bearer_token(sent: list[httpx.Request]) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json=[])

    with Topaz(api_key=LEGACY, transport=httpx.MockTransport(answer)) as topaz:
        topaz.jobs()

    assert sent[0].headers["Authorization"] == f"Bearer {LEGACY}"
    assert "X-API-Key" not in sent[0].headers
