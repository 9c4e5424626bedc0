"""Network guard: rejects connections of Python code to hosts that a test must not reach.

docs/respx.md and docs/intercept.md describe what is covered. The error is an AssertionError, because HTTP
libraries retry an OSError or turn it into one of their own. A program may still swallow it, so it is recorded
and raised again at the end of the block.
"""

import sys
import sysconfig
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from safelight_testing._host_names import is_among, is_loopback, is_this_machine, normal

if TYPE_CHECKING:
    import socket
    from types import FrameType

LIBRARIES = tuple(str(Path(sysconfig.get_path(name))) for name in ("stdlib", "purelib", "platlib"))
HERE = str(Path(__file__).parent)
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
    """The hosts of one `with` block, a hint on what to use instead, and the recorded errors.

    - `served`: hosts to which `connector` connects; `hosts`: those that are rejected.
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

    def serves(self, name: str) -> bool:
        """Whether connections to a name are made in this process."""
        return is_among(name, self.served) and not is_among(name, self.allowed)

    def covers(self, name: str) -> bool:
        """Whether connections to a name are rejected."""
        is_covered = is_among(name, self.hosts) or (self.is_closed and not is_this_machine(name))
        return is_covered and not is_among(name, self.allowed)

    def error(self, host: str, instead: str = "") -> RefusedConnectionError:
        """Return a recorded error."""
        caller = _caller()
        error = RefusedConnectionError(
            f"a connection to {host}{f' from {caller}' if caller else ''} is rejected; "
            f"{instead or self.instead}",
            host,
        )
        self.record(error)
        return error

    def record(self, error: RefusedConnectionError) -> None:
        """Record an error, which is raised at the end of the block."""
        if len(self.errors) < KEPT:
            self.errors.append(error)

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


def _caller() -> str:
    """Return file and line of the nearest caller outside libraries; empty in a thread of a library."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - inspect.stack reads every source file
    while frame is not None:
        file = frame.f_code.co_filename
        if not file.startswith((HERE, "<", *LIBRARIES)):
            return f"{file}:{frame.f_lineno}"
        frame = frame.f_back
    return ""
