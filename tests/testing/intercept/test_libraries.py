"""Programs of every library run a whole job with a hard-coded host, unmodified."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
import uvloop
from tests.testing.guarded import Reached
from tests.testing.intercept.http_clients import CLIENTS, POOLING, RESOLVING, Call

from safelight_mock import ClockMode, Settings
from safelight_testing import intercept

pytestmark = pytest.mark.slow  # every HTTP library is imported

API = "https://api.topazlabs.com/image/v1"
KEY = {"X-API-Key": "k"}
FORM = {**KEY, "Content-Type": "multipart/form-data; boundary=limit"}
PHOTOGRAPH = Path(__file__).parents[2] / "data" / "chelsea.jpg"
AUTO = Settings(clock=ClockMode.AUTO)
SECONDS = 20.0


def form() -> bytes:
    field = b'--limit\r\nContent-Disposition: form-data; name="output_width"\r\n\r\n900\r\n'
    file = b'--limit\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n'
    return field + file + PHOTOGRAPH.read_bytes() + b"\r\n--limit--\r\n"


def enlarge(call: Call) -> bytes:
    """Program under test: submit, poll, download."""
    submitted = json.loads(call("POST", f"{API}/enhance/async", FORM, form()).body)
    job = submitted["process_id"]
    while json.loads(call("GET", f"{API}/status/{job}", KEY).body)["status"] != "Completed":
        pass
    link = json.loads(call("GET", f"{API}/download/{job}", KEY).body)["download_url"]
    assert link.startswith("https://safelight.r2.cloudflarestorage.com/")
    return call("GET", link).body


@pytest.mark.parametrize("name", CLIENTS)
def test_a_whole_job_with_a_new_client(name: str, reached: Reached) -> None:
    with intercept(AUTO), CLIENTS[name](SECONDS) as call:
        assert enlarge(call).startswith(b"\xff\xd8")

    assert reached == []


@pytest.mark.parametrize("name", CLIENTS)
def test_a_whole_job_with_a_client_of_before(name: str, reached: Reached) -> None:
    with CLIENTS[name](SECONDS) as call, intercept(AUTO):
        assert enlarge(call).startswith(b"\xff\xd8")

    assert reached == []


@pytest.fixture
def real_host(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of a server on this machine that the vendor's name leads to."""
    look_up = socket.getaddrinfo

    def resolve(_: object, *rest: object, **named: object) -> object:
        return look_up("127.0.0.1", *rest, **named)  # type: ignore[arg-type]

    async def resolve_later(_: object, __: object, *rest: object, **named: object) -> object:
        return resolve("", *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(uvloop.Loop, "getaddrinfo", resolve_later)
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        yield f"http://api.topazlabs.com:{listener.getsockname()[1]}/image/v1"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def serve(listener: socket.socket) -> None:
    with suppress(OSError):  # the listener is closed
        while True:
            threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()


def answer(connection: socket.socket) -> None:
    with closing(connection), suppress(OSError):
        while connection.recv(65536):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nreal")


@pytest.mark.parametrize("name", [name for name in POOLING if name not in RESOLVING])
def test_a_connection_that_was_pooled_before_is_not_used(name: str, real_host: str) -> None:
    with CLIENTS[name](SECONDS) as call:
        assert call("GET", f"{real_host}/status", KEY).body == b"real"
        with intercept():
            assert call("GET", f"{real_host}/status", KEY).body == b"[]"
        if name != "http.client":  # it does not notice that its connection was closed
            assert call("GET", f"{real_host}/status", KEY).body == b"real"


@pytest.mark.parametrize("name", POOLING)
def test_the_inner_block_does_not_use_connections_of_the_outer_one(name: str) -> None:
    with CLIENTS[name](SECONDS) as call, intercept() as outer:
        call("GET", f"{API}/status", KEY)
        with intercept() as inner:
            call("GET", f"{API}/status", KEY)
            call("GET", f"{API}/status", KEY)
        call("GET", f"{API}/status", KEY)

    assert len([*inner.twin.request_log.entries()]) == 2
    assert len([*outer.twin.request_log.entries()]) == 2


@pytest.mark.parametrize("name", CLIENTS)
def test_a_proxy_of_the_environment_is_not_used(
    name: str, monkeypatch: pytest.MonkeyPatch, reached: Reached
) -> None:
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(variable, "http://proxy.example:3128")

    with intercept(), CLIENTS[name](SECONDS) as call:
        assert call("GET", f"{API}/status", KEY).body == b"[]"
        assert call("GET", f"{API}/status".replace("https", "http"), KEY).body == b"[]"

    assert reached == []


@pytest.mark.parametrize(
    "url", ["https://API.TopazLabs.com:443/image/v1/status", "http://api.topazlabs.com:8080/image/v1/status"]
)
@pytest.mark.parametrize("name", CLIENTS)
def test_spelling_and_port_of_a_host_do_not_matter(name: str, url: str) -> None:
    with intercept(), CLIENTS[name](SECONDS) as call:
        assert call("GET", url, KEY).body == b"[]"
