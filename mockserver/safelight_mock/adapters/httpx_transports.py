"""Transports of httpx and httpx2 that serve requests in the process, without a socket."""

import asyncio
import sys
from typing import cast

import httpx

from safelight_mock.app.driver import (
    RunningExchange,
    perform_elsewhere,
    run_until_response,
    run_until_response_async,
)
from safelight_mock.app.outgoing_response import OutgoingResponse
from safelight_mock.app.steps import ReadBody, Sleep, Step
from safelight_mock.twin import Twin
from safelight_mock.wire.messages import Request


class TwinTransport(httpx.BaseTransport):
    """A transport for `httpx.Client(transport=…)`.

    In responses to requests to a vendor's own host, links to files have a host like the vendor's links. Mount
    the transport for that host too, unless it is the transport for all.
    """

    def __init__(self, twin: Twin) -> None:
        self._twin = twin

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Serve a request."""
        exchange = self._twin.exchange(_request(self._twin, request))
        return _response(request, run_until_response(exchange, self._twin.effects, (request.read(),)))


class AsyncTwinTransport(httpx.AsyncBaseTransport):
    """A transport for `httpx.AsyncClient(transport=…)`; blocking steps run in threads."""

    def __init__(self, twin: Twin) -> None:
        self._twin = twin

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Serve a request."""
        body = await request.aread()

        async def perform(step: Step) -> object:
            if isinstance(step, ReadBody):
                await asyncio.to_thread(step.reader.feed, body)
            elif isinstance(step, Sleep):
                await asyncio.sleep(step.seconds)
            else:
                return await perform_elsewhere(step, self._twin.effects, asyncio.to_thread)
            return None

        running = RunningExchange(self._twin.exchange(_request(self._twin, request)))
        response = await run_until_response_async(running, perform)
        return await asyncio.to_thread(_response, request, response)


def _request(twin: Twin, request: httpx.Request) -> Request:
    url = request.url
    origin = f"{url.scheme}://{url.netloc.decode()}"
    return Request(
        method=request.method,
        path=url.path,
        query=url.query.decode(),
        headers={name.lower(): value for name, value in request.headers.items()},
        origin=origin,
        reached=origin,
        at=twin.real(),
    )


def _response(request: httpx.Request, response: OutgoingResponse) -> httpx.Response:
    response_class = _response_class(request)
    content = response.content if isinstance(response.content, bytes) else b"".join(response.chunks())
    return response_class(response.status, headers=dict(response.headers), content=content)


def _response_class(request: httpx.Request) -> type[httpx.Response]:
    """Return the response class of the library that made a request: httpx, or httpx2, its successor.

    Both have the same transport interface, but each accepts its own class only.
    """
    packages = (sys.modules.get(base.__module__.partition(".")[0]) for base in type(request).__mro__)
    classes = (getattr(package, "Response", None) for package in packages)
    return cast("type[httpx.Response]", next(filter(None, classes), httpx.Response))
