"""Links begin with the base URL of the submitting request, or with a configured one."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from safelight_mock import App, ClockMode, MockServer, Settings, Twin, TwinTransport

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow

BASE = "/topaz/image/v1"
KEY = {"X-API-Key": "k"}
BEARER = {"Authorization": "Bearer k"}
EDIT = {"input": "safelight://coffee.jpg", "operations": {"resizing": {"width": 64, "height": 64}}}


@pytest.fixture
def apart() -> Iterator[MockServer]:
    """A twin with its files on a port of their own."""
    with MockServer(Settings(seed="apart"), files_port=0) as server:
        yield server


def link(to: httpx.Client, image: bytes, submit: str, download: str) -> str:
    """Submit at one address, and ask for the link to the input at another."""
    result = to.get(f"{download}{BASE}/download/input/{submitted(to, submit, image)}", headers=KEY).json()
    assert result["download_url"] == result["head_url"]
    return str(result["download_url"])


def submitted(to: httpx.Client, origin: str, image: bytes) -> str:
    """Submit a job at an address; return its id."""
    taken = to.post(f"{origin}{BASE}/enhance/async", files={"image": ("a.jpg", image)}, headers=KEY)
    return str(taken.json()["process_id"])


def port(origin: str) -> int:
    return int(origin.rpartition(":")[2])


@pytest.mark.fidelity("topaz:link-host")
def test_a_link_begins_with_the_origin_of_the_submission(client: "TwinClient", photo: bytes) -> None:
    with httpx.Client(transport=TwinTransport(client.twin)) as to:
        result = link(to, photo, submit="http://first.test:1", download="http://second.test:2")

    assert result.startswith("http://first.test:1/files/")


@pytest.mark.fidelity("twin.public_url", "twin.files_url")
@pytest.mark.parametrize(
    ("settings", "begins"),
    [
        (Settings(public_url="https://mock.example/below/"), "https://mock.example/below/files/"),
        (Settings(files_url="https://files.example"), "https://files.example/files/"),
        (Settings(public_url="https://a.example", files_url="https://b.example"), "https://b.example/files/"),
    ],
)
def test_a_link_begins_with_the_configured_base_url(photo: bytes, settings: Settings, begins: str) -> None:
    twin = Twin(settings)
    with httpx.Client(transport=TwinTransport(twin)) as to:
        result = link(to, photo, submit="http://twin", download="http://twin")
    twin.close()

    assert result.startswith(begins)


@pytest.mark.fidelity("twin:files-port")
def test_a_link_leads_to_the_files_port_of_the_host_the_submitter_used(
    apart: MockServer, photo: bytes
) -> None:
    with httpx.Client() as to:
        localhost = apart.origin.replace("127.0.0.1", "localhost")
        result = link(to, photo, submit=localhost, download=apart.origin)
        got = to.get(result)

    assert result.startswith(f"{apart.files_origin.replace('127.0.0.1', 'localhost')}/files/")
    assert got.content == photo


@pytest.mark.fidelity("twin:files-port")
def test_with_a_files_port_the_api_serves_no_files(apart: MockServer, photo: bytes) -> None:
    with httpx.Client() as to:
        result = link(to, photo, submit=apart.origin, download=apart.origin)
        response = to.get(result.replace(apart.files_origin, apart.origin))

    assert apart.files_origin != apart.origin
    assert response.status_code == 404
    assert "Nothing is served here" in response.json()["message"]


@pytest.mark.fidelity("twin:files-port")
@pytest.mark.parametrize(("method", "status"), [("GET", 403), ("HEAD", 403), ("POST", 405), ("DELETE", 405)])
@pytest.mark.parametrize("path", [f"{BASE}/status", "/", "/a/b/c"])
def test_the_files_port_serves_nothing_but_files(
    apart: MockServer, method: str, status: int, path: str
) -> None:
    response = httpx.request(method, f"{apart.files_origin}{path}")

    assert response.status_code == status
    assert response.headers["content-type"] == "application/xml"


def test_without_a_files_port_the_api_port_serves_files() -> None:
    with MockServer() as server:
        assert server.files_origin == server.origin


@pytest.mark.fidelity("twin:links")
def test_after_a_restart_on_another_port_links_of_old_jobs_have_the_new_port(
    tmp_path: Path, photo: bytes
) -> None:
    kept = Settings(clock=ClockMode.MANUAL, data_dir=tmp_path)
    with MockServer(kept) as first, httpx.Client() as to:
        localhost = first.origin.replace("127.0.0.1", "localhost")
        process_id = submitted(to, localhost, photo)

    with (
        socket.create_server(("127.0.0.1", port(first.origin))),  # so that the second has another
        MockServer(kept) as second,
        httpx.Client() as to,
    ):
        result = to.get(f"{second.origin}{BASE}/download/input/{process_id}", headers=KEY).json()
        got = to.get(result["download_url"])

    assert port(second.origin) != port(first.origin)
    assert result["download_url"].startswith(f"http://localhost:{port(second.origin)}/files/")
    assert got.content == photo


@pytest.mark.fidelity("twin:links")
def test_after_a_restart_on_another_port_webhooks_have_links_with_the_new_port(tmp_path: Path) -> None:
    kept = Settings(clock=ClockMode.MANUAL, data_dir=tmp_path)
    with MockServer(kept) as first, httpx.Client(base_url=f"{first.origin}/_safelight/") as control:
        control.post("sandboxes", json={"vendor": "claid", "key": "k", "label": "shop"})
        httpx.post(f"{first.origin}/claid/v1/image/edit/async", json=EDIT, headers=BEARER).raise_for_status()

    with (
        socket.create_server(("127.0.0.1", port(first.origin))),
        MockServer(kept) as second,
        httpx.Client(base_url=f"{second.origin}/_safelight/") as control,
    ):
        control.patch("sandboxes/shop/webhook", json={"url": f"{second.origin}/_safelight/inbox/mine"})
        control.post("sandboxes/shop/clock/advance", json={"seconds": 60})
        (message,) = control.get("inbox/mine").json()["messages"]

    assert f'"tmp_url":"{second.origin}/files/' in message["body"]


@pytest.mark.fidelity("twin:links")
def test_a_snapshot_taken_in_process_has_links_to_the_server_it_is_restored_in(photo: bytes) -> None:
    with closing(Twin()) as twin, httpx.Client(transport=TwinTransport(twin)) as to:
        process_id = submitted(to, "https://api.topazlabs.com", photo)
        taken = twin.snapshot(vendor="topaz", key="k")

    with MockServer() as server, httpx.Client() as to:
        server.twin.restore(taken, vendor="topaz", key="k")
        result = to.get(f"{server.origin}{BASE}/download/input/{process_id}", headers=KEY).json()
        got = to.get(result["download_url"])

    assert result["download_url"].startswith(f"{server.origin}/files/")
    assert got.content == photo


def test_under_another_server_the_port_is_known_from_the_first_request(photo: bytes) -> None:
    """As under `uvicorn`, which does not say where it listens."""
    twin = Twin()
    app = App(twin)

    async def submit() -> str:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as to:
            files = {"image": ("a.jpg", photo)}
            taken = await to.post(f"{BASE}/enhance/async", files=files, headers=KEY)
            return str(taken.json()["process_id"])

    process_id = asyncio.run(submit())
    with httpx.Client(transport=TwinTransport(twin), base_url="http://twin") as to:
        result = to.get(f"{BASE}/download/input/{process_id}", headers=KEY).json()
    app.close()
    twin.close()

    assert result["download_url"].startswith("http://localhost:8000/files/")
