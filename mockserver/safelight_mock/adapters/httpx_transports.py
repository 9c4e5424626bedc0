"""The twin inside a test's own process: transports of httpx, and of httpx2, that open no socket."""

import asyncio
import sys
from contextlib import closing
from typing import cast

import httpx
from msgspec.structs import replace

from safelight_mock.app.driver import settle
from safelight_mock.app.outgoing_response import deliver
from safelight_mock.app.steps import Errand, Passage
from safelight_mock.app.twin import Twin
from safelight_mock.core.job import InspectionKey
from safelight_mock.wire.messages import Call, Reply
from safelight_mock.wire.problem import Problem, Refusal


class TwinTransport(httpx.BaseTransport):
    """Hand it to `httpx.Client(transport=…)`.

    In responses to calls to a vendor's own host, links to files have the host that the vendor's links have.
    Mount the transport for that host too, where it is not mounted for all.
    """

    def __init__(self, twin: Twin) -> None:
        self._twin = twin

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        return _answer(self._twin, _call(self._twin, request), request)


class AsyncTwinTransport(httpx.AsyncBaseTransport):
    """Hand it to `httpx.AsyncClient(transport=…)`; work that may block runs in a thread."""

    def __init__(self, twin: Twin) -> None:
        self._twin = twin

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        call, body = _call(self._twin, request), await request.aread()
        try:
            reply = await self._reply(call, body)
        except (Problem, Refusal) as refusal:
            reply = self._twin.refuse(call, refusal)
        return await asyncio.to_thread(_response, self._twin, call, reply, _response_class(request))

    async def _reply(self, call: Call, body: bytes) -> Reply:
        if not self._twin.takes_body(call):
            return await settle(self._twin, call, self)
        with closing(self._twin.reader(call)) as reader:
            await asyncio.to_thread(reader.feed, body)
            read = replace(call, body=reader.finish(), at=self._twin.real())
            return await settle(self._twin, read, self)

    async def judge(self, keys: frozenset[InspectionKey]) -> None:
        """Look at inputs in a thread."""
        await asyncio.to_thread(self._twin.judge, keys)

    async def load(self, call: Call, addresses: frozenset[str]) -> Call:
        """Load inputs in a thread."""
        return await asyncio.to_thread(self._twin.load, call, addresses)

    async def let_pass(self, passage: Passage | Errand) -> Call:
        """Let time pass in a thread."""
        return await asyncio.to_thread(self._twin.let_pass, passage)


def _call(twin: Twin, request: httpx.Request) -> Call:
    url = request.url
    origin = f"{url.scheme}://{url.netloc.decode()}"
    return Call(
        method=request.method,
        path=url.path,
        query=url.query.decode(),
        headers={name.lower(): value for name, value in request.headers.items()},
        origin=origin,
        reached=origin,
        at=twin.real(),
    )


def _answer(twin: Twin, call: Call, request: httpx.Request) -> httpx.Response:
    body = request.read()
    try:
        reply = _reply(twin, call, body)
    except (Problem, Refusal) as refusal:
        reply = twin.refuse(call, refusal)
    return _response(twin, call, reply, _response_class(request))


def _response(twin: Twin, call: Call, reply: Reply, kind: type[httpx.Response]) -> httpx.Response:
    delivery = deliver(twin, call, reply)
    content = b"".join(delivery.chunks())
    return kind(delivery.status, headers=dict(delivery.headers), content=content)


def _response_class(request: httpx.Request) -> type[httpx.Response]:
    """Return the response class of the library that made a request: httpx, or httpx2, its successor.

    Both ask a transport for the same, but each takes its own class only.
    """
    packages = (sys.modules.get(base.__module__.partition(".")[0]) for base in type(request).__mro__)
    classes = (getattr(package, "Response", None) for package in packages)
    return cast("type[httpx.Response]", next(filter(None, classes), httpx.Response))


def _reply(twin: Twin, call: Call, body: bytes) -> Reply:
    if not twin.takes_body(call):
        return twin.settle(call)
    with closing(twin.reader(call)) as reader:
        reader.feed(body)
        return twin.settle(replace(call, body=reader.finish(), at=twin.real()))
