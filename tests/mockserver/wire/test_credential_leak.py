"""A key that comes to the file host is noticed, and goes no further."""

from typing import TYPE_CHECKING

import httpx
import pytest

from safelight_mock import MockServer
from safelight_mock.wire import Listener, Request
from safelight_mock.wire.credential_leak import MOST, CredentialLeak, find_leak
from safelight_mock.wire.listener import FILES, SINGLE_PORT

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow


@pytest.mark.fidelity("twin:credential-leak")
@pytest.mark.parametrize("header", ["X-API-Key", "Authorization"])
def test_a_key_sent_along_with_a_link_is_noted(any_client: "TwinClient", photo: bytes, header: str) -> None:
    process_id = any_client.submit(photo)
    any_client.advance(3)
    link = any_client.call("GET", f"/download/{process_id}").json()["download_url"]

    response = any_client.request("GET", link, headers={header: "a-secret"})

    (noted,) = any_client.twin.credential_leaks
    assert response.status_code == 200
    assert noted.what == f"a key was sent to the file host ({header})"
    assert (noted.path, noted.at) == (httpx.URL(link).path, any_client.twin.real())
    assert "a-secret" not in repr(any_client.twin.credential_leaks)


def test_a_key_sent_for_a_missing_file_is_noted() -> None:
    with MockServer(files_port=0) as server:
        httpx.get(f"{server.files_origin}/topaz/image/v1/status", headers={"X-API-Key": "k"})

        assert [noted.path for noted in server.twin.credential_leaks] == ["/topaz/image/v1/status"]


def test_a_client_that_sends_keys_only_to_the_api_has_no_leak(any_client: "TwinClient", photo: bytes) -> None:
    process_id = any_client.submit(photo)
    any_client.advance(3)
    any_client.request("GET", any_client.call("GET", f"/download/{process_id}").json()["download_url"])

    assert not any_client.twin.credential_leaks


def test_a_bounded_number_is_kept(client: "TwinClient") -> None:
    for number in range(MOST + 1):
        client.request("GET", f"/files/{number}", headers=client.key)

    assert [noted.path for noted in client.twin.credential_leaks] == [
        f"/files/{n}" for n in range(1, MOST + 1)
    ]


@pytest.mark.parametrize(
    ("listener", "headers", "what"),
    [
        (FILES, {"x-api-key": "a-secret"}, "a key was sent to the file host (X-API-Key)"),
        (
            FILES,
            {"x-api-key": "a-secret", "authorization": "Bearer a"},
            "a key was sent to the file host (X-API-Key, Authorization)",
        ),
        (FILES, {}, None),
        (SINGLE_PORT, {"x-api-key": "a-secret"}, None),
    ],
)
def test_a_key_leaks_only_to_the_file_host(
    listener: Listener, headers: dict[str, str], what: str | None
) -> None:
    request = Request(method="GET", path="/status", at=5, headers=headers, listener=listener)

    assert find_leak(request) == (what and CredentialLeak(what=what, at=5, path="/status"))


def test_a_stream_of_events_is_not_a_file() -> None:
    headers = {"x-api-key": "a-secret"}
    request = Request(method="GET", path="/files/a/events", at=5, headers=headers, listener=FILES)

    assert find_leak(request) is None
