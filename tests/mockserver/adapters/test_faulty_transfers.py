"""Transfers go wrong on a socket as their rules say, and for httpx in the process as over a socket."""

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest

from safelight_mock import App, AsyncTwinTransport, MockServer, Settings, Twin, TwinTransport

pytestmark = pytest.mark.slow  # sockets, and time that passes

PATH = "/topaz/image/v1/status"  # whose body is []
KEY = {"x-api-key": "k"}
REQUEST = f"GET {PATH} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: k\r\n\r\n".encode()
PATIENCE = 0.3  # seconds


class Received(NamedTuple):
    """What a plain client got: bytes with the seconds until they came, and how it ended."""

    pieces: list[tuple[float, bytes]]
    ending: str

    @property
    def body(self) -> bytes:
        return b"".join(piece for _, piece in self.pieces).partition(b"\r\n\r\n")[2]

    @property
    def head(self) -> bytes:
        return b"".join(piece for _, piece in self.pieces).partition(b"\r\n\r\n")[0].lower()


@contextmanager
def serving(**transfer: Any) -> Iterator[MockServer]:  # noqa: ANN401 - keys of a transfer
    rule = {"match": {"operation": "list"}, "transfer": transfer}
    with MockServer(Settings(scenario={"version": "1", "rules": [rule]})) as server:
        yield server


def received(server: MockServer, patience: float = PATIENCE) -> Received:
    """Send a request by a plain socket, and read until the end or until nothing comes for some time."""
    url, pieces, began = urlsplit(server.origin), list[tuple[float, bytes]](), time.monotonic()
    with socket.create_connection((url.hostname, url.port), timeout=patience) as client:
        client.sendall(REQUEST)
        try:
            while piece := client.recv(65_536):
                pieces.append((time.monotonic() - began, piece))
        except TimeoutError:
            return Received(pieces, "open")
        except ConnectionResetError:
            return Received(pieces, "reset")
        return Received(pieces, "closed")


def test_a_head_comes_late() -> None:
    with serving(delay=0.2) as server:
        got = received(server)

    assert got.pieces[0][0] >= 0.2
    assert (got.body, got.ending) == (b"[]", "open")


def test_a_body_comes_late_and_byte_by_byte() -> None:
    with serving(first_byte=0.2, drip={"bytes": 1, "every": 0.2}) as server:
        got = received(server)

    head, first, second = got.pieces
    assert head[1].endswith(b"\r\n\r\n")
    assert (first[1], second[1]) == (b"[", b"]")
    assert first[0] - head[0] >= 0.15
    assert second[0] - first[0] >= 0.15


@pytest.mark.parametrize(
    ("reset", "body"),
    [("before", b""), ("during", b"["), ("after", b"[]")],
    ids=["before", "during", "after"],
)
def test_a_connection_is_reset(reset: str, body: bytes) -> None:
    with serving(reset=reset) as server:
        got = received(server)

    assert (got.body, got.ending) == (body, "reset")
    assert bool(got.head) is (reset != "before")


def test_a_connection_hangs_and_the_server_stops_all_the_same() -> None:
    with serving(hang=True) as server:
        got = received(server)
        began = time.monotonic()

    assert (got.pieces, got.ending) == ([], "open")
    assert time.monotonic() - began < 5


def test_a_body_is_cut_off() -> None:
    with serving(truncate=0.5) as server:
        got = received(server)

    assert b"content-length: 2" in got.head
    assert (got.body, got.ending) == (b"[", "closed")


@pytest.mark.parametrize(("off", "announced"), [(5, b"7"), (-1, b"1")])
def test_a_length_is_wrong(off: int, announced: bytes) -> None:
    with serving(length=off) as server:
        got = received(server)

    assert b"content-length: " + announced in got.head
    assert (got.body, got.ending) == (b"[]", "closed")


def test_a_byte_is_another_one_and_the_media_type_is_wrong() -> None:
    with serving(corrupt=True, media_type="text/html") as server:
        got = received(server)

    assert b"content-type: text/html" in got.head
    assert (got.body, got.ending) == (b"[\xa2", "open")


def test_another_request_follows_a_slow_response_on_the_same_connection() -> None:
    with serving(delay=0.05) as server, httpx.Client(headers=KEY) as client:
        for _ in range(3):
            assert client.get(f"{server.origin}{PATH}").json() == []


FAULTS: dict[str, dict[str, Any]] = {
    "delay": {"delay": 1},
    "short delay": {"delay": 0.01},
    "first byte": {"first_byte": 1},
    "drip": {"drip": {"bytes": 1, "every": 1}},
    "before": {"reset": "before"},
    "during": {"reset": "during"},
    "after": {"reset": "after"},
    "hang": {"hang": True},
    "truncate": {"truncate": 0.5},
    "longer": {"length": 5},
    "shorter": {"length": -1},
    "corrupt": {"corrupt": True},
    "type": {"media_type": "text/html"},
}


def outcome(get: Callable[[], httpx.Response]) -> tuple[object, ...]:
    """Return what a client sees of a response, or the error that it raises."""
    try:
        response = get()
    except httpx.HTTPError as error:
        return type(error), str(error)
    headers = {name: value for name, value in response.headers.items() if name != "date"}
    return response.status_code, response.content, headers


@pytest.mark.parametrize("fault", FAULTS)
def test_httpx_sees_in_the_process_what_it_sees_over_a_socket(fault: str) -> None:
    with serving(**FAULTS[fault]) as server:
        url = f"{server.origin}{PATH}"

        async def get_async() -> httpx.Response:
            transport = AsyncTwinTransport(server.twin)
            async with httpx.AsyncClient(transport=transport, headers=KEY, timeout=PATIENCE) as client:
                return await client.get(url)

        with httpx.Client(headers=KEY, timeout=PATIENCE) as over_socket:
            expected = outcome(lambda: over_socket.get(url))
        with httpx.Client(transport=TwinTransport(server.twin), headers=KEY, timeout=PATIENCE) as in_process:
            assert outcome(lambda: in_process.get(url)) == expected
        assert outcome(lambda: asyncio.run(get_async())) == expected


def test_another_asgi_server_gets_a_response_that_ends_too_early() -> None:
    rule = {"match": {"operation": "list"}, "transfer": {"truncate": 0.5}}
    sent: list[dict[str, Any]] = []
    scope = {"type": "http", "method": "GET", "path": PATH, "query_string": b"", "scheme": "http"}

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(10)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:  # noqa: ANN401 - as ASGI has it
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"x-api-key", b"k")]
    with (
        closing(Twin(Settings(scenario={"version": "1", "rules": [rule]}))) as twin,
        closing(App(twin)) as app,
    ):
        asyncio.run(app({**scope, "headers": headers}, receive, send))

    assert [message.get("body") for message in sent] == [None, b"["]
