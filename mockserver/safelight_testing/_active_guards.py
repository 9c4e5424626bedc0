"""The guards that are active in this process, and what they decide about a host."""

import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import RLock

from safelight_testing._child_processes import hand_down
from safelight_testing._connections import MODULES, patch_module
from safelight_testing._host_names import addresses_in, is_address, is_public, normal
from safelight_testing._late_imports import LateImports
from safelight_testing._network_guard import (
    IN_CHILD,
    Connector,
    NetworkGuard,
    RefusedConnectionError,
    names,
)
from safelight_testing._patches import Function, Patches

LEARNT = 10_000  # addresses of other hosts that are remembered
UNREACHABLE = (
    "it is served in this process to http.client, requests, urllib3, httpx, httpx2 and aiohttp, but not to "
    "what connects here; give that the base URL of a MockServer"
)


class ActiveGuards:
    """The guards of this process. Functions are patched while there is one; guards may end in any order.

    Of several, the one that was added last and serves or rejects a host decides.
    """

    def __init__(self) -> None:
        self._lock = RLock()  # the garbage collector may end a block while another one ends
        self._guards: tuple[NetworkGuard, ...] = ()
        self._patches = Patches()
        self._imports: LateImports | None = None
        self._learnt: set[str] = set()
        self._addresses: dict[str, frozenset[str]] = {}
        self._look_up: Function = socket.getaddrinfo
        self._is_forked = False

    def add(self, guard: NetworkGuard) -> None:
        """Add a guard; the first one patches."""
        with self._lock:
            self._guards = (*self._guards, guard)
            if self._imports is None:
                self._look_up = socket.getaddrinfo
                self._imports = LateImports(MODULES, lambda module: patch_module(module, self, self._patches))
            hand_down(guard.described() for guard in self._guards)

    def remove(self, guard: NetworkGuard) -> None:
        """Remove a guard; the last one restores the functions."""
        with self._lock:
            self._guards = tuple(other for other in self._guards if other is not guard)
            hand_down(other.described() for other in self._guards)
            guard.collect()
            if not self._guards and self._imports is not None:
                self._imports.stop()
                self._patches.undo()
                self._imports, self._learnt, self._addresses = None, set(), {}

    def check(self, host: object, *, is_replaced: bool = False) -> None:
        """Raise RefusedConnectionError for a host that is rejected, or for an address of one.

        `is_replaced`: connections to hosts that are served are replaced, so these are not rejected.
        """
        name = normal(host)
        for guard in reversed(self._guards) if name else ():
            if guard.serves(name):
                if is_replaced and not self._is_forked:
                    return
                raise guard.error(name, IN_CHILD if self._is_forked else UNREACHABLE)
            covered = self._covered(name, guard)
            if covered:
                raise guard.error(covered)

    def connector(self, host: object) -> Connector | None:
        """Return what connects to a host in this process; None if the network is to be used.

        Raises RefusedConnectionError as `check` does.
        """
        self.check(host, is_replaced=True)
        name = normal(host)
        return next((guard.connector for guard in reversed(self._guards) if guard.serves(name)), None)

    def learn(self, addresses: object) -> None:
        """Remember addresses of an allowed name: an address of a shared CDN may serve a covered host too."""
        if self._guards and len(self._learnt) < LEARNT:
            self._learnt.update(addresses_in(addresses))

    def fork(self) -> None:
        """Serve nothing in a child process: it has none of the threads."""
        self._lock = RLock()
        self._is_forked = bool(self._guards)

    def _covered(self, name: str, guard: NetworkGuard) -> str:
        """Return the host that is rejected by this name or address; empty: none is."""
        if guard.covers(name):
            is_known = guard.is_closed and is_address(name) and self._is_allowed(name, guard)
            return "" if is_known else name
        return "" if guard.is_closed else self._host_at(name, guard)

    def _is_allowed(self, address: str, guard: NetworkGuard) -> bool:
        """Whether it is the address of an allowed host, resolved in the block or before it."""
        exact = (host for host in sorted(guard.allowed) if not (host.startswith(".") or is_address(host)))
        return address in self._learnt or any(address in self._addresses_of(host) for host in exact)

    def _host_at(self, address: str, guard: NetworkGuard) -> str:
        """Return the covered host whose address this is, resolved before the guard was added; empty: none."""
        if address in self._learnt or not is_public(address):
            return ""
        hosts = (guard.hosts | guard.served) - guard.allowed
        exact = (host for host in sorted(hosts) if not host.startswith("."))
        return next((host for host in exact if address in self._addresses_of(host)), "")

    def _addresses_of(self, host: str) -> frozenset[str]:
        # Resolved once, and only for a connect to a public address that no look-up in the block has returned.
        if host not in self._addresses:
            try:
                self._addresses[host] = frozenset(addresses_in(self._look_up(host, None)))
            except OSError:
                self._addresses[host] = frozenset()
        return self._addresses[host]


ACTIVE = ActiveGuards()  # module state, because the patched functions are those of the process
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=ACTIVE.fork)


@contextmanager
def active(guard: NetworkGuard) -> Iterator[NetworkGuard]:
    """Add a guard for a `with` block, at the end of which its first error is raised."""
    with guard.raising():
        ACTIVE.add(guard)
        try:
            yield guard
        finally:
            ACTIVE.remove(guard)


def refuse_hosts(
    hosts: Iterable[str], *, instead: str, allow: Iterable[str] = ()
) -> AbstractContextManager[NetworkGuard]:
    """Reject every connection to these hosts, by name or address; `instead` is the hint in the error.

    ".example" covers every name below it. Names of loopback and those in `allow` are never rejected. At the
    end of the block its first error is raised, unless the block ends with one.
    """
    return active(NetworkGuard(hosts=names(hosts), allowed=frozenset(map(normal, allow)), instead=instead))


@contextmanager
def refuse_all(*, instead: str, allow: Iterable[str] = ()) -> Iterator[list[RefusedConnectionError]]:
    """Reject every connection to another machine, but for hosts in `allow`; yields the errors so far.

    No error is raised again at the end of the block.
    """
    guard = NetworkGuard(is_closed=True, allowed=frozenset(map(normal, allow)), instead=instead)
    ACTIVE.add(guard)
    try:
        yield guard.errors
    finally:
        ACTIVE.remove(guard)
