"""Network guard: rejects connections of Python code to given hosts before anything is sent.

docs/respx.md describes what is covered. The error is an AssertionError, because HTTP libraries retry an
OSError or turn it into one of their own. A program may still swallow it, so it is recorded and raised again
at the end of the block.
"""

import socket
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from safelight_testing._network_hooks import Function, Patch, patch

if TYPE_CHECKING:
    from types import FrameType

LIBRARIES = tuple(str(Path(sysconfig.get_path(name))) for name in ("stdlib", "purelib", "platlib"))
HERE = str(Path(__file__).parent)
KEPT = 100  # errors recorded by one guard, because a program may retry for ever
LEARNT = 10_000  # addresses of other hosts that are remembered
# Not `ip_address.is_private`, which includes the networks for documentation (RFC 5737) that tests use.
INTERNAL = [
    ip_network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"),
        *("::/127", "fc00::/7", "fe80::/10"),
    )
]


class RefusedConnectionError(AssertionError):
    """A program tried to connect to a host that a test must not reach; `host` is its name."""

    def __init__(self, message: str, host: str) -> None:
        super().__init__(message, host)
        self.host = host

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(kw_only=True, eq=False)
class NetworkGuard:
    """The hosts of one `with` block, a hint on what to use instead, and the recorded errors.

    A host that begins with a dot covers every name below it. `allowed` takes precedence.
    """

    hosts: frozenset[str]
    allowed: frozenset[str]
    instead: str
    errors: list[RefusedConnectionError] = field(default_factory=list)

    def covers(self, name: str) -> bool:
        """Whether connections to a name are rejected."""
        return _is_among(name, self.hosts) and not _is_among(name, self.allowed)

    def error(self, host: str) -> RefusedConnectionError:
        """Return a recorded error."""
        caller = _caller()
        error = RefusedConnectionError(
            f"a connection to {host}{f' from {caller}' if caller else ''} is rejected; {self.instead}", host
        )
        if len(self.errors) < KEPT:
            self.errors.append(error)
        return error


class ActiveGuards:
    """The guards of this process. Functions are patched while there is one; guards may end in any order."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._guards: tuple[NetworkGuard, ...] = ()
        self._patches: list[Patch] = []
        self._learnt: set[str] = set()
        self._addresses: dict[str, frozenset[str]] = {}
        self._look_up: Function = socket.getaddrinfo

    def add(self, guard: NetworkGuard) -> None:
        """Add a guard; the first one patches."""
        with self._lock:
            self._guards = (*self._guards, guard)
            if not self._patches:
                self._look_up = socket.getaddrinfo
                self._patches = patch(self)

    def remove(self, guard: NetworkGuard) -> None:
        """Remove a guard; the last one restores the functions."""
        with self._lock:
            self._guards = tuple(other for other in self._guards if other is not guard)
            if not self._guards:
                for done in reversed(self._patches):
                    done.undo()
                self._patches, self._learnt, self._addresses = [], set(), {}

    def check(self, host: object) -> None:
        """Raise RefusedConnectionError for a host of an active guard, or for an address of one."""
        name = _normal(host)
        guards = self._guards
        if not name or not guards:
            return
        for guard in reversed(guards):
            covered = name if guard.covers(name) else self._host_at(name, guard)
            if covered:
                raise guard.error(covered)

    def learn(self, addresses: object) -> None:
        """Remember addresses of an allowed name: an address of a shared CDN may serve a covered host too."""
        if self._guards and len(self._learnt) < LEARNT:
            self._learnt.update(_addresses_in(addresses))

    def _host_at(self, address: str, guard: NetworkGuard) -> str:
        """Return the covered host whose address this is, resolved before the guard was added; empty: none."""
        if address in self._learnt or not _is_public(address):
            return ""
        names = (host for host in sorted(guard.hosts - guard.allowed) if not host.startswith("."))
        return next((host for host in names if address in self._addresses_of(host)), "")

    def _addresses_of(self, host: str) -> frozenset[str]:
        # Resolved once, and only for a connect to a public address that no look-up in the block has returned.
        if host not in self._addresses:
            try:
                self._addresses[host] = frozenset(_addresses_in(self._look_up(host, None)))
            except OSError:
                self._addresses[host] = frozenset()
        return self._addresses[host]


ACTIVE = ActiveGuards()  # module state, because the patched functions are those of the process


@contextmanager
def refuse_hosts(hosts: Iterable[str], *, instead: str, allow: Iterable[str] = ()) -> Iterator[NetworkGuard]:
    """Reject every connection to these hosts, by name or address; `instead` is the hint in the error.

    ".example" covers every name below it. Names of loopback and those in `allow` are never rejected. At the
    end of the block its first error is raised, unless the block ends with one.
    """
    names = frozenset(name for name in map(_normal, hosts) if name and not _is_loopback(name))
    guard = NetworkGuard(hosts=names, allowed=frozenset(map(_normal, allow)), instead=instead)
    ACTIVE.add(guard)
    try:
        yield guard
    except RefusedConnectionError:
        raise
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        if guard.errors:
            raise guard.errors[0] from error
        raise
    finally:
        ACTIVE.remove(guard)
    if guard.errors:
        raise guard.errors[0]


def _is_among(name: str, hosts: frozenset[str]) -> bool:
    suffixes = (f".{name.split('.', dots)[-1]}" for dots in range(1, name.count(".") + 1))
    return name in hosts or not hosts.isdisjoint(suffixes)


def _normal(host: object) -> str:
    """Return a host for comparison: lower case, ASCII, without a trailing dot or an IPv6 zone."""
    text = bytes(host).decode("latin-1") if isinstance(host, bytes | bytearray) else host
    if not isinstance(text, str):
        return ""
    try:
        name = text if text.isascii() else text.encode("idna").decode()
    except UnicodeError:
        return ""
    return _unmapped(name.strip("[]").partition("%")[0].rstrip(".").lower())


def _unmapped(name: str) -> str:
    """Return the IPv4 address of an IPv4-mapped IPv6 one (RFC 4291); anything else as it is."""
    try:
        address = ip_address(name)
    except ValueError:
        return name
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def _is_loopback(name: str) -> bool:
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _is_public(name: str) -> bool:
    """Whether it is an address that a vendor may have; others need no look-up."""
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return not any(address in network for network in INTERNAL)


def _addresses_in(value: object) -> Iterator[str]:
    """Yield the addresses in results of look-ups: texts, tuples and dicts of many shapes."""
    if isinstance(value, str):
        yield _unmapped(value.partition("%")[0].lower())
    elif isinstance(value, dict):
        yield from _addresses_in(value.get("host"))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _addresses_in(part)


def _caller() -> str:
    """Return file and line of the nearest caller outside libraries; empty in a thread of a library."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - inspect.stack reads every source file
    while frame is not None:
        file = frame.f_code.co_filename
        if not file.startswith((HERE, "<", *LIBRARIES)):
            return f"{file}:{frame.f_lineno}"
        frame = frame.f_back
    return ""
