"""What a client sees of one response: by a plain socket, and by httpx in the process."""

import socket
import time
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

import httpx

from safelight_mock import Twin, TwinTransport

PATIENCE = 5.0  # real seconds that a client waits for the next byte
LINGER = 0.1  # and, once it has the whole body, for the end of the connection


class Ending(StrEnum):
    """How a response ended."""

    WHOLE = "whole"  # as announced, and the connection is open
    CLOSED = "closed"  # in order, by FIN
    RESET = "reset"  # by RST
    SILENT = "silent"  # nothing more came, and the connection is open


class Seen(NamedTuple):
    """One response as far as it came, and the real seconds from the request to the head and to each piece."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    ending: Ending
    head_after: float
    pieces: list[tuple[float, int]]

    @property
    def announced(self) -> int:
        """The bytes of the body by Content-Length."""
        return int(self.headers["content-length"])


NOTHING = Seen(0, {}, b"", Ending.SILENT, 0.0, [])


def over_socket(request: httpx.Request, patience: float = PATIENCE, linger: float = LINGER) -> Seen:
    """Send a request by a plain socket; read until the end, or until nothing comes for so long."""
    began, got = time.monotonic(), list[tuple[float, bytes]]()
    with socket.create_connection((request.url.host, request.url.port), timeout=patience) as client:
        client.sendall(_written(request))
        try:
            while piece := client.recv(65_536):
                got.append((time.monotonic() - began, piece))
                client.settimeout(linger if _is_whole(got) else patience)
            ending = Ending.CLOSED
        except TimeoutError:
            ending = Ending.SILENT
        except ConnectionResetError:
            ending = Ending.RESET
    return _parsed(got, ending)


def in_process(twin: Twin, request: httpx.Request, patience: float = PATIENCE) -> Seen:
    """Send a request by httpx to a server in this process."""
    began, got, seen = time.monotonic(), bytearray(), NOTHING
    with httpx.Client(transport=TwinTransport(twin), timeout=patience) as client:
        request.extensions["timeout"] = httpx.Timeout(patience).as_dict()
        try:
            response = client.send(request, stream=True)
            headers = dict(response.headers.items())
            seen = seen._replace(
                status=response.status_code, headers=headers, head_after=time.monotonic() - began
            )
            for piece in response.iter_bytes():
                got += piece
            ending = Ending.WHOLE
        except httpx.ReadTimeout:
            ending = Ending.SILENT
        except httpx.ReadError:
            ending = Ending.RESET
        except httpx.RemoteProtocolError:
            ending = Ending.CLOSED
    took = time.monotonic() - began
    return seen._replace(body=bytes(got), ending=ending, pieces=[(took, len(got))])


def _is_whole(got: list[tuple[float, bytes]]) -> bool:
    """Return whether as much has come as was announced."""
    head, end, body = b"".join(piece for _, piece in got).partition(b"\r\n\r\n")
    _, _, length = head.lower().partition(b"content-length: ")
    return bool(end and length) and len(body) >= int(length.partition(b"\r\n")[0])


def _written(request: httpx.Request) -> bytes:
    head = f"{request.method} {request.url.raw_path.decode()} HTTP/1.1\r\n".encode()
    fields = b"".join(name + b": " + value + b"\r\n" for name, value in request.headers.raw)
    return head + fields + b"\r\n" + request.read()


def _parsed(got: list[tuple[float, bytes]], ending: Ending) -> Seen:
    """Read the head and the body; the body may begin in the piece that the head ends in."""
    received = b"".join(piece for _, piece in got)
    head, end, body = received.partition(b"\r\n\r\n")
    if not end:
        assert not received, f"half a head: {received!r}"
        return NOTHING._replace(ending=ending)
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    left, head_after, pieces = len(head) + len(end), None, list[tuple[float, int]]()
    for at, piece in got:
        if left > 0:
            head_after, left = at, left - len(piece)
            if left < 0:
                pieces.append((at, -left))
        else:
            pieces.append((at, len(piece)))
    if ending is Ending.SILENT and int(headers.get("content-length", "-1")) == len(body):
        ending = Ending.WHOLE
    return Seen(int(first.split()[1]), headers, body, ending, head_after or 0.0, pieces)
