"""uvicorn's HTTP protocol with limits: size of a request's head, timeouts, number of connections.

uvicorn has a timeout only between two requests: until the first head is complete, and once a byte of the next
one has arrived, nothing is counted and nothing expires (slowloris).
"""

import asyncio
import re
from asyncio import TimerHandle
from math import inf
from typing import Any, NoReturn

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from safelight_mock.adapters.connections import ConnectionLimits
from safelight_mock.wire.hosts import host_in

HEAD = 64 * 1024  # bytes of a request line and its fields together
# Seconds in which a rejected client may finish sending. Closing with unread data in the socket would send a
# RST, which makes the client lose the response (RFC 9112, section 9.6).
LINGER = 1.0
FRAMING = 4  # bytes of a field besides its name and value: colon, space, CRLF

ABSOLUTE = re.compile(rb"[a-z][a-z0-9+.-]*://([^/?#]*)", re.IGNORECASE)

Fields = list[tuple[bytes, bytes]]

EarlyResponse = tuple[int, str]
"""Status and message for an invalid request."""

FULL: EarlyResponse = 503, "All connections are in use; try again later."
LONG_HEAD: EarlyResponse = 431, f"The request's head is longer than {HEAD} bytes."
LONG_TARGET: EarlyResponse = 414, f"The request's head is longer than {HEAD} bytes, most of it its target."
SLOW: EarlyResponse = 408, "The request's head did not arrive in time."
HOSTLESS: EarlyResponse = 400, "A request must have one Host field, with the name or address of this server."


class UnreadableError(Exception):
    """A rejected head. Raised in a callback of httptools, which stops parsing."""

    def __init__(self, early_response: EarlyResponse) -> None:
        super().__init__(early_response[1])
        self.early_response = early_response


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol for one connection, which is closed when it exceeds a limit."""

    def __init__(self, *args: Any, limits: ConnectionLimits, **uvicorn: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(*args, **uvicorn)
        self._limits = limits
        self._deadline = inf  # when the connection is closed, by the clock of the event loop
        self._alarm: TimerHandle | None = None
        self._rings = inf  # when the alarm fires; at most the deadline
        self._stalled: TimerHandle | None = None  # timeout while the client does not read
        self._unread = 0  # bytes received since the last complete head or chunk of a body
        self._unsure = 0  # bytes, at most, of a next head that arrived together with the end of a request
        self._piece = 0  # bytes of the data being parsed
        self._is_idle = False  # no byte of the next request has arrived
        self._has_body = False  # the body of the last request is not complete
        self._is_deaf = False  # received data is discarded
        self._early_response: EarlyResponse | None = None
        self._checked: Fields | None = None  # header fields of the last request with a valid Host
        self.url: bytes = b""  # set by uvicorn when a request begins, which blank lines may precede
        self.timeout_keep_alive = limits.keep_alive_timeout  # type: ignore[assignment] # uvicorn declares int

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn narrows it
        """Start a connection; one beyond the limit gets 503 and is closed, unless another one is idle."""
        super().connection_made(transport)
        if self._limits.admits(self._count()):
            self._time(self._limits.header_timeout)
        else:
            self._is_deaf = True
            self._write(FULL)
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """End a connection."""
        if self._alarm is not None:
            self._alarm.cancel()
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse data within the limits."""
        if self._is_deaf:
            return
        self._piece = len(data)
        self._unread += self._piece
        super().data_received(data)
        if self._unread > HEAD:  # a head, or extensions and trailers of a chunked body
            self._refuse(self._length())
        if self._unread or self._has_body:
            self._watch()

    def pause_writing(self) -> None:
        """Start the timeout of a client that does not read its response."""
        super().pause_writing()
        self._stalled = self.loop.call_later(self._limits.body_timeout, self.transport.abort)

    def resume_writing(self) -> None:
        """Stop that timeout."""
        self._stop_waiting()
        super().resume_writing()

    def on_headers_complete(self) -> None:
        """Check size and Host of a head before the request is handled."""
        if self._unread + self._unsure > HEAD:
            self._check_length()
        self._unread = self._unsure = 0
        self._deadline = inf
        self._check_host()
        self._has_body = True
        self._begin()

    def on_body(self, body: bytes) -> None:
        """Receive a chunk of a body."""
        self._unread = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that a request is complete."""
        self._unread, self._unsure = 0, self._piece
        self._has_body = False
        if self.cycle is not None:  # None after the fast path
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Reject an invalid request; uvicorn calls this when the parser stops."""
        self._refuse(self._early_response or (400, msg))

    def _count(self) -> int:
        """Return how many connections are open; beyond the limit, close the one that is idle for longest."""
        if len(self.connections) <= self._limits.most:
            return len(self.connections)
        bounded = (one for one in self.connections if isinstance(one, BoundedProtocol) and one is not self)
        others = [one for one in bounded if not one.transport.is_closing()]
        idle = [one for one in others if one.idle_until() < inf] if len(others) >= self._limits.most else []
        if idle:
            min(idle, key=BoundedProtocol.idle_until).transport.close()
        return len(others) + 1 - bool(idle)

    def idle_until(self) -> float:
        """Return when the connection is closed unless a request begins; infinite if one has begun."""
        if self._unread or self._has_body or self._is_answering():
            return inf
        if self.timeout_keep_alive_task is not None:  # after a response that uvicorn sent
            return self.timeout_keep_alive_task.when()
        return self._deadline if self._is_idle else inf

    def _begin(self) -> None:
        """Have uvicorn handle the request."""
        super().on_headers_complete()

    def _check_length(self) -> None:
        """Raise UnreadableError for a head that is too long, by its fields.

        The count of received bytes may include the end of the previous request, when both arrive together.
        """
        fields = sum(len(name) + len(value) + FRAMING for name, value in self.headers)
        if len(self.url) + fields > HEAD:
            self._stop(self._length())

    def _check_host(self) -> None:
        """Raise UnreadableError unless the head has exactly one valid Host (RFC 9112, section 3.2)."""
        if self.headers != self._checked:  # most connections send the same fields again
            host = self._only_host()
            if host is not None and not _is_host(host):
                self._stop(HOSTLESS)
            self._checked = None if host is None else self.headers  # HTTP/1.0 may omit it
        if self.url[:1] != b"/":
            self._take_host()

    def _only_host(self) -> bytes | None:
        hosts = [value for name, value in self.headers if name == b"host"]
        if len(hosts) != 1 and (hosts or self.parser.get_http_version() != "1.0"):
            self._stop(HOSTLESS)
        return hosts[0] if hosts else None

    def _length(self) -> EarlyResponse:
        return LONG_TARGET if len(self.url) > HEAD // 2 else LONG_HEAD

    def _take_host(self) -> None:
        """Replace the Host field by the host of a target in absolute form (RFC 9112, section 3.2.2)."""
        absolute = ABSOLUTE.match(self.url)
        if absolute is None:
            return
        if not _is_host(absolute[1]):
            self._stop(HOSTLESS)
        others = [field for field in self.headers if field[0] != b"host"]
        self.headers[:] = [(b"host", absolute[1]), *others]  # in place: the ASGI scope holds this list
        self._checked = None

    def _stop(self, early_response: EarlyResponse) -> NoReturn:
        self._early_response = early_response  # for send_400_response: it gets no exception
        raise UnreadableError(early_response)

    def _await_next_request(self) -> None:
        """Start the keep-alive timeout after a response that uvicorn did not send."""
        self.server_state.total_requests += 1
        self._is_idle = True
        self._time(self._limits.keep_alive_timeout)

    def _watch(self) -> None:
        """Start the timeout of an incomplete head, or of a body that is still sent after the response."""
        if self._is_deaf or self._is_answering():
            return
        if self._has_body:
            # For each pause between chunks.
            self._time(min(self._limits.keep_alive_timeout, self._limits.body_timeout))
        elif self._is_idle or self._deadline == inf:
            self._is_idle = False
            self._time(self._limits.header_timeout)  # for the whole head

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _time(self, seconds: float) -> None:
        """Set the deadline. One alarm serves many deadlines: a timer for each poll would cost 1 µs."""
        self._deadline = self.loop.time() + seconds
        if self._rings > self._deadline:
            self._set_alarm(seconds)

    def _set_alarm(self, seconds: float) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        self._rings = self.loop.time() + seconds
        self._alarm = self.loop.call_later(seconds, self._ring)

    def _ring(self) -> None:
        self._alarm, self._rings = None, inf
        left = self._deadline - self.loop.time()
        if left <= 0:
            self._expire()
        elif left < inf:
            self._set_alarm(left)

    def _stop_waiting(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()

    def _expire(self) -> None:
        if self._unread and not (self._has_body or self._is_deaf):
            self._refuse(SLOW)
        else:
            self.transport.close()

    def _refuse(self, early_response: EarlyResponse) -> None:
        """Discard further data; send the rejection, unless the response to an earlier request is being sent.

        That one is then the last on this connection: pipelined responses have the order of the requests.
        """
        if self._is_deaf or self.transport.is_closing():
            return
        self._is_deaf = True
        self._unset_keepalive_if_required()
        if self._is_answering() and not self._cancels_reading():
            self.cycle.keep_alive = False
            self._deadline = inf
            return
        self._write(early_response)
        self.transport.write_eof()
        self._time(LINGER)

    def _cancels_reading(self) -> bool:
        """Cancel a request whose own body is rejected, unless a response to it or before it is in flight."""
        if not self._has_body or self.pipeline or self.cycle.response_started:
            return False
        self.cycle.disconnected = True  # its handler stops, as after a disconnect
        self.cycle.message_event.set()
        return True

    def _write(self, early_response: EarlyResponse) -> None:
        status, message = early_response
        fields = (
            *self.server_state.default_headers,
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(message)).encode()),
            (b"connection", b"close"),
        )
        lines = b"".join(b"%b: %b\r\n" % field for field in fields)
        self.transport.write(b"".join((STATUS_LINE[status], lines, b"\r\n", message.encode())))


def _is_host(value: bytes) -> bool:
    return host_in(value.decode("latin-1")) is not None
