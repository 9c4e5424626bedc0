"""A call is held for its time, until its caller goes away, or until the twin is stopped."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from safelight_mock.adapters.held_requests import HeldRequests
from safelight_mock.app.driver import ClientDisconnectedError
from safelight_mock.wire import Kind, Problem

Message = MutableMapping[str, Any]
HOURS = 10_000.0


async def silent() -> Message:
    """Wait for a message that never comes."""
    return await asyncio.Future()


def test_a_request_is_held_for_its_time() -> None:
    asyncio.run(HeldRequests().hold(0.001, silent))


@pytest.mark.fidelity("twin:gone")
def test_a_request_is_held_no_longer_than_its_client_waits() -> None:
    message: list[Message] = [{"type": "http.request"}, {"type": "http.disconnect"}]

    async def receive() -> Message:
        return message.pop(0)

    with pytest.raises(ClientDisconnectedError):
        asyncio.run(HeldRequests().hold(HOURS, receive))
    assert message == []


def test_errors_of_a_clients_connection_are_raised() -> None:
    async def receive() -> Message:
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - the very one that was raised
        asyncio.run(HeldRequests().hold(HOURS, receive))


def test_held_requests_are_rejected_when_the_server_stops() -> None:
    async def scene() -> None:
        holding = HeldRequests()
        held = [asyncio.ensure_future(holding.hold(HOURS, silent)) for _ in range(2)]
        await asyncio.sleep(0)
        holding.give_up()
        for refused in await asyncio.gather(*held, return_exceptions=True):
            assert isinstance(refused, Problem)
            assert (refused.kind, str(refused)) == (Kind.STOPPING, "The mock server is being stopped.")

    asyncio.run(scene())


def test_no_request_is_held_during_shutdown() -> None:
    holding = HeldRequests()
    holding.give_up()

    with pytest.raises(Problem):
        asyncio.run(holding.hold(HOURS, silent))
