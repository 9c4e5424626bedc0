"""Sockets of the mock server where a tool for tests, such as pytest-socket, forbids those of the program."""

import _socket
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# Such tools replace `socket.socket` by a subclass that cannot be made.
Socket = next(one for one in socket.socket.__mro__ if one.__module__ == "socket")


def own_pair() -> tuple[socket.socket, socket.socket]:
    """Return two connected sockets."""
    if sys.platform == "win32":
        first, second = socket.socketpair()
    else:
        first, second = _socket.socketpair()
    kind = (first.family, first.type, first.proto)
    return Socket(*kind, fileno=first.detach()), Socket(*kind, fileno=second.detach())


@contextmanager
def own_sockets() -> Iterator[None]:
    """Let code of a `with` block make and import `socket.socket`; other threads may, too, meanwhile."""
    replaced = socket.socket
    socket.socket = Socket  # type: ignore[assignment, misc] # for the block
    try:
        yield
    finally:
        socket.socket = replaced  # type: ignore[misc]
