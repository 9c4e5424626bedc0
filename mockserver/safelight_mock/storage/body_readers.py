"""Reading a request body as it arrives: a multipart form part by part, anything else as bytes."""

from collections.abc import Callable
from typing import Protocol, cast

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from safelight_mock.storage.blobs import BlobStore
from safelight_mock.storage.upload_spool import MAX_IN_MEMORY, UploadSpool
from safelight_mock.wire.messages import Form, ReceivedFile, Request
from safelight_mock.wire.operation import MULTIPART, URLENCODED, Operation, may_be_json
from safelight_mock.wire.problem import Kind, Problem

PARTS = 256
TEXTS = 64 * 1024  # bytes of all text fields together
DOCUMENT = 1024 * 1024  # bytes of a body that is not a form
ZIP = "application/zip"
BODY = "body"  # what a body is called that is one file
CHARSETS = frozenset({"utf-8", "iso-8859-1"})  # of extended values: RFC 8187, and RFC 5987 before it


class Reader(Protocol):
    """Takes a body chunk by chunk; `feed` and `finish` raise Problem."""

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""

    def finish(self) -> Form | bytes:
        """Return the whole body."""

    def close(self) -> None:
        """Forget what arrived."""


def reader_for(call: Request, media_type: str, operation: Operation, store: BlobStore, limit: int) -> Reader:
    """Choose a reader by the media type of a body, as its operation understands the one it claims.

    Raises Problem for one that is not taken, or for a length of more than `limit`.
    """
    length = call.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        raise Problem(Kind.TOO_LARGE)
    if not operation.media_types or (operation.may_be_empty and _is_empty(call)):
        return DiscardingReader()
    if media_type not in operation.media_types:
        raise operation.unsupported(call)
    if media_type != MULTIPART:
        is_text = may_be_json(media_type) or media_type == URLENCODED
        return PlainReader(operation.framework.decoded) if is_text else file_reader(call, store)
    _, options = parse_options_header(call.headers["content-type"])
    if not options.get("boundary"):
        raise Problem(Kind.BAD_BODY, detail="multipart/form-data without a boundary")
    return FormReader(
        options["boundary"], store, limit, counts_unchosen=operation.framework.counts_unchosen_files
    )


def _is_empty(call: Request) -> bool:
    """Whether the head of a request says that no body follows (RFC 9112, section 6.3)."""
    headers = call.headers
    return headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers


def file_reader(call: Request, store: BlobStore) -> "FileReader":
    """Return a reader for a body that is one file; raises Problem for one that is too large to be stored."""
    length = call.headers.get("content-length", "")
    if length.isdecimal() and int(length) > store.bound:
        raise Problem(Kind.TOO_LARGE, detail=f"at most {store.bound} bytes are stored (--max-storage)")
    return FileReader(store)


def upload_reader(call: Request, store: BlobStore) -> "FileReader | FormReader":
    """Return a reader for a file that is sent to a presigned link; raises Problem."""
    media_type, options = parse_options_header(call.headers.get("content-type", ""))
    if media_type == MULTIPART and options.get("boundary"):
        return FormReader(options["boundary"], store, store.bound)
    return file_reader(call, store)


class DiscardingReader:
    """Reads and discards a body that the operation does not have, whatever its type."""

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""

    def finish(self) -> bytes:
        """Return nothing."""
        return b""

    def close(self) -> None:
        """Forget nothing."""


class PlainReader:
    """Keeps a small body whole, and decodes it at its end."""

    def __init__(self, decoded: Callable[[bytes], bytes] = bytes) -> None:
        self._body = bytearray()
        self._decoded = decoded

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self._body += chunk
        if len(self._body) > DOCUMENT:
            raise Problem(Kind.TOO_LARGE)

    def finish(self) -> bytes:
        """Return the whole body."""
        return self._decoded(bytes(self._body))

    def close(self) -> None:
        """Forget what arrived."""
        self._body.clear()


class FileReader:
    """Stores a body that is one file, until its request ends."""

    def __init__(self, store: BlobStore) -> None:
        self._store = store
        self._spool = UploadSpool(store)
        self._digest = ""

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self._spool.write(chunk)

    def finish(self) -> Form:
        """Return the whole body, as the one file of a form."""
        upload = self._spool.commit("")
        self._digest = upload.digest
        return Form(files={BODY: upload})

    def close(self) -> None:
        """Forget what arrived."""
        self._spool.close()
        if self._digest:
            self._store.discard(self._digest)


class FormReader:
    """Stores the files of a form and keeps its texts. Only a file name makes a part a file.

    A part with neither a name nor content is left out: browsers send one for each field that was left empty,
    and for each file that was not chosen (HTML, "constructing the entry list"). Where the vendor's framework
    counts the latter, such a part is a file of no bytes.
    """

    def __init__(self, boundary: str, store: BlobStore, limit: int, *, counts_unchosen: bool = False) -> None:
        self._parser = PushMultipartParser(boundary, max_segment_count=PARTS)
        self._store = store
        self._left = limit
        self._counts_unchosen = counts_unchosen
        self._fields: dict[str, str] = {}
        self._files: dict[str, ReceivedFile] = {}
        self._stored: list[ReceivedFile] = []
        self._segment: MultipartSegment | None = None
        self._filename: str | None = None
        self._text = bytearray()
        self._texts = 0
        self._small: bytes | bytearray = b""  # of a file, what arrived of it while it is small
        self._spool: UploadSpool | None = None  # a file that is no longer small

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
            raise Problem(Kind.BAD_BODY, detail=f"the multipart body is malformed: {error}") from error

    def finish(self) -> Form:
        """Return the whole form."""
        try:
            self._parser.close()
        except MultipartError as error:
            raise Problem(Kind.BAD_BODY, detail=f"the multipart body is cut short: {error}") from error
        return Form(fields=self._fields, files=self._files)

    def close(self) -> None:
        """Forget what arrived: from now on only jobs keep its files, and a file of no job goes."""
        self._small = b""
        if self._spool is not None:
            self._spool.close()
        for upload in self._stored:
            self._store.discard(upload.digest)
        self._stored.clear()

    def _begin(self, segment: MultipartSegment) -> None:
        self._segment, self._filename = segment, _filename(segment)
        self._text.clear()

    def _continue(self, data: bytes | bytearray) -> None:
        if self._filename is not None:
            self._store_piece(data)
            return
        self._text += data
        self._texts += len(data)
        if self._texts > TEXTS:
            raise Problem(Kind.TOO_LARGE, detail=f"the text fields are longer than {TEXTS} bytes")

    def _store_piece(self, data: bytes | bytearray) -> None:
        """Take the next bytes of a file. A small one most often is one piece, and is stored in one call."""
        if self._spool is not None:
            self._spool.write(data)
            return
        if not self._small:
            self._small = bytes(data)  # bytes are not copied
        elif isinstance(self._small, bytes):
            self._small = bytearray(self._small) + data
        else:
            self._small += data
        if len(self._small) > MAX_IN_MEMORY:
            self._spool = UploadSpool(self._store)
            self._spool.write(self._small)
            self._small = b""

    def _end(self) -> None:
        segment, filename = self._segment, self._filename
        if segment is None:
            return
        if filename is None:
            if self._text:
                self._fields[segment.name or ""] = self._text.decode()
        elif filename or self._small or self._spool or self._counts_unchosen:
            spool = self._spool
            upload = spool.commit(filename) if spool else self._store.put(bytes(self._small), filename)
            self._stored.append(upload)
            self._files[segment.name or ""] = upload
        self._segment, self._spool, self._small = None, None, b""


def _filename(segment: MultipartSegment) -> str | None:
    """Return the file name of a part; an extended one (`filename*`) counts before a plain one.

    RFC 7578 has no extended names in forms, and the multipart package passes over them; clients send them for
    names beyond ASCII all the same, requests and urllib3 up to 1.24 among them. Raises Problem for a name
    that is given whole and in pieces.
    """
    disposition, plain = str(segment["Content-Disposition"]), segment.filename
    if "filename*" not in disposition.lower():
        return None if plain is None else str(plain)
    from email.message import Message  # noqa: PLC0415 - the first such name pays, not start-up

    header = Message()
    header["Content-Disposition"] = disposition
    try:
        params = header.get_params([], "Content-Disposition")
    except TypeError as error:  # email sorts the numbered pieces of a value, and a whole one among them
        raise Problem(Kind.BAD_BODY, detail="a file name is given whole and in pieces") from error
    # A value that is extended comes as a tuple, of which typeshed says nothing.
    parameters = cast("list[tuple[str, object]]", params)
    extended = (value for name, value in parameters if name == "filename" and isinstance(value, tuple))
    return next((_decoded(charset, text) for charset, _, text in extended), plain)


def _decoded(charset: str | None, text: str) -> str:
    """Decode an extended value, whose bytes are given as Latin-1, replacing what its charset cannot hold."""
    known = charset if charset and charset.lower() in CHARSETS else "latin-1"
    return text.encode("latin-1", "replace").decode(known, "replace")
