"""A real loopback server whose connections fail, and failures to connect to it: what clients see over TCP."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress

from safelight_testing import ConnectionFault

RST = struct.pack("ii", 1, 0)  # SO_LINGER of zero seconds
SENT = {
    ConnectionFault.HALF_HEAD: b"HTTP/1.1 200 OK\r\nContent-Le",
    ConnectionFault.GARBAGE: b"\x15\x03\x01\x00\x02\x02\x46\r\n",
}
UNKNOWN = "unknown.example"


@contextmanager
def failing(fault: ConnectionFault) -> Iterator[str]:
    """Give a URL to which connections fail over TCP."""
    match fault:
        case ConnectionFault.REFUSED:
            with closing(socket.create_server(("127.0.0.1", 0))) as taken:
                port = taken.getsockname()[1]
            yield f"http://127.0.0.1:{port}/"
        case ConnectionFault.CONNECT_TIMEOUT:
            with full() as port:
                yield f"http://127.0.0.1:{port}/"
        case ConnectionFault.UNKNOWN_HOST:
            with unknown_names():
                yield f"http://{UNKNOWN}/"
        case _:
            with answering(fault) as port:
                yield f"http://127.0.0.1:{port}/"


@contextmanager
def full() -> Iterator[int]:
    """Listen on a port whose queue is full: further connects get no answer."""
    with ExitStack() as opened:
        listener = opened.enter_context(closing(socket.socket()))
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = opened.enter_context(closing(socket.socket()))
            waiting.settimeout(0)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


@contextmanager
def unknown_names() -> Iterator[None]:
    """Have the resolver know no name."""
    look_up = socket.getaddrinfo

    def refuse(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    socket.getaddrinfo = refuse  # type: ignore[assignment] # no result
    try:
        yield
    finally:
        socket.getaddrinfo = look_up


@contextmanager
def answering(fault: ConnectionFault) -> Iterator[int]:
    """Listen on a port whose connections fail once a request has arrived."""
    with ExitStack() as opened:
        listener = opened.enter_context(closing(socket.create_server(("127.0.0.1", 0))))
        held: list[socket.socket] = []

        def serve() -> None:
            with suppress(OSError):  # the listener is closed
                while True:
                    connection = listener.accept()[0]
                    connection.settimeout(5)
                    fail(connection, fault, held)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        for one in held:
            one.close()


def fail(connection: socket.socket, fault: ConnectionFault, held: list[socket.socket]) -> None:
    with suppress(OSError):
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(65536) or b"\r\n\r\n"
        connection.sendall(SENT.get(fault, b""))
    if fault is ConnectionFault.NO_RESPONSE:
        held.append(connection)
        return
    if fault is ConnectionFault.RESET:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
    connection.close()
