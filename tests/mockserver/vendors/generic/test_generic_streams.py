"""Events about a job, sent once its clock reaches them, and submissions that are sent again."""

import asyncio
import json
from collections.abc import Iterator, MutableMapping
from typing import Any

import httpx
import pytest
from tests.mockserver.vendors.generic.examples import EXAMPLES, Served, serving

from safelight_mock import App, AsyncTwinTransport, ClockMode, MockServer, Settings, Spec, Twin, TwinTransport

INSTANCE = {"instance_type": "gpu_8x_h100_sxm5", "ssh_key": "k"}
PREDICTION = {"version": "acme/greeter:1", "input": {"prompt": "Rain"}}
FAL = Spec(EXAMPLES / "fal" / "openapi.yaml", EXAMPLES / "fal" / "lifecycle.overlay.yaml", name="fal")
WORDS = ["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]
KEY = {"authorization": "Bearer key-1"}


@pytest.mark.slow
def test_each_event_is_sent_once_the_clock_reaches_it() -> None:
    with serving("fal") as api, api.client.stream("GET", submitted(api)) as response:
        words = words_in(response)
        queued = next(words)
        api.advance(1)
        working = next(words)
        api.advance(60)
        rest = [*words]

    assert response.headers["content-type"] == "text/event-stream"
    assert [queued, working, *rest] == WORDS


def test_on_an_auto_clock_the_stream_takes_the_clock_along() -> None:
    with serving("fal", key="other", clock=ClockMode.AUTO) as api:
        response = api.client.get(submitted(api))

    assert [*words_in(response)] == WORDS


def test_the_events_of_a_job_that_is_over_are_sent_together() -> None:
    with serving("fal") as api:
        url = submitted(api)
        api.advance(60)
        response = api.client.get(url)

    assert [*words_in(response)] == WORDS


def test_a_client_that_waits_no_longer_gets_a_timeout() -> None:
    with serving("fal") as api, pytest.raises(httpx.ReadTimeout):
        api.client.get(submitted(api), timeout=0.1)


def test_an_address_in_the_job_leads_to_its_events_with_or_without_a_key() -> None:
    with serving("replicate") as api:
        url = api.post("/v1/predictions", PREDICTION).json()["urls"]["stream"]
        api.advance(60)
        response = api.client.get(url)
        leaks = api.twin.credential_leaks

    assert response.text == (
        "event: logs\nid: 1\ndata: starting\n\n"
        "event: logs\nid: 2\ndata: processing\n\n"
        "event: output\nid: 3\ndata: Hello Ada\n\n"
        "event: logs\nid: 4\ndata: succeeded\n\n"
        "event: done\nid: 5\ndata: {}\n\n"
    )
    assert not leaks


@pytest.mark.slow
def test_events_come_one_after_another_over_a_socket() -> None:
    twin = Twin(specs=[FAL])
    twin.advance(0, vendor="fal", key="key-1")
    with MockServer(twin=twin) as server, httpx.Client(base_url=server.origin, headers=KEY) as client:
        id_ = client.post("/fal/fal-ai/flux/dev", json={"prompt": "Rain"}).json()["request_id"]
        with client.stream("GET", f"/fal/fal-ai/flux/requests/{id_}/status/stream") as response:
            words = words_in(response)
            queued = next(words)
            twin.advance(1, vendor="fal", key="key-1")
            working = next(words)
            twin.advance(60, vendor="fal", key="key-1")
            rest = [*words]

    assert [queued, working, *rest] == WORDS


@pytest.mark.slow
def test_a_stream_that_is_open_ends_when_the_server_stops() -> None:
    twin = Twin(specs=[FAL])
    twin.advance(0, vendor="fal", key="key-1")
    with httpx.Client(headers=KEY) as client:
        with MockServer(twin=twin) as server:
            id_ = client.post(f"{server.origin}/fal/fal-ai/flux/dev", json={"prompt": "Rain"}).json()[
                "request_id"
            ]
            url = f"{server.origin}/fal/fal-ai/flux/requests/{id_}/status/stream"
            response = client.send(client.build_request("GET", url), stream=True)
            words = words_in(response)
            queued = next(words)
        rest = [*words]

    assert (queued, rest) == ("IN_QUEUE", [])


@pytest.mark.slow
def test_a_clock_that_runs_needs_no_help() -> None:
    twin = Twin(Settings(job_speedup=20), specs=[FAL])
    with MockServer(twin=twin) as server, httpx.Client(base_url=server.origin, headers=KEY) as client:
        id_ = client.post("/fal/fal-ai/flux/dev", json={"prompt": "Rain"}).json()["request_id"]
        response = client.get(f"/fal/fal-ai/flux/requests/{id_}/status/stream")

    assert [*words_in(response)] == WORDS


def test_events_come_one_after_another_to_an_asynchronous_client() -> None:
    twin = Twin(specs=[FAL])

    async def received() -> list[Any]:
        transport = AsyncTwinTransport(twin)
        async with httpx.AsyncClient(transport=transport, base_url="http://twin", headers=KEY) as client:
            await twin.advance_async(0, vendor="fal", key="key-1")
            submission = await client.post("/fal/fal-ai/flux/dev", json={"prompt": "Rain"})
            path = f"/fal/fal-ai/flux/requests/{submission.json()['request_id']}/status/stream"
            async with client.stream("GET", path) as response:
                lines = response.aiter_lines()
                first = await anext(lines)
                await twin.advance_async(60, vendor="fal", key="key-1")
                return [word_in(line) for line in (first, *[line async for line in lines]) if line]

    assert asyncio.run(received()) == WORDS
    twin.close()


def test_a_stream_ends_when_its_client_disconnects() -> None:
    twin = Twin(specs=[FAL])
    twin.advance(0, vendor="fal", key="key-1")
    app, parts = App(twin), list[Any]()

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}  # it is read once there is something to wait for

    async def send(message: MutableMapping[str, Any]) -> None:
        parts.append(message.get("body"))

    with httpx.Client(transport=TwinTransport(twin), base_url="http://twin", headers=KEY) as client:
        id_ = client.post("/fal/fal-ai/flux/dev", json={"prompt": "Rain"}).json()["request_id"]
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": f"/fal/fal-ai/flux/requests/{id_}/status/stream",
        "query_string": b"",
        "headers": [(b"authorization", b"Bearer key-1")],
    }
    asyncio.run(app(scope, receive, send))
    app.close()
    twin.close()

    assert b"IN_QUEUE" in parts[1]
    assert parts[2:] == []


def submitted(api: Served) -> str:
    """Submit a job; return the URL of its events."""
    id_ = api.post("/fal-ai/flux/dev", {"prompt": "Rain"}).json()["request_id"]
    return f"/fal/fal-ai/flux/requests/{id_}/status/stream"


def words_in(response: httpx.Response) -> Iterator[Any]:
    """Yield the states in the data of events as they come."""
    for line in response.iter_lines():
        if line:
            yield word_in(line)


def word_in(line: str) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(line.removeprefix("data: "))["status"]


def test_a_submission_with_the_same_key_gets_the_same_job_and_another_request_is_refused() -> None:
    with serving("fal") as api:
        key = {"Idempotency-Key": "once"}
        first = api.post("/v1/compute/instances", INSTANCE, headers=key).json()
        again = api.post("/v1/compute/instances", INSTANCE, headers=key).json()
        other = api.post("/v1/compute/instances", {**INSTANCE, "ssh_key": "other"}, headers=key)
        plain = api.post("/v1/compute/instances", INSTANCE).json()
        api.advance(86_401)
        later = api.post("/v1/compute/instances", INSTANCE, headers=key).json()

    assert again == first
    assert other.status_code == 409
    assert len({first["id"], plain["id"], later["id"]}) == 3
