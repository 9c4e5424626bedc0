"""Over plain sockets: heads, silence and connections are bounded, and a request names one host."""

import re
import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest
from click.testing import CliRunner
from tests.mockserver.adapters.wire import IN_CHUNKS, STATUS, submit
from tests.mockserver.hooks import until

from safelight_mock import MockServer, Settings
from safelight_mock.adapters.cli import main
from safelight_mock.adapters.connections import UNLIMITED, affordable, descriptors

pytestmark = pytest.mark.slow  # servers and raw sockets

PATIENCE = 10.0  # seconds after which an answer counts as none
KEY = {"X-API-Key": "k"}
SANDBOXES = "/_safelight/sandboxes"
CHUNKED = (
    b"POST /topaz/image/v1/enhance/async HTTP/1.1\r\nHost: twin\r\nX-API-Key: k\r\n"
    b"Content-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n"
)


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(Settings(seed="bounded", header_timeout=PATIENCE)) as running:
        yield running


@pytest.fixture(scope="module")
def hasty() -> Iterator[MockServer]:
    """A server that waits for nothing long."""
    with MockServer(Settings(header_timeout=0.05, keep_alive_timeout=0.05, job_speedup=100)) as running:
        yield running


@contextmanager
def connected(server: MockServer) -> Iterator[socket.socket]:
    port = int(server.origin.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        yield connection


def receive_all(connection: socket.socket) -> bytes:
    """Everything that comes until the server hangs up."""
    observed = b""
    while more := connection.recv(65_536):
        observed += more
    return observed


def answer(server: MockServer, *pieces: bytes) -> bytes:
    with connected(server) as connection:
        for piece in pieces:
            connection.sendall(piece)
        return receive_all(connection)


def head(*fields: str, target: str = STATUS, version: str = "1.1", host: str = "Host: twin") -> bytes:
    lines = [f"GET {target} HTTP/{version}", *filter(None, [host]), "X-API-Key: k", *fields, "", ""]
    return "\r\n".join(lines).encode("latin-1")


def statuses(observed: bytes) -> list[int]:
    return [int(actual) for actual in re.findall(rb"HTTP/1\.1 (\d+) ", observed)]


LONG = "a" * 70_000


@pytest.mark.fidelity("twin.header_timeout")
@pytest.mark.parametrize(
    ("pieces", "status"),
    [
        ([head(f"X-Long: {LONG}")], 431),
        ([head(*["X: a"] * 12_000)], 431),
        ([head(f"X-Long: {LONG}")[:66_000]], 431),
        ([b"GET / HTTP/1.1\r\nX-", b"a" * 70_000], 431),
        ([head(target=f"/{LONG}")], 414),
        ([head(target=f"/{LONG}")[:66_000]], 414),
        ([head(target=f"{STATUS}?a={LONG}")], 414),
        ([b"\r\n" * 40_000], 431),
        ([CHUNKED, b"3\r\nabc\r\n0\r\nX-Trailer: ", b"a" * 400_000], 431),
        ([CHUNKED, b"3;", b"a" * 400_000], 431),
    ],
    ids=[
        "a long field",
        "many fields",
        "a long field that has not ended",
        "a long name that has not ended",
        "a long path",
        "a long path that has not ended",
        "a long query",
        "blank lines",
        "a long trailer",
        "a long chunk extension",
    ],
)
def test_a_head_is_refused_as_soon_as_it_is_longer_than_64_kb(
    server: MockServer, pieces: list[bytes], status: int
) -> None:
    refused = answer(server, *pieces)

    first, _, body = refused.partition(b"\r\n\r\n")
    assert statuses(refused) == [status]
    assert b"connection: close" in first
    assert b"longer than 65536 bytes" in body


def test_a_head_of_60_kb_is_read(server: MockServer) -> None:
    long = head(f"X-Long: {'a' * 60_000}", "Connection: close")

    assert statuses(answer(server, long)) == [200]
    assert statuses(answer(server, long[:30_000], long[30_000:])) == [200]


def test_heads_are_counted_one_by_one(server: MockServer) -> None:
    long, last = head(f"X-Long: {'a' * 40_000}"), head("Connection: close")

    assert statuses(answer(server, long + long, long + last)) == [200] * 4


def test_a_body_is_no_part_of_a_head(server: MockServer) -> None:
    length = "Content-Length: 100000"
    post = head(length, "Content-Type: text/plain").replace(b"GET", b"POST") + b"a" * 100_000

    assert statuses(answer(server, post + head("Connection: close"))) == [405, 200]


def test_a_refused_client_can_read_why_although_it_goes_on_sending(server: MockServer) -> None:
    with connected(server) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nX: ")
        while not select.select([connection], [], [], 0)[0]:
            connection.sendall(b"a" * 10_000)

        assert statuses(connection.recv(65_536)) == [431]


@pytest.mark.parametrize(
    ("refused", "status"),
    [
        (head(host=""), 400),
        (head("Host: other"), 400),
        (head("Host: twin"), 400),
        (head("Host: other", version="1.0"), 400),
        (head(host="Host: evil.com@localhost"), 400),
        (head(host="Host: local host"), 400),
        (head(host="Host: localhost/a"), 400),
        (head(host="Host: localhost:port"), 400),
        (head(host="Host: [::1"), 400),
        (head(host="Host: l\xf6calhost"), 400),
        (head(host=f"Host: {'a' * 1_000}"), 400),
        (head(target=f"http://evil.com@localhost{STATUS}"), 400),
    ],
    ids=str,
)
def test_a_request_that_does_not_name_one_host_is_refused(
    server: MockServer, refused: bytes, status: int
) -> None:
    observed = answer(server, refused)

    assert statuses(observed) == [status]
    assert observed.endswith(b"A request must have one Host field, with the name or address of this server.")


@pytest.mark.parametrize(
    "host", ["Host: twin:", "Host: [::1]:4010", "Host: a_b.example:1", "Host: 127.0.0.1", "Host:"]
)
def test_a_valid_host_is_taken(server: MockServer, host: str) -> None:
    assert statuses(answer(server, head("Connection: close", host=host))) == [200]


@pytest.mark.parametrize(("first", "expected"), [(submit(), [415, 400]), (IN_CHUNKS, [415])])
def test_pipelined_requests_are_answered_before_the_connection_closes(
    server: MockServer, first: bytes, expected: list[int]
) -> None:
    observed = answer(server, first + head(host="") + head())

    assert statuses(observed) == expected


@pytest.mark.parametrize(
    ("target", "version", "host", "status"),
    [
        (SANDBOXES, "1.1", "Host: localhost", 200),
        (SANDBOXES, "1.1", "Host: [::1]:80", 200),
        (SANDBOXES, "1.1", "Host: evil.com", 403),
        (SANDBOXES, "1.1", "Host:", 403),
        (SANDBOXES, "1.0", "", 403),
        (SANDBOXES, "1.0", "Host: localhost", 200),
        (f"http://evil.com{SANDBOXES}", "1.1", "Host: localhost", 403),
        (f"ws://evil.com{SANDBOXES}", "1.1", "Host: localhost", 403),
        (f"http://localhost{SANDBOXES}", "1.1", "Host: evil.com", 200),
    ],
)
def test_the_control_plane_is_called_by_a_loopback_name(
    server: MockServer, target: str, version: str, host: str, status: int
) -> None:
    request = head("Connection: close", target=target, version=version, host=host)

    assert statuses(answer(server, request)) == [status]


def test_a_silent_connection_is_closed(hasty: MockServer) -> None:
    assert answer(hasty) == b""


@pytest.mark.fidelity("twin.header_timeout")
@pytest.mark.parametrize("beginning", [b"GET", b"GET / HTTP/1.1\r\nHost: a\r\n", b"\r\n"])
def test_a_head_that_does_not_end_is_refused_in_time(hasty: MockServer, beginning: bytes) -> None:
    observed = answer(hasty, beginning)

    assert statuses(observed) == [408]
    assert observed.endswith(b"The request's head did not arrive in time.")


@pytest.mark.parametrize("before", [b"", head()], ids=["first", "later"])
@pytest.mark.parametrize("drop", [b"X: a\r\n", b"\r\n"], ids=["fields", "blank lines"])
def test_a_head_that_arrives_byte_by_byte_is_rejected_in_time(
    hasty: MockServer, before: bytes, drop: bytes
) -> None:
    with connected(hasty) as connection:
        connection.sendall(before)
        observed = connection.recv(65_536) if before else b""
        connection.sendall(b"" if drop == b"\r\n" else b"GET / HTTP/1.1\r\n")
        for _ in range(1_000):
            if select.select([connection], [], [], 0.005)[0]:
                break
            connection.sendall(drop)
        observed += connection.recv(65_536)

    assert statuses(observed)[-1] == 408


@pytest.mark.parametrize("length", [[], ["Content-Length: 0"]], ids=["answered at once", "uvicorn's way"])
def test_a_head_after_another_request_has_the_time_of_a_head(length: list[str]) -> None:
    unhurried = Settings(header_timeout=PATIENCE, keep_alive_timeout=0.2)
    with MockServer(unhurried) as server, connected(server) as connection:
        connection.sendall(head(*length))
        assert statuses(connection.recv(65_536)) == [200]
        connection.sendall(b"GET")
        assert select.select([connection], [], [], 0.3)[0] == []  # longer than it may be idle
        connection.sendall(head("Connection: close")[3:])

        assert statuses(receive_all(connection)) == [200]


@pytest.mark.fidelity("twin.keep_alive_timeout")
def test_a_connection_between_two_requests_is_closed_in_time(hasty: MockServer) -> None:
    assert statuses(answer(hasty, head())) == [200]


def test_the_rest_of_a_body_is_not_read_after_the_response(hasty: MockServer) -> None:
    unwanted = head("Content-Length: 100", "Content-Type: text/plain").replace(b"GET", b"POST")

    assert statuses(answer(hasty, unwanted, b"a")) == [405]


def test_a_held_request_does_not_time_out(hasty: MockServer, photo: bytes) -> None:
    form = (
        b'--b\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n'
        + photo
        + b"\r\n--b--\r\n"
    )
    held = (
        b"POST /topaz/image/v1/denoise HTTP/1.1\r\nHost: twin\r\nX-API-Key: k\r\nConnection: close\r\n"
        b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: %d\r\n\r\n" % len(form)
    )

    assert statuses(answer(hasty, held + form)) == [200]


def test_a_client_that_does_not_read_its_response_is_disconnected(photo: bytes) -> None:
    large = photo + bytes(16_000_000)  # more than the buffers of a socket hold
    with MockServer(Settings(body_timeout=0.2, job_speedup=100)) as server, httpx.Client() as client:
        taken = client.post(
            f"{server.url('topaz')}/denoise/async", files={"image": ("a.jpg", large)}, headers=KEY
        )
        path = f"/download/input/{taken.json()['process_id']}"
        link = client.get(server.url("topaz") + path, headers=KEY).json()["download_url"]
        client.close()
        with connected(server) as connection:
            connection.sendall(head(target=link.removeprefix(server.origin)))
            open_ones = server._server.server_state.connections  # noqa: SLF001 - what a client cannot see
            until(lambda: open_ones)
            until(lambda: not open_ones)
            received = receive_all(connection)

    assert statuses(received) == [200]
    assert b"content-length: %d\r\n" % len(large) in received
    assert len(received) < len(large)


@pytest.mark.fidelity("twin.max_connections")
def test_connections_beyond_the_bound_are_answered_503_and_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with MockServer(Settings(max_connections=2)) as server, ExitStack() as opened:
        first, second = (opened.enter_context(connected(server)) for _ in range(2))
        for connection in (first, second):
            connection.sendall(head())
            assert statuses(connection.recv(65_536)) == [200]
            connection.sendall(b"GET")  # so it is not idle

        refused = [answer(server) for _ in range(2)]
        first.sendall(head("Connection: close")[3:])
        assert statuses(receive_all(first)) == [200]
        again = answer(server, head("Connection: close"))

    assert [statuses(observed) for observed in refused] == [[503], [503]]
    assert refused[0].endswith(b"All connections are in use; try again later.")
    assert statuses(again) == [200]
    assert [line for line in caplog.messages if "connections" in line] == [
        "all 2 connections are in use; further ones get 503 (--max-connections)"
    ]


def test_the_bound_is_logged_again_when_it_is_reached_again(caplog: pytest.LogCaptureFixture) -> None:
    with MockServer(Settings(max_connections=1)) as server:
        for _ in range(2):
            with connected(server) as connection:
                connection.sendall(head())
                assert statuses(connection.recv(65_536)) == [200]
                connection.sendall(b"GET")
                assert statuses(answer(server)) == [503]
                connection.sendall(head("Connection: close")[3:])
                assert statuses(receive_all(connection)) == [200]

    assert sum("connections are in use" in line for line in caplog.messages) == 2


@pytest.mark.fidelity("twin.max_connections")
@pytest.mark.parametrize("length", [[], ["Content-Length: 0"]], ids=["answered at once", "uvicorn's way"])
def test_a_new_connection_replaces_the_one_that_is_idle_for_longest(length: list[str]) -> None:
    with MockServer(Settings(max_connections=3)) as server, ExitStack() as opened:
        busy, longest, idle = (opened.enter_context(connected(server)) for _ in range(3))
        for connection in (busy, longest, *[idle] * 50):  # so the last is later, by a clock of milliseconds
            connection.sendall(head(*length))
            assert statuses(connection.recv(65_536)) == [200]
        busy.sendall(b"GET")

        new = answer(server, head("Connection: close"))
        closed = longest.recv(65_536)
        idle.sendall(head("Connection: close"))
        busy.sendall(head("Connection: close")[3:])

        assert (statuses(new), closed) == ([200], b"")
        assert [statuses(receive_all(connection)) for connection in (idle, busy)] == [[200], [200]]


@pytest.mark.fidelity("twin.keep_alive_timeout")
@pytest.mark.parametrize(
    ("client", "seconds"), [("fetch of Node.js", 4), ("httpx", 5), ("aiohttp", 15), ("Java 21", 30)]
)
def test_idle_connections_are_closed_by_the_client_first(client: str, seconds: float) -> None:
    assert Settings().keep_alive_timeout > 2 * seconds, client


@pytest.mark.fidelity("twin.max_connections")
@pytest.mark.parametrize(
    ("limit", "connections"), [(1_024, 480), (256, 96), (10, 1), (1_048_576, UNLIMITED), (2**40, UNLIMITED)]
)
def test_the_bound_leaves_room_below_the_limit_of_open_files(limit: int, connections: int) -> None:
    assert affordable(limit) == connections


def test_more_connections_than_open_files_are_refused_at_the_start() -> None:
    most = affordable(descriptors())

    result = CliRunner().invoke(main, ["serve", "--max-connections", str(most + 1)])

    assert result.exit_code == 2
    assert (
        f"max_connections must be at most {most} under the limit of {descriptors()} open files"
        in result.stderr
    )


@pytest.mark.parametrize(
    "chosen", [{"max_connections": 0}, {"header_timeout": 0}, {"keep_alive_timeout": -1}]
)
def test_a_limit_must_be_above_zero(chosen: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=min(chosen)):
        Settings(**chosen)  # type: ignore[arg-type] # whatever it takes
