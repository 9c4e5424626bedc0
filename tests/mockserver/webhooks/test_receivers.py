"""Who may be called by a webhook, and what may be done by who is called."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from tests.mockserver.conftest import TwinClient
from tests.mockserver.hooks import (
    CONTROL,
    HOUR,
    JsonObject,
    advance,
    answer,
    deliveries,
    inbox_messages,
    receiver,
    serve,
    until,
)

from safelight_mock import ClockMode, MockServer, Settings
from safelight_mock.core import TimelineEvent

pytestmark = pytest.mark.slow


@pytest.mark.fidelity("twin.allowed_webhook_hosts")
@pytest.mark.parametrize(
    "target",
    ["http://192.0.2.1/", "http://example.org/hook", "ftp://localhost/", "safelight://portrait", "no"],
)
def test_only_loopback_receivers_are_called_by_default(photo: bytes, target: str) -> None:
    with serve() as client:
        client.submit(photo, webhook_url=target)

        happened = advance(client, HOUR)

        assert [one["outcome"] for one in happened if one["delivery"]] == ["not-allowed", "not-allowed"]


@pytest.mark.fidelity("twin.allowed_webhook_hosts")
def test_an_allowed_host_is_called_too(photo: bytes) -> None:
    with serve(
        allowed_webhook_hosts=frozenset({"nowhere.invalid"}), options={"topaz.webhook_attempts": 1}
    ) as client:
        client.submit(photo, webhook_url="http://nowhere.invalid/hook")

        happened = advance(client, HOUR)

        assert [one["outcome"] for one in happened if one["delivery"]] == ["network", "network"]


@pytest.mark.fidelity("twin.allowed_webhook_hosts")
def test_a_server_on_this_machine_is_called_and_redirects_are_not_followed(photo: bytes) -> None:
    with serve() as client, receiver(lambda _: 307) as (address, got):
        client.submit(photo, webhook_url=address)

        happened = advance(client, HOUR)

        assert [one["status"] for one in happened if one["delivery"]] == [307, 307]
        assert [json.loads(body)["status"] for body in got] == ["Processing", "Completed"]
        assert [delivery["body"].encode() for delivery in deliveries(client)] == got


def test_a_receiver_may_call_the_server_back(photo: bytes) -> None:
    observed: list[str] = []
    with (
        MockServer(Settings(clock=ClockMode.AUTO)) as server,
        httpx.Client(base_url=server.url("topaz")) as client,
    ):
        client.headers["X-API-Key"] = "k"

        def look(body: bytes) -> int:
            process_id = json.loads(body)["process_id"]
            observed.append(client.get(f"/status/{process_id}").json()["status"])
            return 200

        with receiver(look) as (address, got):
            form: JsonObject = {"files": {"image": ("a.jpg", photo)}, "data": {"webhook_url": address}}
            process_id = client.post("/enhance/async", **form).json()["process_id"]
            until(lambda: client.get(f"/status/{process_id}").json()["status"] == "Completed")

    assert [json.loads(body)["status"] for body in got] == ["Processing", "Completed"]
    assert observed == ["Processing", "Completed"]


def test_an_inbox_captures_requests_of_other_senders(any_client: TwinClient) -> None:
    answer(any_client, 418, "hang")
    address = f"{CONTROL}/inbox/box"

    sent = [any_client.request("POST", address, json={"hello": number}).status_code for number in range(3)]

    assert sent == [418, 504, 200]
    assert [json.loads(message["body"])["hello"] for message in inbox_messages(any_client)] == [0, 1, 2]
    assert any_client.request("DELETE", address).status_code == 204
    assert inbox_messages(any_client) == []


def test_a_receiver_may_run_on_the_event_loop_that_advances_the_clock(photo: bytes) -> None:
    got: list[str] = []

    async def receive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        got.append(json.loads(await reader.readexactly(length))["status"])
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        writer.close()

    async def live(client: TwinClient) -> tuple[TimelineEvent, ...]:
        async with await asyncio.start_server(receive, "127.0.0.1") as server:
            port = server.sockets[0].getsockname()[1]
            client.submit(photo, webhook_url=f"http://127.0.0.1:{port}/")
            return await client.twin.advance_async(60, vendor="topaz", key="k")

    with serve() as client:
        happened = asyncio.run(live(client))

    assert got == ["Processing", "Completed"]
    assert [one.status for one in happened if one.delivery] == [204, 204]


def test_concurrent_receivers_may_call_the_server_back(photo: bytes) -> None:
    with (
        MockServer(Settings(clock=ClockMode.AUTO)) as server,
        httpx.Client(base_url=server.url("topaz")) as client,
    ):

        def look(body: bytes) -> int:
            process_id = json.loads(body)["process_id"]
            return client.get(f"/status/{process_id}", headers={"X-API-Key": keys[process_id]}).status_code

        def live(key: str) -> str:
            headers = {"X-API-Key": key}
            form: JsonObject = {"files": {"image": ("a.jpg", photo)}, "data": {"webhook_url": address}}
            process_id: str = client.post("/enhance/async", headers=headers, **form).json()["process_id"]
            keys[process_id] = key
            status = [client.get(f"/status/{process_id}", headers=headers).json()["status"] for _ in range(3)]
            return str(status[-1])

        keys: dict[str, str] = {}
        with receiver(look) as (address, _), ThreadPoolExecutor(12) as pool:
            ends = [*pool.map(live, map(str, range(12)))]
        listed = httpx.get(f"{server.origin}/_safelight/deliveries").json()

    assert set(ends) == {"Completed"}
    assert [attempt["outcome"] for one in listed for attempt in one["attempts"]] == ["2xx"] * 24


def test_a_delivery_that_is_not_sent_says_why(photo: bytes) -> None:
    with serve() as client:
        client.submit(photo, webhook_url="http://example.org/hook")
        advance(client, HOUR)

        (delivery, *_) = client.request("GET", "/_safelight/deliveries").json()

    reason = "its host is not allowed; restart with --allow-webhook-host example.org"
    assert delivery["error"] == f"it is not sent to http://example.org/hook: {reason}"
