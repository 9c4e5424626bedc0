"""What a call can reach by the way it came in: the API, the files, or both."""

import re
from urllib.parse import urlsplit

import msgspec

from safelight_mock.wire.hosts import is_loopback
from safelight_mock.wire.presigned_links import PREFIX

CONTROL = "/_safelight/"  # where the control plane is
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
PORT = re.compile(r":\d*$")


class Listener(msgspec.Struct, frozen=True, kw_only=True):
    """A way into the twin; `files_port` is where files are served when they are not served here.

    `own` is the base URL of the API where it is served on a socket, as far as that is known.
    """

    api: bool = True
    files_port: int = 0
    own: str = ""

    def serves_files_at(self, path: str) -> bool:
        """Tell whether a call that came in here is for the file host."""
        return not self.api or (not self.files_port and path.startswith(PREFIX))

    def on(self, port: int | None) -> "Listener":
        """Return what a call has come in by that came to this port."""
        return FILES if self.files_port and port == self.files_port else self

    def on_this_machine(self) -> tuple[str, ...]:
        """Return the base URLs at which the API is reached on this machine, as far as its port is known."""
        port = PORT.search(self.own)
        return (self.own, *(f"http://{host}{port[0]}" for host in LOOPBACK)) if port else ()

    def files(self, origin: str) -> str:
        """Return the file host's origin for who calls the API by this one: another port of the same host."""
        if not self.files_port:
            return origin
        scheme, _, rest = origin.partition("://")
        return f"{scheme}://{PORT.sub('', rest.partition('/')[0])}:{self.files_port}"


SINGLE_PORT = Listener()
FILES = Listener(api=False)


class ServerAddress(msgspec.Struct):
    """Where the server is reached, as far as that is known: what its adapters and requests told of it."""

    listener: Listener = SINGLE_PORT  # for links that no request asks for
    is_exposed: bool = False  # a request came from another machine

    def is_local(self) -> bool:
        """Return whether this machine alone reaches the server."""
        own = self.listener.own
        return not self.is_exposed and (not own or is_loopback(urlsplit(own).hostname or ""))
