"""Requests to APIs, which are sent again while the API is busy."""

import time
from typing import Any

import requests

BUSY = (429, 503)
ATTEMPTS = 6
TIMEOUT = 20  # seconds for connecting, and between two received bytes


class NoResponseError(Exception):
    """No response came: the request may have been carried out, or not."""


def send(method: str, url: str, **arguments: Any) -> requests.Response:
    """Send a request, with growing pauses while the API is busy; return the last response.

    Raises NoResponseError.
    """
    pause = 1.0
    for _ in range(ATTEMPTS - 1):
        response = _sent(method, url, **arguments)
        if response.status_code not in BUSY:
            return response
        time.sleep(max(pause, float(response.headers.get("Retry-After", 0))))
        pause *= 2
    return _sent(method, url, **arguments)


def _sent(method: str, url: str, **arguments: Any) -> requests.Response:
    try:
        return requests.request(method, url, timeout=TIMEOUT, **arguments)
    except (requests.ConnectionError, requests.Timeout) as error:
        raise NoResponseError(f"{method} {url}") from error
