"""The outgoing side of the proxy: requests to the service and to links that it gave, TLS verified."""

from collections.abc import AsyncIterator, Iterable
from typing import NamedTuple

import httpx

from safelight_mock.core.transfer_faults import Reset, TransferFault

TIMEOUT = httpx.Timeout(300.0, connect=10.0)  # seconds of each pause: a request may be held for minutes
CONNECTIONS = 100
# Of one connection (RFC 9110, section 7.6.1), or written anew.
HOP = frozenset(
    {
        *("connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"),
        *(
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "host",
            "content-length",
            "expect",
        ),
    }
)

Fields = list[tuple[str, str]]


class Unreachable(NamedTuple):
    """Why there is no connection to the service, or nothing that can be passed on."""

    reason: str


class Upstream:
    """Sends requests. Connections are not kept: one that is closed meanwhile would look like a reset."""

    def __init__(self) -> None:
        limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=0)
        certificates = httpx.create_ssl_context(trust_env=False)
        self._transport = httpx.AsyncHTTPTransport(verify=certificates, trust_env=False, limits=limits)

    async def send(
        self, method: str, url: str, headers: Fields, content: bytes | AsyncIterator[bytes]
    ) -> httpx.Response:
        """Send a request, without following redirects; the response's body is not read. Raises HTTPError."""
        sent = content or None
        extensions = {"timeout": TIMEOUT.as_dict()}
        request = httpx.Request(method, url, headers=headers, content=sent, extensions=extensions)
        response = await self._transport.handle_async_request(request)
        response.request = request
        return response

    async def close(self) -> None:
        """Close open connections."""
        await self._transport.aclose()


def passed(headers: Iterable[tuple[str, str]], without: frozenset[str] = frozenset()) -> Fields:
    """Return the fields of a message that are passed on."""
    return [(name, value) for name, value in headers if name.lower() not in HOP | without]


def failure(error: Exception) -> TransferFault | Unreachable:
    """Return what went wrong before a response began; the client gets the same failure, or a description."""
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return Unreachable(str(error) or "no connection within 10 seconds")
    if isinstance(error, httpx.TimeoutException):
        return TransferFault(hang=True)
    if isinstance(error, httpx.ReadError | httpx.WriteError) or "disconnected" in str(error):
        return TransferFault(reset=Reset.BEFORE)
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return Unreachable("its URL is not one that can be requested")
    return Unreachable("what it sent is not HTTP")


def breakage(error: Exception | None, received: int, announced: int | None) -> TransferFault | None:
    """Return what went wrong within a body."""
    if error is None:
        return None
    if isinstance(error, httpx.ReadError):
        return TransferFault(reset=Reset.DURING)
    share = received / announced if announced else 0.5
    return TransferFault(truncate=round(min(share, 1.0), 4))
