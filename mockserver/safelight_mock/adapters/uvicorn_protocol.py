"""uvicorn's own HTTP protocol, taking shorter ways where there are some.

A request whose answer is at hand is answered where it is read, without a task; one with a small body, once
all of that has arrived. When the bytes of a request without a body come again, as they do from a client that
polls, they are not read again. Any other request goes uvicorn's way; its answer leaves with one write, where
uvicorn makes two: its head and its body.
"""

import asyncio
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from msgspec.structs import replace
from uvicorn.protocols.http.httptools_impl import HEADER_RE, HEADER_VALUE_RE, STATUS_LINE

from safelight_mock.adapters.asgi import BEGUN, NOWHERE, UNKNOWN, App, StartedExchange, address
from safelight_mock.adapters.bounded_protocol import BoundedProtocol, Fields
from safelight_mock.adapters.gathered_body import GatheredBody, gathered
from safelight_mock.app.outgoing_response import SAFE, OutgoingResponse
from safelight_mock.app.steps import ReadBody
from safelight_mock.wire.messages import Request
from safelight_mock.wire.trace import Trace

TOGETHER = 64 * 1024  # bytes from which what was held back is written at once
POLLS = 16  # of a connection that are remembered, and
LONG = 4 * 1024  # bytes of the longest of them
HEADS = 500  # of responses remembered: polls get the same one for a second
LINES = 1_000  # of heads remembered: most are the same for all responses

# A request with one of these headers takes uvicorn's way.
INVOLVED = frozenset({"transfer-encoding", "expect", "upgrade"})


class CoalescingTransport:
    """A transport that holds writes back until the event loop's next turn."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._held: list[bytes] = []
        self._size = 0
        self.is_closing: Callable[[], bool] = transport.is_closing

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the transport has
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Hold data back, unless it has become much."""
        if not self._held:
            self._loop.call_soon(self._release)
        self._held.append(data)
        self._size += len(data)
        if self._size > TOGETHER:
            self._release()

    def write_now(self, data: bytes) -> None:
        """Write data at once, unless other data has to go before."""
        if self._held:
            self.write(data)
        else:
            self._transport.write(data)

    def write_eof(self) -> None:
        """Write what was held back, and nothing more."""
        self._release()
        self._transport.write_eof()

    def close(self) -> None:
        """Write what was held back and close."""
        self._release()
        self._transport.close()

    def _release(self) -> None:
        if self._held:
            self._transport.write(b"".join(self._held))
        self._held.clear()
        self._size = 0


class FastPathProtocol(BoundedProtocol):
    """uvicorn's protocol for one connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn narrows it
        """Begin a connection."""
        super().connection_made(CoalescingTransport(transport))  # type: ignore[arg-type] # it delegates the rest
        self._read: Fields | None = None  # the fields that were read last, and
        self._headers: Mapping[str, str] = {}  # what was read: a tenth of what a poll costs
        self._reached = f"{self.scheme}://{address(*(self.server or NOWHERE))}"
        self._is_open = False  # a request has begun and is not whole
        self._begun = 0  # requests of the piece that is read
        self._poll: Request | None = None  # the last one of them, if it was answered at once
        self._waiting: StartedExchange | None = (
            None  # the last one, if something has to happen before it is answered
        )
        self._body: GatheredBody | None = None  # of the last one, until it is whole
        self._polls: dict[bytes, Request] = {}  # by the pieces they came in, each whole and alone

    def data_received(self, data: bytes) -> None:
        """Read what arrived. A poll that comes again is not read: that would be a fifth of its cost."""
        again = (
            self._polls.get(data) if len(data) <= LONG else None
        )  # to hash a piece of an upload takes 50 µs
        if again is not None and self._answers_again(again):
            self._unread, self._unsure = 0, len(data)
            return
        is_between = not self._is_open
        self._poll, self._begun = None, 0
        super().data_received(data)
        if self._body is not None and not self._body.is_timed:
            timeout = self._bounds.gather_timeout
            self._body.end_with(self.loop.call_later(timeout, self._stop_gathering))
        # Such a piece leaves the parser as it was: between two requests, where it may be left out next time.
        if is_between and not self._is_open and self._begun == 1:
            self._remember(data)

    def on_message_begin(self) -> None:
        """Note that a request has begun."""
        self._is_open = True
        self._begun += 1
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """Note that a request is whole; answer it, if its body was gathered."""
        self._is_open = False
        if self._body is not None:
            begun, body, self._body = self._body.begun, b"".join(self._body.take()), None
            self.app.take_body(begun, body)
            if self._answers(begun):
                self._rest()
            else:
                self._hand_on(begun)
        super().on_message_complete()

    def on_body(self, body: bytes) -> None:
        """Take a piece of a body."""
        if self._body is None:
            super().on_body(body)
        else:
            self._unread = 0
            self._body.append(body)

    def shutdown(self) -> None:
        """Close the connection, after the request that is under way."""
        self._stop_gathering()
        super().shutdown()

    def connection_lost(self, exc: Exception | None) -> None:
        """End a connection; a request whose body is not whole is not answered."""
        if self._body is not None:
            self._body.take()
            self._body.begun.running.close()
            self._body = None
        super().connection_lost(exc)

    def _begin(self) -> None:
        """Answer at once or gather the body, if either can be; otherwise go uvicorn's way."""
        begun, self._waiting = self._waiting or self._begun_here(), None
        if begun is None:
            super()._begin()
        elif isinstance(begun.running.step, ReadBody):
            self._body = gathered(begun, self._bounds)
            if self._body is None:
                self._hand_on(begun)
        elif self._has_no_body(begun.request) and self._answers(begun):
            self._poll = begun.request if begun.request.method in SAFE else None
            self._rest()
        else:
            self._hand_on(begun)

    def _begun_here(self) -> StartedExchange | None:
        """Begin to answer a request without a task; None if it has to take uvicorn's way."""
        is_free = self._is_free() and self.parser.should_keep_alive()
        request = self._call(self.app) if is_free and isinstance(self.app, App) else None
        return None if request is None else self.app.begin(request)

    def _hand_on(self, begun: StartedExchange) -> None:
        """Go uvicorn's way with a request that was begun here; the application goes on with it."""
        self.scope[BEGUN] = begun  # type: ignore[literal-required] # ours, beside ASGI's
        super()._begin()

    def _stop_gathering(self) -> None:
        """Go uvicorn's way with a body that is not whole: there it has its time limits, and may be large."""
        if self._body is not None:
            begun, pieces, self._body = self._body.begun, self._body.take(), None
            self._hand_on(begun)
            for piece in pieces:
                super().on_body(piece)

    def _is_answering(self) -> bool:
        return self._body is not None or super()._is_answering()

    def _remember(self, data: bytes) -> None:
        if self._poll is not None and len(data) <= LONG:
            self._polls[data] = self._poll
        if len(self._polls) > POLLS:
            del self._polls[next(iter(self._polls))]

    def _answers_again(self, poll: Request) -> bool:
        """Answer a request that came before, as of now; tell whether that could be."""
        if self._is_open or self._is_deaf or not self._is_free():
            return False
        self._unset_keepalive_if_required()
        listener = self.app.listener.on(self.server[1] if self.server else None)
        again = replace(poll, listener=listener, at=self.app.twin.real(), trace=Trace())
        begun = self.app.begin(again)
        if not self._answers(begun):
            self._waiting = begun
            return False
        self._rest()
        return True

    def _is_free(self) -> bool:
        """Tell whether nothing else is under way on this connection."""
        return (self.cycle is None or self.cycle.response_complete) and not self.flow.write_paused

    def _answers(self, begun: StartedExchange) -> bool:
        """Write an answer that is at hand; tell whether there was one."""
        response = self.app.finish(begun)
        if response is None or not isinstance(response.content, bytes):
            return False
        try:
            answer = self._head(response) + response.content
        except ValueError:  # uvicorn tells it as it tells all bugs
            return False
        # A send to a sleeping client wakes it, which costs more than the send. With several connections, the
        # responses of one turn of the event loop therefore leave together at its end: the first one wakes the
        # client for all. Written at once, polls over 16 connections cost a quarter more CPU time.
        if len(self.connections) > 1:
            self.transport.write(answer)
        else:
            self.transport.write_now(answer)  # type: ignore[attr-defined] # it is a Joining
        return True

    def _call(self, app: App) -> Request | None:
        """Read the head of a request; None if it has to take uvicorn's way."""
        method = self.parser.get_method().decode("ascii")
        headers = self._headers_read()
        path, _, query = self.url.partition(b"?")
        if "host" not in headers or not INVOLVED.isdisjoint(headers):
            return None
        if not path.startswith(b"/") or b"#" in self.url:  # which uvicorn takes apart
            return None
        return Request(
            method=method,
            path=unquote(path.decode("ascii")) if b"%" in path else path.decode("ascii"),
            query=query.decode("latin-1"),
            headers=headers,
            origin=f"{self.scheme}://{headers['host']}",
            reached=self._reached,
            peer=self.client[0] if self.client else UNKNOWN,
            listener=app.listener.on(self.server[1] if self.server else None),
            at=app.twin.real(),
        )

    def _headers_read(self) -> Mapping[str, str]:
        """Read the fields of a request; those that came before, as most do, were read then."""
        if self._checked is None or self._checked is not self._read:
            self._headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in self.headers}
            self._read = self._checked
        return self._headers

    def _head(self, response: OutgoingResponse) -> bytes:
        always = tuple(self.server_state.default_headers)
        return _written(response.status, always, tuple(response.headers.items()))

    @staticmethod
    def _has_no_body(request: Request) -> bool:
        return request.headers.get("content-length", "0") == "0"


@lru_cache(HEADS)
def _written(
    status: int, always: tuple[tuple[bytes, bytes], ...], given: tuple[tuple[str, str], ...]
) -> bytes:
    """Write the head of a response; raises ValueError for a header that would be read as more."""
    lines = (*(b"%b: %b\r\n" % header for header in always), *(_line(*header) for header in given))
    return b"".join((STATUS_LINE[status], *lines, b"\r\n"))


@lru_cache(LINES)
def _line(name: str, value: str) -> bytes:
    line = name.encode("ascii"), value.encode("latin-1")
    if HEADER_RE.search(line[0]) or HEADER_VALUE_RE.search(line[1]):
        raise ValueError(f"{value!r} cannot be the header {name}")
    return b"%b: %b\r\n" % line
