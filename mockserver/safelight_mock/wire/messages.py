"""An HTTP request and its response as values, independent of sockets."""

from collections.abc import Mapping
from functools import cached_property
from hashlib import blake2b
from typing import Protocol

import msgspec

from safelight_lifecycle import JSON as JSON  # noqa: PLC0414 - the rest of the server has it from here
from safelight_mock.core.clock import Clock
from safelight_mock.core.picture import Picture, Recipe
from safelight_mock.core.transfer_faults import TransferFault
from safelight_mock.wire.listener import SINGLE_PORT, Listener
from safelight_mock.wire.trace import Trace

BODIED = frozenset({"POST", "PUT", "PATCH"})
"""The methods of requests that may have a body."""


class Presign(Protocol):
    """Makes links to files."""

    def __call__(self, job: str, purpose: str, expires: int, /, *, method: str = "") -> str:
        """Return a link from a job's id, a purpose (`output`, `input`) and an expiry in Unix seconds.

        It is valid for `method` alone or, without one, for GET and HEAD.
        """


class ReceivedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was received: its bytes by digest, and what its header says (None: not an image).

    `error`: why an input at a URL could not be loaded (then the digest is empty), or is not an image.
    """

    digest: str
    size: int
    filename: str
    picture: Picture | None
    error: str = ""


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """A multipart body: text fields as received, files as stored."""

    fields: Mapping[str, str] = msgspec.field(default_factory=dict)
    files: Mapping[str, ReceivedFile] = msgspec.field(default_factory=dict)


class NotLoadedError(Exception):
    """The request names inputs by URLs that are not loaded yet: load these and run the handler again.

    As with NotInspectedError, nothing is written before everything that may raise this.
    """

    def __init__(self, addresses: frozenset[str]) -> None:
        super().__init__(f"{len(addresses)} inputs have not been loaded")
        self.addresses = addresses


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One HTTP request. Its path is decoded, header names are lower case; `at` is real Unix time in seconds.

    `peer` is the address it came from, if it came through a socket. `origin` is the base URL by which the
    caller addressed the service, as its headers have it; for the functions of a vendor, that of links.
    `reached` is the base URL at which the request arrived, whatever its headers say.

    Set before the handler is called: `parameters` (path and query) and `values` (body fields) in the types of
    their schemas, `options` (the vendor's settings) and `key`. `loaded`: the files of URLs in the request.
    `pending_job`: the id of the job that a held request waits for. `events_sent`: how many events of its
    stream were sent; `is_continued`: its response has begun, and this is about what follows. `trace` is the
    only part that is written to.
    """

    method: str
    path: str
    at: float
    query: str = ""
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    origin: str = ""
    reached: str = ""
    peer: str = ""
    listener: Listener = SINGLE_PORT
    body: Form | bytes = b""
    parameters: Mapping[str, JSON] = msgspec.field(default_factory=dict)
    values: JSON = msgspec.field(default_factory=dict)
    options: Mapping[str, JSON] = msgspec.field(default_factory=dict)
    key: str = ""
    loaded: Mapping[str, ReceivedFile] = msgspec.field(default_factory=dict)
    pending_job: str = ""
    events_sent: int = 0
    is_continued: bool = False
    presign: Presign = "/files/{0}/{1}?expires={2}".format
    trace: Trace = msgspec.field(default_factory=Trace)

    def __repr__(self) -> str:
        return f"{self.method} {self.path}"  # without the key

    @property
    def is_for_files(self) -> bool:
        """Whether the request is to the file host, and not to an API."""
        return self.listener.serves_files_at(self.path)

    @property
    def files(self) -> Mapping[str, ReceivedFile]:
        """The uploads of a multipart body."""
        return self.body.files if isinstance(self.body, Form) else {}

    def load(self, *addresses: str) -> tuple[ReceivedFile, ...]:
        """Return the files at these URLs; raises NotLoadedError unless all are loaded."""
        missing = frozenset(addresses) - self.loaded.keys()
        if missing:
            raise NotLoadedError(missing)
        return tuple(self.loaded[address] for address in addresses)


class RenderedFile(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A file in a response: an input unchanged, or the result of a recipe, which may be rendered first."""

    digest: str
    recipe: Recipe | None
    filename: str

    @cached_property
    def name(self) -> str:
        """A name for caches, unique for the content."""
        described = self.digest.encode() + msgspec.json.encode(self.recipe)
        return blake2b(described, digest_size=32).hexdigest()


class MadeFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file in a response that is generated from these parameters alone.

    `label` is shown in it; `width` and `height` are in pixels; `seconds`: the length of a clip or a sound.
    """

    media_type: str
    label: str
    width: int
    height: int
    seconds: float
    filename: str = ""

    @property
    def name(self) -> str:
        """A name for caches, unique for the content."""
        return blake2b(msgspec.json.encode(self), digest_size=32).hexdigest()


class SnapshotBody(msgspec.Struct, frozen=True, kw_only=True):
    """The name of a sandbox whose snapshot is made and sent as the body."""

    sandbox: str


class EventStream(msgspec.Struct, frozen=True, kw_only=True):
    """Server-sent events of a job to send now.

    `sent`: the number of events of this response so far, with these. `due`: when the next one is expected, by
    the clock of the sandbox: infinity while the job waits for something, None after the last event.
    """

    text: bytes
    sent: int
    due: float | None
    sandbox: str
    clock: Clock


class PendingResponse(msgspec.Struct, frozen=True, kw_only=True):
    """The response waits for the end of a job: by plan at `until`, a time of the sandbox's clock."""

    job: str
    until: float


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """One HTTP response. `value` is what `content` encodes, for its validation by the document.

    `transfer` is what goes wrong while it is sent. `is_wrong`: it need not be valid, as a scenario wants.
    """

    status: int
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    content: bytes | RenderedFile | MadeFile | SnapshotBody | EventStream = b""
    value: JSON = None
    transfer: TransferFault | None = None
    is_wrong: bool = False

    def also(self, headers: Mapping[str, str]) -> "Response":
        """Return this response with more headers."""
        return Response(
            status=self.status,
            headers={**self.headers, **headers},
            content=self.content,
            value=self.value,
            transfer=self.transfer,
            is_wrong=self.is_wrong,
        )

    @classmethod
    def json(cls, status: int, value: JSON, headers: Mapping[str, str] | None = None) -> "Response":
        """Return a response with a JSON body; `headers` may replace its content type."""
        all_headers = {"content-type": "application/json", **(headers or {})}
        return cls(status=status, headers=all_headers, content=msgspec.json.encode(value), value=value)
