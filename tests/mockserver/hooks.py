"""How tests of webhooks set clocks and inboxes, and see what arrived."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from tests.mockserver.conftest import TwinClient, serving

from safelight_mock import ClockMode, Settings
from safelight_mock.wire.listener import SINGLE_PORT, Listener

CONTROL = "/_safelight"
START = 1_800_000_000.25
HOUR = 3600.0

JsonObject = dict[str, Any]


def inbox(client: TwinClient, name: str = "box") -> str:
    """The address of an inbox, as the caller knows the mock server."""
    return str(client.request("GET", f"{CONTROL}/inbox/{name}").request.url)


def inbox_messages(client: TwinClient, name: str = "box") -> list[JsonObject]:
    result: list[JsonObject] = client.request("GET", f"{CONTROL}/inbox/{name}").json()["messages"]
    return result


def answer(client: TwinClient, *answers: int | str, default: int | str = 200) -> None:
    set_up = client.request("PUT", f"{CONTROL}/inbox/box", json={"responses": answers, "default": default})
    assert set_up.status_code == 200, set_up.text


def sandbox_of(client: TwinClient, vendor: str = "topaz") -> str:
    opened = client.request("POST", f"{CONTROL}/sandboxes", json={"vendor": vendor, "key": "k"})
    name: str = opened.json()["name"]
    return name


def clock(client: TwinClient, **wanted: object) -> JsonObject:
    result = client.request("PATCH", f"{CONTROL}/sandboxes/{sandbox_of(client)}/clock", json=wanted)
    assert result.status_code == 200, result.text
    body: JsonObject = result.json()
    return body


def advance(client: TwinClient, seconds: float, vendor: str = "topaz") -> list[JsonObject]:
    """Let time pass; return what happened."""
    path = f"{CONTROL}/sandboxes/{sandbox_of(client, vendor)}/clock/advance"
    happened: list[JsonObject] = client.request("POST", path, json={"seconds": seconds}).json()["events"]
    return happened


def deliveries(client: TwinClient, **query: str) -> list[JsonObject]:
    listed: list[JsonObject] = client.request("GET", f"{CONTROL}/deliveries", params=query).json()
    return listed[::-1]


def fault(client: TwinClient, *faults: str, vendor: str = "topaz") -> None:
    path = f"{CONTROL}/sandboxes/{sandbox_of(client, vendor)}/faults"
    result = client.request("PUT", path, json={"next": faults})
    assert result.status_code == 200, result.text


def serve(
    clock: ClockMode = ClockMode.MANUAL,
    *,
    real: Callable[[], float] = lambda: START,
    listener: Listener = SINGLE_PORT,
    **settings: Any,  # noqa: ANN401 - whatever settings there are
) -> AbstractContextManager[TwinClient]:
    """A mock server in process, by default with manual clocks."""
    chosen = Settings(**{"seed": "tests", "clock": clock, **settings})
    return serving(chosen, real=real, listener=listener)


@contextmanager
def http_server(answer: Callable[[Mapping[str, str], bytes], int]) -> Iterator[str]:
    """A server on a free port of this machine; yields its URL.

    `answer` gets the headers, with names in lower case, and the body of a POST, and returns the status.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(answer({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_header("location", self.path)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.001}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/hook"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def receiver(answer: Callable[[bytes], int]) -> Iterator[tuple[str, list[bytes]]]:
    """A server on a free port of this machine; yields its URL, and the bodies it got."""
    got: list[bytes] = []

    def handle(_: Mapping[str, str], body: bytes) -> int:
        status = answer(body)
        got.append(body)
        return status

    with http_server(handle) as url:
        yield url, got


def until(holds: Callable[[], object]) -> None:
    """Poll a condition until it holds; fail after a minute.

    A bound on a hang, not a claim about speed: 400 deliveries take 2 s alone, and 20 s where six other
    processes want the same two cores.
    """
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "the condition does not hold after a minute"
