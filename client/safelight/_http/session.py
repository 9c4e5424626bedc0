"""The only module that uses httpx: a client for the API, one for files, and their errors as ours."""

import json
from base64 import b64encode
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO
from urllib.parse import quote, urlsplit

import httpx

from safelight._errors import (
    DownloadError,
    InvalidResponseError,
    NetworkError,
    NotConnectedError,
    SafelightError,
)
from safelight._http.arguments import check_seconds, check_type
from safelight._http.base_urls import UrlOrigin, loopback_patterns, url_origin, validated_base_url
from safelight._http.error_response import api_error
from safelight._http.redaction import Redactor, redacted_logs
from safelight._http.response import ApiResponse
from safelight_lifecycle import Expression, KeyLocation, KeyPlace

MAX_CONNECT_SECONDS = 10.0
MAX_RESPONSE_BYTES = 100_000_000  # the longest response is a list of all jobs
MAX_ERROR_BYTES = 100_000

# httpx raises these before it has sent the first byte of a request.
NOT_SENT_ERRORS = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
)
INVALID_URL_ERRORS = (httpx.InvalidURL, httpx.UnsupportedProtocol)  # a retry would fail again


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """An API key, and where requests have it. Raises ValueError for a key that a header cannot contain."""

    key: str = field(repr=False)
    location: KeyLocation

    def __post_init__(self) -> None:
        key = self.key
        if not isinstance(key, str) or not key.isascii() or not key.isprintable() or not key or " " in key:
            # Never the key itself.
            found = "other characters" if isinstance(key, str) else f"a value of type {type(key).__name__}"
            what = "None" if key is None else found if key else "empty"
            raise ValueError(f"api_key must be a text of printable ASCII without spaces, not {what}")

    def add_to(self, request: httpx.Request) -> None:
        """Add the key to a request."""
        name, place = self.location.name, self.location.place
        key = b64encode(self.key.encode()).decode() if place is KeyPlace.BASIC else self.key
        if place is KeyPlace.QUERY:
            request.url = request.url.copy_merge_params({name: key})
        elif place is KeyPlace.COOKIE:
            request.headers["Cookie"] = f"{name}={quote(key)}"
        else:
            request.headers[name] = f"{self.location.prefix}{key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Two HTTP clients: `api` sends the API key, `files` does not have it.

    `base_url` is for messages: secrets in it are masked. `origins` are those that the key is sent to.
    `messages` are the runtime expressions for the message of an error response.
    """

    base_url: str
    origins: frozenset[UrlOrigin]
    api: httpx.Client = field(repr=False)
    files: httpx.Client = field(repr=False)
    messages: Sequence[str | Expression] = ()
    redactor: Redactor = field(default_factory=Redactor)

    @classmethod
    def open(  # noqa: PLR0913 - the options of every vendor's client
        cls,
        base_url: str,
        *,
        api_key: ApiKey | None,
        messages: Sequence[str | Expression],
        timeout: float,
        transport: httpx.BaseTransport | None,
        insecure: bool = False,
        key_origins: Sequence[str] = (),
    ) -> "Session":
        """Create both clients; no connection is made yet.

        The key is sent to the origin of `base_url`, and to `key_origins`. Raises ValueError if one of them is
        not an http or https URL, or if the key would be sent to another machine unencrypted, unless
        `insecure` allows that. Requests to this machine ignore the environment's proxies: over http, a proxy
        could read the key.
        """
        check_seconds("timeout", timeout)
        check_type("insecure", insecure, bool, "True or False")
        if isinstance(key_origins, str) or not isinstance(key_origins, Collection):
            raise TypeError(f"key_origins must be a list of URLs, not {key_origins!r}")
        check_type("base_url", base_url, str, "a URL")
        for origin in key_origins:
            check_type("a value of key_origins", origin, str, "a URL")
        if transport is not None and not hasattr(transport, "handle_request"):
            raise TypeError(f"transport must be a transport of httpx, not {transport!r}")
        hosts = [validated_base_url(url, insecure=insecure) for url in (base_url, *key_origins)]
        url = _parse_url(base_url)
        origins = frozenset(map(url_origin, hosts))
        limits = _timeout(timeout)
        redactor = Redactor.for_key(api_key.key) if api_key else Redactor()
        direct: dict[str, httpx.BaseTransport | None] = dict.fromkeys(loopback_patterns(base_url))
        # One context for both: loading the certificates takes 35 ms.
        certificates = True if transport else httpx.create_ssl_context()
        return cls(
            base_url=redactor.redact(base_url),
            origins=origins,
            api=httpx.Client(
                base_url=url,
                auth=_signer(api_key, origins) if api_key else None,
                timeout=limits,
                transport=transport,
                mounts=direct,
                verify=certificates,
            ),
            files=httpx.Client(
                headers={"Accept-Encoding": "identity"},  # so that the length can be checked
                timeout=limits,
                transport=transport,
                mounts=direct,
                verify=certificates,
                follow_redirects=True,
            ),
            messages=messages,
            redactor=redactor,
        )

    def send(self, request: Mapping[str, Any], *, more_time: float = 0.0) -> ApiResponse:
        """Send a request and return the response, whatever its status.

        `request` has the arguments of `httpx.Client.stream`. It has the key unless its URL is complete and of
        an origin that is not trusted with it. The response may take `more_time` seconds longer than others.
        Raises NetworkError without a response.
        """
        client = self._client_for(request["url"])
        timeout = _timeout((client.timeout.read or 0.0) + more_time) if more_time else client.timeout
        with self._translated_errors(), client.stream(**request, timeout=timeout) as response:
            return _read_response(response, self.redactor)

    def error_of(self, response: ApiResponse) -> SafelightError | None:
        """Return the error for a response, or None if it is successful and its body could be read."""
        return response.body_error if response.is_success else api_error(response, self.messages)

    def request_line(self, request: Mapping[str, Any]) -> str:
        """Return method and URL of a request, without query and secrets."""
        return _request_line(self.api.build_request(request["method"], request["url"]), self.redactor)

    def download(self, url: str, into: BinaryIO) -> None:
        """Stream a file; raises ApiError, NetworkError, or DownloadError for a wrong length."""
        self._stream(self.files, {"method": "GET", "url": url}, into)

    def fetch(self, request: Mapping[str, Any], into: BinaryIO) -> None:
        """Stream the body of an operation's response, or the file that it redirects to.

        The request has the key as in `send`, the redirect has not. Raises what `download` raises.
        """
        location = self._stream(self._client_for(request["url"]), request, into)
        if location:
            self.download(location, into)

    def _stream(self, client: httpx.Client, request: Mapping[str, Any], into: BinaryIO) -> str:
        """Stream a response's body, or return the URL that it redirects to."""
        with self._translated_errors(), client.stream(**request) as response:
            if response.has_redirect_location:
                return str(response.url.join(response.headers["location"]))
            if not response.is_success:
                raise api_error(_read_response(response, self.redactor), self.messages)
            received = sum(into.write(chunk) for chunk in response.iter_bytes())
        announced = response.headers.get("content-length", "")
        # With a content coding, the header is the length of the encoded bytes (RFC 9110, 8.6).
        if (
            announced.isdecimal()
            and int(announced) != received
            and "content-encoding" not in response.headers
        ):
            raise DownloadError(f"the host announced {announced} bytes, and {received} were received")
        return ""

    def _client_for(self, url: str) -> httpx.Client:
        """Return the client with the key for a path below the base URL, and for the origins of the key."""
        is_path = not urlsplit(url).netloc
        return self.api if is_path or url_origin(url) in self.origins else self.files

    @contextmanager
    def _translated_errors(self) -> Iterator[None]:
        """Raise errors of httpx as ours, and redact what it logs.

        Whether a request was sent decides between NotConnectedError and NetworkError: only the first is safe
        to repeat for a paid request. An invalid URL, of a file or with an id in it, is an
        InvalidResponseError, because it is from an earlier response.
        """
        with redacted_logs(self.redactor):
            try:
                yield
            except INVALID_URL_ERRORS as error:
                message = f"a URL is invalid: {_message(error, self.redactor)}"
                raise InvalidResponseError(message) from error
            except NOT_SENT_ERRORS as error:
                message = f"no response: {_message(error, self.redactor)}; check the base URL and the network"
                raise NotConnectedError(message) from error
            except httpx.HTTPError as error:
                raise NetworkError(f"no response: {_message(error, self.redactor)}") from error

    def close(self) -> None:
        """Close all connections."""
        self.api.close()
        self.files.close()


def _signer(api_key: ApiKey, origins: frozenset[UrlOrigin]) -> Callable[[httpx.Request], httpx.Request]:
    # The key is added to each request when it is sent: headers of the client are in its repr.
    def sign(request: httpx.Request) -> httpx.Request:
        if url_origin(str(request.url)) not in origins:
            hosts = ", ".join(sorted(host for _, host, _ in origins))
            raise ValueError(f"the API key is for {hosts}; it is not sent to {request.url.host}")
        api_key.add_to(request)
        return request

    return sign


def _timeout(seconds: float) -> httpx.Timeout:
    return httpx.Timeout(seconds, connect=min(seconds, MAX_CONNECT_SECONDS))


def _parse_url(text: str) -> httpx.URL:
    try:
        return httpx.URL(text)
    except httpx.InvalidURL as error:
        raise ValueError(f"the base URL is invalid: {error}") from error


def _message(error: Exception, redactor: Redactor) -> str:
    return redactor.redact(str(error)) or type(error).__name__


def _request_line(request: httpx.Request, redactor: Redactor) -> str:
    return f"{request.method} {redactor.redact(str(request.url.copy_with(query=None, fragment=None)))}"


def _read_response(response: httpx.Response, redactor: Redactor) -> ApiResponse:
    """Read a response. An error in its body becomes `body_error`, because status and headers are valid."""
    content, error = _read_body(response)
    result = ApiResponse(
        status=response.status_code,
        headers={name.lower(): value for name, value in response.headers.items()},
        text=_decode(content, response.encoding),
        request=_request_line(response.request, redactor),
        url=str(response.url),
        redactor=redactor,
    )
    if error is not None:
        return replace(
            result, body_error=NetworkError(f"the response broke off: {_message(error, redactor)}")
        )
    if len(content) >= MAX_RESPONSE_BYTES:
        return replace(result, body_error=result.invalid(f"the body has {MAX_RESPONSE_BYTES} bytes or more"))
    try:
        return replace(result, body=json.loads(content or b"null"))
    except (ValueError, RecursionError):
        return replace(result, body_error=result.invalid("the body is not JSON"))


def _decode(content: bytes, encoding: str | None) -> str:
    """Decode a body by its charset; as UTF-8 if Python's codec of that name is not for text (hex, idna)."""
    try:
        return content.decode(encoding or "utf-8", "replace")
    except (LookupError, UnicodeError):
        return content.decode("utf-8", "replace")


def _read_body(response: httpx.Response) -> tuple[bytes, httpx.HTTPError | None]:
    """Read a body up to a limit; return what was received, and the error that ended it early."""
    limit = MAX_RESPONSE_BYTES if response.is_success else MAX_ERROR_BYTES
    received = bytearray()
    try:
        for chunk in response.iter_bytes():
            received += chunk
            if len(received) >= limit:
                break
    except httpx.HTTPError as error:
        return bytes(received), error
    return bytes(received[:limit]), None
