"""Connections that fail before a response: to connect, or once the request has arrived."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from enum import StrEnum
from errno import ECONNREFUSED, ETIMEDOUT

HEAD_END = b"\r\n\r\n"
LOOKED_BACK = 3  # bytes in which an end that arrives in two pieces may have begun


class ConnectionFault(StrEnum):
    """How a connection fails: the first three when it is made, the others once a request's head arrived."""

    REFUSED = "refused"
    CONNECT_TIMEOUT = "connect-timeout"  # at once, whatever the client's timeout is
    UNKNOWN_HOST = "unknown-host"
    RESET = "reset"
    CLOSED = "closed"
    NO_RESPONSE = "no-response"  # the client's own timeout ends it
    HALF_HEAD = "half-head"
    GARBAGE = "garbage"

    def connect_error(self) -> OSError | None:
        """Return the error of a connect; None if the connection is made."""
        match self:
            case ConnectionFault.REFUSED:
                return ConnectionRefusedError(ECONNREFUSED, os.strerror(ECONNREFUSED))
            case ConnectionFault.CONNECT_TIMEOUT:
                return TimeoutError(ETIMEDOUT, os.strerror(ETIMEDOUT))
            case ConnectionFault.UNKNOWN_HOST:
                return socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return None


# What is sent before the connection is closed.
SENT = {
    ConnectionFault.CLOSED: b"",
    ConnectionFault.HALF_HEAD: b"HTTP/1.1 200 OK\r\nContent-Le",
    ConnectionFault.GARBAGE: b"\x15\x03\x01\x00\x02\x02\x46\r\n",
}


class FailingProtocol(asyncio.Protocol):
    """A connection that fails once the head of a request has arrived.

    `reset` resets it; while it is open, it is among `opened`.
    """

    def __init__(
        self,
        fault: ConnectionFault,
        reset: Callable[[asyncio.Transport], Awaitable[None]],
        opened: "set[FailingProtocol]",
    ) -> None:
        self._fault = fault
        self._reset = reset
        self._opened = opened
        self._end = b""
        self._transport: asyncio.Transport | None = None
        self._resetting: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # it is one
        """Wait for a request."""
        self._transport = transport
        self._opened.add(self)

    def connection_lost(self, _: Exception | None) -> None:
        """End."""
        self._opened.discard(self)

    def data_received(self, data: bytes) -> None:
        """Look for the end of the head; fail after it."""
        if self._transport is None or self._transport.is_closing():
            return
        received = self._end + data
        self._end = received[-LOOKED_BACK:]
        if HEAD_END not in received:
            return
        if self._fault is ConnectionFault.RESET:
            self._resetting = asyncio.ensure_future(self._reset(self._transport))
        elif self._fault in SENT:
            self._transport.write(SENT[self._fault])
            self._transport.close()

    def abort(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.abort()
