"""A fresh server of one vendor for schemathesis: in this process, or behind a socket."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Final
from zlib import crc32

from schemathesis.python.asgi import shutdown_lifespans

from contract_tests.fuzz import keys
from contract_tests.fuzz.apis import EXAMPLES
from contract_tests.fuzz.document import ORIGIN, Call
from contract_tests.fuzz.fuzz_run import SOCKET, Asgi, FuzzRun
from safelight_mock import App, ClockMode, MockServer, Settings, Twin
from safelight_mock.core import Job
from safelight_mock.storage.sandboxes import name_of
from safelight_mock.storage.transaction import Transaction

START: Final = 1_800_000_000.0
# More than the whole life of a job passes before it is called for the second time, and for some before the
# first, chosen by what was asked for: so jobs are met while they wait and when they are over. It has to
# follow from the calls of a link sequence alone: one that ends differently when repeated makes Hypothesis
# give up sequences silently; and thread timing would matter, were time to pass while a machine computes.
LEAP: Final = 30.0


@dataclass(slots=True, kw_only=True)
class RunningServer:
    """A mock server with an auto clock, reached through `app`, or at `origin` if that is None."""

    vendor: str
    twin: Twin
    origin: str = ORIGIN
    app: Asgi | None = None
    _called: set[str] = field(default_factory=set)

    def pass_time(self, case: Call) -> None:
        """Let time pass before a call, if it is due."""
        name = name_of(self.vendor, keys.OWNER)
        jobs = self.twin.sandboxes.read(partial(_jobs_of, name))
        for name in jobs.keys() & {str(value) for value in (case.path_parameters or {}).values()}:
            if name in self._called or _is_over_at_once(jobs[name]):
                self.twin.advance(LEAP, vendor=self.vendor, key=keys.OWNER)
            self._called.add(name)


def _is_over_at_once(job: Job) -> bool:
    return crc32(f"{job.operation} {job.output}".encode()) % 2 == 0


@contextmanager
def running_server(run: FuzzRun) -> Iterator[RunningServer]:
    """Start a server for the duration of a run."""
    twin = _twin(run)
    if run.shell == SOCKET:
        with MockServer(twin=twin) as server:
            yield RunningServer(vendor=run.vendor, twin=twin, origin=server.origin)
        return
    app: Asgi = App(twin)
    try:
        yield RunningServer(vendor=run.vendor, twin=twin, app=run.spoil(app) if run.spoil else app)
    finally:
        shutdown_lifespans()
        twin.close()


def _twin(run: FuzzRun) -> Twin:
    known = keys.taken(run.vendor)
    settings = Settings(strict=run.strict, clock=ClockMode.AUTO, seed=run.seed, api_keys=known)
    specs = [EXAMPLES[run.vendor]] if run.vendor in EXAMPLES else []
    return Twin(settings, specs=specs, real=lambda: START)


def _jobs_of(name: str, transaction: Transaction) -> dict[str, Job]:
    sandbox = transaction.before(name)
    return {} if sandbox is None else dict(sandbox.jobs)
