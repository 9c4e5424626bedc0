"""Posting a notification over HTTP, within bounds: of hosts, of time, of what is read of the answer."""

import time
from collections.abc import Mapping

import httpx

from safelight_mock.core.webhook import Outcome
from safelight_mock.outgoing.allowed_hosts import AllowedHosts
from safelight_mock.outgoing.http import FIELDS, Outgoing, UnreachableError
from safelight_mock.outgoing.urls import UrlError, ascii_host, is_control, is_inbox, parse, webhook_problem
from safelight_mock.wire.logs import log

PATIENCE = 5.0  # real seconds after which an attempt counts as timed out
MOST = 64 * 1024  # bytes of an answer that are read

Answer = tuple[Outcome, int]
"""What became of an attempt, and the status it was answered with, if it was."""


class HttpSender:
    """Posts to what `reach` admits. Redirects are not followed, connections not kept."""

    def __init__(self, reach: AllowedHosts, patience: float = PATIENCE) -> None:
        self._outgoing = Outgoing(reach)
        self._patience = patience

    def post(
        self,
        target: str,
        headers: Mapping[str, str],
        body: bytes,
        method: str = "POST",
        *,
        within: float = PATIENCE,
    ) -> Answer:
        """Send a body; may block. Waits for the answer `within` so many seconds, at most its own patience."""
        url = self._allowed_url(target)
        if url is None:
            log.warning("a webhook is not sent to %s: %s", target, webhook_problem(target))
            return Outcome.NOT_ALLOWED, 0
        request = httpx.Request(method, url, headers={**FIELDS, **headers}, content=body)
        return self._posted(request, min(within, self._patience))

    def close(self) -> None:
        """Close what is open."""
        self._outgoing.close()

    def _allowed_url(self, target: str) -> httpx.URL | None:
        """Read an address; return None unless it may be called."""
        try:
            url = parse(target)
            is_allowed = url.scheme in ("http", "https") and self._outgoing.allowed.admits(ascii_host(url))
        except UrlError:
            return None
        return url if is_allowed and (not is_control(url.path) or is_inbox(url.path)) else None

    def _posted(self, request: httpx.Request, seconds: float) -> Answer:
        began = time.monotonic()
        try:
            with self._outgoing.sent(request, pause=seconds, seconds=seconds) as response:
                return _read(response)
        except UnreachableError as error:
            log.warning("a webhook is not sent to %s: %s", request.url, error)
            return Outcome.NOT_ALLOWED, 0
        except httpx.TimeoutException:
            return Outcome.TIMEOUT, 0
        except httpx.HTTPError:
            return (Outcome.NETWORK if time.monotonic() - began < seconds else Outcome.TIMEOUT), 0


def _read(response: httpx.Response) -> Answer:
    for _ in response.iter_raw():
        if response.num_bytes_downloaded > MOST:
            break
    return Outcome.of(response.status_code), response.status_code
