"""Plans how a response is sent that a scenario makes go wrong: its headers, its pieces, and how it ends."""

from collections.abc import Iterator, Mapping
from enum import Enum, auto
from typing import NamedTuple

from safelight_mock.app.event_feed import EventFeed
from safelight_mock.app.outgoing_response import OutgoingResponse
from safelight_mock.core.transfer_faults import Reset, TransferFault

NOT_ANNOUNCED = -1  # of a stream of events
NO_CONTENT = (204, 304)  # statuses whose responses have no body, and no length


class Ending(Enum):
    """How a transfer ends."""

    COMPLETE = auto()  # the connection stays open for the next request
    CLOSED = auto()  # in order, with fewer or more bytes than announced
    RESET = auto()
    HUNG = auto()  # the connection stays open, and nothing more is sent


class Piece(NamedTuple):
    """Bytes of a body, and the real seconds to wait before them."""

    pause: float
    content: bytes


class FaultyTransfer(NamedTuple):
    """How a response is sent: after `delay` seconds its head, then the pieces, then the end.

    Without a head nothing is sent at all. `size`: bytes of the pieces; `announced`: those of Content-Length.
    """

    delay: float
    has_head: bool
    headers: Mapping[str, str]
    pieces: Iterator[Piece]
    ending: Ending
    size: int
    announced: int


def planned(response: OutgoingResponse, fault: TransferFault) -> FaultyTransfer:
    """Return how a response is sent under a fault. Its content is read, and closed, by its pieces.

    A stream of events has the delay alone, and can be reset before its head.
    """
    has_head = fault.reset is not Reset.BEFORE and not fault.hang
    if isinstance(response.content, EventFeed):
        ending = Ending.COMPLETE if has_head else _ending(fault)
        return FaultyTransfer(fault.delay, has_head, response.headers, iter(()), ending, 0, NOT_ANNOUNCED)
    size = len(response.content) if isinstance(response.content, bytes) else response.size
    announced = max(0, size + fault.length)
    headers = {**response.headers, **({"content-type": fault.media_type} if fault.media_type else {})}
    if response.status not in NO_CONTENT:
        headers["content-length"] = str(announced)
    sent = _sent(size, fault)
    ending = _ending(fault)
    if ending is Ending.COMPLETE and sent != announced:
        ending = Ending.CLOSED
    pieces = _pieces(response, sent, size // 2 if fault.corrupt else -1)
    return FaultyTransfer(
        fault.delay, has_head, headers, _paced(pieces, fault), ending, sent if has_head else 0, announced
    )


def _ending(fault: TransferFault) -> Ending:
    if fault.hang:
        return Ending.HUNG
    if fault.reset is not None:
        return Ending.RESET
    return Ending.COMPLETE if fault.truncate is None else Ending.CLOSED


def _sent(size: int, fault: TransferFault) -> int:
    """Return how many bytes of a body are sent."""
    if fault.truncate is not None:
        return int(size * fault.truncate)
    return size // 2 if fault.reset is Reset.DURING else size


def _pieces(response: OutgoingResponse, left: int, corrupt_at: int) -> Iterator[bytes]:
    """Yield so many bytes of the content; the byte at `corrupt_at` is another one."""
    position = 0
    for chunk in response.chunks():
        content = chunk[:left]
        if position <= corrupt_at < position + len(content):
            at = corrupt_at - position
            content = content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]
        position, left = position + len(content), left - len(content)
        if content:
            yield content


def _paced(pieces: Iterator[bytes], fault: TransferFault) -> Iterator[Piece]:
    """Yield pieces with the pauses before them."""
    pause = fault.first_byte
    for content in pieces:
        step = fault.drip or len(content)
        for start in range(0, len(content), step):
            yield Piece(pause, content[start : start + step])
            pause = fault.drip_every if fault.drip else 0.0
