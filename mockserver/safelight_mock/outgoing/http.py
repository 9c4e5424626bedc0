"""Outgoing requests: to judged addresses alone, in bounded time, without redirects, proxies or a log."""

import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Timer
from typing import Any

import httpx

from safelight_mock.outgoing.allowed_hosts import AllowedHosts

FIELDS = {"accept": "*/*", "user-agent": "safelight-mock"}
CONNECTED = frozenset({"connection.connect_tcp.complete", "connection.start_tls.complete"})

Trace = dict[str, Any]  # what httpcore tells of its work


class UnreachableError(Exception):
    """A host of which no address may be connected to."""


class Outgoing:
    """Sends requests. Connections are not kept: the next request is judged anew.

    It works below `httpx.Client`, which logs whole addresses, signatures of links included.
    """

    def __init__(self, reach: AllowedHosts) -> None:
        self.reach = reach
        limits = httpx.Limits(max_keepalive_connections=0)
        self._transport = httpx.HTTPTransport(trust_env=False, limits=limits)

    @contextmanager
    def sent(self, request: httpx.Request, *, pause: float, seconds: float) -> Iterator[httpx.Response]:
        """Send a request to an admitted host and yield its response; the body is read in this block.

        It may pause for `pause` seconds, and take `seconds` in all. Raises UnreachableError and
        httpx.HTTPError.
        """
        until = time.monotonic() + seconds
        with _cut_after(seconds) as trace:
            addresses = self._addresses(request)
            timeout = httpx.Timeout(pause).as_dict()
            response = self._first(
                (_to(address, request, {"timeout": timeout, "trace": trace}) for address in addresses), until
            )
            try:
                yield response
            finally:
                response.close()

    def close(self) -> None:
        """Close what is open."""
        self._transport.close()

    def _addresses(self, request: httpx.Request) -> Sequence[str]:
        try:
            return self.reach.addresses(request.url.raw_host.decode("ascii"))
        except (OSError, UnicodeError) as error:  # a name that is not known, or that no host can have
            raise httpx.ConnectError(str(error), request=request) from error

    def _first(self, requests: Iterator[httpx.Request], until: float) -> httpx.Response:
        """Send the first request whose address takes a connection: of those of `localhost` often one does."""
        failure: Exception = UnreachableError("none of its addresses may be reached")
        for request in requests:
            try:
                return self._transport.handle_request(request)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error
            if time.monotonic() >= until:
                break
        raise failure


def _to(address: str, request: httpx.Request, extensions: Trace) -> httpx.Request:
    """Return a request that is sent to an address, in the name of its host: in its fields, and for TLS."""
    name = request.url.raw_host.decode("ascii").removesuffix(".")
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        content=request.content,
        extensions={**extensions, "sni_hostname": name},
    )


@contextmanager
def _cut_after(seconds: float) -> Iterator[object]:
    """Cut connections when their time is over: httpx bounds each pause, and not their sum."""
    opened: list[socket.socket] = []

    def cut() -> None:
        for one in opened:
            with suppress(OSError):  # it is closed
                one.shutdown(socket.SHUT_RDWR)

    def note(event: str, info: Trace) -> None:
        if event in CONNECTED:
            opened.append(info["return_value"].get_extra_info("socket"))

    timer = Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield note
    finally:
        timer.cancel()
