"""The mock server behind sockets, under uvicorn: in a thread for tests, or for the command."""

import socket
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, closing
from functools import partial
from threading import Thread
from types import NoneType
from typing import TYPE_CHECKING, Protocol, Self

import uvicorn

from safelight_mock.adapters.access_log import AccessLog
from safelight_mock.adapters.asgi import App, Scope, address
from safelight_mock.adapters.connections import limits_of
from safelight_mock.adapters.ending_threads import PATIENCE, join_or_warn
from safelight_mock.adapters.faulty_sending import Send
from safelight_mock.adapters.graceful_shutdown import PromptServer, Stoppable
from safelight_mock.adapters.held_requests import Receive
from safelight_mock.adapters.uvicorn_protocol import FastPathProtocol
from safelight_mock.config.arguments import check_port, check_type, check_vendor
from safelight_mock.config.settings import Settings
from safelight_mock.twin import Twin
from safelight_mock.wire.listener import Listener

if TYPE_CHECKING:
    from os import PathLike

    from safelight_mock.config.specs import Spec

LOOPBACK = "127.0.0.1"


class Served(Stoppable, Protocol):
    """An ASGI application that can be stopped."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request or the lifespan."""


def listen(host: str, port: int) -> socket.socket:
    """Bind a socket; port 0 takes a free one. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048)


def listener_of(sockets: Sequence[socket.socket]) -> Listener:
    """Return the listener of the API's socket, given all sockets: a second one is for files."""
    host, port = sockets[0].getsockname()[:2]
    files_port = sockets[1].getsockname()[1] if sockets[1:] else 0
    return Listener(files_port=files_port, own=f"http://{address(host, port)}")


def server(twin: Twin, listener: Listener, access: AccessLog | None = None) -> PromptServer:
    """Return a uvicorn server of a twin, to be run on the sockets of the listener."""
    app = App(twin, access, files_port=listener.files_port, own=listener.own)
    return server_of(app, twin.settings)


def server_of(app: Served, settings: Settings) -> PromptServer:
    """Return a uvicorn server of an application, with the limits and timeouts of some settings."""
    config = uvicorn.Config(
        app,
        http=partial(FastPathProtocol, limits=limits_of(settings)),  # type: ignore[arg-type] # a factory
        interface="asgi3",
        lifespan="on",
        proxy_headers=False,
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,  # Date follows the clock of the sandbox
    )
    return PromptServer(config, timeout=settings.shutdown_timeout, served=app)


class MockServer:
    """A mock server on a loopback port, for the length of a `with` block.

    Requests made before the block begins wait until it does.

    - `settings`: of its twin, and `specs`, OpenAPI documents that it serves as well; or `twin`: an existing
      one, which it closes too.
    - `port`, `files_port`: 0 takes a free one. With a `files_port`, files are served there only.

    `url("topaz")` is the base URL for clients of that vendor. Raises OSError for a port in use.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        specs: "Iterable[Spec | str | PathLike[str]]" = (),
        twin: Twin | None = None,
        port: int = 0,
        files_port: int | None = None,
    ) -> None:
        check_type("twin", twin, (Twin, NoneType), "a Twin")
        if twin is not None and (settings is not None or specs):
            raise ValueError("give twin, or settings and specs: a twin has its own")
        check_port("port", port)
        if files_port is not None:
            check_port("files_port", files_port)
        self._sockets: list[socket.socket] = []
        with ExitStack() as opened:
            for wanted in [port] if files_port is None else [port, files_port]:
                self._sockets.append(opened.enter_context(closing(listen(LOOPBACK, wanted))))
            self._listener = listener_of(self._sockets)
            self.twin: Twin = twin or Twin(settings, specs=specs, listener=self._listener)
            opened.pop_all()
        self._server = server(self.twin, self._listener)
        self._thread = Thread(
            target=self._server.run, kwargs={"sockets": self._sockets}, daemon=True, name="safelight-server"
        )

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return self._listener.own

    @property
    def files_origin(self) -> str:
        """Scheme, host and port of the file host."""
        return self._listener.files(self.origin)

    def url(self, vendor: str) -> str:
        """Return the base URL of a vendor; raises ValueError for an unknown one."""
        check_vendor(vendor, self.twin.served)
        return f"{self.origin}/{vendor}{self.twin.served[vendor].facts.base}"

    def __enter__(self) -> Self:
        """Start. The socket listens already, so requests made at once are served.

        Raises RuntimeError for a server that was started before.
        """
        if self._thread.ident is not None:
            raise RuntimeError("a MockServer can be started only once; make another one for the next block")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, close the twin and remove its files."""
        self._server.stop()
        join_or_warn(self._thread, PATIENCE + 2 * self.twin.settings.shutdown_timeout)
        for bound in self._sockets:
            bound.close()
        self.twin.close()
