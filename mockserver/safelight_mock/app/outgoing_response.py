"""Turns a response into what is sent: the last part of every exchange, whichever way the request came in."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from email.utils import formatdate
from enum import Enum, auto
from functools import lru_cache, partial
from typing import BinaryIO, Protocol

import msgspec

from safelight_mock.app.event_feed import EventFeed
from safelight_mock.app.file_uploads import METHODS
from safelight_mock.app.request_log import RequestLog
from safelight_mock.app.response_finalizer import BROKEN, note
from safelight_mock.app.steps import Exchange, OpenFile
from safelight_mock.core.scenario import Role
from safelight_mock.coverage.recorder import CoverageRecorder
from safelight_mock.storage.integrity import LostInputError
from safelight_mock.wire import file_requests, object_store
from safelight_mock.wire.cors import Cors
from safelight_mock.wire.credential_leak import CredentialLeak, leak_to_files
from safelight_mock.wire.logs import log
from safelight_mock.wire.messages import EventStream, MadeFile, RenderedFile, Request, Response, SnapshotBody
from safelight_mock.wire.presigned_links import FileName, LinkError
from safelight_mock.wire.problem import Problem, VendorError

NO_CONTENT = 204
RETRY_AFTER = "retry-after"
SAFE = ("GET", "HEAD")
SECONDS = 64  # whose written form is cached: clocks of sandboxes differ
CONDITIONS = frozenset({"if-match", "if-none-match", "if-modified-since", "if-unmodified-since"})
CHUNK = 256 * 1024  # bytes of a file sent at once


class SurfaceKind(Enum):
    """What a request is for."""

    VENDOR = auto()
    FILE = auto()
    CONTROL = auto()


class Answers(Protocol):
    """What a response may need later: the next events of its stream, or a refusal in its place."""

    def answer(self, request: Request) -> Exchange[Response]:
        """Answer a request."""

    def refuse(self, request: Request, refusal: Problem | VendorError) -> Response:
        """Render why a file cannot be opened."""


class OutgoingResponse(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent: bytes, `size` bytes of a file from its position, or events as they happen.

    `source` is what it was made of.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes | BinaryIO | EventFeed
    source: Response
    size: int = 0

    def close(self) -> None:
        """Close the content, if it is a file; one of which nothing is sent is not closed by `chunks`."""
        if not isinstance(self.content, bytes | EventFeed):
            self.content.close()

    def chunks(self) -> Iterator[bytes]:
        """Yield the content of a file in pieces, and close the file; events are not a file."""
        if isinstance(self.content, bytes):
            yield self.content
            return
        if isinstance(self.content, EventFeed):
            raise TypeError("events come one after another, by `next_part`")
        left = self.size
        with self.content as file:
            while left and (chunk := file.read(min(left, CHUNK))):
                left -= len(chunk)
                yield chunk


class ResponseWriter(msgspec.Struct, frozen=True, kw_only=True):
    """Dates responses by their sandboxes' clocks, opens their files, and logs the requests."""

    request_log: RequestLog
    coverage: CoverageRecorder
    leaks: deque[CredentialLeak]
    cors: Cors
    now: Callable[[], float]

    def write(
        self, request: Request, response: Response, served: SurfaceKind, answers: Answers
    ) -> Exchange[OutgoingResponse]:
        """Return what is sent."""
        trace = request.trace
        if RETRY_AFTER in response.headers:
            trace.retry_after = _seconds(response.headers[RETRY_AFTER])
        date = _date(int(self.now() if trace.now is None else trace.now))
        if isinstance(response.content, bytes):
            outgoing = _of_bytes(request, response, date)
        elif isinstance(response.content, EventStream):
            outgoing = self._of_events(request, response, response.content, answers, date)
        else:
            outgoing = yield from self._of_file(request, response, response.content, answers, date)
        leak = leak_to_files(request) if served is SurfaceKind.FILE else None
        if leak is not None:
            self.leaks.append(leak)
        if served is SurfaceKind.FILE:
            self._count_link(request, outgoing.status)
        if served is not SurfaceKind.CONTROL:
            self.request_log.note(request, outgoing.status, leak)
            self.coverage.responded(trace, response, outgoing.status)
        if not self.cors.origins:
            return outgoing
        return msgspec.structs.replace(outgoing, headers=self.cors.headers(request, outgoing.headers))

    def _count_link(self, request: Request, status: int) -> None:
        """Count a request for a file, valid or not, if its link names an API."""
        with suppress(LinkError):
            vendor = FileName.from_path(request.path).vendor
            role = Role.UPLOAD if request.method in METHODS else Role.DOWNLOAD
            self.coverage.linked(vendor, role, status, request.trace)

    def _of_events(
        self, request: Request, response: Response, first: EventStream, answers: Answers, date: str
    ) -> OutgoingResponse:
        headers = {"date": date, "cache-control": "no-store", **response.headers}
        feed = EventFeed(request, first, partial(self._next_events, answers), self.now)
        return OutgoingResponse(status=response.status, headers=headers, content=feed, source=response)

    def _next_events(self, answers: Answers, request: Request) -> Exchange[Response]:
        response = yield from answers.answer(request)
        self.coverage.continued(request.trace, response)
        return response

    def _of_file(
        self,
        request: Request,
        response: Response,
        wanted: RenderedFile | MadeFile | SnapshotBody,
        answers: Answers,
        date: str,
    ) -> Exchange[OutgoingResponse]:
        """Open the file of a response; where that fails, answer why."""
        refused: Response
        try:
            file: BinaryIO = yield OpenFile(wanted)
        except (Problem, VendorError) as refusal:
            note(request.trace, refusal)
            refused = answers.refuse(request, refusal)
        except LostInputError:
            refused = object_store.missing()
        except Exception:
            log.exception("%s cannot be made", request.path)
            note(request.trace, BROKEN)
            refused = answers.refuse(request, BROKEN)
        else:
            is_whole = isinstance(wanted, SnapshotBody)
            return _whole(response, file, date) if is_whole else _on_condition(request, response, file, date)
        return _of_bytes(request, refused, date)


def _seconds(text: str) -> float | None:
    """Return the seconds of a Retry-After; None for a date."""
    try:
        return float(text)
    except ValueError:
        return None


@lru_cache(SECONDS)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)


def _of_bytes(request: Request, response: Response, date: str) -> OutgoingResponse:
    content = response.content if isinstance(response.content, bytes) else b""
    headers = {"date": date, **response.headers}
    if response.status != NO_CONTENT:
        headers["content-length"] = str(len(content))
    sent = b"" if request.method == "HEAD" else content
    return OutgoingResponse(status=response.status, headers=headers, content=sent, source=response)


def _whole(response: Response, file: BinaryIO, date: str) -> OutgoingResponse:
    """Send all of a file that is made anew each time."""
    size = os.fstat(file.fileno()).st_size
    headers = {**response.headers, "date": date, "content-length": str(size)}
    return OutgoingResponse(status=response.status, headers=headers, content=file, size=size, source=response)


def _on_condition(request: Request, response: Response, file: BinaryIO, date: str) -> OutgoingResponse:
    """Send a file unless the request's conditions say otherwise; they count for GET and HEAD alone."""
    headers = {**response.headers, "date": date}
    if request.method not in SAFE or CONDITIONS.isdisjoint(request.headers):
        return _part(request, response, file, headers)
    modified = file_requests.date(headers.get("last-modified", ""))
    ends = file_requests.conditional_status(request.headers, headers["etag"], modified)
    if ends is None:
        return _part(request, response, file, headers)
    if ends == file_requests.NOT_MODIFIED:
        return OutgoingResponse(status=ends, headers=headers, content=file, source=response)
    file.close()
    return _of_bytes(request, object_store.precondition_failed(), date)


def _part(request: Request, response: Response, file: BinaryIO, headers: dict[str, str]) -> OutgoingResponse:
    """Send a file, one range of it, or to HEAD its headers alone."""
    size = os.fstat(file.fileno()).st_size
    status, sent = response.status, range(size)
    try:
        wanted = (
            file_requests.requested_range(_range(request, headers), size)
            if "range" in request.headers
            else None
        )
    except file_requests.UnsatisfiableError:
        headers = {"date": headers["date"], "content-range": f"bytes */{size}", "content-length": "0"}
        return OutgoingResponse(status=416, headers=headers, content=file, source=response)
    if wanted is not None:
        status, sent = 206, wanted
        headers["content-range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{size}"
        file.seek(sent.start)
    headers["content-length"] = str(len(sent))
    length = 0 if request.method == "HEAD" else len(sent)
    return OutgoingResponse(status=status, headers=headers, content=file, size=length, source=response)


def _range(request: Request, headers: Mapping[str, str]) -> str:
    """Return the Range that counts: that of a GET, and of the current version of the file."""
    versions = headers["etag"], headers.get("last-modified")
    if request.method != "GET" or request.headers.get("if-range", headers["etag"]) not in versions:
        return ""
    return request.headers["range"]
