"""`Safelight`: a mock server of its own for one test, and what the test reads and changes of it."""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import NoneType, TracebackType
from typing import TYPE_CHECKING, Any, Self

import httpx
from msgspec.structs import replace

from safelight_mock import AsyncTwinTransport, ClockMode, MockServer, Settings, Spec, Twin, TwinTransport
from safelight_mock.adapters.connection_faults import ConnectionFault
from safelight_mock.config.arguments import check_key, check_list, check_start, check_type, check_vendor
from safelight_mock.config.vendors import choose_vendors
from safelight_mock.wire.suggestions import suggestion
from safelight_testing._control.admin_client import ALL, AdminClient
from safelight_testing._control.clients import http_client, typed_client
from safelight_testing._control.faults import Faults
from safelight_testing._control.jobs import Jobs
from safelight_testing._control.ledger import Ledger
from safelight_testing._control.new_sandboxes import SandboxChanges
from safelight_testing._control.records import ConductRecord, RequestRecord
from safelight_testing._control.shared_clock import Reading, SharedClock
from safelight_testing._control.timeline import Timeline, timeline_of
from safelight_testing._control.webhooks import Webhooks
from safelight_testing._host_names import allowed_hosts
from safelight_testing._hosts import base_url, with_hosts
from safelight_testing._intercept import Interception, intercept
from safelight_testing._network_guard import RefusedConnectionError

if TYPE_CHECKING:
    from os import PathLike

    from safelight import Claid, Tengr, Topaz

KEY = "test-key"
SEED = "safelight"
CLOCKS = (ClockMode.MANUAL, ClockMode.AUTO)


class MisconductError(AssertionError):
    """A client did something wrong that its responses did not show; the message has the evidence."""


class Safelight:
    """A mock server in this process, for the length of a `with` block, as the fixture `safelight` gives it.

    It has all sandboxes to itself, whichever API keys the program under test uses.

    - `clock`: "auto": polling a job advances the clock to its next transition; "manual": only the test does,
      or sleeps that pass. None is "auto", and "manual" where sleeps pass.
    - `sleeps`: whether sleeps of the program pass on this clock, at once; or of which packages and modules.
    - `scenario`: what goes wrong, by name, file or values. `spec`: OpenAPI documents to serve as well.
    - `start`: when the clock starts; None: now. `seed`: ids and links follow from it.
    - `key`: the API key of the ready clients. `settings`: further settings of the mock server.
    - `port`: a loopback port to listen on, 0 for a free one. None: none; in this process the APIs' own hosts
      lead to the server, as `intercept` has it, and others are refused but for those in `allow`.

    Raises TypeError or ValueError for a wrong value, InvalidSpecError, InvalidScenarioError, OSError for a
    port in use.
    """

    def __init__(  # noqa: PLR0913 - independent choices
        self,
        *,
        clock: ClockMode | str | None = None,
        sleeps: bool | Collection[str] = False,
        scenario: str | Path | Mapping[str, Any] | None = None,
        spec: "Spec | str | PathLike[str] | Iterable[Spec | str | PathLike[str]]" = (),
        start: datetime | None = None,
        seed: str = SEED,
        key: str = KEY,
        settings: Settings | None = None,
        port: int | None = None,
        allow: Collection[str] = (),
    ) -> None:
        if clock is None:
            clock = ClockMode.MANUAL if sleeps else ClockMode.AUTO
        if clock not in CLOCKS:
            raise ValueError(f"clock must be one of {', '.join(CLOCKS)}, not {clock!r}")
        if start is not None:
            check_start(start)
        check_key("key", key)
        check_type("settings", settings, (Settings, NoneType), "Settings")
        packages = _packages(sleeps)
        self._allow: frozenset[str] = allowed_hosts("allow", allow)
        self.key: str = key
        began = time.time()
        self._reading = Reading(began if start is None else start.timestamp())
        self._sleeps, self._packages, self._shift = bool(sleeps), packages, self._reading.start - began
        chosen = replace(settings or Settings(), clock=ClockMode(clock), seed=seed, start=None)
        vendors = choose_vendors(chosen.vendors, _listed(spec), use_cache=chosen.cache, infers=chosen.infer)
        self.twin: Twin = Twin(with_hosts(chosen, vendors), vendors=vendors, real=self._reading)
        self._interception: Interception | None = None
        with ExitStack() as opened:
            opened.callback(self.twin.close)
            self._server = None if port is None else MockServer(twin=self.twin, port=port)
            self._admin = AdminClient(self.twin)
            opened.callback(self._admin.close)
            self._changes = SandboxChanges(self.twin)
            self.webhooks: Webhooks = Webhooks(self.twin, self._admin, self._changes)
            opened.callback(self.webhooks.close)
            if scenario is not None:
                self.scenario(scenario)
            self._opened = opened.pop_all()

    def __enter__(self) -> Self:
        try:
            if self._server is not None:
                self._opened.enter_context(self._server)
            else:
                door = intercept(twin=self.twin, allow=self._allow)
                self._interception = self._opened.enter_context(door)
            if self._sleeps:
                self._opened.enter_context(self._passing())
            # The first to end: sleeping threads wait for applications, whose event loop may be this one.
            self._opened.callback(self.webhooks.stop)
        except BaseException:
            self._opened.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the clients and the server, and remove its files."""
        self._opened.__exit__(kind, error, traceback)

    def url(self, vendor: str) -> str:
        """Return the base URL of an API; raises ValueError for one that is not served.

        Without a port it has the API's own host, which leads to this server in this process only.
        """
        check_vendor(vendor, self.twin.served)
        if self._server is not None:
            return self._server.url(vendor)
        return base_url(self.twin.served[vendor])

    @property
    def topaz(self) -> "Topaz":
        """A ready client of Topaz."""
        client: Topaz = self._typed_client("topaz")
        return client

    @property
    def claid(self) -> "Claid":
        """A ready client of Claid."""
        client: Claid = self._typed_client("claid")
        return client

    @property
    def tengr(self) -> "Tengr":
        """A ready client of Tengr."""
        client: Tengr = self._typed_client("tengr")
        return client

    def http(self, vendor: str) -> httpx.Client:
        """Return a ready httpx client of an API: it sends the key, and relative URLs are below its base."""
        base_url, sources = self.url(vendor), self.twin.served[vendor].vendor.auth
        client: httpx.Client = self._ready(
            f"http {vendor}", lambda: http_client(f"{base_url}/", self.key, sources, self.transport)
        )
        return client

    @property
    def transport(self) -> TwinTransport:
        """A transport for any `httpx.Client`, without a socket."""
        return TwinTransport(self.twin)

    @property
    def async_transport(self) -> AsyncTwinTransport:
        """A transport for any `httpx.AsyncClient`, without a socket."""
        return AsyncTwinTransport(self.twin)

    def scenario(self, scenario: str | Path | Mapping[str, Any] | None, *, vendor: str = "") -> None:
        """Have a scenario decide what goes wrong from now on, for one API or all; None: nothing does.

        Raises InvalidScenarioError.
        """
        self.faults.set_scenario(scenario, vendor)

    @cached_property
    def clock(self) -> SharedClock:
        """The clock of all sandboxes."""
        return SharedClock(self.twin, self._reading)

    @cached_property
    def faults(self) -> Faults:
        """What goes wrong with the next requests, jobs and webhooks."""
        return Faults(self.twin, self._changes)

    @cached_property
    def jobs(self) -> Jobs:
        """The jobs of all API keys."""
        return Jobs(self._admin)

    @cached_property
    def ledger(self) -> Ledger:
        """The credits of all API keys."""
        return Ledger(self._admin, self._changes)

    @property
    def requests(self) -> Sequence[RequestRecord]:
        """The requests in the order of their arrival, the last thousand."""
        return self._admin.read("requests", list[RequestRecord], limit=ALL)[::-1]

    @property
    def conduct(self) -> Sequence[ConductRecord]:
        """What clients did wrong, in the order of time."""
        found = [
            record
            for sandbox in self._admin.sandboxes()
            for record in self._admin.read(
                f"sandboxes/{sandbox.name}/conduct", dict[str, list[ConductRecord]]
            )["findings"]
        ]
        return sorted(found, key=lambda record: record.at)

    @property
    def timeline(self) -> Timeline:
        """What happened; `print(safelight.timeline)` shows it with repeats folded."""
        return timeline_of(self.twin, self._admin, self._reading.start)

    def fail_connections(
        self, fault: ConnectionFault | str, *, host: str = "", times: int | None = 1
    ) -> None:
        """Have the next connections of the program fail, to one host or all: "refused", "reset", and so on.

        As `Interception.fail_connections` has it; raises RuntimeError with a port.
        """
        if self._interception is None:
            raise RuntimeError("connections fail on request only in process: without a port, in the block")
        self._interception.fail_connections(fault, host=host, times=times)

    def take_refused(self) -> tuple[RefusedConnectionError, ...]:
        """Return the connections that were refused so far, and do not raise them at the end of the block."""
        return () if self._interception is None else self._interception.take_refused()

    def check_conduct(self, *, tolerate: Iterable[str] = ()) -> None:
        """Raise MisconductError if a client did something wrong, except for these kinds.

        Raises ValueError for an unknown kind.
        """
        check_tolerated(tolerate)
        tolerated = frozenset(tolerate)
        wrong = [str(one) for one in self.conduct if one.kind not in tolerated]
        if wrong:
            raise MisconductError("\n".join(("a client did something wrong:", *wrong)))

    def _passing(self) -> AbstractContextManager[None]:
        """Return what has sleeps of the program pass."""
        from safelight_testing._sleeps import clock_functions as functions  # noqa: PLC0415 - few tests need it
        from safelight_testing._sleeps.sleep_schedule import SleepSchedule  # noqa: PLC0415

        schedule = SleepSchedule(
            passed=lambda: self.clock.elapsed,
            pass_until=self.clock.pass_until,
            real_sleep=functions.REAL_SLEEP,
            real_clock=functions.REAL_MONOTONIC,
        )
        self.clock.follow(schedule.sleep)
        self.twin.request_log.is_paced = True
        sleeps = functions.PassingSleeps(
            schedule=schedule,
            passed=self._reading.passed,
            packages=self._packages,
            shift=self._shift,
        )
        return functions.passing(sleeps)

    @cached_property
    def _clients(self) -> dict[str, Any]:
        return {}

    def _typed_client(self, vendor: str) -> Any:  # noqa: ANN401 - Topaz, Claid or Tengr
        arguments = {"api_key": self.key, "base_url": self.url(vendor), "transport": self.transport}
        return self._ready(vendor, lambda: typed_client(vendor, arguments, waits=self._sleeps))

    def _ready(self, name: str, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - the client of that name
        """Return the client of a name, made when it is first used and closed at the end."""
        if name not in self._clients:
            self._clients[name] = self._opened.enter_context(make())
        return self._clients[name]


def _listed(spec: Any) -> Iterable[Any]:  # noqa: ANN401 - one document or several
    return spec if isinstance(spec, Iterable) and not isinstance(spec, str) else (spec,)


def _packages(sleeps: bool | Collection[str]) -> tuple[str, ...]:  # noqa: FBT001 - as the argument is
    if isinstance(sleeps, bool):
        return ()
    packages = (sleeps,) if isinstance(sleeps, str) else sleeps
    check_type("sleeps", packages, Collection, "True, False, or a list of packages")
    for package in packages:
        check_type("a value of sleeps", package, str, "the name of a package")
    return tuple(packages)


def check_tolerated(kinds: Iterable[str]) -> None:
    """Raise TypeError or ValueError for what are not kinds of misconduct."""
    from safelight_mock.app.conduct import Misconduct  # noqa: PLC0415 - few tests name kinds

    check_list("tolerate", kinds, "kinds of misconduct")
    known = [*map(str, Misconduct)]
    for kind in kinds:
        if kind not in known:
            raise ValueError(f"tolerate: unknown kind of misconduct {kind!r}; {suggestion(str(kind), known)}")
