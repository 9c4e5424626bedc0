"""Network guard: rejects connections of Python code to hosts that a test must not reach.

docs/respx.md and docs/intercept.md describe what is covered. The error is an AssertionError, because HTTP
libraries retry an OSError or turn it into one of their own. A program may still swallow it, so it is recorded
and raised again at the end of the block.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from safelight_testing._call_sites import call_site
from safelight_testing._child_processes import new_report, take_errors, write_error
from safelight_testing._host_names import is_among, is_loopback, is_this_machine, normal

if TYPE_CHECKING:
    import socket

IN_CHILD = "the server is in the parent process only; give a child process the base URL of a MockServer"
KEPT = 100  # errors recorded by one guard, because a program may retry for ever


class RefusedConnectionError(AssertionError):
    """A program tried to connect to a host that a test must not reach; `host` is its name."""

    def __init__(self, message: str, host: str) -> None:
        super().__init__(message, host)
        self.host = host

    def __str__(self) -> str:
        return str(self.args[0])


class Connector(Protocol):
    """Makes connections to a server in this process, in place of connections over the network."""

    def connect(self, host: str, port: int | None, scheme: str) -> "socket.socket":
        """Return the client's end of a new connection; raises the OSError of a connection that fails."""

    def has_made(self, sock: object) -> bool:
        """Return whether a socket is the client's end of a connection to the server."""

    def begin_tls(self, sock: "socket.socket") -> None:
        """Have the server answer as over https, from the first byte on."""


class Watch(Protocol):
    """Receives hosts (str or bytes; None and empty ones pass) before patched functions reach them."""

    def check(self, host: object, *, is_replaced: bool = False) -> None:
        """Raise RefusedConnectionError for a host that must not be reached.

        `is_replaced`: connections to hosts that are served are replaced, so these may be.
        """

    def connector(self, host: object) -> Connector | None:
        """Return what connects to a host in this process; None: the network. Raises as `check` does."""

    def learn(self, addresses: object) -> None:
        """Receive the result of a look-up that passed."""


@dataclass(kw_only=True, eq=False)
class NetworkGuard:
    """The hosts of one `with` block, and the recorded errors.

    - `served`: hosts to which `connector` connects; `hosts`: those that are rejected.
    - `instead`: the hint, in which {host} is the host.
    - `is_closed`: every other host is rejected, too, unless it is this machine.
    - `allowed` takes precedence.

    A host that begins with a dot covers every name below it.
    """

    hosts: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()
    instead: str
    served: frozenset[str] = frozenset()
    connector: Connector | None = None
    is_closed: bool = False
    errors: list[RefusedConnectionError] = field(default_factory=list)
    report: Path = field(default_factory=new_report)
    _process: int = field(default_factory=os.getpid)

    def serves(self, name: str) -> bool:
        """Whether connections to a name are made in this process."""
        return is_among(name, self.served) and not is_among(name, self.allowed)

    def covers(self, name: str) -> bool:
        """Whether connections to a name are rejected."""
        is_covered = is_among(name, self.hosts) or (self.is_closed and not is_this_machine(name))
        return is_covered and not is_among(name, self.allowed)

    def error(self, host: str, instead: str = "") -> RefusedConnectionError:
        """Return a recorded error."""
        place = call_site()
        error = self._error(host, f" from {place}" if place else "", instead)
        if len(self.errors) < KEPT:
            self.errors.append(error)
        if os.getpid() != self._process:
            write_error(self.report, host, place)
        return error

    def collect(self) -> None:
        """Record the errors of child processes."""
        for host, place in take_errors(self.report):
            in_child = f"{f' from {place}' if place else ''} in a child process"
            self.errors.append(self._error(host, in_child, IN_CHILD if self.serves(host) else ""))

    def described(self) -> dict[str, object]:
        """Return the guard for child processes, as JSON."""
        return {
            "hosts": sorted(self.hosts),
            "served": sorted(self.served),
            "allowed": sorted(self.allowed),
            "is_closed": self.is_closed,
            "instead": self.instead,
            "in_child": IN_CHILD,
            "report": str(self.report),
        }

    def _error(self, host: str, origin: str, instead: str) -> RefusedConnectionError:
        advice = (instead or self.instead).replace("{host}", host)
        return RefusedConnectionError(f"a connection to {host}{origin} is rejected; {advice}", host)

    @contextmanager
    def raising(self) -> Iterator[None]:
        """Raise the first recorded error at the end of the `with` block, unless the block ends with one."""
        try:
            yield
        except RefusedConnectionError:
            raise
        except (KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException as error:
            if self.errors:
                raise self.errors[0] from error
            raise
        if self.errors:
            raise self.errors[0]


def names(hosts: Iterable[str]) -> frozenset[str]:
    """Return hosts in their common form, without those of loopback."""
    return frozenset(name for name in map(normal, hosts) if name and not is_loopback(name))
