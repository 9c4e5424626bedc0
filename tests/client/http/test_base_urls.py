"""A key is sent over plain http only to this machine, or if that is allowed."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from safelight import Claid, EditResult, NotConnectedError, Tengr, Topaz

CLIENTS: list[Callable[..., Any]] = [Topaz, Claid, Tengr]
UNUSED = httpx.MockTransport(lambda _: httpx.Response(500))  # without a transport, certificates are loaded


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    "base_url",
    [
        "http://api.example.com/image/v1",
        "HTTP://API.EXAMPLE.COM",
        "http://10.0.0.5:4010/topaz",
        "http://0.0.0.0:4010",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://127.0.0.1@example.com",
        "http://[2001:db8::1]:4010",
    ],
)
def test_a_key_is_not_sent_unencrypted_to_another_machine(client: Callable[..., Any], base_url: str) -> None:
    with pytest.raises(
        ValueError, match=r"the API key would be sent to \S+ unencrypted; use https, or insecure=True"
    ):
        client(api_key="sk-secret", base_url=base_url)


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    "base_url",
    [
        "http://localhost:4010",
        "http://LOCALHOST.",
        "http://topaz.localhost:4010",
        "http://127.0.0.1:4010/topaz/image/v1",
        "http://127.8.9.10",
        "http://[::1]:4010",
        "https://api.example.com",
    ],
)
def test_loopback_and_https_urls_are_allowed(client: Callable[..., Any], base_url: str) -> None:
    client(api_key="k", base_url=base_url, transport=UNUSED).close()


@pytest.mark.parametrize("client", CLIENTS)
def test_plain_http_is_allowed_by_an_option(client: Callable[..., Any]) -> None:
    client(api_key="k", base_url="http://api.example.com", insecure=True, transport=UNUSED).close()


@pytest.mark.parametrize(
    "base_url",
    ["https://\N{SNOWMAN}..example", "https://a.example\x00", "https://a.example:port", "https://["],
)
def test_a_url_that_cannot_be_used_is_a_wrong_argument(base_url: str) -> None:
    with pytest.raises(ValueError, match=r"base URL is invalid|Invalid IPv6 URL"):
        Topaz(api_key="k", base_url=base_url)


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """A proxy for all URLs in the environment, and the requests that reach it."""
    received: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            received.append(self.requestline.encode() + bytes(self.headers))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"[]")

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield received
        server.shutdown()
        thread.join()


@pytest.mark.slow
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST.", "127.8.9.10", "[::1]"])
def test_requests_to_loopback_hosts_bypass_the_proxy(proxy: list[bytes], host: str, tmp_path: Path) -> None:
    with Topaz(api_key="sk-secret", base_url=f"http://{host}:1") as topaz:
        with pytest.raises(NotConnectedError):
            topaz.jobs()
        with pytest.raises(NotConnectedError):
            EditResult(
                url=f"http://{host}:1/?sig", details={}, _session=topaz.job("7")._client.operations.session
            ).save(tmp_path / "a")

    assert proxy == []


@pytest.mark.slow
def test_another_machine_is_reached_through_the_proxy(proxy: list[bytes]) -> None:
    with Topaz(api_key="k", base_url="http://twin.example", insecure=True) as topaz:
        assert topaz.jobs() == []

    assert proxy[0].startswith(b"GET http://twin.example/status")


def test_the_password_of_a_base_url_is_not_shown() -> None:
    with Topaz(api_key="k", base_url="https://me:pass@api.example.com/image/v1") as topaz:
        assert repr(topaz) == "Topaz(base_url='https://***@api.example.com/image/v1')"


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/status",
        "http://api.topazlabs.com/image/v1/status",
        "https://api.topazlabs.com:8443/image/v1/status",
    ],
)
def test_a_key_goes_to_the_origin_of_the_base_url_alone(url: str, sent: list[httpx.Request]) -> None:
    transport = httpx.MockTransport(lambda request: sent.append(request) or httpx.Response(200))  # type: ignore[func-returns-value]

    with Topaz(api_key="sk-secret", transport=transport) as topaz:
        api = topaz.job("7")._client.operations.session.api
        api.get("https://api.topazlabs.com:443/image/v1/status")
        with pytest.raises(ValueError, match=r"the API key is for api\.topazlabs\.com; it is not sent to"):
            api.get(url)

    assert len(sent) == 1
