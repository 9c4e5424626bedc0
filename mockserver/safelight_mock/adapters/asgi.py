"""The twin as an ASGI application: performs the steps of exchanges off the event loop."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from safelight_mock.adapters.access_log import AccessLog
from safelight_mock.adapters.held_requests import HeldRequests, Receive
from safelight_mock.app.driver import (
    ClientDisconnectedError,
    RunningExchange,
    perform_elsewhere,
    run_until_response_async,
)
from safelight_mock.app.outgoing_response import OutgoingResponse
from safelight_mock.app.steps import (
    AdvanceClock,
    BlockingTask,
    Inspect,
    Load,
    OpenFile,
    ReadBody,
    Sleep,
    Step,
)
from safelight_mock.twin import Twin
from safelight_mock.wire.hosts import is_loopback
from safelight_mock.wire.listener import SINGLE_PORT, Listener
from safelight_mock.wire.messages import Request, SnapshotBody
from safelight_mock.wire.problem import Kind, Problem

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

WORKERS = 2
NOWHERE = ("localhost", None)  # the address of a socket without one
UNKNOWN = "unknown"  # the peer of a call that came through a socket without addresses
LOADERS = 8  # they wait for other servers and do little else
BEGUN = "safelight.begun"  # under which the scope has an exchange that was begun without a task


class StartedExchange:
    """An exchange that was begun without a task: how far it came, and the request it answers."""

    __slots__ = ("request", "running")

    def __init__(self, request: Request, running: RunningExchange[OutgoingResponse]) -> None:
        self.request: Request = request
        self.running: RunningExchange[OutgoingResponse] = running


class App:
    """An ASGI 3 application; mount it anywhere. A `files_port` serves files alone, and alone serves files.

    `own` is the base URL at which it is reached on this machine, if that is known before the first request.

    Its answers have a `Date` of their own: the server under it should add none (`uvicorn --no-date-header`).
    """

    def __init__(
        self, twin: Twin, access: AccessLog | None = None, *, files_port: int = 0, own: str = ""
    ) -> None:
        self.twin = twin
        self._access = access
        self.listener = twin.address.listener = Listener(files_port=files_port, own=own)
        self._holding = HeldRequests()
        snapshots = advances = ThreadPoolExecutor(LOADERS, thread_name_prefix="safelight-advance")
        self._pools = {
            Inspect: ThreadPoolExecutor(WORKERS, thread_name_prefix="safelight-inspect"),
            Load: ThreadPoolExecutor(LOADERS, thread_name_prefix="safelight-load"),
            AdvanceClock: advances,
            BlockingTask: ThreadPoolExecutor(LOADERS, thread_name_prefix="safelight-run"),
            OpenFile: ThreadPoolExecutor(WORKERS, thread_name_prefix="safelight-render"),
        }
        self._snapshots = snapshots  # which may wait long for a clock that is advanced

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or start and stop."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            self._learn(scope)
            begun = scope.get(BEGUN)
            if begun is None:
                request = call_from(scope, self.twin.real(), self.listener)
                begun = StartedExchange(request, RunningExchange(self.twin.exchange(request)))
            await self._serve(begun, receive, send)

    def _learn(self, scope: Scope) -> None:
        """Learn from requests what a server that is not ours does not say: our address, who reaches it."""
        address = self.twin.address
        address.is_exposed = address.is_exposed or not is_loopback(_peer(scope))
        listener = self.listener
        if not listener.own and listener.on(_server(scope)[1]) is listener:
            own = Listener(files_port=listener.files_port, own=_reached(scope))
            self.listener = address.listener = own

    def wind_down(self) -> None:
        """Begin no delivery any more."""
        self.twin.dispatcher.rest()

    @property
    def is_delivering(self) -> bool:
        """Whether deliveries are in flight."""
        return self.twin.dispatcher.is_busy

    def give_up(self) -> None:
        """Refuse every request that is not answered yet, and wait for deliveries no longer."""
        self._holding.give_up()
        self.twin.dispatcher.hurry()

    def begin(self, request: Request) -> StartedExchange:
        """Begin to answer a request without a task; `finish` it, or leave it to a task by the scope."""
        address = self.twin.address
        address.is_exposed = address.is_exposed or not is_loopback(request.peer)
        return StartedExchange(request, RunningExchange(self.twin.exchange(request)))

    def take_body(self, begun: StartedExchange, body: bytes) -> None:
        """Give an exchange whose next step is to read the body all of it."""
        running = begun.running
        if not isinstance(running.step, ReadBody):
            raise TypeError(f"{begun.request} does not read a body")
        try:
            running.step.reader.feed(body)
        except Exception as error:  # noqa: BLE001 - the exchange answers it
            running.fail(error)
        else:
            running.resume(None)

    def finish(self, begun: StartedExchange) -> OutgoingResponse | None:
        """Return the response to a request, which is logged now; None if something has to happen first."""
        return self._noted(begun.request, begun.running.response) if begun.running.step is None else None

    def close(self) -> None:
        """Wait for no work that has not begun."""
        if self._access is not None:
            self._access.flush()
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)

    def _noted(self, request: Request, response: OutgoingResponse) -> OutgoingResponse:
        if self._access is not None:
            self._access.note(request, response.source, response.status)
        return response

    async def _live(self, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        self.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, begun: StartedExchange, receive: Receive, send: Send) -> None:
        async def perform(step: Step) -> object:
            async with self._holding.watch():
                return await self._performed(step, receive)

        try:
            response = await run_until_response_async(begun.running, perform)
        except ClientDisconnectedError:
            return
        await _send(self._noted(begun.request, response), send)

    async def _performed(self, step: Step, receive: Receive) -> object:
        if isinstance(step, Sleep):
            await self._holding.hold(step.seconds, receive)
            return None
        if isinstance(step, ReadBody):
            async for chunk in _body(receive, self.twin.settings.body_timeout):
                step.reader.feed(chunk)
            return None
        is_snapshot = isinstance(step, OpenFile) and isinstance(step.file, SnapshotBody)
        pool = self._snapshots if is_snapshot else self._pools[type(step)]
        loop = asyncio.get_running_loop()
        return await perform_elsewhere(step, self.twin.effects, lambda work: loop.run_in_executor(pool, work))


def call_from(scope: Scope, at: float, listener: Listener = SINGLE_PORT) -> Request:
    """Read the head of a request."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    root = scope.get("root_path", "")
    return Request(
        peer=_peer(scope),
        method=scope["method"],
        path=scope["path"].removeprefix(root),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        origin=f"{scope['scheme']}://{headers.get('host') or _own_address(scope)}{root}",
        reached=_reached(scope),
        listener=listener.on(_server(scope)[1]),
        at=at,
    )


def _peer(scope: Scope) -> str:
    return (scope.get("client") or [UNKNOWN])[0] or UNKNOWN


def _server(scope: Scope) -> tuple[str, int | None]:
    return scope.get("server") or NOWHERE


def _reached(scope: Scope) -> str:
    """Return the base URL at which a request arrived, whatever its headers say."""
    return f"{scope['scheme']}://{_own_address(scope)}{scope.get('root_path', '')}"


def _own_address(scope: Scope) -> str:
    host, port = _server(scope)
    return address(host, port)


def address(host: str, port: int | None) -> str:
    """Write a host and a port as a URL has them."""
    name = f"[{host}]" if ":" in host else host
    return f"{name}:{port}" if port else name


async def _body(receive: Receive, pause: float) -> AsyncIterator[bytes]:
    more = True
    while more:
        try:
            async with asyncio.timeout(pause):  # `wait_for` of Python 3.11 can lose a cancellation
                message = await receive()
        except TimeoutError as error:
            raise Problem(Kind.TOO_SLOW) from error
        if message["type"] == "http.disconnect":
            raise ClientDisconnectedError
        more = message.get("more_body", False)
        yield message.get("body", b"")


async def _send(response: OutgoingResponse, send: Send) -> None:
    headers = [(name.encode(), value.encode("latin-1")) for name, value in response.headers.items()]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    if isinstance(response.content, bytes):
        await send({"type": "http.response.body", "body": response.content})
        return
    for chunk in response.chunks():
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
