"""Sends a response that goes wrong: through the server as usual, or past it where the server would not."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Protocol

from safelight_mock.adapters.faulty_transfers import Ending, FaultyTransfer

CONNECTION = "safelight.connection"  # key of the scope: the connection of a request at our own server
FOREVER = 86_400.0  # seconds that a response hangs; clients give up before

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Wait = Callable[[float], Awaitable[None]]


class Connection(Protocol):
    """What our own server can do with the connection of a request, which no ASGI server offers."""

    def write_head(self, status: int, fields: Mapping[str, str]) -> None:
        """Send the head of a response."""

    def write_body(self, content: bytes) -> None:
        """Send bytes of its body."""

    async def reset(self) -> None:
        """Reset the connection, once the client's machine has what was sent."""

    def close(self) -> None:
        """Close the connection, once everything is sent; the server expects no further response."""


async def send_faulty(
    status: int, transfer: FaultyTransfer, connection: Connection | None, wait: Wait, send: Send
) -> None:
    """Send a response under a fault, after its delay.

    Under another server than ours, `connection` is None: what its protocol does not allow, such as a reset,
    becomes a response that ends too early, after which the server closes the connection. Raises
    ClientDisconnectedError, and Problem on shutdown.
    """
    if transfer.ending is Ending.COMPLETE or connection is None:
        await _send_through(status, transfer, wait, send)
    else:
        await _send_past(status, transfer, connection, wait)


async def _send_through(status: int, transfer: FaultyTransfer, wait: Wait, send: Send) -> None:
    """Send what the server takes."""
    if transfer.has_head:
        await send(head_message(status, transfer.headers))
        async for content in _paced(transfer, wait):
            await send({"type": "http.response.body", "body": content, "more_body": True})
    if transfer.ending is Ending.COMPLETE:
        await send({"type": "http.response.body", "body": b""})
    elif transfer.ending is Ending.HUNG:
        await wait(FOREVER)


async def _send_past(status: int, transfer: FaultyTransfer, connection: Connection, wait: Wait) -> None:
    """Write to the connection, and end it."""
    try:
        if transfer.has_head:
            connection.write_head(status, transfer.headers)
            async for content in _paced(transfer, wait):
                connection.write_body(content)
        if transfer.ending is Ending.HUNG:
            await wait(FOREVER)
        if transfer.ending is Ending.RESET:
            await connection.reset()
    finally:
        connection.close()


async def _paced(transfer: FaultyTransfer, wait: Wait) -> Any:  # noqa: ANN401 - an async iterator of bytes
    for pause, content in transfer.pieces:
        if pause:
            await wait(pause)
        yield content


def head_message(status: int, fields: Mapping[str, str]) -> MutableMapping[str, Any]:
    """Return the message that begins a response."""
    headers = [(name.encode(), value.encode("latin-1")) for name, value in fields.items()]
    return {"type": "http.response.start", "status": status, "headers": headers}
