"""The recorder passes on what it gets, to the service alone, and says what it cannot pass on."""

import asyncio
import socket
import threading
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.mockserver.local_server import local_server
from tests.mockserver.recording.sessions import KEY, served, service_of

from safelight_mock.adapters.record.recorder import Recorder, Stop
from safelight_mock.adapters.record.request_body import WHOLE
from safelight_mock.adapters.record.response_body import Relay
from safelight_mock.recording.folder import Folder


@contextmanager
def recorder(upstream: str, folder: Path, **rest: object) -> Iterator[Recorder]:
    service, _ = service_of("topaz")
    with Recorder(service, upstream, folder, **rest) as opened:  # type: ignore[arg-type]
        yield opened


def listening() -> tuple[socket.socket, str]:
    bound = socket.create_server(("127.0.0.1", 0))
    return bound, f"127.0.0.1:{bound.getsockname()[1]}"


@pytest.mark.slow
def test_a_service_that_is_not_reached_is_502_with_a_sentence(tmp_path: Path) -> None:
    bound, address = listening()
    bound.close()

    with recorder(f"http://{address}/image/v1", tmp_path) as proxy:
        response = httpx.get(f"{proxy.url}/status/1", headers={"x-api-key": KEY})

    assert response.status_code == 502
    assert response.json()["message"].startswith("127.0.0.1 cannot be reached: ")
    assert not proxy.folder.scenario.exists()


def test_the_certificate_of_a_service_is_verified(tmp_path: Path) -> None:
    """A server without TLS behind an https URL is never spoken to in the clear."""
    bound, address = listening()
    begun: list[bytes] = []

    def accept() -> None:
        connection, _ = bound.accept()
        with connection:
            begun.append(connection.recv(1))

    thread = threading.Thread(target=accept)
    thread.start()
    with recorder(f"https://{address}/image/v1", tmp_path) as proxy:
        response = httpx.get(f"{proxy.url}/status/1", headers={"x-api-key": KEY})
    thread.join()
    bound.close()

    assert response.status_code == 502
    assert begun == [b"\x16"]  # a TLS handshake


def test_only_links_that_the_service_gave_are_followed_and_without_keys(tmp_path: Path) -> None:
    service: dict[str, tuple[int, dict[str, str], bytes]] = {}
    with local_server(service) as files:
        link = f"{files.origin}/out.png?sig=secret"
        service["/out.png?sig=secret"] = (200, {"content-type": "image/png"}, b"png")
        service["/image/v1/download/1"] = (
            200,
            {"content-type": "application/json"},
            f'{{"download_url": "{link}"}}'.encode(),
        )
        headers = {"x-api-key": KEY, "authorization": f"Bearer {KEY}", "accept": "image/png"}
        with recorder(f"{files.origin}/image/v1", tmp_path) as proxy, httpx.Client(headers=headers) as client:
            given = client.get(f"{proxy.url}/download/1").json()["download_url"]
            content = client.get(given).content
            unknown = client.get(given.replace("/links/", "/links/0"))
            elsewhere = client.get(f"{proxy.url.partition('/topaz')[0]}/claid/v1/storage")
            foreign = client.get(f"{proxy.url}/status/1", headers={"host": "evil.example"})

    sent = {name.lower(): value for name, value in files.requests[-1][1].items()}
    assert content == b"png"
    assert (unknown.status_code, elsewhere.status_code, foreign.status_code) == (404, 404, 421)
    assert [path for path, _ in files.requests] == ["/image/v1/download/1", "/out.png?sig=secret"]
    assert "x-api-key" not in sent
    assert "authorization" not in sent
    assert sent["accept"] == "image/png"
    assert given.endswith("/out.png")


def test_headers_queries_and_paths_are_passed_on_as_they_are(tmp_path: Path) -> None:
    path = "/image/v1/a%2Fb/c%20d?x=1&x=2&y=%C3%A9"
    answer = {
        "x-own": "yes",
        "set-cookie": "a=b",
        "content-type": "text/plain",
        "location": "/image/v1/status/2",
    }
    with (
        local_server({path: (200, answer, b"text")}) as service,
        recorder(f"{service.origin}/image/v1", tmp_path) as proxy,
    ):
        url = proxy.url + path.removeprefix("/image/v1")
        response = httpx.get(url, headers=[("x-many", "1"), ("x-many", "2"), ("x-api-key", KEY)])

    assert [asked for asked, _ in service.requests] == [path]
    assert {name.lower(): value for name, value in service.requests[0][1].items()}["x-api-key"] == KEY
    assert (response.text, response.headers["x-own"], response.headers["set-cookie"]) == (
        "text",
        "yes",
        "a=b",
    )
    assert response.headers["location"] == f"{proxy.url}/status/2"


@pytest.mark.slow
def test_a_body_that_is_not_kept_whole_is_passed_on_while_it_arrives(tmp_path: Path) -> None:
    size = WHOLE + 5_000_000
    with served("topaz") as upstream, recorder(upstream.url("topaz"), tmp_path) as proxy:
        content = b"\0" * size
        response = httpx.post(
            f"{proxy.url}/enhance/async",
            files={"image": ("a.jpg", content)},
            headers={"x-api-key": KEY},
            timeout=30,
        )
        received = next(iter(upstream.twin.request_log.entries()))

    assert response.status_code == 415
    assert received.operation == "postEnhanceAsync"


@pytest.mark.slow
def test_a_client_that_gives_up_is_recorded_as_a_response_that_never_came(tmp_path: Path) -> None:
    rule = {"match": {"operation": "list"}, "transfer": {"hang": True}}
    with (
        served("topaz", scenario={"version": "1", "rules": [rule]}) as upstream,
        recorder(upstream.url("topaz"), tmp_path) as proxy,
        pytest.raises(httpx.ReadTimeout),
    ):
        httpx.get(f"{proxy.url}/status", headers={"x-api-key": KEY}, timeout=0.2)

    assert "no response came before the client gave up" in (tmp_path / "observations.md").read_text()


@pytest.mark.slow
def test_a_recording_ends_after_so_many_requests_or_some_time_without_any(tmp_path: Path) -> None:
    service, _ = service_of("topaz")
    for number, stop in enumerate((Stop(requests=2), Stop(idle=0.05))):
        with local_server(
            {"/image/v1/status": (200, {"content-type": "application/json"}, b"[]")}
        ) as upstream:
            proxy = Recorder(service, f"{upstream.origin}/image/v1", tmp_path / str(number), stop=stop)
            thread = threading.Thread(target=proxy.run)
            thread.start()
            for _ in range(stop.requests or 1):
                httpx.get(f"{proxy.url}/status", headers={"x-api-key": KEY})
            thread.join(10)

            assert not thread.is_alive()


@pytest.mark.slow  # an upstream that responds late
def test_a_recording_does_not_end_while_a_request_waits_for_its_response(tmp_path: Path) -> None:
    service, _ = service_of("topaz")
    rule = {"match": {"operation": "list"}, "transfer": {"delay": 1.6}}
    with served("topaz", scenario={"version": "1", "rules": [rule]}) as upstream:
        proxy = Recorder(service, upstream.url("topaz"), tmp_path, stop=Stop(idle=0.2))
        thread = threading.Thread(target=proxy.run)
        thread.start()
        with httpx.Client(headers={"x-api-key": KEY}) as client:
            client.get(f"{proxy.url}/account/v1/credits/balance")
            late = client.get(f"{proxy.url}/status")
        thread.join(10)

    assert late.json() == []
    assert not thread.is_alive()


def test_a_file_that_is_not_passed_on_whole_is_not_kept(tmp_path: Path) -> None:
    class GoneError(Exception):
        pass

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.body":
            raise GoneError

    folder = Folder(tmp_path, "api")
    response = httpx.Response(200, content=b"half of an image", headers={"content-type": "image/png"})
    response.request = httpx.Request("GET", "https://files.example/out.png")
    relay = Relay(response=response, headers=[], send=send, connection=None, folder=folder, is_file=True)

    with pytest.raises(GoneError):
        asyncio.run(relay.run(lambda value: value))

    assert [*(tmp_path / "files").iterdir()] == []


def test_a_link_that_cannot_be_requested_is_502_with_a_sentence(tmp_path: Path) -> None:
    page = b'{"download_url": "https://files.example:port/out.png"}'
    with (
        local_server({"/image/v1/download/1": (200, {"content-type": "application/json"}, page)}) as service,
        recorder(f"{service.origin}/image/v1", tmp_path) as proxy,
    ):
        given = httpx.get(f"{proxy.url}/download/1", headers={"x-api-key": KEY}).json()["download_url"]
        response = httpx.get(given)

    assert response.status_code == 502
    assert response.json() == {
        "message": "files.example cannot be reached: its URL is not one that can be requested"
    }


def test_the_origin_of_a_web_page_is_passed_on_as_it_is(tmp_path: Path) -> None:
    page = "http://localhost:3000"
    answer = {"access-control-allow-origin": page, "content-type": "application/json"}
    with (
        local_server({"/image/v1/status": (200, answer, b"[]")}) as service,
        recorder(f"{service.origin}/image/v1", tmp_path) as proxy,
    ):
        response = httpx.get(f"{proxy.url}/status", headers={"x-api-key": KEY, "origin": page})

    assert response.headers["access-control-allow-origin"] == page


def test_nothing_that_was_recorded_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "topaz.yaml").write_text("mine")

    with pytest.raises(FileExistsError, match="choose another folder, or remove the file"):
        Recorder(service_of("topaz")[0], "http://127.0.0.1:1", tmp_path)

    assert (tmp_path / "topaz.yaml").read_text() == "mine"
