"""Hosts that a test must not reach: Python code that tries to is refused before anything leaves.

What is refused, and what is not, is described in docs/respx.md. The refusal is an AssertionError: an OSError
would be retried by HTTP libraries and turned into an error of their own. A program may still swallow it, so
it is recorded and raised again at the end.
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

from safelight_testing.network_hooks import Function, Patch, patch

if TYPE_CHECKING:
    from types import FrameType

LIBRARIES = tuple(str(Path(sysconfig.get_path(name))) for name in ("stdlib", "purelib", "platlib"))
HERE = str(Path(__file__).parent)
KEPT = 100  # refusals of one guard; a program that retries for ever makes no list without end
LEARNT = 10_000  # addresses of other hosts
# Not `is_private`, to which addresses of documentation belong too.
INTERNAL = [
    ip_network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"),
        *("::/127", "fc00::/7", "fe80::/10"),
    )
]


class RefusedConnectionError(AssertionError):
    """A program tried to reach a host that a test must not reach; `host` is its name."""

    def __init__(self, message: str, host: str) -> None:
        super().__init__(message, host)
        self.host = host

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(kw_only=True, eq=False)
class NetworkGuard:
    """The hosts of one `with` block, what to use in their place, and what was refused there.

    A host that begins with a dot stands for every name below it. What is `allowed` is not refused.
    """

    hosts: frozenset[str]
    allowed: frozenset[str]
    instead: str
    refused: list[RefusedConnectionError] = field(default_factory=list)

    def covers(self, name: str) -> bool:
        """Whether connections to a name are refused."""
        return _is_among(name, self.hosts) and not _is_among(name, self.allowed)

    def refuse(self, host: str) -> RefusedConnectionError:
        """Record a refusal and return it."""
        caller = _caller()
        error = RefusedConnectionError(
            f"a connection to {host}{f' from {caller}' if caller else ''} is refused: {self.instead}", host
        )
        if len(self.refused) < KEPT:
            self.refused.append(error)
        return error


class ActiveGuards:
    """The guards of this process. Functions are patched as long as there is one; guards end in any order."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._guards: tuple[NetworkGuard, ...] = ()
        self._patches: list[Patch] = []
        self._learnt: set[str] = set()
        self._addresses: dict[str, frozenset[str]] = {}
        self._look_up: Function = socket.getaddrinfo

    def add(self, guard: NetworkGuard) -> None:
        """Start to refuse a guard's hosts."""
        with self._lock:
            self._guards = (*self._guards, guard)
            if not self._patches:
                self._look_up = socket.getaddrinfo
                self._patches = patch(self)

    def remove(self, guard: NetworkGuard) -> None:
        """Stop to refuse them; after the last guard nothing is patched any more."""
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
            refused = name if guard.covers(name) else self._host_at(name, guard)
            if refused:
                raise guard.refuse(refused)

    def learn(self, found: object) -> None:
        """Remember the addresses of a name that may be reached: one address may serve several hosts."""
        if self._guards and len(self._learnt) < LEARNT:
            self._learnt.update(_addresses_in(found))

    def _host_at(self, address: str, guard: NetworkGuard) -> str:
        """Return the refused host whose address this is, looked up before the guard was there; or nothing."""
        if address in self._learnt or not _is_public(address):
            return ""
        names = (host for host in sorted(guard.hosts - guard.allowed) if not host.startswith("."))
        return next((host for host in names if address in self._addresses_of(host)), "")

    def _addresses_of(self, host: str) -> frozenset[str]:
        # Looked up once, and only for a connect to a public address that no look-up in the block has given.
        if host not in self._addresses:
            try:
                self._addresses[host] = frozenset(_addresses_in(self._look_up(host, None)))
            except OSError:
                self._addresses[host] = frozenset()
        return self._addresses[host]


ACTIVE = ActiveGuards()  # the one exception to "no state of a module": what it patches is the process's


@contextmanager
def refuse_hosts(hosts: Iterable[str], *, instead: str, allow: Iterable[str] = ()) -> Iterator[NetworkGuard]:
    """Refuse every connection to these hosts, by name or address; `instead` ends the sentence of the error.

    ".example" stands for every name below it. Names of this machine are never refused, nor those in `allow`.
    At the end the first refusal is raised again, unless it is what ends the block.
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
        if guard.refused:
            raise guard.refused[0] from error
        raise
    finally:
        ACTIVE.remove(guard)
    if guard.refused:
        raise guard.refused[0]


def _is_among(name: str, hosts: frozenset[str]) -> bool:
    below = (f".{name.split('.', dots)[-1]}" for dots in range(1, name.count(".") + 1))
    return name in hosts or not hosts.isdisjoint(below)


def _normal(host: object) -> str:
    """Return a host as it is compared: in lower case and ASCII, without the root's dot or an IPv6 zone."""
    text = bytes(host).decode("latin-1") if isinstance(host, bytes | bytearray) else host
    if not isinstance(text, str):
        return ""
    try:
        name = text if text.isascii() else text.encode("idna").decode()
    except UnicodeError:
        return ""
    return _unmapped(name.strip("[]").partition("%")[0].rstrip(".").lower())


def _unmapped(name: str) -> str:
    """Return the IPv4 address inside an IPv6 one; anything else as it is."""
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
    """Whether it is an address that a vendor may have; the others are spared the look-up."""
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return not any(address in network for network in INTERNAL)


def _addresses_in(found: object) -> Iterator[str]:
    """Yield the addresses in what look-ups return: text, tuples and dicts of many shapes."""
    if isinstance(found, str):
        yield _unmapped(found.partition("%")[0].lower())
    elif isinstance(found, dict):
        yield from _addresses_in(found.get("host"))
    elif isinstance(found, list | tuple):
        for part in found:
            yield from _addresses_in(part)


def _caller() -> str:
    """Name the nearest line that is neither a library's nor ours; nothing in a thread of a library's own."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - inspect.stack reads every source file
    while frame is not None:
        file = frame.f_code.co_filename
        if not file.startswith((HERE, "<", *LIBRARIES)):
            return f"{file}:{frame.f_lineno}"
        frame = frame.f_back
    return ""
