"""What is sent or reset after a connection has closed is dropped."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing

import pytest
import uvloop

from safelight_mock.adapters.resets import reset_pair
from safelight_mock.adapters.uvicorn_protocol import CoalescingTransport

Use = Callable[[asyncio.Transport, socket.socket], Awaitable[None]]


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    client, served = socket.socketpair()
    with closing(client), closing(served):
        yield client, served


async def write_to_a_closed_one(transport: asyncio.Transport, _: socket.socket) -> None:
    joined = CoalescingTransport(transport)
    joined.abort()
    await asyncio.sleep(0)
    joined.write(b"late")
    joined.close()


async def reset_a_closed_one(transport: asyncio.Transport, client: socket.socket) -> None:
    transport.abort()
    await asyncio.sleep(0)
    await reset_pair(transport, client)


@pytest.mark.parametrize("use", [write_to_a_closed_one, reset_a_closed_one])
def test_a_closed_connection_is_left_alone(use: Use, pair: tuple[socket.socket, socket.socket]) -> None:
    problems: list[object] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: problems.append(context))
        transport, _ = await loop.connect_accepted_socket(asyncio.Protocol, pair[1])
        await use(transport, pair[0])
        await asyncio.sleep(0)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())

    assert problems == []
    assert pair[0].recv(100) == b""
