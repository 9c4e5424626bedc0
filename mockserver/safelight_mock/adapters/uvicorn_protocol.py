"""uvicorn's HTTP protocol with a fast path for polls and small requests.

- A request that needs no step before its response is answered inside the parser callback, without a task; one
  with a small body, once the body has arrived.
- The bytes of a request without a body that arrive again on the same connection, as from a polling client,
  are not parsed again.
- Any other request is handled by uvicorn. Its response is sent in one write, where uvicorn makes two.

Invariant: at most one request of a connection is in flight, and responses have the order of the requests. The
fast path is taken only while uvicorn has no request in flight on the connection (`_is_free`).
"""

import asyncio
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from msgspec.structs import replace
from uvicorn.protocols.http.httptools_impl import HEADER_RE, HEADER_VALUE_RE, STATUS_LINE

from safelight_mock.adapters.asgi import STARTED, UNKNOWN_PEER, UNKNOWN_SERVER, App, StartedExchange, address
from safelight_mock.adapters.bounded_protocol import BoundedProtocol, Fields
from safelight_mock.adapters.faulty_sending import CONNECTION
from safelight_mock.adapters.gathered_body import GatheredBody, gathered
from safelight_mock.adapters.resets import reset_connection
from safelight_mock.app.outgoing_response import SAFE, OutgoingResponse
from safelight_mock.app.steps import ReadBody
from safelight_mock.wire.messages import Request
from safelight_mock.wire.trace import Trace

TOGETHER = 64 * 1024  # buffered bytes that are written at once
POLLS = 16  # requests cached for a connection
LONG = 4 * 1024  # bytes of the longest cached request
HEADS = 500  # encoded heads of responses cached: those of polls are equal for a second (Date)
LINES = 1_000  # encoded header lines cached: most are the same for all responses

# A request with one of these headers is handled by uvicorn.
INVOLVED = frozenset({"transfer-encoding", "expect", "upgrade"})


class CoalescingTransport:
    """A transport that buffers writes until the next iteration of the event loop, and joins them."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._buffered: list[bytes] = []
        self._size = 0
        self.is_closing: Callable[[], bool] = transport.is_closing

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any attribute of the transport
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Hold data back, up to TOGETHER bytes."""
        if not self._buffered:
            self._loop.call_soon(self._release)
        self._buffered.append(data)
        self._size += len(data)
        if self._size > TOGETHER:
            self._release()

    def write_now(self, data: bytes) -> None:
        """Write data at once, unless buffered data precedes it."""
        if self._buffered:
            self.write(data)
        else:
            self._transport.write(data)

    def write_eof(self) -> None:
        """Write buffered data, then close the writing side."""
        self._release()
        self._transport.write_eof()

    def close(self) -> None:
        """Write buffered data, then close."""
        self._release()
        self._transport.close()

    def _release(self) -> None:
        if self._buffered and not self.is_closing():  # it may have been aborted meanwhile
            self._transport.write(b"".join(self._buffered))
        self._buffered.clear()
        self._size = 0


class FastPathProtocol(BoundedProtocol):
    """The protocol of one connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn narrows it
        """Start a connection."""
        super().connection_made(CoalescingTransport(transport))  # type: ignore[arg-type] # it delegates all else
        self._read: Fields | None = None  # the fields decoded last, and
        self._headers: Mapping[str, str] = {}  # the result: decoding takes a tenth of the time of a poll
        self._reached = f"{self.scheme}://{address(*(self.server or UNKNOWN_SERVER))}"
        self._is_open = False  # a request has begun and is not complete
        self._begun = 0  # requests that began in the data being parsed
        self._poll: Request | None = None  # the last one of them, if it took the fast path
        self._waiting: StartedExchange | None = None  # a cached poll whose response needs a step first
        self._body: GatheredBody | None = None  # of the last one, until it is complete
        self._polls: dict[bytes, Request] = {}  # by their bytes

    def data_received(self, data: bytes) -> None:
        """Parse data, unless it is a cached poll: parsing takes a fifth of the time of a poll."""
        again = self._polls.get(data) if len(data) <= LONG else None  # hashing an upload takes 50 µs
        if again is not None and self._repeats(again):
            self._unread, self._unsure = 0, len(data)
            return
        is_between = not self._is_open
        self._poll, self._begun = None, 0
        super().data_received(data)
        if self._body is not None and not self._body.is_timed:
            timeout = self._limits.gather_timeout
            self._body.end_with(self.loop.call_later(timeout, self._stop_gathering))
        # Only data that is exactly one request may be skipped next time: it does not change the parser.
        if is_between and not self._is_open and self._begun == 1:
            self._remember(data)

    def on_message_begin(self) -> None:
        """Note the begin of a request."""
        self._is_open = True
        self._begun += 1
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """Note the end of a request; respond if its body was buffered."""
        self._is_open = False
        if self._body is not None:
            begun, body, self._body = self._body.begun, b"".join(self._body.take()), None
            self.app.take_body(begun, body)
            if self._responds(begun):
                self._await_next_request()
            else:
                self._hand_over(begun)
        super().on_message_complete()

    def on_body(self, body: bytes) -> None:
        """Receive a chunk of a body."""
        if self._body is None:
            super().on_body(body)
        else:
            self._unread = 0
            self._body.append(body)

    def shutdown(self) -> None:
        """Close the connection after the request in flight."""
        self._stop_gathering()
        super().shutdown()

    def connection_lost(self, exc: Exception | None) -> None:
        """End a connection; a request with an incomplete body is dropped."""
        if self._body is not None:
            self._body.take()
            self._body.begun.running.close()
            self._body = None
        super().connection_lost(exc)

    def _begin(self) -> None:
        """Respond at once or buffer the body if possible; otherwise have uvicorn handle the request."""
        begun, self._waiting = self._waiting or self._start(), None
        if begun is None:
            self._hand_to_uvicorn()
        elif isinstance(begun.running.step, ReadBody):
            self._body = gathered(begun, self._limits)
            if self._body is None:
                self._hand_over(begun)
        elif self._has_no_body(begun.request) and self._responds(begun):
            self._poll = begun.request if begun.request.method in SAFE else None
            self._await_next_request()
        else:
            self._hand_over(begun)

    def _start(self) -> StartedExchange | None:
        """Start an exchange without a task; None if uvicorn has to handle the request."""
        is_free = self._is_free() and self.parser.should_keep_alive()
        request = self._request(self.app) if is_free and isinstance(self.app, App) else None
        return None if request is None else self.app.begin(request)

    def write_head(self, status: int, fields: Mapping[str, str]) -> None:
        """Send the head of a response past uvicorn, as `Connection` has it."""
        always = tuple(self.server_state.default_headers)
        self.transport.write(_encoded_head(status, always, tuple(fields.items())))

    def write_body(self, content: bytes) -> None:
        """Send bytes of a body past uvicorn, which would count them."""
        self.transport.write(content)

    async def reset(self) -> None:
        """Reset the connection, once the client's machine has what was sent, or after a second."""
        await reset_connection(self.transport)

    def close(self) -> None:
        """Close the connection; uvicorn sends nothing more."""
        self.transport.close()
        if self.cycle is not None:
            self.cycle.disconnected = True

    def _hand_over(self, begun: StartedExchange) -> None:
        """Have uvicorn handle a started request; the application continues its exchange."""
        self.scope[STARTED] = begun  # type: ignore[literal-required] # ours, beside ASGI's
        self._hand_to_uvicorn()

    def _hand_to_uvicorn(self) -> None:
        self.scope[CONNECTION] = self  # type: ignore[literal-required] # as above
        super()._begin()

    def _stop_gathering(self) -> None:
        """Have uvicorn handle an incomplete body: there each pause has a timeout, and nothing is buffered."""
        if self._body is not None:
            begun, pieces, self._body = self._body.begun, self._body.take(), None
            self._hand_over(begun)
            for piece in pieces:
                super().on_body(piece)

    def _is_answering(self) -> bool:
        return self._body is not None or super()._is_answering()

    def _remember(self, data: bytes) -> None:
        if self._poll is not None and len(data) <= LONG:
            self._polls[data] = self._poll
        if len(self._polls) > POLLS:
            del self._polls[next(iter(self._polls))]

    def _repeats(self, poll: Request) -> bool:
        """Respond to a cached request as of now; return whether that was possible."""
        if self._is_open or self._is_deaf or not self._is_free():
            return False
        self._unset_keepalive_if_required()
        listener = self.app.listener.on(self.server[1] if self.server else None)
        again = replace(poll, listener=listener, at=self.app.twin.real(), trace=Trace())
        begun = self.app.begin(again)
        if not self._responds(begun):
            self._waiting = begun
            return False
        self._await_next_request()
        return True

    def _is_free(self) -> bool:
        """Return whether no other request is in flight on this connection, and the client reads."""
        return (self.cycle is None or self.cycle.response_complete) and not self.flow.write_paused

    def _responds(self, begun: StartedExchange) -> bool:
        """Send the response if it needs no further step; return whether it was sent."""
        response = self.app.finish(begun)
        if (
            response is None
            or not isinstance(response.content, bytes)
            or response.source.transfer is not None
        ):
            return False
        try:
            data = self._head(response) + response.content
        except ValueError:  # an invalid header, a bug: uvicorn logs it and responds 500
            return False
        # Sending to a sleeping client wakes it, which costs more than the send. With several connections, the
        # responses of one iteration of the event loop are therefore sent together at its end: the first one
        # wakes the client for all. Sent at once, polls over 16 connections cost a quarter more CPU time.
        if len(self.connections) > 1:
            self.transport.write(data)
        else:
            self.transport.write_now(data)  # type: ignore[attr-defined] # of CoalescingTransport
        return True

    def _request(self, app: App) -> Request | None:
        """Return the request; None if uvicorn has to handle it."""
        method = self.parser.get_method().decode("ascii")
        headers = self._decoded_headers()
        path, _, query = self.url.partition(b"?")
        if "host" not in headers or not INVOLVED.isdisjoint(headers):
            return None
        if not path.startswith(b"/") or b"#" in self.url:  # absolute form or fragment
            return None
        return Request(
            method=method,
            path=unquote(path.decode("ascii")) if b"%" in path else path.decode("ascii"),
            query=query.decode("latin-1"),
            headers=headers,
            origin=f"{self.scheme}://{headers['host']}",
            reached=self._reached,
            peer=self.client[0] if self.client else UNKNOWN_PEER,
            listener=app.listener.on(self.server[1] if self.server else None),
            at=app.twin.real(),
        )

    def _decoded_headers(self) -> Mapping[str, str]:
        """Return the decoded fields; fields equal to those of the last request are not decoded again."""
        if self._checked is None or self._checked is not self._read:
            self._headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in self.headers}
            self._read = self._checked
        return self._headers

    def _head(self, response: OutgoingResponse) -> bytes:
        always = tuple(self.server_state.default_headers)
        return _encoded_head(response.status, always, tuple(response.headers.items()))

    @staticmethod
    def _has_no_body(request: Request) -> bool:
        return request.headers.get("content-length", "0") == "0"


@lru_cache(HEADS)
def _encoded_head(
    status: int, always: tuple[tuple[bytes, bytes], ...], others: tuple[tuple[str, str], ...]
) -> bytes:
    """Return the head of a response; raises ValueError for a line break in a header (response splitting)."""
    lines = (*(b"%b: %b\r\n" % header for header in always), *(_line(*header) for header in others))
    return b"".join((STATUS_LINE[status], *lines, b"\r\n"))


@lru_cache(LINES)
def _line(name: str, value: str) -> bytes:
    line = name.encode("ascii"), value.encode("latin-1")
    if HEADER_RE.search(line[0]) or HEADER_VALUE_RE.search(line[1]):
        raise ValueError(f"invalid header {name}: {value!r}")
    return b"%b: %b\r\n" % line
