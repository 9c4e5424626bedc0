"""The twin as an ASGI application: a thin shell that keeps blocking work off the event loop."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from typing import Any

from msgspec.structs import replace

from safelight_mock.adapters.access_log import AccessLog
from safelight_mock.adapters.held_requests import GoneError, Holding, Receive
from safelight_mock.app.driver import settle
from safelight_mock.app.outgoing_response import Delivery, deliver, may_block
from safelight_mock.app.steps import Errand, Passage
from safelight_mock.app.twin import Twin
from safelight_mock.core.job import InspectionKey
from safelight_mock.wire.listener import ONE_DOOR, Entrance
from safelight_mock.wire.logs import log
from safelight_mock.wire.loopback import is_here
from safelight_mock.wire.messages import Call, Parcel, Reply
from safelight_mock.wire.problem import Kind, Problem, Refusal

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

WORKERS = 2
NOWHERE = ("localhost", None)  # the address of a socket without one
UNKNOWN = "unknown"  # the peer of a call that came through a socket without addresses
LOADERS = 8  # they wait for other servers and do little else


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
        self.entrance = twin.entrance = Entrance(files_port=files_port, own=own)
        self._holding = Holding()
        self._judges = ThreadPoolExecutor(WORKERS, thread_name_prefix="safelight-judge")
        self._loaders = ThreadPoolExecutor(LOADERS, thread_name_prefix="safelight-load")
        self._passers = ThreadPoolExecutor(LOADERS, thread_name_prefix="safelight-pass")
        self._runners = ThreadPoolExecutor(LOADERS, thread_name_prefix="safelight-run")
        self._painters = ThreadPoolExecutor(WORKERS, thread_name_prefix="safelight-paint")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or start and stop."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            self._learn(scope)
            await self._serve(call_from(scope, self.twin.real(), self.entrance), receive, send)

    def _learn(self, scope: Scope) -> None:
        """Learn from requests what a server that is not ours does not say: our address, who reaches it."""
        self.twin.is_exposed = self.twin.is_exposed or not is_here(_peer(scope))
        entrance = self.entrance
        if not entrance.own and entrance.on(_server(scope)[1]) is entrance:
            own = Entrance(files_port=entrance.files_port, own=_reached(scope))
            self.entrance = self.twin.entrance = own

    def wind_down(self) -> None:
        """Begin no delivery any more."""
        self.twin.courier.rest()

    @property
    def is_delivering(self) -> bool:
        """Whether deliveries are in flight."""
        return self.twin.courier.is_busy

    def give_up(self) -> None:
        """Refuse every call that is not answered yet, and wait for deliveries no longer."""
        self._holding.give_up()
        self.twin.courier.hurry()

    def answer(self, call: Call) -> Delivery | None:
        """Answer a call that only reads; None, if that takes a thread, waiting or saying what is broken."""
        try:
            reply = self.twin.answer(call)
        except Exception:  # noqa: BLE001 # asked again with patience, it is told
            return None
        if not isinstance(reply, Reply) or may_block(reply):
            return None
        return self._noted(call, reply, deliver(self.twin, call, reply))

    def _noted(self, call: Call, reply: Reply, delivery: Delivery) -> Delivery:
        if self._access is not None:
            self._access.note(call, reply, delivery.status)
        return delivery

    def close(self) -> None:
        """Wait for no work that has not begun."""
        if self._access is not None:
            self._access.flush()
        for workers in (self._judges, self._loaders, self._passers, self._runners, self._painters):
            workers.shutdown(wait=False, cancel_futures=True)

    async def judge(self, keys: frozenset[InspectionKey]) -> None:
        """Look at inputs in a thread."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._judges, self.twin.judge, keys)

    async def load(self, call: Call, addresses: frozenset[str]) -> Call:
        """Load inputs in a thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._loaders, self.twin.load, call, addresses)

    async def let_pass(self, passage: Passage | Errand) -> Call:
        """Let time pass in a thread; a reply that is there already leaves, even if the twin is stopped."""
        loop = asyncio.get_running_loop()
        try:
            workers = self._runners if isinstance(passage, Errand) else self._passers
            return await loop.run_in_executor(workers, self.twin.let_pass, passage)
        except asyncio.CancelledError:
            if passage.reply is None or not self._holding.is_over:
                raise
            return passage.call

    async def _live(self, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        self.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, call: Call, receive: Receive, send: Send) -> None:
        try:
            async with self._holding.watch():
                reply = await self._answer(call, receive)
                delivery = await self._deliver(call, reply)
        except GoneError:
            return
        except Problem as stopped:
            reply = self.twin.refuse(call, stopped)
            delivery = deliver(self.twin, call, reply)
        await _send(self._noted(call, reply, delivery), send)

    async def _answer(self, call: Call, receive: Receive) -> Reply:
        try:
            return await self._reply(call, receive)
        except (Problem, Refusal) as refusal:
            return self.twin.refuse(call, refusal)
        except GoneError:
            raise
        except Exception:
            log.exception("%s %s cannot be answered", call.method, call.path)
            return self.twin.refuse(call, Problem(Kind.BROKEN))

    async def _reply(self, call: Call, receive: Receive) -> Reply:
        rest = partial(self._holding.hold, receive=receive)
        if not self.twin.takes_body(call):
            return await settle(self.twin, call, self, rest)
        with closing(self.twin.reader(call)) as reader:
            async for chunk in _body(receive, self.twin.settings.body_timeout):
                reader.feed(chunk)
            read = replace(call, body=reader.finish(), at=self.twin.real())
            return await settle(self.twin, read, self, rest)

    async def _deliver(self, call: Call, reply: Reply) -> Delivery:
        if not may_block(reply):
            return deliver(self.twin, call, reply)
        loop = asyncio.get_running_loop()
        workers = (
            self._passers if isinstance(reply.content, Parcel) else self._painters
        )  # a parcel may wait long
        return await loop.run_in_executor(workers, deliver, self.twin, call, reply)


def call_from(scope: Scope, at: float, entrance: Entrance = ONE_DOOR) -> Call:
    """Read the head of a request."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    root = scope.get("root_path", "")
    return Call(
        peer=_peer(scope),
        method=scope["method"],
        path=scope["path"].removeprefix(root),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        origin=f"{scope['scheme']}://{headers.get('host') or _own_address(scope)}{root}",
        reached=_reached(scope),
        entrance=entrance.on(_server(scope)[1]),
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
            raise GoneError
        more = message.get("more_body", False)
        yield message.get("body", b"")


async def _send(delivery: Delivery, send: Send) -> None:
    headers = [(name.encode(), value.encode("latin-1")) for name, value in delivery.headers.items()]
    await send({"type": "http.response.start", "status": delivery.status, "headers": headers})
    if isinstance(delivery.content, bytes):
        await send({"type": "http.response.body", "body": delivery.content})
        return
    for chunk in delivery.chunks():
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
