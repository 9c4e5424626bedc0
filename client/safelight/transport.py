"""The one module that knows httpx: a client for the API, one for files, and their errors in our words."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import responses
from typing import BinaryIO, TypeAlias
from urllib.parse import urlsplit

import httpx

from safelight.errors import ApiError, DownloadError, NetworkError
from safelight.expressions import Answer, evaluate
from safelight.sentences import said

Transport: TypeAlias = httpx.BaseTransport
SECONDS_TO_CONNECT = 10.0


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
    """Two HTTP clients: `api` signs what it sends, `files` knows no key."""

    address: str
    api: httpx.Client = field(repr=False)
    files: httpx.Client = field(repr=False)

    @classmethod
    def to(
        cls,
        base_url: str,
        *,
        credential: Credential,
        messages: Sequence[str],
        timeout: float,
        transport: Transport | None,
    ) -> "Line":
        """Make both clients; `messages` are the expressions for what the API says in its errors."""
        limits = httpx.Timeout(timeout, connect=min(timeout, SECONDS_TO_CONNECT))
        refuse = _refuser(messages, credential.key)
        return cls(
            address=base_url,
            api=httpx.Client(
                base_url=_address(base_url),
                auth=_signer(credential),
                timeout=limits,
                transport=transport,
                event_hooks={"response": [refuse]},
            ),
            files=httpx.Client(
                headers={"Accept-Encoding": "identity"},  # so that the length can be checked
                timeout=limits,
                transport=transport,
                follow_redirects=True,
            ),
        )

    def download(self, url: str, into: BinaryIO) -> None:
        """Stream a file; raises ApiError, NetworkError, or DownloadError for a wrong length."""
        with translated(), self.files.stream("GET", url) as response:
            if not response.is_success:
                raise _refusal(response)
            came = sum(into.write(chunk) for chunk in response.iter_bytes())
        announced = response.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) != came and "content-encoding" not in response.headers:
            raise DownloadError(f"a file of {announced} bytes was announced, {came} came")

    def close(self) -> None:
        """Close the connections."""
        self.api.close()
        self.files.close()


@contextmanager
def translated() -> Iterator[None]:
    """Raise NetworkError for what httpx raises when no answer comes."""
    try:
        yield
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NetworkError(f"no answer: {error or type(error).__name__}") from error


def _address(base_url: str) -> str:
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError(f"{base_url!r} is no http address")
    return base_url


def _signer(credential: Credential) -> Callable[[httpx.Request], httpx.Request]:
    # Signing each request on its way out keeps the key off the client's headers, and so off its repr.
    def sign(request: httpx.Request) -> httpx.Request:
        request.headers[credential.header] = f"{credential.prefix}{credential.key}"
        return request

    return sign


def _refuser(messages: Sequence[str], key: str) -> Callable[[httpx.Response], None]:
    def refuse(response: httpx.Response) -> None:
        if not response.is_success:
            raise _refusal(response, messages, key)

    return refuse


def _refusal(response: httpx.Response, messages: Sequence[str] = (), key: str = "") -> ApiError:
    response.read()
    text = response.text.replace(key, "***") if key else response.text
    asked = _rest(response)
    return ApiError(
        response.status_code,
        _said(text, messages) or responses.get(response.status_code, "no reason given"),
        f"{response.request.method} {response.request.url.copy_with(query=None)}",
        float(asked) if asked.isdecimal() else 0.0,
        text[:2000],
    )


def _rest(response: httpx.Response) -> str:
    asked: str = response.headers.get("retry-after", "")
    if not asked and response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        asked = response.headers.get("ratelimit-reset", "")
    return asked


def _said(text: str, messages: Sequence[str]) -> str:
    try:
        answer = Answer(body=json.loads(text))
    except ValueError:
        return ""
    return next(filter(None, (said(evaluate(message, answer)) for message in messages)), "")
