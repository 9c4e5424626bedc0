"""One write to the socket for each answer, where uvicorn makes two: its head and its body."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

TOGETHER = 64 * 1024  # bytes from which what was held back is written at once


class Joining:
    """A transport that holds writes back until the event loop's next turn."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._held: list[bytes] = []
        self._size = 0

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the transport has
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Hold data back, unless it has become much."""
        if not self._held:
            self._loop.call_soon(self._release)
        self._held.append(data)
        self._size += len(data)
        if self._size > TOGETHER:
            self._release()

    def close(self) -> None:
        """Write what was held back and close."""
        self._release()
        self._transport.close()

    def _release(self) -> None:
        if self._held:
            self._transport.write(b"".join(self._held))
        self._held.clear()
        self._size = 0


class JoiningProtocol(HttpToolsProtocol):
    """uvicorn's own HTTP protocol over such a transport."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn narrows it
        """Begin a connection."""
        super().connection_made(Joining(transport))  # type: ignore[arg-type] # it delegates the rest
