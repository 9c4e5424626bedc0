"""Posting a notification over HTTP, within bounds: of hosts, of time, of what is read of the answer."""

import socket
import time
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from threading import Timer
from typing import Any

import httpx

from safelight_mock.core.webhook import Outcome
from safelight_mock.server.inputs.policy import AddressError, parse
from safelight_mock.server.logs import log
from safelight_mock.server.loopback import is_here

PATIENCE = 5.0  # real seconds that stand for a vendor's time-out
MOST = 64 * 1024  # bytes of an answer that are read
HEADERS = {"user-agent": "safelight-mock", "accept": "*/*"}
CONNECTED = frozenset({"connection.connect_tcp.complete", "connection.start_tls.complete"})

Trace = dict[str, Any]  # what httpcore tells of its work

Answer = tuple[Outcome, int]
"""What became of an attempt, and the status it was answered with, if it was."""


class Post:
    """Posts to this machine and to `hosts`. Redirects are not followed, connections not kept."""

    def __init__(self, hosts: AbstractSet[str], patience: float = PATIENCE) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._patience = patience
        limits = httpx.Limits(max_keepalive_connections=0)
        self._client = httpx.Client(trust_env=False, headers=HEADERS, limits=limits, timeout=patience)

    def post(self, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Post a body; may block."""
        if not self._may_reach(target):
            log.warning("a webhook is not sent to %s: its host was not allowed", target)
            return Outcome.REFUSED, 0
        deadline = time.monotonic() + self._patience
        try:
            with _cut_after(self._patience) as told:
                request = self._client.build_request("POST", target, headers=dict(headers), content=body)
                request.extensions["trace"] = told
                return self._read(self._client.send(request, stream=True))
        except httpx.TimeoutException:
            return Outcome.TIMEOUT, 0
        except httpx.HTTPError:
            return (Outcome.NETWORK if time.monotonic() < deadline else Outcome.TIMEOUT), 0

    def close(self) -> None:
        """Close what is open."""
        self._client.close()

    def _may_reach(self, target: str) -> bool:
        try:
            url = parse(target)
        except AddressError:
            return False
        return url.scheme in ("http", "https") and (is_here(url.host) or url.host.lower() in self._hosts)

    @staticmethod
    def _read(answer: httpx.Response) -> Answer:
        try:
            for _ in answer.iter_raw():
                if answer.num_bytes_downloaded > MOST:
                    break
        finally:
            answer.close()
        return Outcome.of(answer.status_code), answer.status_code


@contextmanager
def _cut_after(seconds: float) -> Iterator[object]:
    """Cut a connection when its time is over: one that says a little now and then never times out."""
    opened: list[socket.socket] = []

    def cut() -> None:
        with suppress(OSError, IndexError):  # not connected yet, or no longer
            opened[-1].shutdown(socket.SHUT_RDWR)

    def told(event: str, info: Trace) -> None:
        if event in CONNECTED:
            opened.append(info["return_value"].get_extra_info("socket"))

    timer = Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield told
    finally:
        timer.cancel()
