"""What only the ASGI shell sees: bodies that stop, callers that go away."""

import asyncio
import shutil
from collections.abc import Iterator, MutableMapping
from typing import Any

import httpx
import pytest

from safelight_mock import App, Settings, Twin
from safelight_mock.adapters.asgi import request_from

Message = MutableMapping[str, Any]


@pytest.fixture
def app() -> Iterator[App]:
    twin = Twin(Settings(body_timeout=0.01))
    opened = App(twin)
    yield opened
    opened.close()
    twin.close()


def test_it_can_be_mounted_below_another_path(app: App) -> None:
    mounted = httpx.ASGITransport(app, root_path="/mock")

    async def submit() -> httpx.Response:
        async with httpx.AsyncClient(transport=mounted, base_url="http://host/mock/topaz/image/v1") as client:
            return await client.get("/status", headers={"X-API-Key": "k"})

    assert asyncio.run(submit()).json() == []


def posted(app: App, *messages: Message, path: str = "/topaz/image/v1/enhance/async") -> list[Message]:
    """Send a submission whose body stops after these messages."""
    result, sent = list(messages), []

    async def receive() -> Message:
        return result.pop(0) if result else await asyncio.Future()

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"x-api-key", b"k"), (b"content-type", b"multipart/form-data; boundary=b")]
    scope = {
        "type": "http",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "query_string": b"",
        "headers": headers,
    }
    asyncio.run(app(scope, receive, send))
    return sent


@pytest.mark.fidelity("topaz:408", "twin.body_timeout")
def test_a_body_that_stops_arriving_times_out(app: App) -> None:
    start, body = posted(app, {"type": "http.request", "body": b"--b\r\n", "more_body": True})

    assert start["status"] == 408
    assert b"Request Timeout" in body["body"]


def test_a_disconnected_client_gets_no_response(app: App) -> None:
    sent = posted(
        app, {"type": "http.request", "body": b"--b\r\n", "more_body": True}, {"type": "http.disconnect"}
    )

    assert sent == []


@pytest.mark.fidelity("twin:gone")
def test_nothing_is_rendered_for_a_client_that_disconnects_while_its_request_is_held(
    app: App, photo: bytes
) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n'
    form = head + photo + b"\r\n--b--\r\n"

    sent = posted(
        app,
        {"type": "http.request", "body": form},
        {"type": "http.disconnect"},
        path="/topaz/image/v1/enhance",
    )

    assert sent == []
    assert [*app.twin.blobs.input("x").parent.glob("*.result")] == []


@pytest.mark.internal_error
def test_a_body_that_cannot_be_stored_is_a_500_with_a_trace_in_the_log(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.rmtree(app.twin.blobs.input("x").parent)
    form = b'--b\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nx\r\n--b--\r\n'

    start, _ = posted(app, {"type": "http.request", "body": form})

    assert start["status"] == 500
    assert "FileNotFoundError" in caplog.text


@pytest.mark.parametrize(
    ("server", "origin"),
    [
        (("127.0.0.1", 4010), "http://127.0.0.1:4010"),
        (("::1", 4010), "http://[::1]:4010"),
        (None, "http://localhost"),
    ],
)
def test_a_request_without_a_host_header_has_the_address_of_the_server(
    server: tuple[str, int] | None, origin: str
) -> None:
    scope = {"method": "GET", "path": "/", "query_string": b"", "headers": [], "scheme": "http"}

    assert request_from({**scope, "server": server}, 0).origin == origin


@pytest.mark.slow
def test_downloads_continue_while_a_snapshot_waits_for_an_advance(app: App) -> None:
    box, key = "/_safelight/sandboxes/mine", {"X-API-Key": "k"}

    async def see() -> list[int]:
        local = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=local, base_url="http://localhost") as client:
            named = {"vendor": "topaz", "key": "k", "label": "mine"}
            name = (await client.post("/_safelight/sandboxes", json=named)).json()["name"]
            wanted = {"operation": "postEnhanceAsync", "state": "succeeded"}
            job = (await client.post(f"{box}/jobs", json=wanted)).json()["id"]
            result = await client.get(f"/topaz/image/v1/download/{job}", headers=key)
            lease = app.twin.sandboxes.store.lease(name, 0)
            assert lease is not None
            waiting = [asyncio.create_task(client.get(f"{box}/snapshot")) for _ in range(2)]
            picture = await asyncio.wait_for(client.get(result.json()["download_url"]), 20)
            early = [task for task in waiting if task.done()]
            await asyncio.to_thread(lease.release)
            return [len(early), picture.status_code, *[(await task).status_code for task in waiting]]

    assert asyncio.run(see()) == [0, 200, 200, 200]
