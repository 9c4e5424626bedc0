"""Loading a file over HTTP within bounds: of bytes, of time, of redirects, of hosts."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from typing import Any

import httpx

from safelight_mock.server.inputs.policy import AddressError

REDIRECTS = 5
PATIENCE = 5.0  # seconds a host may take to answer, or pause
SOON = 0.05  # seconds it has when the deadline is near or past
HEADERS = {"accept-encoding": "identity", "user-agent": "safelight-mock"}

Take = Callable[[bytes], None]
Allowed = Callable[[httpx.URL], bool]
Trace = Callable[[str, dict[str, Any]], None]


def fetch(url: httpx.URL, take: Take, *, allowed: Allowed, limit: int, deadline: float) -> None:
    """Hand a file's bytes to `take`; `deadline` is on the monotonic clock, `limit` in bytes.

    Every host on the way has to be `allowed`. Raises AddressError.
    """
    with httpx.Client(trust_env=False, headers=HEADERS) as client, _until(deadline) as trace:
        try:
            for _ in range(REDIRECTS + 1):
                left = max(SOON, min(PATIENCE, deadline - time.monotonic()))
                with client.stream("GET", url, timeout=left, extensions={"trace": trace}) as answer:
                    if answer.next_request is None:
                        return _read(answer, take, limit, deadline)
                    url = answer.next_request.url
                if not allowed(url):
                    raise AddressError("it redirects to a host that may not be reached")
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:  # of a name that none can have
            raise AddressError(f"it could not be loaded: {type(error).__name__}") from error
    raise AddressError(f"it redirects more than {REDIRECTS} times")


def _read(answer: httpx.Response, take: Take, limit: int, deadline: float) -> None:
    if not answer.is_success:
        raise AddressError(f"it is answered {answer.status_code}")
    for chunk in answer.iter_raw():
        take(chunk)
        if answer.num_bytes_downloaded > limit:
            raise AddressError(f"it is larger than {limit} bytes")
    if time.monotonic() > deadline:
        raise AddressError("it did not arrive in time")


@contextmanager
def _until(deadline: float) -> Iterator[Trace]:
    """Cut connections at the deadline, for httpx bounds each pause and not their sum.

    It has to be told, by the trace it is given, of the connections that are made.
    """
    made: list[socket.socket] = []

    def note(event: str, told: dict[str, Any]) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            made.append(told["return_value"].get_extra_info("socket"))

    def cut() -> None:
        for one in made:
            with suppress(OSError):  # it is closed
                one.shutdown(socket.SHUT_RDWR)

    timer = Timer(max(SOON, deadline - time.monotonic()), cut)
    timer.daemon = True
    timer.start()
    try:
        yield note
    finally:
        timer.cancel()
