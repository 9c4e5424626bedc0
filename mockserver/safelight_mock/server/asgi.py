"""The twin as an ASGI application: a thin shell that keeps blocking work off the event loop."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from safelight_mock.server.twin import Twin, UnjudgedError
from safelight_mock.wire import objects
from safelight_mock.wire.call import BODIED, Artifact, Call, Reply
from safelight_mock.wire.problem import Kind, Problem

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

T = TypeVar("T")
R = TypeVar("R")

NO_CONTENT = 204
CHUNK = 256 * 1024  # bytes of a file sent at once
WORKERS = 2

log = logging.getLogger("safelight_mock")


class GoneError(Exception):
    """The caller went away before its body had arrived."""


class App:
    """An ASGI 3 application; mount it anywhere."""

    def __init__(self, twin: Twin) -> None:
        self.twin = twin
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="safelight-work")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or start and stop."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(call_from(scope, self.twin.real()), receive, send)

    def close(self) -> None:
        """Wait for no work that has not begun."""
        self._workers.shutdown(wait=False, cancel_futures=True)

    async def _live(self, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        self.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, call: Call, receive: Receive, send: Send) -> None:
        try:
            reply = await self._answer(call, receive)
        except GoneError:
            return
        log.info("%s %s %d", call.method, call.path, reply.status)
        if isinstance(reply.content, Artifact):
            await self._send_file(call, reply, reply.content, send)
        else:
            await self._send_bytes(call, reply, send)

    async def _answer(self, call: Call, receive: Receive) -> Reply:
        try:
            return await self._reply(call, receive)
        except Problem as problem:
            return self.twin.refuse(call, problem)

    async def _reply(self, call: Call, receive: Receive) -> Reply:
        if call.method not in BODIED:
            return await self._settle(call)
        with closing(self.twin.reader(call)) as reader:
            async for chunk in _body(receive, self.twin.settings.body_timeout):
                reader.feed(chunk)
            return await self._settle(replace(call, body=reader.finish()))

    async def _settle(self, call: Call) -> Reply:
        while True:
            try:
                return self.twin.answer(call)
            except UnjudgedError as unjudged:
                await self._off_loop(self.twin.judge, unjudged.digest)

    async def _send_file(self, call: Call, reply: Reply, artifact: Artifact, send: Send) -> None:
        try:
            path = await self._off_loop(self.twin.fetch, artifact)
        except Exception:
            log.exception("%s cannot be made", call.path)
            await self._send_bytes(call, objects.broken(), send)
            return
        with path.open("rb") as file:
            await _send_head(send, reply, os.fstat(file.fileno()).st_size)
            for chunk in iter(partial(file.read, CHUNK), b"") if call.method == "GET" else ():
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def _send_bytes(self, call: Call, reply: Reply, send: Send) -> None:
        content = reply.content if isinstance(reply.content, bytes) else b""
        await _send_head(send, reply, None if reply.status == NO_CONTENT else len(content))
        await send({"type": "http.response.body", "body": b"" if call.method == "HEAD" else content})

    async def _off_loop(self, work: Callable[[T], R], about: T) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._workers, work, about)


def call_from(scope: Scope, at: float) -> Call:
    """Read the head of a request."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    host = headers.get("host", "")
    return Call(
        method=scope["method"],
        path=scope["path"],
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        origin=f"{scope['scheme']}://{host}",
        at=at,
    )


async def _body(receive: Receive, pause: float) -> AsyncIterator[bytes]:
    more = True
    while more:
        try:
            message = await asyncio.wait_for(receive(), pause)
        except TimeoutError as error:
            raise Problem(Kind.TOO_SLOW) from error
        if message["type"] == "http.disconnect":
            raise GoneError
        more = message.get("more_body", False)
        yield message.get("body", b"")


async def _send_head(send: Send, reply: Reply, length: int | None) -> None:
    headers = [(name.encode(), value.encode("latin-1")) for name, value in reply.headers.items()]
    if length is not None:
        headers.append((b"content-length", str(length).encode()))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
