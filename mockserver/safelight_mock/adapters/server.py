"""The twin behind a socket, under uvicorn: in a thread for tests, or for as long as a command runs."""

import socket
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from threading import Thread
from typing import Self

import uvicorn

from safelight_mock.adapters.access_log import AccessLog
from safelight_mock.adapters.asgi import App, address
from safelight_mock.adapters.connections import bounds_of
from safelight_mock.adapters.graceful_shutdown import PromptServer
from safelight_mock.adapters.uvicorn_protocol import FastPathProtocol
from safelight_mock.config.settings import Settings
from safelight_mock.twin import Twin
from safelight_mock.wire.listener import Listener

LOOPBACK = "127.0.0.1"


def listen(host: str, port: int) -> socket.socket:
    """Bind a socket; port 0 takes a free one. Raises OSError when the address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048)


def listener_of(sockets: Sequence[socket.socket]) -> Listener:
    """Describe the sockets of a server: the API's, and another if files have a port of their own."""
    host, port = sockets[0].getsockname()[:2]
    files_port = sockets[1].getsockname()[1] if sockets[1:] else 0
    return Listener(files_port=files_port, own=f"http://{address(host, port)}")


def server(twin: Twin, listener: Listener, access: AccessLog | None = None) -> PromptServer:
    """Put a twin under uvicorn, to be run on the sockets that its listener describes."""
    app = App(twin, access, files_port=listener.files_port, own=listener.own)
    config = uvicorn.Config(
        app,
        http=partial(FastPathProtocol, bounds=bounds_of(twin.settings)),  # type: ignore[arg-type] # it is called
        interface="asgi3",
        lifespan="on",
        proxy_headers=False,
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,  # a sandbox has its own time
    )
    return PromptServer(config, timeout=twin.settings.shutdown_timeout, served=app)


class MockServer:
    """A twin on a free loopback port, for the length of a `with` block.

    `url("topaz")` is the base URL a client of that vendor wants. With a `files_port` (0 takes a free one)
    files are served there, and there alone.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        twin: Twin | None = None,
        port: int = 0,
        files_port: int | None = None,
    ) -> None:
        self._sockets = [listen(LOOPBACK, wanted) for wanted in (port, files_port) if wanted is not None]
        self._listener = listener_of(self._sockets)
        with ExitStack() as opened:
            for listening in self._sockets:
                opened.callback(listening.close)
            self.twin: Twin = twin or Twin(settings, listener=self._listener)
            opened.pop_all()
        self._server = server(self.twin, self._listener)
        self._thread = Thread(target=self._server.run, kwargs={"sockets": self._sockets}, daemon=True)

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return self._listener.own

    @property
    def files_origin(self) -> str:
        """Scheme, host and port of the file host."""
        return self._listener.files(self.origin)

    def url(self, vendor: str) -> str:
        """Return a vendor's base URL."""
        return f"{self.origin}/{vendor}{self.twin.served[vendor].api.base}"

    def __enter__(self) -> Self:
        """Start; the socket already listens, so calls made at once are answered."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop and remove the files."""
        self._server.stop()
        self._thread.join()
        for listening in self._sockets:
            listening.close()
        self.twin.close()
