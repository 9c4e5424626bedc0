"""Loading a file over HTTP within bounds: of bytes, of time, of hosts."""

import time
from collections.abc import Callable

import httpx

from safelight_mock.outgoing.http import FIELDS, Outgoing, UnreachableError
from safelight_mock.outgoing.urls import UrlError, parse

PATIENCE = 5.0  # seconds a host may take to answer, or pause
SOON = 0.05  # seconds it has when the deadline is near or past
PLAIN = {**FIELDS, "accept-encoding": "identity"}

Take = Callable[[bytes], None]


def fetch(url: httpx.URL, take: Take, outgoing: Outgoing, *, limit: int, deadline: float) -> httpx.URL | None:
    """Hand a file's bytes to `take`, or return the address it redirects to, to be judged like the first.

    `deadline` is on the monotonic clock, `limit` in bytes. Raises UrlError.
    """
    left = max(SOON, deadline - time.monotonic())
    try:
        request = httpx.Request("GET", url, headers=PLAIN)
        with outgoing.sent(request, pause=min(PATIENCE, left), seconds=left) as response:
            if response.has_redirect_location:
                return parse(str(url.join(response.headers["location"])))
            _read(response, take, limit, deadline)
    except UnreachableError as error:
        raise UrlError(str(error)) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:  # the latter of a location
        raise UrlError(f"it could not be loaded: {type(error).__name__}") from error
    return None


def _read(response: httpx.Response, take: Take, limit: int, deadline: float) -> None:
    if not response.is_success:
        raise UrlError(f"it is answered {response.status_code}")
    for chunk in response.iter_raw():
        take(chunk)
        if response.num_bytes_downloaded > limit:
            raise UrlError(f"it is larger than {limit} bytes")
    if time.monotonic() > deadline:
        raise UrlError("it did not arrive in time")
