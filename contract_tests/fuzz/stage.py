"""A fresh twin of one vendor where the judge finds it: in this process, or behind a socket."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from schemathesis.python.asgi import shutdown_lifespans

from contract_tests.fuzz import keys
from contract_tests.fuzz.document import ORIGIN, Call
from contract_tests.fuzz.hearing import SOCKET, Asgi, Hearing
from safelight_mock import App, MockServer, Mode, Settings, Twin

START: Final = 1_800_000_000.0
# Time passes between calls, by whole lives of jobs: so they are met in all their states. It passes by the
# number of calls since a job was submitted, not while a machine computes. Else threads would have a say in
# what is found, and a story told twice would end in two ways: then Hypothesis stops telling stories.
LEAP, CALLS_BETWEEN_LEAPS = 30.0, 3


@dataclass(slots=True, kw_only=True)
class Stage:
    """A twin with an auto clock, and how it is called: by `app`, or at `origin` where that is None."""

    vendor: str
    twin: Twin
    origin: str = ORIGIN
    app: Asgi | None = None
    _calls: int = 0

    def pass_time(self, case: Call) -> None:
        """Count a call, before which time may pass."""
        self._calls = 0 if self._submits(case) else self._calls + 1
        if self._calls and self._calls % CALLS_BETWEEN_LEAPS == 0:
            self.twin.advance(LEAP, vendor=self.vendor, key=keys.OWNER)

    def _submits(self, case: Call) -> bool:
        lives = case.operation.schema.raw_schema["x-async-jobs"].values()
        submitting = {name for life in lives for name in (*life["submit"], *life.get("sync", ()))}
        return case.operation.definition.raw["operationId"] in submitting


@contextmanager
def staged(hearing: Hearing) -> Iterator[Stage]:
    """Set a stage up, for as long as the hearing lasts."""
    twin = _twin(hearing)
    if hearing.shell == SOCKET:
        with MockServer(twin=twin) as server:
            yield Stage(vendor=hearing.vendor, twin=twin, origin=server.origin)
        return
    app: Asgi = App(twin)
    try:
        yield Stage(vendor=hearing.vendor, twin=twin, app=hearing.spoil(app) if hearing.spoil else app)
    finally:
        shutdown_lifespans()
        twin.close()


def _twin(hearing: Hearing) -> Twin:
    known = keys.taken(hearing.vendor)
    settings = Settings(strict=hearing.strict, clock=Mode.AUTO, seed=hearing.seed, api_keys=known)
    return Twin(settings, real=lambda: START)
