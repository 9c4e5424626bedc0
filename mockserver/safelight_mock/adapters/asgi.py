"""The ASGI application: runs exchanges on the event loop, and their blocking steps in threads."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from types import NoneType
from typing import Any

from safelight_mock.adapters.access_log import AccessLog
from safelight_mock.adapters.faulty_sending import CONNECTION, Connection, Send, head_message, send_faulty
from safelight_mock.adapters.faulty_transfers import Ending, planned
from safelight_mock.adapters.held_requests import HeldRequests, Receive
from safelight_mock.app.driver import (
    ClientDisconnectedError,
    RunningExchange,
    perform_elsewhere,
    run_until_response_async,
)
from safelight_mock.app.event_feed import EventFeed
from safelight_mock.app.outgoing_response import OutgoingResponse
from safelight_mock.app.steps import (
    AdvanceClock,
    BlockingTask,
    ExchangeStep,
    Inspect,
    Load,
    OpenFile,
    ReadBody,
    Sleep,
)
from safelight_mock.config.arguments import check_port, check_type
from safelight_mock.core.transfer_faults import TransferFault
from safelight_mock.twin import Twin
from safelight_mock.wire.hosts import is_loopback
from safelight_mock.wire.listener import SINGLE_PORT, Listener
from safelight_mock.wire.messages import Request, SnapshotBody
from safelight_mock.wire.problem import Kind, Problem

Scope = MutableMapping[str, Any]

WORKERS = 2
UNKNOWN_SERVER = ("localhost", None)  # if the scope has no address of the server
UNKNOWN_PEER = "unknown"  # if the socket has no addresses
LOADERS = 8  # threads that mostly wait for other servers
STARTED = "safelight.started"  # key of the scope: an exchange that was started without a task


class StartedExchange:
    """A request and its running exchange, which was started without a task."""

    __slots__ = ("request", "running")

    def __init__(self, request: Request, running: RunningExchange[OutgoingResponse]) -> None:
        self.request: Request = request
        self.running: RunningExchange[OutgoingResponse] = running


class App:
    """An ASGI 3 application; it may be mounted below a path.

    - `access`: logs each response.
    - `files_port`: the port that serves files, and only files; 0: files are served beside the API.
    - `own`: the base URL on this machine, if known before the first request.

    Responses have a `Date` by the clock of their sandbox: the server should add none
    (`uvicorn --no-date-header`). Requests run on the event loop, their blocking steps in thread pools; call
    `close` at the end unless the server sends lifespan events.
    """

    def __init__(
        self, twin: Twin, access: AccessLog | None = None, *, files_port: int = 0, own: str = ""
    ) -> None:
        check_type("twin", twin, Twin, "a Twin")
        check_type("access", access, (AccessLog, NoneType), "an access log or None")
        check_port("files_port", files_port)
        check_type("own", own, str, "a URL")
        self.twin = twin
        self._access = access
        self.listener: Listener = Listener(files_port=files_port, own=own)
        twin.address.listener = self.listener
        self._held = HeldRequests()
        self._pools = {
            Inspect: ThreadPoolExecutor(WORKERS, thread_name_prefix="safelight-inspect"),
            Load: ThreadPoolExecutor(LOADERS, thread_name_prefix="safelight-load"),
            AdvanceClock: ThreadPoolExecutor(LOADERS, thread_name_prefix="safelight-advance"),
            BlockingTask: ThreadPoolExecutor(LOADERS, thread_name_prefix="safelight-run"),
            OpenFile: ThreadPoolExecutor(WORKERS, thread_name_prefix="safelight-render"),
        }
        # A snapshot may wait long for a clock that is being advanced, so it must not block downloads.
        self._snapshots = self._pools[AdvanceClock]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request or the lifespan."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            self._learn_address(scope)
            begun = scope.get(STARTED)
            if begun is None:
                request = request_from(scope, self.twin.real(), self.listener)
                begun = StartedExchange(request, RunningExchange(self.twin.exchange(request)))
            await self._serve(begun, scope.get(CONNECTION), receive, send)

    def _learn_address(self, scope: Scope) -> None:
        """Derive the base URL, which only our own server passes, and whether other machines reach us."""
        address = self.twin.address
        address.is_exposed = address.is_exposed or not is_loopback(_peer(scope))
        listener = self.listener
        if not listener.own and listener.on(_server(scope)[1]) is listener:
            own = Listener(files_port=listener.files_port, own=_reached(scope))
            self.listener = address.listener = own

    def wind_down(self) -> None:
        """Start no more deliveries; the first step of a graceful shutdown."""
        self.twin.dispatcher.stop()

    @property
    def is_delivering(self) -> bool:
        """Whether deliveries are in flight."""
        return self.twin.dispatcher.is_busy

    def give_up(self) -> None:
        """Reject requests that have no response yet, and stop waiting for deliveries; the second step."""
        self.release_held()
        self.twin.dispatcher.end_grace()

    def release_held(self) -> None:
        """Reject requests that have no response yet; the twin may be served by others."""
        self._held.give_up()

    def begin(self, request: Request) -> StartedExchange:
        """Start an exchange without an asyncio task: the fast path of `uvicorn_protocol`.

        Then call `finish`; if that returns None, pass the exchange to `__call__` in the scope (`STARTED`).
        """
        address = self.twin.address
        address.is_exposed = address.is_exposed or not is_loopback(request.peer)
        return StartedExchange(request, RunningExchange(self.twin.exchange(request)))

    def take_body(self, begun: StartedExchange, body: bytes) -> None:
        """Pass the whole body to an exchange; raises TypeError unless its next step is ReadBody."""
        running = begun.running
        if not isinstance(running.step, ReadBody):
            raise TypeError(f"{begun.request} does not read a body")
        try:
            running.step.reader.feed(body)
        except Exception as error:  # noqa: BLE001 - the exchange handles it
            running.fail(error)
        else:
            running.resume(None)

    def finish(self, begun: StartedExchange) -> OutgoingResponse | None:
        """Return the response and log it; None if a step has to be performed, or events follow."""
        running = begun.running
        if running.step is not None or isinstance(running.response.content, EventFeed):
            return None
        return self._logged(begun.request, running.response)

    def close(self) -> None:
        """Cancel work that has not started."""
        if self._access is not None:
            self._access.flush()
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)

    def _logged(self, request: Request, response: OutgoingResponse) -> OutgoingResponse:
        if self._access is not None:
            service = self.twin.served.get(request.trace.vendor)
            vendor = None if service is None else service.vendor
            self._access.note(request, response.source, response.status, vendor)
        return response

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        self.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(
        self, begun: StartedExchange, connection: Connection | None, receive: Receive, send: Send
    ) -> None:
        async def perform(step: ExchangeStep) -> object:
            async with self._held.watch():
                return await self._performed(step, receive)

        with suppress(ClientDisconnectedError):
            response = self._logged(begun.request, await run_until_response_async(begun.running, perform))
            if response.source.transfer is not None and await self._sent_faulty(
                response, response.source.transfer, connection, receive, send
            ):
                return
            await send(head_message(response.status, response.headers))
            if isinstance(response.content, EventFeed):
                await _send_events(response.content, perform, send)
            else:
                await _send_body(response, send)

    async def _sent_faulty(
        self,
        response: OutgoingResponse,
        fault: TransferFault,
        connection: Connection | None,
        receive: Receive,
        send: Send,
    ) -> bool:
        """Send a response under a fault; return False if that was a delay, and events follow.

        A shutdown meanwhile closes the connection.
        """
        transfer = planned(response, fault)
        is_delay = isinstance(response.content, EventFeed) and transfer.ending is Ending.COMPLETE
        try:
            with closing(response):
                await self._held.hold(transfer.delay, receive)
                if not is_delay:
                    wait = self._wait_for(receive)
                    await send_faulty(response.status, transfer, connection, wait, send)
        except Problem:
            if connection is None:
                raise
            connection.close()
            return True
        return not is_delay

    def _wait_for(self, receive: Receive) -> Callable[[float], Awaitable[None]]:
        """Return what waits so many seconds; raises ClientDisconnectedError, and Problem on shutdown."""
        return lambda seconds: self._held.hold(seconds, receive)

    async def _performed(self, step: ExchangeStep, receive: Receive) -> object:
        if isinstance(step, Sleep):
            await self._held.hold(step.seconds, receive)
            return None
        if isinstance(step, ReadBody):
            async for chunk in _body(receive, self.twin.settings.body_timeout):
                step.reader.feed(chunk)
            return None
        is_snapshot = isinstance(step, OpenFile) and isinstance(step.file, SnapshotBody)
        pool = self._snapshots if is_snapshot else self._pools[type(step)]
        loop = asyncio.get_running_loop()
        return await perform_elsewhere(step, self.twin.effects, lambda work: loop.run_in_executor(pool, work))


def request_from(scope: Scope, at: float, listener: Listener = SINGLE_PORT) -> Request:
    """Return the request of a scope, without its body."""
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
    return (scope.get("client") or [UNKNOWN_PEER])[0] or UNKNOWN_PEER


def _server(scope: Scope) -> tuple[str, int | None]:
    return scope.get("server") or UNKNOWN_SERVER


def _reached(scope: Scope) -> str:
    """Return the base URL of the socket of a request, independent of its headers."""
    return f"{scope['scheme']}://{_own_address(scope)}{scope.get('root_path', '')}"


def _own_address(scope: Scope) -> str:
    host, port = _server(scope)
    return address(host, port)


def address(host: str, port: int | None) -> str:
    """Return host and port in the form of a URL."""
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


async def _send_events(
    feed: EventFeed, perform: Callable[[ExchangeStep], Awaitable[object]], send: Send
) -> None:
    while part := await run_until_response_async(RunningExchange(feed.next_part()), perform):
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _send_body(response: OutgoingResponse, send: Send) -> None:
    if isinstance(response.content, bytes):
        await send({"type": "http.response.body", "body": response.content})
        return
    for chunk in response.chunks():
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
