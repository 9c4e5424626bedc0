"""The mock server without a port: each connection is one end of a pair of connected sockets.

The other end is served by the HTTP protocol of the server with a port, in the event loop of one thread. A
client therefore sees what it would see over TCP, without a listening socket, name look-up or TLS.
"""

import asyncio
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Lock, Thread
from typing import Any, Self
from weakref import ReferenceType, WeakKeyDictionary, ref

import msgspec
import uvicorn
from uvicorn.server import ServerState

from safelight_mock.adapters.asgi import App, address
from safelight_mock.adapters.connection_faults import ConnectionFault, FailingProtocol
from safelight_mock.adapters.connections import ConnectionLimits, limits_of
from safelight_mock.adapters.ending_threads import join_or_warn
from safelight_mock.adapters.own_sockets import own_pair, own_sockets
from safelight_mock.adapters.resets import reset_pair
from safelight_mock.adapters.uvicorn_protocol import FastPathProtocol
from safelight_mock.twin import Twin

PEER = ("127.0.0.1", 0)  # clients are on this machine
OWN = "http://localhost"  # no port leads to it
LINGER = 1.0  # seconds in which what is in flight has to end once its connection is closed
POLL_INTERVAL = 0.0002  # seconds between two looks at that
DEFAULT_PORTS = {"http": 80, "https": 443}


class Destination(msgspec.Struct, kw_only=True):
    """The server that a client wanted to reach. `scheme` may change until the first byte is sent."""

    host: str
    port: int | None
    scheme: str

    @property
    def origin(self) -> str:
        """Scheme, host, and port unless it is the scheme's own."""
        return f"{self.scheme}://{address(self.host, self.own_port)}"

    @property
    def own_port(self) -> int | None:
        """The port unless it is the scheme's own."""
        return None if self.port == DEFAULT_PORTS.get(self.scheme) else self.port


class PlannedFault(msgspec.Struct, kw_only=True):
    """A fault of the next connections to a host; empty: to any."""

    fault: ConnectionFault
    host: str
    times: float


class PortlessProtocol(FastPathProtocol):
    """The protocol of one connection, which was made to a destination by a client's end."""

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - uvicorn's own
        destination: Destination,
        client_socket: ReferenceType[Any],
        **named: Any,  # noqa: ANN401 - uvicorn's own
    ) -> None:
        super().__init__(*args, **named)
        self._destination = destination
        self._client_socket = client_socket
        self._is_addressed = False

    def data_received(self, data: bytes) -> None:
        """Parse data; the first ones set the addresses of the connection."""
        if not self._is_addressed:
            self._is_addressed = True
            wanted = self._destination
            self.scheme = wanted.scheme  # type: ignore[assignment] # uvicorn knows two of them
            self.client, self.server = PEER, (wanted.host, wanted.own_port)
            self._reached = wanted.origin
        super().data_received(data)

    async def reset(self) -> None:
        """Reset the connection, once the client can read what was sent."""
        await reset_pair(self.transport, self._client_socket())


class PortlessServer:
    """A mock server in a thread, for the length of a `with` block.

    The twin goes on after it, and may be served on a port, too.

    `connect` may be called in any thread.
    """

    def __init__(self, twin: Twin) -> None:
        listener = twin.address.listener
        self._app = App(twin, own=OWN)
        twin.address.listener = listener  # of a server with a port, if there is one
        self._limits: ConnectionLimits = limits_of(twin.settings)
        self._state = ServerState()
        self._config = uvicorn.Config(
            self._app,
            http=FastPathProtocol,
            interface="asgi3",
            lifespan="off",
            proxy_headers=False,
            ws="none",
            access_log=False,
            log_config=None,
            server_header=False,
            date_header=False,
        )
        self._runner = asyncio.Runner(loop_factory=_loop_factory())
        self._thread = Thread(target=self._run, daemon=True, name="safelight-portless")
        self._stop = asyncio.Event()
        self._is_over = False
        self._tasks: set[asyncio.Task[Any]] = set()
        self._faults: list[PlannedFault] = []
        self._lock = Lock()
        self._failing: set[FailingProtocol] = set()
        self._made: WeakKeyDictionary[Any, Destination] = WeakKeyDictionary()  # by the client's ends

    def connect(self, destination: Destination) -> socket.socket:
        """Return the client's end of a new connection.

        Raises the OSError of a fault, and ConnectionRefusedError after the block.
        """
        fault = self._next_fault(destination.host)
        error = None if fault is None else fault.connect_error()
        if error is not None:
            raise error
        client, served = own_pair()
        served.setblocking(False)  # noqa: FBT003 - the standard library's
        self._made[client] = destination
        try:
            self._runner.get_loop().call_soon_threadsafe(
                self._accept, served, destination, ref(client), fault
            )
        except RuntimeError as closed:  # the loop
            client.close()
            served.close()
            raise ConnectionRefusedError("the mock server has stopped") from closed
        return client

    def has_made(self, sock: object) -> bool:
        """Return whether a client may still use a socket: it is an end of a connection to this server."""
        return sock in self._made

    def begin_tls(self, sock: socket.socket) -> None:
        """Answer as over https. TLS itself is left out; nothing may have been sent before."""
        self._made[sock].scheme = "https"

    def fail(self, fault: ConnectionFault, host: str = "", times: float = 1) -> None:
        """Have the next connections to a host fail, after those of earlier calls; empty: to any host.

        Clients may not use earlier connections any more, so that their next request needs a new one.
        """
        with self._lock:
            self._faults.append(PlannedFault(fault=fault, host=host, times=times))
            self._made.clear()

    def _next_fault(self, host: str) -> ConnectionFault | None:
        with self._lock:
            planned = next((one for one in self._faults if one.host in ("", host)), None)
            if planned is None:
                return None
            planned.times -= 1
            if planned.times <= 0:
                self._faults.remove(planned)
            return planned.fault

    def __enter__(self) -> Self:
        """Start; connections that are made at once are served."""
        self._config.load()
        self._runner.get_loop()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Close all connections and end the thread; nothing in flight is waited for."""
        with suppress(RuntimeError):  # the loop is closed: the thread has ended already
            self._runner.get_loop().call_soon_threadsafe(self._stop.set)
        join_or_warn(self._thread)

    def _run(self) -> None:
        with self._runner:
            self._runner.run(self._serve())

    async def _serve(self) -> None:
        await self._stop.wait()
        self._app.release_held()
        self._is_over = True
        for failing in list(self._failing):
            failing.abort()
        for connection in list(self._state.connections):
            connection.transport.abort()
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER):
                while self._is_busy():  # noqa: ASYNC110 - uvicorn has no event for it
                    await asyncio.sleep(POLL_INTERVAL)
        self._app.close()

    def _is_busy(self) -> bool:
        return bool(self._state.connections or self._state.tasks or self._tasks or self._failing)

    def _accept(
        self,
        served: socket.socket,
        destination: Destination,
        client: "ReferenceType[socket.socket]",
        fault: ConnectionFault | None,
    ) -> None:
        if self._is_over:
            served.close()
            return
        made = partial(self._protocol, destination, client)
        if fault is not None:
            made = partial(self._failing_protocol, fault, client)
        task = asyncio.get_running_loop().create_task(_accepted(made, served))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _protocol(
        self, destination: Destination, client: "ReferenceType[socket.socket]"
    ) -> asyncio.BaseProtocol:
        return PortlessProtocol(
            config=self._config,
            server_state=self._state,
            app_state={},
            limits=self._limits,
            destination=destination,
            client_socket=client,
        )

    def _failing_protocol(
        self, fault: ConnectionFault, client: "ReferenceType[socket.socket]"
    ) -> asyncio.BaseProtocol:
        return FailingProtocol(fault, lambda transport: reset_pair(transport, client()), self._failing)


async def _accepted(made: Callable[[], asyncio.BaseProtocol], served: socket.socket) -> None:
    await asyncio.get_running_loop().connect_accepted_socket(made, served)


def _loop_factory() -> Any:  # noqa: ANN401 - of uvloop or asyncio
    if sys.platform == "win32":
        return asyncio.SelectorEventLoop
    with own_sockets():  # it keeps the class that it finds
        import uvloop  # noqa: PLC0415 - it does not exist for Windows

    return uvloop.new_event_loop
