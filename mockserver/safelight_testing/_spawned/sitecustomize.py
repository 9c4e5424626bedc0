"""Refuses connections in a Python program that a guarded process has started.

`_child_processes` puts this folder on PYTHONPATH. It has the standard library only, and runs in any Python
from 3.8 on; then the module of this name runs that it hides.
"""  # noqa: INP001 - no package: Python imports it by its name

from __future__ import annotations

import json
import os
import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

VARIABLE = "SAFELIGHT_GUARD"
HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib takes longer to import
LIBRARIES = (os.path.dirname(os.__file__), HERE, "<")  # noqa: PTH120 - as above
INTERNET = (2, 10, 23, 30)  # AF_INET, and AF_INET6 of Linux, Windows and macOS
MOST_BYTES = 100_000  # of a report; a program may retry for ever
LOOK_UPS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
CONNECTS = ("socket.connect", "socket.sendto", "socket.sendmsg")
REFUSED = "a connection to {}{} in a child process is rejected; {}"


class RefusedConnectionError(AssertionError):
    """A program tried to connect to a host that a test must not reach."""


class Guard:
    """A guard of the parent process, as it describes it."""

    def __init__(self, described: dict[str, Any]) -> None:
        self.hosts: list[str] = described["hosts"]
        self.served: list[str] = described["served"]
        self.allowed: list[str] = described["allowed"]
        self.is_closed: bool = described["is_closed"]
        self.instead: str = described["instead"]
        self.in_child: str = described["in_child"]
        self.report: str = described["report"]

    def check(self, name: str) -> None:
        """Raise RefusedConnectionError for a host that is rejected, and report it to the parent."""
        is_served = is_among(name, self.served)
        is_covered = is_served or self.is_closed or is_among(name, self.hosts)
        if is_among(name, self.allowed) or not is_covered:
            return
        place = call_site()
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        report = os.open(self.report, flags, 0o600)
        if os.fstat(report).st_size < MOST_BYTES:
            os.write(report, json.dumps([name, place]).encode() + b"\n")
        os.close(report)
        origin = " from " + place if place else ""
        instead = self.in_child if is_served else self.instead.replace("{host}", name)
        raise RefusedConnectionError(REFUSED.format(name, origin, instead))


class Hook:
    """An audit hook that has guards check hosts, and remembers the addresses of those that pass."""

    def __init__(self, guards: list[Guard]) -> None:
        self.guards = guards
        self.passed: set[object] = set()
        self.is_looking_up = False

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        """Receive an event of the interpreter."""
        if self.is_looking_up:
            return
        if event in LOOK_UPS:
            self.check(arguments[0])
        elif event in CONNECTS:
            address = arguments[1]
            if getattr(arguments[0], "family", None) in INTERNET and isinstance(address, tuple):
                self.check(address[0])

    def check(self, host: object) -> None:
        """Check a host, a name or an address."""
        text = host.decode("latin-1") if isinstance(host, bytes) else host
        name = text.strip("[]").partition("%")[0].rstrip(".").lower() if isinstance(text, str) else ""
        if not name or name in self.passed or is_this_machine(name):
            return
        for guard in reversed(self.guards):
            guard.check(name)
        self.remember(name)

    def remember(self, name: str) -> None:
        """Let the addresses of a name pass: the hook does not see what a look-up returns."""
        import socket  # noqa: PLC0415 - the program has imported it

        self.is_looking_up = True
        try:
            self.passed.update(entry[4][0] for entry in socket.getaddrinfo(name, None))
        except OSError:  # the program finds out itself
            return
        finally:
            self.is_looking_up = False


def is_this_machine(name: str) -> bool:
    """Whether it is loopback, or the address of all interfaces."""
    is_named = name == "localhost" or name.endswith(".localhost")
    return is_named or name in ("::1", "::", "0.0.0.0") or name.startswith(("127.", "::ffff:127."))  # noqa: S104


def is_among(name: str, hosts: list[str]) -> bool:
    """Whether a name is one of the hosts, or below one that begins with a dot."""
    return any(name == host or (host[:1] == "." and name.endswith(host)) for host in hosts)


def call_site() -> str:
    """Return file and line of the nearest caller outside libraries."""
    frame = sys._getframe(1)  # noqa: SLF001 - inspect takes longer to import
    while True:
        file = frame.f_code.co_filename
        if not file.startswith(LIBRARIES) and "site-packages" not in file:
            return f"{file}:{frame.f_lineno}"
        if frame.f_back is None:
            return ""
        frame = frame.f_back


def run_next() -> None:
    """Run the module that this one hides."""
    rest = [path for path in sys.path if os.path.abspath(path or ".") != HERE]  # noqa: PTH100 - as above
    spec = PathFinder.find_spec("sitecustomize", rest)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(module_from_spec(spec))


if os.environ.get(VARIABLE):
    sys.addaudithook(Hook([Guard(guard) for guard in json.loads(os.environ[VARIABLE])]))
run_next()
