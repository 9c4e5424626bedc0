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
def speaking(*message: bytes, pause: float = 0, heard: list[bytes] | None = None) -> Iterator[str]:
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
            if heard is not None:
                heard.append(received)
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
    assert posted(f"http://127.0.0.1:{closed_port()}/") == (Outcome.NETWORK, 0)


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


def test_a_request_has_the_method_headers_and_body_of_its_delivery() -> None:
    heard: list[bytes] = []
    with (
        speaking(b"HTTP/1.1 204 No Content\r\n\r\n", heard=heard) as target,
        closing(HttpSender(AllowedHosts(NOBODY, lambda: True))) as sender,
    ):
        sender.post(f"{target}hook?a=b", {"content-type": "application/json", "x-id": "7"}, b"{}", "PUT")

    head, _, body = heard[0].decode().partition("\r\n\r\n")
    first, *fields = head.lower().split("\r\n")
    assert (first, body) == ("put /hook?a=b http/1.1", "{}")
    assert {"content-type: application/json", "x-id: 7", "accept: */*", "user-agent: safelight-mock"} <= {
        *fields
    }


def test_a_request_is_a_post_without_another_method() -> None:
    heard: list[bytes] = []
    with speaking(b"HTTP/1.1 204 No Content\r\n\r\n", heard=heard) as target:
        posted(target)

    assert heard[0].startswith(b"POST / HTTP/1.1\r\n")


def test_a_receiver_may_be_called_over_tls() -> None:
    assert posted(f"https://127.0.0.1:{closed_port()}/") == (Outcome.NETWORK, 0)


@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        ("/_safelight/inbox/box", Outcome.NETWORK),
        ("/mounted/_safelight/inbox/box", Outcome.NETWORK),
        ("/_safelight/sandboxes", Outcome.NOT_ALLOWED),
        ("/_safelight/inbox/../sandboxes", Outcome.NOT_ALLOWED),
        ("/mounted/_safelight", Outcome.NOT_ALLOWED),
    ],
)
def test_only_inboxes_of_a_control_plane_are_called(path: str, outcome: Outcome) -> None:
    assert posted(f"http://127.0.0.1:{closed_port()}{path}") == (outcome, 0)


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("http://example.org/hook", "its host is not allowed; restart with --allow-webhook-host example.org"),
        ("nourl", "it is not an http or https URL without user name and password"),
        ("http://127.0.0.1/_safelight/health", "on a control plane, a webhook may only be sent to an inbox"),
    ],
)
def test_the_log_says_why_a_webhook_is_not_sent(
    caplog: pytest.LogCaptureFixture, target: str, why: str
) -> None:
    posted(target)

    assert [record.getMessage() for record in caplog.records] == [f"a webhook is not sent to {target}: {why}"]


def test_a_listed_host_is_not_called_at_an_address_that_is_no_hosts(caplog: pytest.LogCaptureFixture) -> None:
    hosts = AllowedHosts(frozenset({"metadata.example"}), lambda: True, lambda _: ["169.254.169.254"])
    with closing(HttpSender(hosts)) as sender:
        outcome = sender.post("http://metadata.example/", {}, b"{}")

    assert outcome == (Outcome.NOT_ALLOWED, 0)
    assert [record.getMessage() for record in caplog.records] == [
        "a webhook is not sent to http://metadata.example/: none of its addresses may be reached"
    ]


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
