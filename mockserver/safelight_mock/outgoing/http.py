"""Outgoing requests: to checked addresses only, with a total timeout, without redirects, proxies or logs."""

import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from threading import Timer
from typing import Any

import httpx

from safelight_mock.outgoing.allowed_hosts import AllowedHosts

FIELDS = {"accept": "*/*", "user-agent": "safelight-mock"}
CONNECTED = frozenset({"connection.connect_tcp.complete", "connection.start_tls.complete"})

HttpcoreEvent = dict[str, Any]  # events of httpcore


class UnreachableError(Exception):
    """A host without an allowed address."""


class Outgoing:
    """Sends requests. Connections are not kept alive, so that each request is checked.

    It uses the transport, because `httpx.Client` logs whole URLs with the signatures of links.
    """

    def __init__(self, allowed: AllowedHosts) -> None:
        self.allowed = allowed
        limits = httpx.Limits(max_keepalive_connections=0)
        self._transport = httpx.HTTPTransport(verify=_certificates(), trust_env=False, limits=limits)

    @contextmanager
    def sent(self, request: httpx.Request, *, pause: float, seconds: float) -> Iterator[httpx.Response]:
        """Send a request to an allowed host and yield its response; the body is read in this block.

        `pause`: timeout of each connect, read and write; `seconds`: of all together. Raises UnreachableError
        and httpx.HTTPError.
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
        """Close open connections."""
        self._transport.close()

    def _addresses(self, request: httpx.Request) -> Sequence[str]:
        try:
            return self.allowed.addresses(request.url.raw_host.decode("ascii"))
        except (OSError, UnicodeError) as error:  # an unknown or invalid name
            raise httpx.ConnectError(str(error), request=request) from error

    def _first(self, requests: Iterator[httpx.Request], until: float) -> httpx.Response:
        """Send the request to the first address that accepts a connection: of `localhost` often only one."""
        failure: Exception = UnreachableError("none of its addresses may be reached")
        for request in requests:
            try:
                return self._transport.handle_request(request)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error
            if time.monotonic() >= until:
                break
        raise failure


@cache
def _certificates() -> ssl.SSLContext:
    """Return the certificates that all servers of this process trust: loading them takes 35 ms."""
    return httpx.create_ssl_context(trust_env=False)


def _to(address: str, request: httpx.Request, extensions: HttpcoreEvent) -> httpx.Request:
    """Return a request to an address, with the name of its host in the Host header and for TLS (SNI)."""
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
    """Shut connections down after a total time: httpx has timeouts for each pause, not for their sum."""
    opened: list[socket.socket] = []

    def cut() -> None:
        for one in opened:
            with suppress(OSError):  # closed already
                one.shutdown(socket.SHUT_RDWR)

    def note(event: str, info: HttpcoreEvent) -> None:
        if event in CONNECTED:
            opened.append(info["return_value"].get_extra_info("socket"))

    timer = Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield note
    finally:
        timer.cancel()
