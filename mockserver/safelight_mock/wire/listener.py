"""Listeners: whether a port serves the API, files, or both."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

import msgspec

from safelight_mock.wire.hosts import is_loopback
from safelight_mock.wire.presigned_links import PREFIX

CONTROL = "/_safelight/"  # path of the control plane
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
PORT = re.compile(r":\d*$")
PORTS = 16  # base URLs remembered: a process has one or two


class Listener(msgspec.Struct, frozen=True, kw_only=True):
    """What a port serves. `files_port`: the port of files if they are not served on this one; 0: they are.

    `own`: the base URL of the API on a socket; empty if unknown.
    """

    api: bool = True
    files_port: int = 0
    own: str = ""

    def serves_files_at(self, path: str) -> bool:
        """Return whether a request to this path on this listener is for the file host."""
        return not self.api or (not self.files_port and path.startswith(PREFIX))

    def on(self, port: int | None) -> "Listener":
        """Return the listener of a port: the files port serves files only."""
        return FILES if self.files_port and port == self.files_port else self

    def files(self, origin: str) -> str:
        """Return the origin of files for this origin of the API: the same host with the files port."""
        if not self.files_port:
            return origin
        scheme, _, rest = origin.partition("://")
        return f"{scheme}://{PORT.sub('', rest.partition('/')[0])}:{self.files_port}"


@lru_cache(PORTS)
def loopback_urls(own: str) -> tuple[str, ...]:
    """Return the base URLs on this machine of the API at a base URL; none without a port."""
    port = PORT.search(own)
    return (own, *(f"http://{host}{port[0]}" for host in LOOPBACK)) if port else ()


SINGLE_PORT = Listener()
FILES = Listener(api=False)


class ServerAddress(msgspec.Struct):
    """Where the server can be reached, as known from its adapters and requests."""

    listener: Listener = SINGLE_PORT  # for links that belong to no request, as in webhooks
    is_exposed: bool = False  # a request came from another machine

    def is_local(self) -> bool:
        """Return whether only this machine can reach the server."""
        own = self.listener.own
        return not self.is_exposed and (not own or is_loopback(urlsplit(own).hostname or ""))
