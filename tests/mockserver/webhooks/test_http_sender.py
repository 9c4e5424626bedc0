"""A webhook is sent with limits, whatever its receiver does."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import chain, repeat
from threading import Thread

import pytest

from safelight_mock.core import Outcome
from safelight_mock.outgoing.allowed_hosts import AllowedHosts
from safelight_mock.webhooks.http_sender import HttpSender

BOUND = 20.0  # seconds after which a test is not waited for

NOBODY = frozenset[str]()


@contextmanager
def speaking(*message: bytes, pause: float = 0) -> Iterator[str]:
    """A server that takes one notification and says these things, or nothing until it is left alone."""

    def serve() -> None:
        with closing(listening.accept()[0]) as connection, suppress(OSError):
            connection.settimeout(BOUND)
            received = b""
            while not received.endswith(b"{}"):
                piece = connection.recv(65_536)
                if not piece:
                    return
                received += piece
            for part in message:
                connection.sendall(part)
                time.sleep(pause)
            while not message and connection.recv(1):
                pass

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(BOUND)
        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        thread.join(BOUND)


def posted(target: str, patience: float = 5.0, hosts: frozenset[str] = NOBODY) -> tuple[Outcome, int]:
    with closing(HttpSender(AllowedHosts(hosts, lambda: True), patience)) as post:
        return post.post(target, {"content-type": "application/json"}, b"{}")


@pytest.mark.parametrize(
    ("message", "result"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", (Outcome.DELIVERED, 204)),
        (
            b"HTTP/1.1 308 Permanent Redirect\r\nlocation: /\r\ncontent-length: 0\r\n\r\n",
            (Outcome.REDIRECTED, 308),
        ),
        (b"HTTP/1.1 999 Odd\r\ncontent-length: 0\r\n\r\n", (Outcome.NETWORK, 999)),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n", (Outcome.NETWORK, 0)),
        (b"not HTTP at all\r\n\r\n", (Outcome.NETWORK, 0)),
    ],
)
def test_every_response_has_an_outcome(message: bytes, result: tuple[Outcome, int]) -> None:
    with speaking(message) as target:
        assert posted(target) == result


def test_a_silent_receiver_times_out() -> None:
    with speaking() as target:
        assert posted(target, patience=0.01) == (Outcome.TIMEOUT, 0)


def test_a_receiver_that_responds_byte_by_byte_times_out() -> None:
    with speaking(b"HTTP/1.1 200 OK\r\n", *repeat(b"x", 1_000), pause=0.002) as target:
        assert posted(target, patience=0.05) == (Outcome.TIMEOUT, 0)


def test_the_status_of_an_endless_response_is_enough() -> None:
    head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    with speaking(*chain([head], repeat(b"400\r\n" + bytes(1024) + b"\r\n", 10_000))) as target:
        assert posted(target) == (Outcome.DELIVERED, 200)


def test_a_closed_port_is_a_connection_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

    assert posted(f"http://127.0.0.1:{port}/") == (Outcome.NETWORK, 0)


@pytest.mark.parametrize(
    "target",
    [
        "http://192.0.2.1/",
        "http://example.org/",
        "http://localhost.example.org/",
        "http://127.0.0.1@example.org/",
        "http://me:word@127.0.0.1/",
        "file:///etc/hosts",
        "//127.0.0.1/",
        "",
    ],
)
def test_other_addresses_are_not_called(target: str) -> None:
    assert posted(target) == (Outcome.NOT_ALLOWED, 0)


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.1:1")
    with speaking(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n") as target:
        assert posted(target, hosts=frozenset({"example.org"})) == (Outcome.DELIVERED, 200)


def test_the_log_names_a_host_that_was_not_allowed_and_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    assert posted("https://me:open-sesame@hooks.example/?token=open-sesame") == (Outcome.NOT_ALLOWED, 0)

    assert "a webhook is not sent to https://***@hooks.example/?token=***" in caplog.text
    assert "open-sesame" not in caplog.text
