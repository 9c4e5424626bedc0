"""Bodies of responses: passed on while they arrive, and kept as JSON, text or file."""

import json
import time
from collections.abc import AsyncIterator, Callable
from typing import NamedTuple

import httpx

from safelight_mock.adapters.faulty_sending import Connection, Send
from safelight_mock.adapters.record.upstream import Fields, breakage, passed
from safelight_mock.core.transfer_faults import TransferFault
from safelight_mock.recording.events import EVENT_END, received_event, with_data
from safelight_mock.recording.exchange import ERRORS, Body, ReceivedEvent
from safelight_mock.recording.folder import Folder
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.operation import may_be_json

DOCUMENT = 8 * 1024 * 1024  # bytes of JSON that is read before it is passed on
TEXT = 64 * 1024  # bytes of a text, or of the events of a stream, that are kept
MOST_EVENTS = 1_000  # as scenarios have it
EVENTS = "text/event-stream"
OK = 200

Rewrite = Callable[[JSON], JSON]


class Relayed(NamedTuple):
    """What was passed on: the body as it came, and what went wrong with it."""

    body: Body
    transfer: TransferFault | None


class Relay(NamedTuple):
    """Passes one response on; `connection` is that of our own server. `is_file`: whatever its type is."""

    response: httpx.Response
    headers: Fields
    send: Send
    connection: Connection | None
    folder: Folder
    is_file: bool

    async def run(self, rewrite: Rewrite) -> Relayed:
        """Pass the response on, JSON with the changes of `rewrite`; the headers are those to send."""
        chunks = _Chunks(self.response)
        has_body = self.response.request.method != "HEAD"
        if has_body and self._media_type == EVENTS:
            return await self._stream(chunks, rewrite)
        if has_body and not self.is_file and may_be_json(self._media_type):
            return await self._document(chunks, rewrite)
        await self._begin(self._length)
        spool, kept, is_whole = self.folder.spool(), bytearray(), False
        try:
            async for chunk in chunks:
                spool.write(chunk)
                kept += chunk[: max(0, TEXT + 1 - len(kept))]
                await self._part(chunk)
            is_file = (self.is_file or not self._is_text) and has_body
            is_whole = chunks.error is None and self.response.status_code == OK and is_file
        finally:
            digest = self.folder.keep(spool, self._media_type, is_whole=is_whole)
        error = await self._end(chunks)
        text = None if digest or len(kept) > TEXT or not self._is_text else kept.decode("utf-8", "replace")
        size = 0 if text is None else len(kept)
        return Relayed(Body(media_type=self._media_type, size=size, text=text, digest=digest), error)

    async def _document(self, chunks: "_Chunks", rewrite: Rewrite) -> Relayed:
        """Read JSON whole, and pass it on with the proxy's links; as it came, if it is too long or broken."""
        content = bytearray()
        async for chunk in chunks:
            content += chunk
            if len(content) > DOCUMENT:
                break
        value, is_json = (
            _decoded(content) if chunks.error is None and len(content) <= DOCUMENT else (None, False)
        )
        changed = rewrite(value) if is_json else None
        sent = bytes(content) if changed == value else json.dumps(changed, ensure_ascii=False).encode()
        await self._begin(len(sent) if is_json else self._length)
        await self._part(sent)
        async for chunk in chunks:
            await self._part(chunk)
        fault = await self._end(chunks)
        text = None if is_json or content else ""
        body = Body(media_type=self._media_type, size=len(content), has_json=is_json, json=value, text=text)
        return Relayed(body, fault)

    async def _stream(self, chunks: "_Chunks", rewrite: Rewrite) -> Relayed:
        """Pass events on as they come, their JSON with the proxy's links."""
        await self._begin(None)
        left, size, events = b"", 0, list[ReceivedEvent]()
        async for chunk in chunks:
            *whole, left = EVENT_END.split(left + chunk)
            for text in whole:
                event = received_event(text, time.time())
                changed = event and rewrite(event.data)
                is_changed = event is not None and changed != event.data
                await self._part(with_data(text, changed) if is_changed else text)
                size += len(text)
                if event is not None and size <= TEXT and len(events) < MOST_EVENTS:
                    events.append(event)
            if len(left) > TEXT:
                await self._part(left)
                left = b""
        await self._part(left)
        fault = await self._end(chunks)
        return Relayed(Body(media_type=EVENTS, size=size, events=tuple(events)), fault)

    @property
    def _media_type(self) -> str:
        return str(self.response.headers.get("content-type", "")).partition(";")[0].strip().lower()

    @property
    def _is_text(self) -> bool:
        is_error = self.response.status_code >= ERRORS
        return is_error or self._media_type.startswith("text/") or not self._media_type

    @property
    def _length(self) -> int | None:
        """The Content-Length as it was announced; None for a body that was encoded on the way."""
        text = self.response.headers.get("content-length", "")
        return int(text) if text.isdecimal() and "content-encoding" not in self.response.headers else None

    async def _begin(self, length: int | None) -> None:
        announced = [] if length is None else [("content-length", str(length))]
        headers = passed(self.headers, frozenset({"content-encoding"})) + announced
        fields = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        await self.send(
            {"type": "http.response.start", "status": self.response.status_code, "headers": fields}
        )

    async def _part(self, chunk: bytes) -> None:
        if chunk:
            await self.send({"type": "http.response.body", "body": chunk, "more_body": True})

    async def _end(self, chunks: "_Chunks") -> TransferFault | None:
        """End the response as it ended: in order, or too early. Then the server closes the connection."""
        fault = breakage(chunks.error, chunks.received, self._length)
        if fault is None:
            await self.send({"type": "http.response.body", "body": b""})
        elif fault.reset is not None and self.connection is not None:
            await self.connection.reset()
        return fault


class _Chunks:
    """The decoded pieces of a body; ends at an error, which it keeps."""

    def __init__(self, response: httpx.Response) -> None:
        self._pieces = response.aiter_bytes()
        self.received = 0
        self.error: Exception | None = None

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if self.error is not None:
            raise StopAsyncIteration
        try:
            chunk = await anext(self._pieces)
        except httpx.HTTPError as error:
            self.error = error
            raise StopAsyncIteration from error
        self.received += len(chunk)
        return chunk


def _decoded(content: bytearray) -> tuple[JSON, bool]:
    """Return JSON, and whether it is any; numbers of any length are kept."""
    try:
        return json.loads(content), True
    except (ValueError, RecursionError):
        return None, False
