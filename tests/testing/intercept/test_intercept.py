"""`intercept` answers the vendors' hosts in this process, and refuses every other one."""

import asyncio
import http.client
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
from tests.mockserver.hooks import until

from safelight_mock import ClockMode, MockServer, Settings, Twin
from safelight_testing import RefusedConnectionError, intercept

TOPAZ = "https://api.topazlabs.com/image/v1/status"
SUBMIT = "https://api.topazlabs.com/image/v1/enhance/async"
CLAID = "https://api.claid.ai/v1/image/edit/async/1"
PHOTOGRAPH = Path(__file__).parents[2] / "data" / "chelsea.jpg"
KEY = {"X-API-Key": "k"}


def status(url: str = TOPAZ) -> int:
    """Program under test."""
    return requests.get(url, headers={**KEY, "Authorization": "Bearer k"}, timeout=5).status_code


def test_a_program_with_a_hard_coded_host_reaches_the_mock_server() -> None:
    with intercept() as mock:
        assert status() == 200
        answered = httpx.get(CLAID, headers={"Authorization": "Bearer k"})

    assert answered.json()["error_type"] == "image"

    assert {"api.topazlabs.com", "api.claid.ai", "dl.claid.ai"} <= mock.hosts


def test_a_function_is_decorated() -> None:
    assert intercept()(status)() == 200


def test_a_coroutine_function_is_decorated() -> None:
    @intercept()
    async def main() -> int:
        async with httpx.AsyncClient() as client:
            return (await client.get(TOPAZ, headers=KEY)).status_code

    assert asyncio.run(main()) == 200


def test_a_generator_is_not_decorated() -> None:
    def fixture() -> object:
        yield

    with pytest.raises(TypeError, match=r"cannot decorate a generator; put `with intercept\(\):` into it"):
        intercept()(fixture)


def test_every_call_of_a_decorated_function_has_a_server_of_its_own() -> None:
    twins: list[Twin] = []

    def note() -> None:
        with intercepted as mock:
            twins.append(mock.twin)

    intercepted = intercept(Settings(seed="ruby"))
    note()
    note()

    assert twins[0] is not twins[1]


def test_calls_of_a_decorated_function_may_overlap() -> None:
    """The call that began first ends first; the other one keeps its server, with its job."""

    @intercept()
    async def jobs(key: str, begun: asyncio.Event, goes_on: asyncio.Event) -> int:
        async with httpx.AsyncClient(headers={"X-API-Key": key}) as client:
            await client.post(SUBMIT, files={"image": PHOTOGRAPH.read_bytes()})
            begun.set()
            await goes_on.wait()
            return len((await client.get(TOPAZ)).json())

    async def main() -> int:
        both_begun, first_is_over = asyncio.Event(), asyncio.Event()
        first = asyncio.create_task(jobs("first", asyncio.Event(), both_begun))
        first.add_done_callback(lambda _: first_is_over.set())
        second = asyncio.create_task(jobs("second", both_begun, first_is_over))
        await first
        return await second

    assert asyncio.run(main()) == 1


@pytest.mark.parametrize("host", ["http://db", "db:5432", "a b", ""])
def test_an_allowed_host_must_be_one(host: str) -> None:
    with pytest.raises(ValueError, match=f"allow: '{host}' is not a host; use a name, an IP address, or"):
        intercept(allow=[host])


def test_a_twin_of_the_caller_stays_open() -> None:
    twin = Twin()
    with intercept(twin=twin) as mock:
        assert mock.twin is twin
        assert status() == 200
    with intercept(twin=twin):
        assert status() == 200
    twin.close()


@pytest.mark.parametrize("swallowed", [False, True])
@pytest.mark.parametrize("call", [requests.get, httpx.get])
def test_another_host_is_refused_even_if_the_program_swallows_that(
    call: Callable[[str], object], *, swallowed: bool
) -> None:
    def program() -> None:
        with suppress(*[Exception] * swallowed):
            call("https://shop.example/")

    with pytest.raises(RefusedConnectionError) as raised, intercept():
        program()

    assert raised.value.host == "shop.example"
    assert str(raised.value).startswith(f"a connection to shop.example from {__file__}:")


def test_loopback_is_reached() -> None:
    with MockServer() as server, intercept():
        assert status(f"{server.url('topaz')}/status") == 200


def test_threads_are_served_at_the_same_time() -> None:
    statuses: list[int] = []
    with intercept():
        threads = [threading.Thread(target=lambda: statuses.append(status())) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert statuses == [200] * 20


@pytest.mark.parametrize("transfer", [{"delay": 30}, {"first_byte": 30}, {"hang": True}])
def test_a_block_may_end_before_a_response_does(
    transfer: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    connection = http.client.HTTPSConnection("api.topazlabs.com", timeout=20)
    scenario = {"version": "1", "rules": [{"transfer": transfer}]}
    with caplog.at_level(logging.WARNING), intercept(Settings(scenario=scenario)) as mock:
        connection.request("GET", "/image/v1/status", headers=KEY)
        until(lambda: [*mock.twin.request_log.entries()])

    with suppress(http.client.HTTPException):
        assert connection.getresponse().read() != b"[]"
    connection.close()
    assert caplog.messages == []


def test_the_inner_of_two_blocks_answers() -> None:
    with intercept() as outer, intercept() as inner:
        status()

    assert len([*inner.twin.request_log.entries()]) == 1
    assert not [*outer.twin.request_log.entries()]


def test_a_twin_of_the_caller_delivers_webhooks_after_the_block() -> None:
    with MockServer(Settings(clock=ClockMode.MANUAL)) as server:
        inbox = f"{server.origin}/_safelight/inbox/after"
        with intercept(twin=server.twin):
            assert status() == 200
        form = {"output_width": "900", "webhook_url": inbox}
        with PHOTOGRAPH.open("rb") as photograph:
            requests.post(
                f"{server.url('topaz')}/enhance/async",
                headers=KEY,
                data=form,
                files={"image": photograph},
                timeout=5,
            ).raise_for_status()

        events = server.twin.advance(600, vendor="topaz", key="k")

    assert [event.status for event in events if event.delivery] == [200, 200]
