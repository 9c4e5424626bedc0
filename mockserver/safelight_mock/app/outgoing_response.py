"""A reply on its way out: the last step every shell shares."""

import os
from collections.abc import Iterator, Mapping
from email.utils import formatdate
from functools import lru_cache
from typing import BinaryIO

import msgspec

from safelight_mock.app.response_finalizer import BROKEN, note
from safelight_mock.app.twin import Twin
from safelight_mock.storage.integrity import LostInputError
from safelight_mock.wire import conditional_requests, object_store
from safelight_mock.wire.credential_leak import noticed
from safelight_mock.wire.listener import CONTROL
from safelight_mock.wire.logs import log
from safelight_mock.wire.messages import Artifact, Call, Parcel, Reply
from safelight_mock.wire.problem import Problem, Refusal
from safelight_mock.wire.ranges import UnsatisfiableError, part

NO_CONTENT = 204
SAFE = ("GET", "HEAD")
SECONDS = 64  # that are remembered as they are written: clocks of sandboxes differ
CHUNK = 256 * 1024  # bytes of a file sent at once


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """What goes over the wire: bytes, or as many as `size` of a file from where it stands."""

    status: int
    headers: Mapping[str, str]
    content: bytes | BinaryIO
    size: int = 0

    def chunks(self) -> Iterator[bytes]:
        """Yield the content piece by piece, and close the file."""
        if isinstance(self.content, bytes):
            yield self.content
            return
        left = self.size
        with self.content as file:
            while left and (chunk := file.read(min(left, CHUNK))):
                left -= len(chunk)
                yield chunk


def may_block(reply: Reply) -> bool:
    """Tell whether `deliver` may have to make a file first."""
    return not isinstance(reply.content, bytes)


def deliver(twin: Twin, call: Call, reply: Reply) -> Delivery:
    """Turn a reply into what is sent; a file is made now if need be, and the call is taken down."""
    trace = call.trace
    delivery = _deliver(twin, call, reply, _date(int(twin.real() if trace.now is None else trace.now)))
    if trace.operation:
        twin.journal.note(call, delivery.status, None)
    else:
        _note_other(twin, call, delivery.status)
    headers = twin.cors.headers(call, delivery.headers)
    return delivery if headers is delivery.headers else msgspec.structs.replace(delivery, headers=headers)


def _note_other(twin: Twin, call: Call, status: int) -> None:
    """Take down a call that was for no operation; those to the control plane are nobody's concern."""
    wrong = noticed(call)
    if wrong is not None:
        twin.misconduct.append(wrong)
    if call.is_for_files or not call.path.startswith(CONTROL):
        twin.journal.note(call, status, wrong)


@lru_cache(SECONDS)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)


def _deliver(twin: Twin, call: Call, reply: Reply, date: str) -> Delivery:
    if isinstance(reply.content, bytes):
        headers = {"date": date, **reply.headers}
        if reply.status != NO_CONTENT:
            headers["content-length"] = str(len(reply.content))
        sent = b"" if call.method == "HEAD" else reply.content
        return Delivery(status=reply.status, headers=headers, content=sent)
    try:
        file = twin.open(reply.content)
    except (Problem, Refusal) as refusal:
        note(call.trace, refusal)
        return _deliver(twin, call, _refused(twin, call, reply.content, refusal), date)
    except LostInputError:
        return _deliver(twin, call, object_store.missing(), date)
    except Exception:
        log.exception("%s cannot be made", call.path)
        note(call.trace, BROKEN)
        return _deliver(twin, call, _refused(twin, call, reply.content, BROKEN), date)
    if isinstance(reply.content, Parcel):
        return _whole(reply.also({"date": date}), file)
    return _on_condition(twin, call, reply.also({"date": date}), file)


def _on_condition(twin: Twin, call: Call, reply: Reply, file: BinaryIO) -> Delivery:
    """Send a file to a caller that wants this version of it and does not have it; conditions are on reads."""
    modified = conditional_requests.date(reply.headers.get("last-modified", ""))
    fields = call.headers if call.method in SAFE else {}
    ends = conditional_requests.ends_with(fields, reply.headers["etag"], modified)
    if ends is None:
        return _of_file(call, reply, file)
    if ends == conditional_requests.NOT_MODIFIED:
        return Delivery(status=ends, headers=reply.headers, content=file)
    file.close()
    return _deliver(twin, call, object_store.precondition_failed(), reply.headers["date"])


def _refused(twin: Twin, call: Call, wanted: Artifact | Parcel, refusal: Problem | Refusal) -> Reply:
    """Render the error of a file that could not be made, in the dialect of its sender: file host or API."""
    if isinstance(wanted, Parcel) or not call.is_for_files:
        return twin.refuse(call, refusal)
    return object_store.broken() if refusal is BROKEN else object_store.unavailable(str(refusal))


def _whole(reply: Reply, file: BinaryIO) -> Delivery:
    """Send all of a file that is made anew each time."""
    size = os.fstat(file.fileno()).st_size
    headers = {**reply.headers, "content-length": str(size)}
    return Delivery(status=reply.status, headers=headers, content=file, size=size)


def _of_file(call: Call, reply: Reply, file: BinaryIO) -> Delivery:
    """Send a file, a part of it, or nothing but what is to be known of it."""
    size = os.fstat(file.fileno()).st_size
    headers = dict(reply.headers)
    status, wanted = reply.status, range(size)
    try:
        asked = part(_range(call, headers), size)
    except UnsatisfiableError:
        told = {"date": headers["date"], "content-range": f"bytes */{size}", "content-length": "0"}
        return Delivery(status=416, headers=told, content=file)
    if asked is not None:
        status, wanted = 206, asked
        headers["content-range"] = f"bytes {asked.start}-{asked.stop - 1}/{size}"
    file.seek(wanted.start)
    headers["content-length"] = str(len(wanted))
    return Delivery(
        status=status, headers=headers, content=file, size=0 if call.method == "HEAD" else len(wanted)
    )


def _range(call: Call, headers: Mapping[str, str]) -> str:
    """Return the range that counts: none of another method than GET, none of another version of the file."""
    versions = headers["etag"], headers.get("last-modified")
    if call.method != "GET" or call.headers.get("if-range", headers["etag"]) not in versions:
        return ""
    return call.headers.get("range", "")
