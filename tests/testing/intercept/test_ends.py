"""Blocks end, however they are left, and whatever their server is doing."""

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
import requests
import trio

from safelight_mock import Settings, Twin
from safelight_mock.adapters import ending_threads
from safelight_testing import RefusedConnectionError, intercept

pytestmark = pytest.mark.slow  # trio is imported

API = "https://api.topazlabs.com/image/v1"
KEY = {"X-API-Key": "k"}
PHOTO = Path("tests/data/chelsea.jpg").read_bytes()
HANGING = Settings(
    scenario={"version": "1", "rules": [{"match": {"operation": "getStatus"}, "transfer": {"hang": True}}]}
)


async def poll(client: httpx.AsyncClient, begun: trio.Event) -> None:
    """Send requests, the last of which is never answered."""
    photo = {"image": PHOTO}
    submitted = await client.post(f"{API}/enhance/async", headers=KEY, files=photo)
    begun.set()
    await client.get(f"{API}/status/{submitted.json()['process_id']}", headers=KEY, timeout=None)


async def fail_while_polling(error: type[Exception]) -> None:
    begun = trio.Event()
    async with httpx.AsyncClient() as client, trio.open_nursery() as nursery:
        for _ in range(3):
            nursery.start_soon(poll, client, begun)
        await begun.wait()
        if error is RefusedConnectionError:
            await client.get("https://shop.example/")
        raise error


def fail_inside_trio(error: type[Exception]) -> None:
    async def inside() -> None:
        with intercept(HANGING):
            await fail_while_polling(error)

    trio.run(inside)


def fail_around_trio(error: type[Exception]) -> None:
    with intercept(HANGING):
        trio.run(fail_while_polling, error)


@pytest.mark.parametrize("error", [ZeroDivisionError, RefusedConnectionError])
@pytest.mark.parametrize("fail", [fail_inside_trio, fail_around_trio])
def test_a_block_ends_after_an_error_in_trio(
    fail: Callable[[type[Exception]], None], error: type[Exception]
) -> None:
    with pytest.raises((error, ExceptionGroup)):
        fail(error)

    assert not [one for one in threading.enumerate() if one.name == "safelight-portless"]


def test_a_server_that_does_not_end_is_left_with_a_warning_that_names_the_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ending_threads.join_or_warn, "__defaults__", (0.2,))
    go_on = threading.Event()
    now = [0.0]

    def real() -> float:
        if threading.current_thread().name == "safelight-portless":
            go_on.wait()
        return now[0]

    twin = Twin(real=real)
    with (
        pytest.warns(
            RuntimeWarning, match=r"thread safelight-portless has not ended within 0\.2 s; .*threading\.py:"
        ),
        intercept(twin=twin),
        suppress(requests.Timeout),
    ):
        requests.get(f"{API}/status", headers=KEY, timeout=0.1)

    go_on.set()
    for thread in threading.enumerate():
        if thread.name == "safelight-portless":
            thread.join()
    twin.close()


def test_the_garbage_collector_may_end_a_block() -> None:
    def block() -> Iterator[None]:
        with intercept():
            yield

    abandoned = block()
    next(abandoned)
    cycle = [abandoned]
    cycle.append(cycle)  # type: ignore[arg-type] # a circle
    with intercept():
        del abandoned, cycle
        gc.collect()
        assert requests.get(f"{API}/status", headers=KEY, timeout=5).json() == []
