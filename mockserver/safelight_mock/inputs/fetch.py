"""Downloads a file over HTTP with limits of bytes, time and hosts."""

import time
from collections.abc import Callable

import httpx

from safelight_mock.outgoing.http import FIELDS, Outgoing, UnreachableError
from safelight_mock.outgoing.urls import UrlError, parse

PAUSE = 5.0  # seconds a host may take to connect, respond or pause
SOON = 0.05  # least seconds for a request, also after the deadline
PLAIN = {**FIELDS, "accept-encoding": "identity"}

Take = Callable[[bytes], None]


def fetch(url: httpx.URL, take: Take, outgoing: Outgoing, *, limit: int, deadline: float) -> httpx.URL | None:
    """Pass the bytes of a file to `take`, or return the URL of a redirect, to be checked like the first.

    `deadline` is on the monotonic clock, `limit` in bytes. Raises UrlError.
    """
    left = max(SOON, deadline - time.monotonic())
    try:
        request = httpx.Request("GET", url, headers=PLAIN)
        with outgoing.sent(request, pause=min(PAUSE, left), seconds=left) as response:
            if response.has_redirect_location:
                return parse(str(url.join(response.headers["location"])))
            _read(response, take, limit, deadline)
    except UnreachableError as error:
        raise UrlError(str(error)) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:  # the latter for a Location
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
