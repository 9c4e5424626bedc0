"""Webhooks come while a program sleeps, and their receivers sleep, on the clock of the test."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safelight_testing import Safelight

PHOTO = Path("tests/data/chelsea.jpg")

HOOKS = "https://shop.example/hooks"


def test_webhooks_are_received_at_their_time_while_the_program_sleeps(safelight: Safelight) -> None:
    received = []

    def shop(_: object, start_response: Callable[..., object]) -> list[bytes]:
        received.append(safelight.clock.elapsed)
        start_response("503 Service Unavailable", [])
        return []

    safelight.webhooks.to(HOOKS, shop)
    job = safelight.topaz.enhance(PHOTO, webhook_url=HOOKS)
    safelight.jobs.move(job.id, "failed")

    time.sleep(100)

    assert received == [0, 5, 15, 35, 75]
    assert safelight.clock.elapsed == 100


def test_a_receiver_on_the_loop_of_the_test_sleeps_while_it_is_delivered_to(safelight: Safelight) -> None:
    received = []

    async def shop(_: object, __: object, send: Callable[[dict[str, object]], Any]) -> None:
        await asyncio.sleep(5)
        received.append(safelight.clock.elapsed)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def test() -> None:
        safelight.webhooks.to(HOOKS, shop)
        safelight.topaz.enhance(PHOTO, webhook_url=HOOKS)
        await asyncio.sleep(60)

    asyncio.run(test())

    assert received == [5.5, 10.5]
    assert safelight.clock.elapsed == 60


async def asgi_shop(_: object, __: object, send: Callable[[dict[str, object]], Any]) -> None:
    await asyncio.sleep(40)
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def wsgi_shop(_: object, start_response: Callable[..., object]) -> list[bytes]:
    time.sleep(40)
    start_response("204 No Content", [])
    return []


@pytest.mark.parametrize("shop", [wsgi_shop, asgi_shop])
def test_a_receiver_that_sleeps_for_longer_than_the_api_waits_is_late(
    safelight: Safelight, shop: Callable[..., Any]
) -> None:
    safelight.webhooks.to(HOOKS, shop)
    safelight.topaz.enhance(PHOTO, webhook_url=HOOKS)

    safelight.clock.advance(1)

    assert safelight.webhooks.deliveries[0].attempts[0].outcome == "timeout"
    assert safelight.clock.elapsed >= 40
    assert "webhook-timed-out" in {one.kind for one in safelight.conduct}
