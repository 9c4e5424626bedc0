"""The one module that knows httpx: a client for the API, one for files, and their errors in our words."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO, TypeAlias

import httpx

from safelight._errors import (
    DownloadError,
    NetworkError,
    NotConnectedError,
    SafelightError,
    UnexpectedAnswerError,
)
from safelight._http.base_urls import Origin, checked, loopback_patterns, origin
from safelight._http.error_response import refusal
from safelight._http.redaction import Redactor, redacted_logs
from safelight._http.response import Answer

Transport: TypeAlias = httpx.BaseTransport
SECONDS_TO_CONNECT = 10.0
LONGEST_ANSWER = 100_000_000  # bytes: a list of all jobs is the longest there is
LONGEST_REFUSAL = 100_000

# What httpx raises before the first byte of a request has left.
NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
)
UNUSABLE = (httpx.InvalidURL, httpx.UnsupportedProtocol)  # URLs that no retry makes better


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A key and the header that carries it. Raises ValueError for a key that no header can carry."""

    header: str
    key: str = field(repr=False)
    prefix: str = ""

    def __post_init__(self) -> None:
        if not self.key or not self.key.isascii() or not self.key.isprintable() or " " in self.key:
            raise ValueError(
                "the API key is empty, or holds a space or another character that keys do not have"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Two HTTP clients: `api` signs what it sends, `files` knows no key.

    `messages` are the expressions for what the API says in its errors.
    """

    address: str
    api: httpx.Client = field(repr=False)
    files: httpx.Client = field(repr=False)
    messages: Sequence[str] = ()
    redactor: Redactor = field(default_factory=Redactor)

    @classmethod
    def to(  # noqa: PLR0913 - what every vendor's client is given
        cls,
        base_url: str,
        *,
        credential: Credential,
        messages: Sequence[str],
        timeout: float,
        transport: Transport | None,
        insecure: bool = False,
    ) -> "Line":
        """Make both clients.

        Raises ValueError for what is not an http URL, and for one over which the key would travel
        unencrypted, unless `insecure` allows that. Requests to this machine ignore the proxies of the
        environment: over http a proxy elsewhere would read the key.
        """
        limits = httpx.Timeout(timeout, connect=min(timeout, SECONDS_TO_CONNECT))
        redactor = Redactor.of(credential.key)
        direct: dict[str, Transport | None] = dict.fromkeys(loopback_patterns(base_url))
        return cls(
            address=redactor.text(base_url),
            api=httpx.Client(
                base_url=_url(checked(base_url, insecure=insecure)),
                auth=_signer(credential, origin(base_url)),
                timeout=limits,
                transport=transport,
                mounts=direct,
            ),
            files=httpx.Client(
                headers={"Accept-Encoding": "identity"},  # so that the length can be checked
                timeout=limits,
                transport=transport,
                mounts=direct,
                follow_redirects=True,
            ),
            messages=messages,
            redactor=redactor,
        )

    def send(self, request: Mapping[str, Any]) -> Answer:
        """Send a request with the key, return what is answered; raises NetworkError when nothing is."""
        with self._exchange(), self.api.stream(**request) as response:
            return _answer(response, self.redactor)

    def fault(self, answer: Answer) -> SafelightError | None:
        """Return what to raise about an answer, or None for a good one."""
        return answer.trouble if answer.is_success else refusal(answer, self.messages)

    def shown(self, request: Mapping[str, Any]) -> str:
        """Say which request it is, without its query."""
        return _shown(self.api.build_request(request["method"], request["url"]), self.redactor)

    def download(self, url: str, into: BinaryIO) -> None:
        """Stream a file; raises ApiError, NetworkError, or DownloadError for a wrong length."""
        with self._exchange(), self.files.stream("GET", url) as response:
            if not response.is_success:
                raise refusal(_answer(response, self.redactor))
            came = sum(into.write(chunk) for chunk in response.iter_bytes())
        announced = response.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) != came and "content-encoding" not in response.headers:
            raise DownloadError(f"a file of {announced} bytes was announced, {came} came")

    @contextmanager
    def _exchange(self) -> Iterator[None]:
        """Raise NetworkError for what httpx raises when no answer comes; redact what it logs.

        A URL that cannot be used, of a file or with an id in it, is an UnexpectedAnswerError.
        """
        with redacted_logs(self.redactor):
            try:
                yield
            except UNUSABLE as error:
                message = f"a URL cannot be used: {_said(error, self.redactor)}"
                raise UnexpectedAnswerError(message) from error
            except NOT_SENT as error:
                raise NotConnectedError(f"no answer: {_said(error, self.redactor)}") from error
            except httpx.HTTPError as error:
                raise NetworkError(f"no answer: {_said(error, self.redactor)}") from error

    def close(self) -> None:
        """Close the connections."""
        self.api.close()
        self.files.close()


def _signer(credential: Credential, home: Origin) -> Callable[[httpx.Request], httpx.Request]:
    # Signing each request on its way out keeps the key off the client's headers, and so off its repr.
    def sign(request: httpx.Request) -> httpx.Request:
        if origin(str(request.url)) != home:
            raise ValueError(f"the API key is for {home[1]}, it is not sent to {request.url.host}")
        request.headers[credential.header] = f"{credential.prefix}{credential.key}"
        return request

    return sign


def _url(text: str) -> httpx.URL:
    try:
        return httpx.URL(text)
    except httpx.InvalidURL as error:
        raise ValueError(f"the base URL cannot be used: {error}") from error


def _said(error: Exception, redactor: Redactor) -> str:
    return redactor.text(str(error)) or type(error).__name__


def _shown(request: httpx.Request, redactor: Redactor) -> str:
    return f"{request.method} {redactor.text(str(request.url.copy_with(query=None, fragment=None)))}"


def _answer(response: httpx.Response, redactor: Redactor) -> Answer:
    """Read an answer. What goes wrong with its body is its `trouble`: status and headers have come."""
    content, error = _content(response)
    answer = Answer(
        status=response.status_code,
        headers={name.lower(): value for name, value in response.headers.items()},
        text=_decoded(content, response.encoding),
        request=_shown(response.request, redactor),
        redactor=redactor,
    )
    if error is not None:
        return replace(answer, trouble=NetworkError(f"the answer broke off: {_said(error, redactor)}"))
    if len(content) >= LONGEST_ANSWER:
        return replace(answer, trouble=answer.unexpected(f"the body has {LONGEST_ANSWER} bytes or more"))
    try:
        return replace(answer, body=json.loads(content or b"null"))
    except (ValueError, RecursionError):
        return replace(answer, trouble=answer.unexpected("the body is not JSON"))


def _decoded(content: bytes, encoding: str | None) -> str:
    """Decode a body as its charset says; as UTF-8 when Python cannot decode text by that name (hex, idna)."""
    try:
        return content.decode(encoding or "utf-8", "replace")
    except (LookupError, UnicodeError):
        return content.decode("utf-8", "replace")


def _content(response: httpx.Response) -> tuple[bytes, httpx.HTTPError | None]:
    """Read a body up to a bound, and return what came of it, and the error that ended it before its end."""
    most = LONGEST_ANSWER if response.is_success else LONGEST_REFUSAL
    taken = bytearray()
    try:
        for chunk in response.iter_bytes():
            taken += chunk
            if len(taken) >= most:
                break
    except httpx.HTTPError as error:
        return bytes(taken), error
    return bytes(taken[:most]), None
