"""Resets connections: the peer gets an error, and no orderly end."""

import array
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
        if transport.is_closing():  # by its peer
            return
        if not _unsent(transport):
            break
    sock = transport.get_extra_info("socket")
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER)
    transport.abort()


async def reset_pair(transport: asyncio.Transport, peer: socket.socket | None) -> None:
    """Reset a connection of two sockets of this process, whose other end is `peer`.

    Unix sockets have no RST. But closing one that has unread bytes resets the other one: once its
    peer has read what was sent, it gets ECONNRESET (`unix_release_sock` of Linux). So a byte is sent to our
    end in the peer's place.
    """
    if peer is None or peer.family != getattr(socket, "AF_UNIX", None):
        await reset_connection(transport)
        return
    for _ in range(LOOKS):
        await asyncio.sleep(0)  # what was written in this turn of the event loop is sent at its end
        if transport.is_closing():  # by its peer
            return
        if not transport.get_write_buffer_size():
            break
        await asyncio.sleep(INTERVAL)
    transport.pause_reading()
    with suppress(OSError):  # the peer has closed its end
        if not _unread(transport):
            peer.send(b"\0", socket.MSG_DONTWAIT)
    transport.abort()


def _unread(transport: asyncio.Transport) -> int:
    import fcntl  # noqa: PLC0415 - Windows has none, nor Unix sockets
    import termios  # noqa: PLC0415 - as above

    waiting = array.array("i", [0])
    fcntl.ioctl(transport.get_extra_info("socket").fileno(), termios.FIONREAD, waiting)
    return waiting[0]


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
