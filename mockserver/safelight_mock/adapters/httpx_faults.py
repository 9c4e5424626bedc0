"""Responses of httpx and httpx2 that go wrong as over a socket, in the libraries' exceptions, at once."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, NamedTuple, cast

import httpx

from safelight_mock.adapters.faulty_transfers import Ending, FaultyTransfer, planned
from safelight_mock.app.outgoing_response import OutgoingResponse

RESET = "[Errno 104] Connection reset by peer"
TIMED_OUT = "timed out"


class Caller(NamedTuple):
    """A request, the module of the library that made it, and the seconds that it waits for bytes."""

    request: httpx.Request
    package: Any
    read_timeout: float

    def error(self, name: str, message: str) -> Exception:
        """Return an exception of the library, by its name."""
        made: Exception = getattr(self.package, name)(message, request=self.request)
        return made


def faulty_response(
    caller: Caller, response: OutgoingResponse, *, is_async: bool = False
) -> httpx.Response | None:
    """Return a response under its fault; None for a stream of events, once its head may be sent.

    What takes longer than the client waits raises ReadTimeout at once; what is shorter takes no time.
    """
    fault = response.source.transfer
    if fault is None:
        return None
    transfer = planned(response, fault)
    if transfer.delay > caller.read_timeout or transfer.ending is Ending.HUNG:
        response.close()
        raise caller.error("ReadTimeout", TIMED_OUT)
    if not transfer.has_head:
        response.close()
        raise caller.error("ReadError", RESET)
    if transfer.announced < 0:
        return None
    transfer = transfer._replace(pieces=iter([*transfer.pieces]))  # reads and closes its file
    content = _async(_content(caller, transfer)) if is_async else _content(caller, transfer)
    made = caller.package.Response(response.status, headers=dict(transfer.headers), content=content)
    return cast("httpx.Response", made)


def _content(caller: Caller, transfer: FaultyTransfer) -> Iterator[bytes]:
    left = transfer.announced  # more than that is not part of the response
    for pause, piece in transfer.pieces:
        if pause > caller.read_timeout:
            raise caller.error("ReadTimeout", TIMED_OUT)
        yield piece[:left]
        left -= len(piece[:left])
    if transfer.ending is Ending.RESET and transfer.size < transfer.announced:
        raise caller.error("ReadError", RESET)
    if left:
        message = f"received {transfer.size} bytes, expected {transfer.announced}"
        raise caller.error(
            "RemoteProtocolError", f"peer closed connection without sending complete message body ({message})"
        )


async def _async(content: Iterator[bytes]) -> AsyncIterator[bytes]:
    for piece in content:
        yield piece
