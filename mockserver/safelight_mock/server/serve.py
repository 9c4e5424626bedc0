"""The twin behind a socket, under uvicorn: in a thread for tests, or for as long as a command runs."""

import socket
from threading import Thread
from typing import Self

import uvicorn

from safelight_mock.server.access import AccessLog
from safelight_mock.server.asgi import App
from safelight_mock.server.joining import JoiningProtocol
from safelight_mock.server.settings import Settings
from safelight_mock.server.twin import Twin

LOOPBACK = "127.0.0.1"


def listen(host: str, port: int) -> socket.socket:
    """Bind a socket; port 0 takes a free one. Raises OSError when the address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048)


def server(twin: Twin, access: AccessLog | None = None) -> uvicorn.Server:
    """Put a twin under uvicorn."""
    config = uvicorn.Config(
        App(twin, access),
        http=JoiningProtocol,
        interface="asgi3",
        lifespan="on",
        proxy_headers=False,
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)


class MockServer:
    """A twin on a free loopback port, for the length of a `with` block.

    `url("topaz")` is the base URL a client of that vendor wants.
    """

    def __init__(self, settings: Settings | None = None, *, twin: Twin | None = None, port: int = 0) -> None:
        self.twin = twin or Twin(settings)
        self._socket = listen(LOOPBACK, port)
        self._server = server(self.twin)
        self._thread = Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://{LOOPBACK}:{self._socket.getsockname()[1]}"

    def url(self, vendor: str) -> str:
        """Return a vendor's base URL."""
        return f"{self.origin}/{vendor}{self.twin.served[vendor].api.base}"

    def __enter__(self) -> Self:
        """Start; the socket already listens, so calls made at once are answered."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop and remove the files."""
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()
        self.twin.close()
