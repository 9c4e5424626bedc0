"""Links lead to where the submitter found the twin, or to where they are told to."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
import pytest

from safelight_mock import MockServer, Settings, Twin, TwinTransport

if TYPE_CHECKING:
    from tests.server.conftest import Door

pytestmark = pytest.mark.slow

BASE = "/topaz/image/v1"
KEY = {"X-API-Key": "k"}


@pytest.fixture
def apart() -> Iterator[MockServer]:
    """A twin with its files on a port of their own."""
    with MockServer(Settings(seed="apart"), files_port=0) as server:
        yield server


def link(to: httpx.Client, image: bytes, submit: str, download: str) -> str:
    """Submit at one address, and ask for the link to the input at another."""
    taken = to.post(f"{submit}{BASE}/enhance/async", files={"image": ("a.jpg", image)}, headers=KEY).json()
    told = to.get(f"{download}{BASE}/download/input/{taken['process_id']}", headers=KEY).json()
    assert told["download_url"] == told["head_url"]
    return str(told["download_url"])


def test_a_link_begins_with_what_the_submitter_called_the_twin(inside: "Door", photo: bytes) -> None:
    with httpx.Client(transport=TwinTransport(inside.twin)) as to:
        told = link(to, photo, submit="http://first.test:1", download="http://second.test:2")

    assert told.startswith("http://first.test:1/files/")


@pytest.mark.parametrize(
    ("settings", "begins"),
    [
        (Settings(public_url="https://mock.example/below/"), "https://mock.example/below/files/"),
        (Settings(files_url="https://files.example"), "https://files.example/files/"),
        (Settings(public_url="https://a.example", files_url="https://b.example"), "https://b.example/files/"),
    ],
)
def test_a_link_begins_with_the_address_that_was_chosen(
    photo: bytes, settings: Settings, begins: str
) -> None:
    twin = Twin(settings)
    with httpx.Client(transport=TwinTransport(twin)) as to:
        told = link(to, photo, submit="http://twin", download="http://twin")
    twin.close()

    assert told.startswith(begins)


def test_a_link_leads_to_the_files_port_of_the_host_the_submitter_used(
    apart: MockServer, photo: bytes
) -> None:
    with httpx.Client() as to:
        localhost = apart.origin.replace("127.0.0.1", "localhost")
        told = link(to, photo, submit=localhost, download=apart.origin)
        got = to.get(told)

    assert told.startswith(f"{apart.files_origin.replace('127.0.0.1', 'localhost')}/files/")
    assert got.content == photo


def test_with_a_files_port_the_api_serves_no_files(apart: MockServer, photo: bytes) -> None:
    with httpx.Client() as to:
        told = link(to, photo, submit=apart.origin, download=apart.origin)
        answer = to.get(told.replace(apart.files_origin, apart.origin))

    assert apart.files_origin != apart.origin
    assert answer.status_code == 404
    assert "Nothing is served here" in answer.json()["message"]


@pytest.mark.parametrize(("method", "status"), [("GET", 403), ("HEAD", 403), ("POST", 405), ("DELETE", 405)])
@pytest.mark.parametrize("path", [f"{BASE}/status", "/", "/a/b/c"])
def test_the_files_port_serves_nothing_but_files(
    apart: MockServer, method: str, status: int, path: str
) -> None:
    answer = httpx.request(method, f"{apart.files_origin}{path}")

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/xml"


def test_without_a_files_port_files_are_where_the_api_is() -> None:
    with MockServer() as server:
        assert server.files_origin == server.origin
