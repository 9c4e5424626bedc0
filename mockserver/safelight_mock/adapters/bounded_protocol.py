"""uvicorn's HTTP protocol within bounds: of a request's head, of silence, of the number of connections.

uvicorn bounds a connection only between two requests: until the first head is complete, and once a byte of
the next one has arrived, nothing is counted and nothing expires.
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
LINGER = (
    1.0  # seconds in which a refused client may finish sending: closing at once would reset what it reads
)
FRAMING = 4  # bytes of a field beside its name and value: a colon, a space, the end of the line

ABSOLUTE = re.compile(rb"[a-z][a-z0-9+.-]*://([^/?#]*)", re.IGNORECASE)

Fields = list[tuple[bytes, bytes]]

Refusal = tuple[int, str]
"""A status and its reason, for a request that cannot be read."""

FULL: Refusal = 503, "All connections are in use; try again later."
LONG_HEAD: Refusal = 431, f"The request's head is longer than {HEAD} bytes."
LONG_TARGET: Refusal = 414, f"The request's head is longer than {HEAD} bytes, most of it its target."
SLOW: Refusal = 408, "The request's head did not arrive in time."
HOSTLESS: Refusal = 400, "A request must have one Host field, with the name or address of this server."


class UnreadableError(Exception):
    """A head that is refused; httptools stops reading at it."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal[1])
        self.refusal = refusal


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol for one connection, which ends when it breaks a bound."""

    def __init__(self, *args: Any, bounds: ConnectionLimits, **rest: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(*args, **rest)
        self._bounds = bounds
        self._deadline = inf  # when the connection ends, by the clock of the event loop
        self._alarm: TimerHandle | None = None
        self._rings = inf  # when the alarm does
        self._stalled: TimerHandle | None = None  # runs while the client does not read
        self._unread = 0  # bytes that arrived since a head was complete, or a piece of a body was had
        self._unsure = 0  # bytes at most of the next head that came in one piece with the end of a request
        self._piece = 0  # bytes of the piece that is read
        self._is_idle = False  # until a byte of the next request arrives
        self._has_body = False  # of the last request, some of its body may still come
        self._is_deaf = False  # what arrives is thrown away
        self._refusal: Refusal | None = None
        self._checked: Fields | None = None  # those of the last request, with one valid Host
        self.url = b""  # which uvicorn sets when a request begins, and blank lines may come before
        self.timeout_keep_alive = bounds.keep_alive_timeout  # type: ignore[assignment] # seconds need not be whole

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn narrows it
        """Begin a connection; one beyond the bound is answered 503 and closed."""
        super().connection_made(transport)
        if self._bounds.admits(len(self.connections)):
            self._time(self._bounds.header_timeout)
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
        """Read what arrived, as long as it stays within the bounds."""
        if self._is_deaf:
            return
        self._piece = len(data)
        self._unread += self._piece
        super().data_received(data)
        if self._unread > HEAD:  # a head, or what stands beside a body in chunks: extensions, trailers
            self._refuse(self._length())
        if self._unread or self._has_body:
            self._watch()

    def pause_writing(self) -> None:
        """Give a client that does not read its response as long as one that does not send its body."""
        super().pause_writing()
        self._stalled = self.loop.call_later(self._bounds.body_timeout, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on with a client that reads again."""
        self._stop_waiting()
        super().resume_writing()

    def on_headers_complete(self) -> None:
        """Check a head before anything else is done with it."""
        if self._unread + self._unsure > HEAD:
            self._check_length()
        self._unread = self._unsure = 0
        self._deadline = inf
        self._check_host()
        self._has_body = True
        self._begin()

    def on_body(self, body: bytes) -> None:
        """Take a piece of a body."""
        self._unread = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that a request is whole."""
        self._unread, self._unsure = 0, self._piece
        self._has_body = False
        if self.cycle is not None:  # what was answered at once has none
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be read; uvicorn calls this when the parser stops."""
        self._refuse(self._refusal or (400, msg))

    def _begin(self) -> None:
        """Go uvicorn's way with a request."""
        super().on_headers_complete()

    def _check_length(self) -> None:
        """Raise UnreadableError for a head that is too long: exact where the count of what arrived is not."""
        fields = sum(len(name) + len(value) + FRAMING for name, value in self.headers)
        if len(self.url) + fields > HEAD:
            self._stop(self._length())

    def _check_host(self) -> None:
        """Raise UnreadableError for a head without the one Host that RFC 9112, section 3.2 wants."""
        if self.headers != self._checked:  # which are the same for all requests on most connections
            host = self._only_host()
            if host is not None and not _is_host(host):
                self._stop(HOSTLESS)
            self._checked = None if host is None else self.headers  # without one the version matters
        if self.url[:1] != b"/":
            self._take_host()

    def _only_host(self) -> bytes | None:
        hosts = [value for name, value in self.headers if name == b"host"]
        if len(hosts) != 1 and (hosts or self.parser.get_http_version() != "1.0"):
            self._stop(HOSTLESS)
        return hosts[0] if hosts else None

    def _length(self) -> Refusal:
        return LONG_TARGET if len(self.url) > HEAD // 2 else LONG_HEAD

    def _take_host(self) -> None:
        """Let the host of a target in absolute form replace the field (RFC 9112, section 3.2.2)."""
        absolute = ABSOLUTE.match(self.url)
        if absolute is None:
            return
        if not _is_host(absolute[1]):
            self._stop(HOSTLESS)
        others = [field for field in self.headers if field[0] != b"host"]
        self.headers[:] = [(b"host", absolute[1]), *others]  # the list that the scope holds
        self._checked = None

    def _stop(self, refusal: Refusal) -> NoReturn:
        self._refusal = refusal  # for send_400_response: the parser tells uvicorn only that it stopped
        raise UnreadableError(refusal)

    def _rest(self) -> None:
        """Wait for another request, after one that was answered without uvicorn."""
        self.server_state.total_requests += 1
        self._is_idle = True
        self._time(self._bounds.keep_alive_timeout)

    def _watch(self) -> None:
        """Bound the time of a head that has begun, or of a body that goes on although it was answered."""
        if self._is_deaf or self._is_answering():
            return
        if self._has_body:
            self._time(self._bounds.keep_alive_timeout)  # for each pause
        elif self._is_idle or self._deadline == inf:
            self._is_idle = False
            self._time(self._bounds.header_timeout)  # for all of it

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _time(self, seconds: float) -> None:
        """Set the deadline. A timer for each poll would cost a microsecond: one alarm serves many."""
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

    def _refuse(self, refusal: Refusal) -> None:
        """Read no more; answer, unless an earlier request is being answered: then that is the last answer."""
        if self._is_deaf or self.transport.is_closing():
            return
        self._is_deaf = True
        self._unset_keepalive_if_required()
        if self._is_answering() and not self._gives_up_reading():
            self.cycle.keep_alive = False
            self._deadline = inf
            return
        self._write(refusal)
        self.transport.write_eof()
        self._time(LINGER)

    def _gives_up_reading(self) -> bool:
        """End a request whose own body is refused, if no part of an answer is out and none is owed before."""
        if not self._has_body or self.pipeline or self.cycle.response_started:
            return False
        self.cycle.disconnected = True  # what answers it stops, as if the client had gone
        self.cycle.message_event.set()
        return True

    def _write(self, refusal: Refusal) -> None:
        status, why = refusal
        fields = (
            *self.server_state.default_headers,
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(why)).encode()),
            (b"connection", b"close"),
        )
        lines = b"".join(b"%b: %b\r\n" % field for field in fields)
        self.transport.write(b"".join((STATUS_LINE[status], lines, b"\r\n", why.encode())))


def _is_host(value: bytes) -> bool:
    return host_in(value.decode("latin-1")) is not None
