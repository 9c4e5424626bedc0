"""The transports put a twin inside a client of httpx or of httpx2."""

import asyncio
from collections.abc import Iterator
from contextlib import closing

import httpx
import httpx2
import pytest

from safelight_mock import AsyncTwinTransport, ClockMode, Settings, Twin, TwinTransport
from safelight_mock.adapters import httpx_transports

BASE = "https://api.topazlabs.com/image/v1"
KEY = {"X-API-Key": "k"}


@pytest.fixture
def twin() -> Iterator[Twin]:
    with closing(Twin(Settings(clock=ClockMode.AUTO))) as twin:
        yield twin


def test_a_client_of_httpx2_gets_responses_of_its_own_class(twin: Twin, photo: bytes) -> None:
    with httpx2.Client(base_url=BASE, headers=KEY, transport=TwinTransport(twin)) as client:  # type: ignore[arg-type]  # both ask for the same
        made = client.post("/enhance/async", files={"image": photo}, data={"output_width": "64"})
        job = made.json()["process_id"]
        while client.get(f"/status/{job}").json()["status"] != "Completed":
            pass
        link = client.get(f"/download/{job}").json()["download_url"]
        picture = client.get(link)

    assert isinstance(picture, httpx2.Response)
    assert picture.content.startswith(b"\xff\xd8")


def test_an_asynchronous_client_of_httpx2_does_too(twin: Twin) -> None:
    async def call() -> httpx2.Response:
        transport = AsyncTwinTransport(twin)
        async with httpx2.AsyncClient(base_url=BASE, headers=KEY, transport=transport) as client:  # type: ignore[arg-type]  # both ask for the same
            return await client.get("/status")

    response = asyncio.run(call())

    assert isinstance(response, httpx2.Response)
    assert response.json() == []


def test_a_request_subclass_gets_the_response_of_its_library(twin: Twin) -> None:
    class Own(httpx.Request):
        """A subclass of a user."""

    response = TwinTransport(twin).handle_request(Own("GET", f"{BASE}/status", headers=KEY))

    assert type(response) is httpx.Response


def test_a_response_says_how_long_it_took(twin: Twin) -> None:
    with httpx.Client(transport=TwinTransport(twin)) as client:
        response = client.get(f"{BASE}/status", headers=KEY)

    assert response.elapsed.total_seconds() > 0


def test_fields_and_paths_arrive_as_over_a_socket(twin: Twin) -> None:
    fields = [("X-API-Key", "k"), ("X-Safelight-Note", "a"), ("x-safelight-note", "b")]
    url = httpx.URL(f"{BASE}/status%20here/%C3%A9?a=%20b&a=c")

    request = httpx_transports._request(twin, httpx.Request("GET", url, headers=fields))  # noqa: SLF001 - no public way

    assert (request.path, request.query) == ("/image/v1/status here/é", "a=%20b&a=c")
    assert (request.headers["x-api-key"], request.headers["x-safelight-note"]) == ("k", "a, b")
    assert request.origin == "https://api.topazlabs.com"
