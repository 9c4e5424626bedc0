"""The control plane accepts requests with the token, and never those of web pages."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from safelight_mock import App, Settings, Twin, TwinTransport
from safelight_mock.adapters.cli import main
from safelight_mock.admin.auth import bears, check
from safelight_mock.wire import Problem, Request

TOKEN = "open-sesame"  # noqa: S105 - opens nothing but these tests
RIGHT = {"Authorization": f"Bearer {TOKEN}"}
FAR = ("192.168.0.7", 5000)
NEAR = ("127.0.0.1", 5000)


def call(
    method: str,
    path: str,
    headers: Mapping[str, str],
    peer: tuple[str, int] | None,
    base: str = "http://twin.test",
    **rest: object,
) -> httpx.Response:
    twin = Twin(Settings(control_token=TOKEN))

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(App(twin), client=peer)  # type: ignore[arg-type] # as a server may say
        async with httpx.AsyncClient(transport=transport, base_url=base) as client:
            return await client.request(method, f"/_safelight{path}", headers=dict(headers), **rest)  # type: ignore[arg-type] # whatever httpx takes

    try:
        return asyncio.run(ask())
    finally:
        twin.close()


@pytest.mark.fidelity("twin.control_token")
@pytest.mark.parametrize("peer", [FAR, NEAR, None], ids=["another machine", "this machine", "who knows who"])
@pytest.mark.parametrize("headers", [{}, {"X-Forwarded-For": "10.0.0.1"}], ids=["itself", "through a proxy"])
def test_a_request_with_the_token_is_accepted_from_anywhere(
    peer: tuple[str, int] | None, headers: dict[str, str]
) -> None:
    response = call("GET", "/sandboxes", {**RIGHT, **headers}, peer)

    assert (response.status_code, response.json()) == (200, [])


@pytest.mark.fidelity("twin.control_token")
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer open-sesam"},
        {"Authorization": "Bearer"},
        {"Authorization": f"Basic {TOKEN}"},
        {"X-API-Key": TOKEN},
    ],
    ids=str,
)
def test_a_request_without_the_token_is_rejected_from_loopback_too(headers: dict[str, str]) -> None:
    refused = call("GET", "/sandboxes", headers, NEAR, base="http://localhost")

    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert refused.headers["content-type"] == "application/problem+json"
    assert TOKEN not in refused.text
    sent = "this is not the token" if "Authorization" in headers else "there is no token"
    assert refused.json()["detail"].startswith(f"{sent}: send Authorization: Bearer TOKEN")


def test_a_token_with_unusual_characters_is_wrong() -> None:
    odd = Request(method="GET", path="/_safelight/jobs", at=0, headers={"authorization": "Bearer é"})

    assert not bears(odd, TOKEN)


def test_without_a_configured_token_no_token_is_accepted() -> None:
    assert not bears(Request(method="GET", path="/", at=0, headers={"authorization": "Bearer "}), "")


@pytest.mark.fidelity("twin.control_token")
@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_web_page_is_refused_with_the_token_too(headers: dict[str, str]) -> None:
    refused = call("GET", "/sandboxes", {**RIGHT, **headers}, NEAR)

    assert (refused.status_code, refused.json()["detail"]) == (
        403,
        "requests from web pages are rejected; use a program instead",
    )


def test_a_socket_without_addresses_is_not_this_machine() -> None:
    assert call("GET", "/sandboxes", {}, None).status_code == 401
    assert call("GET", "/sandboxes", {}, ("", 0)).status_code == 401


@pytest.mark.fidelity("twin.control_token")
@pytest.mark.parametrize(
    ("peer", "base", "headers", "status"),
    [
        (NEAR, "http://localhost", {}, 200),
        (FAR, "http://twin.test", {}, 403),
        (FAR, "http://twin.test", RIGHT, 200),
    ],
)
def test_an_inbox_accepts_loopback_requests_and_requests_with_the_token(
    peer: tuple[str, int], base: str, headers: dict[str, str], status: int
) -> None:
    assert call("POST", "/inbox/mine", headers, peer, base, json={"any": 1}).status_code == status


@pytest.mark.parametrize(
    "field",
    [
        "X-Forwarded-Proto",
        "X-Forwarded-For",
        "X-Forwarded-Port",
        "CF-Connecting-IP",
        "CF-Ray",
        "CDN-Loop",
        "DO-Connecting-IP",
        "Fastly-FF",
        "Fly-Client-IP",
        "Forwarded",
        "Front-End-Https",
        "True-Client-IP",
        "Via",
        "X-Envoy-External-Address",
        "X-Original-Forwarded-For",
        "X-Real-IP",
        "X-Scheme",
        "X-Url-Scheme",
        "X-Varnish",
    ],
)
def test_a_proxied_request_is_not_a_loopback_request(field: str) -> None:
    refused = call("POST", "/inbox/mine", {field: "https"}, NEAR, base="http://localhost", json={})

    assert refused.status_code == 403
    assert refused.json()["detail"] == (
        "requests from other machines need a bearer token, the one of --control-token"
    )


@pytest.mark.parametrize(
    "headers",
    [{}, {"host": ""}, {"host": "evil.com@localhost"}, {"host": "[localhost]"}, {"host": "localhost:1:2"}],
    ids=str,
)
def test_a_request_with_another_host_header_is_rejected(headers: dict[str, str]) -> None:
    odd = Request(
        method="GET",
        path="/_safelight/jobs",
        at=0,
        peer="127.0.0.1",
        headers=headers,
        origin=f"http://{headers.get('host') or '127.0.0.1'}",
    )

    with pytest.raises(Problem, match="is not loopback; use"):
        check(odd, "")


def test_a_captured_request_does_not_contain_the_token() -> None:
    twin = Twin(Settings(control_token=TOKEN))

    with httpx.Client(transport=TwinTransport(twin), base_url="http://twin") as client:
        client.post("/_safelight/inbox/mine", headers={**RIGHT, "X-Mine": "1"}, json={})
        (message,) = client.get("/_safelight/inbox/mine").json()["messages"]
    twin.close()

    assert message["headers"]["x-mine"] == "1"
    assert TOKEN not in str(message)


def test_an_in_process_request_needs_no_token() -> None:
    twin = Twin(Settings(control_token=TOKEN))

    with httpx.Client(transport=TwinTransport(twin), base_url="http://twin") as client:
        assert client.get("/_safelight/sandboxes").status_code == 200
    twin.close()


def test_the_token_is_never_shown() -> None:
    assert TOKEN not in repr(Settings(control_token=TOKEN))


@pytest.mark.parametrize("token", ["two words", "a\nb", "é"])
def test_a_token_that_a_header_cannot_contain_is_rejected_without_being_shown(token: str) -> None:
    with pytest.raises(ValueError, match="control_token must be visible ASCII characters") as refused:
        Settings(control_token=token)

    assert token not in str(refused.value)


@pytest.mark.fidelity("twin.control_token")
@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.7", "", "twin.test"])  # noqa: S104 - it is refused
def test_a_server_on_a_public_address_requires_a_token(host: str) -> None:
    result = CliRunner().invoke(main, ["serve", "--host", host])

    assert result.exit_code == 2
    assert "add --control-token" in result.stderr.splitlines()[-1]


def test_a_data_dir_that_is_a_file_is_one_clear_line(tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    file.touch()

    result = CliRunner().invoke(main, ["serve", "--data-dir", str(file)])

    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].endswith(f"{file} is a file; choose a folder")


def test_the_help_explains_every_clock() -> None:
    result = CliRunner().invoke(main, ["serve", "--help"]).output

    assert "scaled, by --clock-rate" in " ".join(result.split())
