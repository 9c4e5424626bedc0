"""Vendors' hosts served in this process to unmodified programs: `intercept`."""

import os
import socket
from collections.abc import Callable, Collection, Iterable
from contextlib import ExitStack
from functools import wraps
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from math import inf
from types import NoneType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast
from urllib.parse import urlsplit

from safelight_mock import Settings, Twin
from safelight_mock.adapters.connection_faults import ConnectionFault
from safelight_mock.adapters.portless_server import Destination, PortlessServer
from safelight_mock.config.arguments import check_number, check_type
from safelight_testing._active_guards import active
from safelight_testing._host_names import allowed_hosts, is_among, normal
from safelight_testing._network_guard import NetworkGuard, RefusedConnectionError, names

if TYPE_CHECKING:
    from os import PathLike
    from types import TracebackType

    from safelight_mock import Spec

INSTEAD = "this block serves {served}; to reach another host, pass allow=['{{host}}']"

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Interception:
    """An active interception. `twin`: the server that answers; `hosts`: those that it answers for."""

    def __init__(
        self,
        twin: Twin,
        hosts: frozenset[str],
        refused: list[RefusedConnectionError],
        fail: Callable[[ConnectionFault, str, float], None],
    ) -> None:
        self.twin: Twin = twin
        self.hosts: frozenset[str] = hosts
        self._refused = refused
        self._fail = fail

    @property
    def refused(self) -> tuple[RefusedConnectionError, ...]:
        """The connections that were refused so far; the first one is raised at the end of the block."""
        return tuple(self._refused)

    def fail_connections(
        self, fault: ConnectionFault | str, *, host: str = "", times: int | None = 1
    ) -> None:
        """Have the next connections fail, as many as `times`; None: all. Earlier faults come first.

        `host`: only connections to that one. The next request makes a new connection, even if an earlier
        one is still open. What goes wrong later, with a response, is for scenarios. Raises ValueError for an
        unknown fault, a host that is not served, and `times` below 1.
        """
        known = ", ".join(ConnectionFault)
        if fault not in [*ConnectionFault]:
            raise ValueError(f"fault must be one of {known}, not {fault!r}")
        if host and normal(host) not in self.hosts:
            raise ValueError(f"host must be one of {', '.join(sorted(self.hosts))}, not {host!r}")
        if times is not None:
            check_number("times", times, is_whole=True)
        self._fail(ConnectionFault(fault), normal(host), inf if times is None else times)

    def take_refused(self) -> tuple[RefusedConnectionError, ...]:
        """Return the refused connections, and forget them: none of them is raised at the end of the block."""
        taken = tuple(self._refused)
        del self._refused[: len(taken)]
        return taken


class _Connector:
    """Makes connections to a portless server."""

    def __init__(self, server: PortlessServer) -> None:
        self._server = server

    def connect(self, host: str, port: int | None, scheme: str) -> socket.socket:
        return self._server.connect(Destination(host=normal(host), port=port, scheme=scheme))

    def has_made(self, sock: object) -> bool:
        return self._server.has_made(sock)

    def begin_tls(self, sock: socket.socket) -> None:
        self._server.begin_tls(sock)


class Intercept:
    """Answers the vendors' hosts in this process, for a `with` block or a decorated function."""

    def __init__(
        self,
        settings: Settings | None,
        specs: Iterable[Any],
        twin: Twin | None,
        allow: Collection[str],
    ) -> None:
        check_type("settings", settings, (Settings, NoneType), "Settings")
        check_type("twin", twin, (Twin, NoneType), "a Twin")
        if twin is not None and (settings is not None or specs):
            raise ValueError("a twin has settings and specs already; pass either the twin or those")
        self._settings, self._specs, self._twin = settings, tuple(specs), twin
        self._allow = allowed_hosts("allow", allow)
        self._open: list[ExitStack] = []
        self._process = 0

    def __enter__(self) -> Interception:
        """Start; every call starts a server of its own."""
        with ExitStack() as opened:
            twin = self._twin
            if twin is None:
                twin = Twin(self._settings, specs=self._specs)
                opened.callback(twin.close)
            server = opened.enter_context(PortlessServer(twin))
            guard = _guard(twin, self._allow, _Connector(server))
            opened.enter_context(active(guard))
            self._open.append(opened.pop_all())
            self._process = os.getpid()
        return Interception(twin, guard.served, guard.errors, server.fail)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: "TracebackType | None",
    ) -> None:
        """Stop; raises RefusedConnectionError if a connection was refused."""
        opened = self._open.pop()
        if os.getpid() != self._process:  # a forked child leaves the block: the server is the parent's
            opened.pop_all()
            return
        opened.__exit__(kind, error, traceback)

    def __call__(self, function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        """Decorate a function, or a coroutine function."""
        if isgeneratorfunction(function) or isasyncgenfunction(function):
            raise TypeError("intercept() cannot decorate a generator; put `with intercept():` into it")
        if iscoroutinefunction(function):

            @wraps(function)
            async def run(*args: Any, **named: Any) -> Any:  # noqa: ANN401 - as the function has it
                with self._another():
                    return await function(*args, **named)

            return cast("Callable[Arguments, Result]", run)

        @wraps(function)
        def call(*args: Arguments.args, **named: Arguments.kwargs) -> Result:
            with self._another():
                return function(*args, **named)

        return call

    def _another(self) -> "Intercept":
        """Return one like this, for one call: calls may overlap, in threads and tasks."""
        return Intercept(self._settings, self._specs, self._twin, self._allow)


def intercept(
    settings: Settings | None = None,
    *,
    specs: "Iterable[Spec | str | PathLike[str]]" = (),
    twin: Twin | None = None,
    allow: Collection[str] = (),
) -> Intercept:
    """Answer requests to the vendors' hosts in this process, for a `with` block or as a decorator.

    Requests of http.client, urllib, requests, urllib3, httpx, httpx2 and aiohttp, in all threads and event
    loops, to the hosts of every API that is served, and to those of links to its files. Programs need no
    change; clients may exist before the block. Yields an `Interception`.

    - `settings`: of a new server, and `specs`, OpenAPI documents that it serves as well; or `twin`: an
      existing one, which stays open.
    - `allow`: hosts and addresses that may be reached; ".example" covers every name below it. Loopback always
      may be, and so may hosts that the settings allow for inputs and webhooks.

    A connection to any other host raises RefusedConnectionError, an AssertionError, before anything is sent;
    if the program swallows it, it is raised again at the end of the block. docs/intercept.md says what is not
    reached. Raises what `Twin` raises, and ValueError for a malformed host.
    """
    return Intercept(settings, specs, twin, allow)


def _guard(twin: Twin, allow: frozenset[str], connector: _Connector) -> NetworkGuard:
    listed = twin.settings.allowed_input_hosts | twin.settings.allowed_webhook_hosts
    allowed = allow | frozenset(map(normal, listed))
    served = frozenset(host for host in names(_hosts(twin)) if not is_among(host, allowed))
    return NetworkGuard(
        served=served,
        connector=connector,
        is_closed=True,
        allowed=allowed,
        instead=INSTEAD.format(served=", ".join(sorted(served)) or "no host"),
    )


def _hosts(twin: Twin) -> Iterable[str]:
    """Yield the hosts of every API, and of links to files."""
    for service in twin.served.values():
        yield from service.hosts
    yield from twin.base_urls.file_hosts.values()
    for url in (twin.settings.public_url, *twin.settings.files_urls.values()):
        yield urlsplit(url).hostname or ""
