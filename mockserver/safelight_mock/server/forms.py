"""Reading a request body as it arrives: a multipart form part by part, anything else as bytes."""

from typing import Protocol

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from safelight_mock.server.store import Incoming, Store
from safelight_mock.wire.call import Call, Form, Upload
from safelight_mock.wire.operation import MULTIPART, Operation
from safelight_mock.wire.problem import Kind, Problem

PARTS = 256
TEXTS = 64 * 1024  # bytes of all text fields together
DOCUMENT = 1024 * 1024  # bytes of a body that is no form
ZIP = "application/zip"
BODY = "body"  # what a body is called that is one file


class Reader(Protocol):
    """Takes a body chunk by chunk; `feed` and `finish` raise Problem."""

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""

    def finish(self) -> Form | bytes:
        """Return the whole body."""

    def close(self) -> None:
        """Forget what arrived."""


def reader_for(call: Call, operation: Operation, store: Store, limit: int) -> Reader:
    """Choose a reader by the media type the body claims; raises Problem for one that is not taken."""
    if not operation.media_types:
        return Unread()
    media_type = operation.media_type(call)
    if media_type not in operation.media_types:
        raise Problem(Kind.UNSUPPORTED_TYPE)
    if media_type != MULTIPART:
        return PlainReader()
    _, options = parse_options_header(call.headers["content-type"])
    if not options.get("boundary"):
        raise Problem(Kind.BAD_BODY, why="multipart/form-data without a boundary")
    return FormReader(options["boundary"], store, limit)


def file_reader(call: Call, store: Store) -> "FileReader":
    """Return a reader for a body that is one file; raises Problem for one that is too large to be stored."""
    length = call.headers.get("content-length", "")
    if length.isdecimal() and int(length) > store.bound:
        raise Problem(Kind.TOO_LARGE, why=f"this twin stores no more than {store.bound} bytes")
    return FileReader(store)


class Unread:
    """Lets a body go by that no operation asked for, whatever it claims to be."""

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""

    def finish(self) -> bytes:
        """Return nothing."""
        return b""

    def close(self) -> None:
        """Forget nothing."""


class PlainReader:
    """Keeps a small body whole."""

    def __init__(self) -> None:
        self._body = bytearray()

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self._body += chunk
        if len(self._body) > DOCUMENT:
            raise Problem(Kind.TOO_LARGE)

    def finish(self) -> bytes:
        """Return the whole body."""
        return bytes(self._body)

    def close(self) -> None:
        """Forget what arrived."""
        self._body.clear()


class FileReader:
    """Stores a body that is one file; nobody needs it once its call is answered."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._incoming = store.receive()
        self._digest = ""

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self._incoming.write(chunk)

    def finish(self) -> Form:
        """Return the whole body, as the one file of a form."""
        upload = self._incoming.commit("")
        self._digest = upload.digest
        return Form(files={BODY: upload})

    def close(self) -> None:
        """Forget what arrived."""
        self._incoming.close()
        if self._digest:
            self._store.discard(self._digest)


class FormReader:
    """Stores the files of a form and keeps its texts. Only a file name makes a part a file."""

    def __init__(self, boundary: str, store: Store, limit: int) -> None:
        self._parser = PushMultipartParser(boundary, max_segment_count=PARTS)
        self._store = store
        self._left = limit
        self._fields: dict[str, str] = {}
        self._files: dict[str, Upload] = {}
        self._stored: list[Upload] = []
        self._segment: MultipartSegment | None = None
        self._text = bytearray()
        self._texts = 0
        self._incoming: Incoming | None = None

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""
        if not chunk:  # which the parser would take for the end
            return
        self._left -= len(chunk)
        if self._left < 0:
            raise Problem(Kind.TOO_LARGE)
        try:
            for event in self._parser.parse(chunk):
                if isinstance(event, MultipartSegment):
                    self._begin(event)
                elif event:
                    self._continue(event)
                else:
                    self._end()
        except (MultipartError, UnicodeDecodeError) as error:
            raise Problem(Kind.BAD_BODY, why=f"the multipart body is malformed: {error}") from error

    def finish(self) -> Form:
        """Return the whole form."""
        try:
            self._parser.close()
        except MultipartError as error:
            raise Problem(Kind.BAD_BODY, why=f"the multipart body is cut short: {error}") from error
        return Form(fields=self._fields, files=self._files)

    def close(self) -> None:
        """Forget what arrived: from now on only jobs keep its files."""
        if self._incoming is not None:
            self._incoming.close()
        for upload in self._stored:
            self._store.release(upload.digest)
        self._stored.clear()

    def _begin(self, segment: MultipartSegment) -> None:
        self._segment = segment
        self._text.clear()
        self._incoming = self._store.receive() if segment.filename is not None else None

    def _continue(self, data: bytes | bytearray) -> None:
        if self._incoming is not None:
            self._incoming.write(data)
            return
        self._text += data
        self._texts += len(data)
        if self._texts > TEXTS:
            raise Problem(Kind.TOO_LARGE, why=f"the text fields are longer than {TEXTS} bytes")

    def _end(self) -> None:
        segment, incoming = self._segment, self._incoming
        if segment is None:
            return
        if incoming is None:
            self._fields[segment.name or ""] = self._text.decode()
        else:
            upload = incoming.commit(segment.filename or "")
            self._stored.append(upload)
            self._files[segment.name or ""] = upload
        self._segment = self._incoming = None
