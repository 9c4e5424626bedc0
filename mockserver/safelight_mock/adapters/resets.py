"""Resets a TCP connection: the peer gets RST, and no orderly end."""

import asyncio
import socket
import struct
from contextlib import suppress

LINGER = struct.pack("ii", 1, 0)  # SO_LINGER of zero seconds makes close() send RST (RFC 9293, 3.10.4)
UNSENT = 0x5411  # TIOCOUTQ of Linux: bytes that the peer has not acknowledged
INTERVAL = 0.005  # seconds between two looks at what is unsent
LOOKS = 200


async def reset_connection(transport: asyncio.Transport) -> None:
    """Reset a connection once its peer has what was written; after a second in any case.

    A RST overtakes what is still in our send buffer, so the peer would miss bytes that were to arrive.
    """
    transport.resume_reading()  # a paused one would not notice its end
    for _ in range(LOOKS):
        await asyncio.sleep(
            INTERVAL
        )  # first: what was written in this turn of the event loop is sent at its end
        if transport.is_closing() or not _unsent(transport):
            break
    sock = transport.get_extra_info("socket")
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER)
    transport.abort()


def _unsent(transport: asyncio.Transport) -> int:
    """Return how many bytes are on their way; on systems that do not say, those in the process."""
    waiting = transport.get_write_buffer_size()
    if waiting:
        return waiting
    try:
        import fcntl  # noqa: PLC0415 - Windows has none

        answer = fcntl.ioctl(transport.get_extra_info("socket").fileno(), UNSENT, b"\0" * 4)
    except (ImportError, OSError):
        return 0
    return int(struct.unpack("i", answer)[0])
