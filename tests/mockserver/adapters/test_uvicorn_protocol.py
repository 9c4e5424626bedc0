"""Calls over one connection: however they are answered, clients see the same."""

import asyncio
import re
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import pairwise
from typing import Any

import httpx
import pytest
from tests.mockserver.adapters.wire import FORM, IN_CHUNKS, STATUS, Wire, connect, request, submit
from tests.mockserver.conftest import picture
from tests.mockserver.stored import changing

from safelight_mock import App, ClockMode, MockServer, Settings
from safelight_mock.adapters.uvicorn_protocol import LONG, POLLS
from safelight_mock.twin import Twin


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(Settings(seed="joining")) as running:
        yield running


@contextmanager
def connected(server: MockServer) -> Iterator[socket.socket]:
    port = int(server.origin.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        yield connection


def until(connection: socket.socket, end: bytes, times: int = 1) -> bytes:
    observed = b""
    while observed.count(end) < times:
        received = connection.recv(65536)
        assert received, f"closed after {observed!r}"
        observed += received
    return observed


def test_pipelined_responses_have_the_order_of_their_requests(server: MockServer) -> None:
    length = f"Content-Length: {len(FORM)}"
    form = "Content-Type: multipart/form-data; boundary=b"
    submit = request("/topaz/image/v1/enhance/async", form, length, method="POST") + FORM
    nobody = request(f"{STATUS}/00000000-0000-4000-8000-000000000000")
    with connected(server) as connection:
        connection.sendall(request() + submit + nobody + request("/elsewhere") + submit + request())

        observed = until(connection, b"HTTP/1.1 ", times=6)

    assert re.findall(rb"HTTP/1.1 (\d+)", observed) == [b"200", b"415", b"404", b"404", b"415", b"200"]


def test_the_fast_path_and_the_regular_path_return_the_same_response(server: MockServer) -> None:
    with connected(server) as connection:
        connection.sendall(request())
        fast_path = until(connection, b"[]")
        connection.sendall(request(STATUS, "Content-Length: 0"))
        regular_path = until(connection, b"[]")

    date = rb"date: [^\r]+"
    assert re.sub(date, b"date", fast_path) == re.sub(date, b"date", regular_path)
    assert b"content-type: application/json\r\n" in fast_path


@pytest.mark.parametrize(("header", "version"), [("Connection: close", "1.1"), ("Accept: */*", "1.0")])
def test_connection_close_is_obeyed(server: MockServer, header: str, version: str) -> None:
    with connected(server) as connection:
        connection.sendall(request(STATUS, header, version=version))
        observed = until(connection, b"[]")

        assert connection.recv(1) == b""
    assert observed.startswith(b"HTTP/1.1 200")


def test_a_get_request_may_have_a_body(server: MockServer) -> None:
    chunks = b"3\r\nabc\r\n0\r\n\r\n"
    with connected(server) as connection:
        connection.sendall(request(STATUS, "Transfer-Encoding: chunked") + chunks + request("/elsewhere"))

        observed = until(connection, b"HTTP/1.1 ", times=2)

    assert re.findall(rb"HTTP/1.1 (\d+)", observed) == [b"200", b"404"]


def test_a_head_response_has_the_content_length_of_get(server: MockServer) -> None:
    with connected(server) as connection:
        connection.sendall(request("/elsewhere", method="HEAD") + request())
        observed = until(connection, b"[]")

    head, following = observed.split(b"\r\n\r\n", 1)
    assert int(re.findall(rb"content-length: (\d+)", head)[0]) > 0
    assert following.startswith(b"HTTP/1.1 ")


def test_a_path_is_percent_decoded(server: MockServer) -> None:
    with connected(server) as connection:
        connection.sendall(request("/topaz/image/v1/%73tatus?paginated=false"))

        assert until(connection, b"[]").startswith(b"HTTP/1.1 200")


def test_an_http_1_0_request_needs_no_host(server: MockServer) -> None:
    with connected(server) as connection:
        connection.sendall(f"GET {STATUS} HTTP/1.0\r\nX-API-Key: k\r\n\r\n".encode())

        assert until(connection, b"[]").startswith(b"HTTP/1.1 200")


def statuses(server: MockServer, *requests: bytes) -> list[bytes]:
    """Send requests on one connection, each after the answer to the one before."""
    with connected(server) as connection:
        observed = []
        for one in requests:
            connection.sendall(one)
            observed += re.findall(rb"HTTP/1.1 (\d+)", until(connection, b"HTTP/1.1 "))
    return observed


def test_changed_headers_on_a_connection_are_parsed(server: MockServer) -> None:
    keyless = request().replace(b"X-API-Key: k\r\n", b"")

    assert statuses(server, request(), keyless, request(), request()) == [b"200", b"401", b"200", b"200"]


def test_a_host_in_the_request_target_overrides_repeated_headers(server: MockServer) -> None:
    here = request("/_safelight/sandboxes").replace(b"Host: twin", b"Host: localhost")
    elsewhere = here.replace(b"/_safelight", b"http://evil.com/_safelight")

    assert statuses(server, here, elsewhere, here, elsewhere) == [b"200", b"403", b"200", b"403"]


class Counted:
    """A parser that counts what it is given."""

    def __init__(self, parser: Any) -> None:  # noqa: ANN401 - httptools has no types
        self._parser = parser
        self.fed = 0

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the parser has
        return getattr(self._parser, name)

    def feed_data(self, data: bytes) -> None:
        self.fed += 1
        self._parser.feed_data(data)


def exchanged(*pieces: bytes) -> tuple[list[int], int]:
    """Give pieces to a connection; return the statuses of its answers, and how many pieces were read."""

    settings, wire = Settings(), Wire()

    async def exchange(app: App) -> tuple[list[int], int]:
        [protocol] = connect(app, wire)
        parser = Counted(protocol.parser)
        setattr(protocol, "parser", parser)  # noqa: B010 - where uvicorn wants one of httptools
        for piece in pieces:
            protocol.data_received(piece)
        for _ in range(20):
            await asyncio.sleep(0)  # an upload is answered by a task, and writes may be held back
        protocol.connection_lost(None)
        return [int(status) for status in re.findall(rb"HTTP/1.1 (\d+)", wire.written)], parser.fed

    with closing(Twin(settings)) as twin, closing(App(twin)) as app:
        return asyncio.run(exchange(app))


@pytest.mark.parametrize(("connections", "written_at_once"), [(1, [1]), (2, [0, 0]), (3, [0, 0, 0])])
def test_responses_of_several_connections_are_written_together_at_the_end_of_an_event_loop_turn(
    connections: int, written_at_once: list[int]
) -> None:
    wires = [Wire() for _ in range(connections)]

    async def poll(app: App) -> list[int]:
        protocols = connect(app, *wires)
        for protocol in protocols:
            protocol.data_received(POLL)
        written = [wire.written.count(b"HTTP/1.1 200") for wire in wires]
        await asyncio.sleep(0)
        for protocol in protocols:
            protocol.connection_lost(None)
        return written

    with closing(Twin()) as twin, closing(App(twin)) as app:
        assert asyncio.run(poll(app)) == written_at_once
    assert [wire.written.count(b"HTTP/1.1 200") for wire in wires] == [1] * connections


POLL, NOWHERE = request(), request("/elsewhere")
MANY = [request(STATUS, f"X-Number: {number}") for number in range(POLLS + 1)]
LENGTHY = request(STATUS, f"X-Long: {'a' * LONG}")


@pytest.mark.parametrize(
    ("pieces", "answers", "read"),
    [
        ([POLL, POLL, POLL], [200, 200, 200], 1),
        ([POLL, NOWHERE, POLL, POLL, NOWHERE], [200, 404, 200, 200, 404], 2),
        ([*MANY, *MANY, *MANY[1:]], [200] * 50, 34),
        ([LENGTHY, LENGTHY], [200, 200], 2),
        ([POLL, b"\r\n", POLL], [200, 200], 2),
        ([b"\r\n" + POLL, b"\r\n" + POLL], [200, 200], 1),
        ([POLL + POLL, POLL + POLL], [200] * 4, 2),
        ([POLL + NOWHERE[:30], NOWHERE[30:]] * 2, [200, 404, 200, 404], 4),
        ([POLL[:60], POLL[60:], POLL[60:]], [200, 400], 3),
        ([POLL, POLL[:60], POLL[60:], POLL, POLL], [200] * 4, 3),
        ([POLL, submit(len(FORM) + len(POLL)), POLL, POLL], [200, 415, 200], 3),
        ([POLL, submit(), POLL], [200, 415, 200], 2),
        ([POLL, IN_CHUNKS, POLL], [200, 415, 200], 3),
        ([POLL, POLL + b"\x00", POLL], [200, 200, 400], 2),
    ],
    ids=[
        "a poll",
        "another in between",
        "one too many to be remembered",
        "one too long to be remembered",
        "a blank line in between",
        "a blank line before it",
        "two at once",
        "one and a part",
        "its end alone",
        "in pieces in between",
        "as a part of a body",
        "another with a body in between",
        "while another is answered",
        "what is no request in between",
    ],
)
def test_a_repeated_poll_is_answered_without_parsing(
    pieces: list[bytes], answers: list[int], read: int
) -> None:
    assert exchanged(*pieces) == (answers, read)


def test_a_repeated_poll_gets_the_current_response() -> None:
    with MockServer(Settings(clock=ClockMode.MANUAL)) as server, connected(server) as connection:
        observed = []
        for _ in range(3):
            connection.sendall(POLL)
            observed.append(until(connection, b"[]"))
            server.twin.advance(3600, vendor="topaz", key="k")
        times = [entry.now or 0 for entry in server.twin.request_log.entries()]

    assert len({re.findall(rb"date: ([^\r]+)", response)[0] for response in observed}) == len(observed)
    assert [round(later - earlier) for later, earlier in pairwise(times)] == [3600, 3600]


@pytest.mark.slow
def test_a_repeated_poll_takes_the_regular_path_where_necessary() -> None:
    with MockServer(Settings(clock=ClockMode.MANUAL)) as server, connected(server) as connection:
        files = {"image": ("a.jpg", picture(48, 32))}
        url = f"{server.url('topaz')}/enhance/async"
        job = httpx.post(url, files=files, headers={"X-API-Key": "k"}).json()["process_id"]
        observed = []
        for _ in range(4):
            connection.sendall(request(f"{STATUS}/{job}"))
            observed.append(until(connection, b"}"))
            with changing(server.twin) as sandbox:
                sandbox.advance(600, server.twin.real())  # beyond the end of the job: its picture counts then

    words = [re.findall(rb'"status":"(\w+)"', response) for response in observed]
    assert words == [[b"Pending"], [b"Completed"], [b"Completed"], [b"Completed"]]
