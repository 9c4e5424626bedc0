"""Transports of httpx and httpx2 that serve requests in the process, without a socket."""

import asyncio
import sys
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from math import inf
from typing import Any, cast
from urllib.parse import unquote

import httpx

from safelight_mock.adapters.httpx_faults import Caller, faulty_response
from safelight_mock.app.driver import (
    RunningExchange,
    perform_elsewhere,
    run_until_response,
    run_until_response_async,
)
from safelight_mock.app.event_feed import EventFeed
from safelight_mock.app.outgoing_response import OutgoingResponse
from safelight_mock.app.steps import ExchangeStep, ReadBody, Sleep
from safelight_mock.config.arguments import check_type
from safelight_mock.twin import Twin
from safelight_mock.wire.messages import Request

NAMES = 1_000  # names of header fields that are cached in lower case


class TwinTransport(httpx.BaseTransport):
    """A transport for `httpx.Client(transport=…)`.

    If the client calls the vendor's own address (https://api.claid.ai), links in responses have a host like
    the vendor's (https://dl.claid.ai). A client with `mounts=` has to mount the transport for that host as
    well; with `transport=` nothing is needed. docs/control.md lists the hosts.
    """

    def __init__(self, twin: Twin) -> None:
        check_type("twin", twin, Twin, "a Twin")
        self._twin = twin

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Serve a request, in the calling thread."""
        exchange = self._twin.exchange(_request(self._twin, request))
        response = run_until_response(exchange, self._twin.effects, (request.read(),))
        if response.source.transfer is not None:  # a scenario makes the transfer go wrong
            faulty = faulty_response(_caller(request), response)
            if faulty is not None:  # None: a stream of events whose head may still be sent
                return faulty
        if isinstance(response.content, EventFeed):
            return _response(request, response, self._events(request, response.content))
        content = response.content
        return _response(request, response, content if isinstance(content, bytes) else _file_bytes(response))

    def _events(self, request: httpx.Request, feed: EventFeed) -> Iterator[bytes]:
        read_timeout = _read_timeout(request)
        try:
            while part := run_until_response(feed.next_part(read_timeout), self._twin.effects):
                yield part
        except TimeoutError as error:
            raise _package(request).ReadTimeout("the read operation timed out", request=request) from error


class AsyncTwinTransport(httpx.AsyncBaseTransport):
    """A transport for `httpx.AsyncClient(transport=…)`; blocking steps run in threads."""

    def __init__(self, twin: Twin) -> None:
        check_type("twin", twin, Twin, "a Twin")
        self._twin = twin

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Serve a request."""
        body = await request.aread()

        async def perform(step: ExchangeStep) -> object:
            if isinstance(step, ReadBody):
                await asyncio.to_thread(step.reader.feed, body)
            elif isinstance(step, Sleep):
                await asyncio.sleep(step.seconds)
            else:
                return await perform_elsewhere(step, self._twin.effects, asyncio.to_thread)
            return None

        running = RunningExchange(self._twin.exchange(_request(self._twin, request)))
        response = await run_until_response_async(running, perform)
        if response.source.transfer is not None:  # a scenario makes the transfer go wrong
            faulty = faulty_response(_caller(request), response, is_async=True)
            if faulty is not None:  # None: a stream of events whose head may still be sent
                return faulty
        if isinstance(response.content, EventFeed):
            return _response(request, response, _events_async(request, response.content, perform))
        content = response.content
        if not isinstance(content, bytes):
            content = await asyncio.to_thread(_file_bytes, response)
        return _response(request, response, content)


def _file_bytes(response: OutgoingResponse) -> bytes:
    """Return all bytes of a response that is a file."""
    return b"".join(response.chunks())


async def _events_async(
    request: httpx.Request, feed: EventFeed, perform: Callable[[ExchangeStep], Awaitable[object]]
) -> AsyncIterator[bytes]:
    read_timeout = _read_timeout(request)
    try:
        while part := await run_until_response_async(RunningExchange(feed.next_part(read_timeout)), perform):
            yield part
    except TimeoutError as error:
        raise _package(request).ReadTimeout("the read operation timed out", request=request) from error


def _caller(request: httpx.Request) -> Caller:
    return Caller(request, _package(request), _read_timeout(request))


def _read_timeout(request: httpx.Request) -> float:
    """Return how many seconds the client waits for the next bytes."""
    seconds: float | None = request.extensions.get("timeout", {}).get("read")
    return inf if seconds is None else seconds


def _request(twin: Twin, request: httpx.Request) -> Request:
    """Return a request of httpx as the twin takes it; `origin` is what the client addressed."""
    url = request.url
    origin = f"{url.scheme}://{url.netloc.decode()}"
    path, _, query = url.raw_path.decode("ascii").partition("?")
    return Request(
        method=request.method,
        path=unquote(path) if "%" in path else path,
        query=query,
        headers=_fields(request.headers.raw),
        origin=origin,
        reached=origin,
        at=twin.real(),
    )


def _fields(raw: Iterable[tuple[bytes, bytes]]) -> Mapping[str, str]:
    """Return header fields by their names in lower case; several of one name are joined by commas."""
    fields: dict[str, str] = {}
    for name, value in raw:
        key, text = _name(name), value.decode("latin-1")
        fields[key] = f"{fields[key]}, {text}" if key in fields else text
    return fields


@lru_cache(NAMES)
def _name(name: bytes) -> str:
    return name.decode("latin-1").lower()


def _response(
    request: httpx.Request,
    response: OutgoingResponse,
    content: bytes | Iterable[bytes] | AsyncIterable[bytes],
) -> httpx.Response:
    package, headers = _package(request), [*response.headers.items()]
    if isinstance(content, bytes) and "content-length" in response.headers:
        made = package.Response(response.status, headers=headers, stream=package.ByteStream(content))
    else:
        made = package.Response(response.status, headers=headers, content=content)
    return cast("httpx.Response", made)


def _package(request: httpx.Request) -> Any:  # noqa: ANN401 - a module
    """Return the library that made a request: httpx, or httpx2, its successor.

    Both have the same transport interface, but each accepts its own classes only.
    """
    return httpx if type(request) is httpx.Request else _other_package(type(request))


def _other_package(kind: type) -> Any:  # noqa: ANN401 - as above
    packages = (sys.modules.get(base.__module__.partition(".")[0]) for base in kind.__mro__)
    return next((package for package in packages if hasattr(package, "Response")), httpx)
