"""A connection without a socket: requests go in as bytes, responses are kept as they are written."""

import asyncio

from uvicorn import Config
from uvicorn.server import ServerState

from safelight_mock import App
from safelight_mock.adapters.connections import ConnectionLimits, limits_of
from safelight_mock.adapters.uvicorn_protocol import FastPathProtocol

SUBMIT = "/topaz/image/v1/enhance/async"
MULTIPART = "Content-Type: multipart/form-data; boundary=b"
STATUS = "/topaz/image/v1/status"
FORM = b'--b\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\nno image\r\n--b--\r\n'


def request(target: str = STATUS, *headers: str, method: str = "GET", version: str = "1.1") -> bytes:
    result = ("Host: twin", "X-API-Key: k", *headers)
    return "\r\n".join((f"{method} {target} HTTP/{version}", *result, "", "")).encode()


def submit(length: int = len(FORM)) -> bytes:
    """Write a submission; with a length beyond that of its form, it is not whole."""
    return request(SUBMIT, MULTIPART, f"Content-Length: {length}", method="POST") + FORM


IN_CHUNKS = request(
    SUBMIT, MULTIPART, "Transfer-Encoding: chunked", method="POST"
) + b"%x\r\n%b\r\n0\r\n\r\n" % (len(FORM), FORM)


class Wire(asyncio.Transport):
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 5), "sockname": ("127.0.0.1", 6)})
        self.written = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data

    def write_eof(self) -> None:
        """Go on."""

    def close(self) -> None:
        """Go on."""

    def pause_reading(self) -> None:
        """Go on."""

    def resume_reading(self) -> None:
        """Go on."""

    def is_closing(self) -> bool:
        return False


def connect(app: App, *wires: Wire, bounds: ConnectionLimits | None = None) -> list[FastPathProtocol]:
    """Connect to one server over each wire."""
    config = Config(app, interface="asgi3", proxy_headers=False, log_config=None)
    config.load()
    state, limits = ServerState(), bounds or limits_of(app.twin.settings)
    protocols = [
        FastPathProtocol(config=config, server_state=state, app_state={}, limits=limits) for _ in wires
    ]
    for protocol, wire in zip(protocols, wires, strict=True):
        protocol.connection_made(wire)
    return protocols
