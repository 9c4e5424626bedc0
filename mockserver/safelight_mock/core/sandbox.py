"""All that one API key owns in the twin, as one serialisable value that only grows older."""

import uuid
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from copy import copy
from hashlib import blake2b
from math import inf
from operator import attrgetter

import msgspec
from msgspec.structs import replace

from safelight_mock.core.changes import Changes
from safelight_mock.core.clock import Clock, Mode
from safelight_mock.core.job import WHOLE, Inspection, Job, Status, is_over
from safelight_mock.core.job_counts import IN_PROGRESS
from safelight_mock.core.jobs import Jobs
from safelight_mock.core.ledger import charge
from safelight_mock.core.overlay_mapping import Agenda, Copied, OverlayMapping
from safelight_mock.core.webhook import Delivery, Webhook, WebhookFault

_NO_CHANGES = Changes()
PAUSE = 5.0  # seconds between two looks at a job, for whoever was never told another number

Known = str | int | float | bool | tuple[str, ...] | None


class Sandbox(msgspec.Struct, kw_only=True):
    """Jobs by id in the order they came, a clock, and the source of ids. `latest` never goes back.

    `label` is what people call it. `account` is what else the vendor knows of the key's owner, by the names
    the vendor gives it. One that `is_kept` was set up by somebody who would miss it. `granted` credits are
    all it ever had (None: without bound), `paid` what jobs cost that are gone.

    `deliveries` are what was made of jobs' moves for their webhooks, oldest first, and `faults` what goes
    wrong with the next ones. The `agenda` says when a job has to be looked at for them again, `tries` when a
    delivery is tried next.

    `calls` are when those were taken that count towards a limit of how many may be made. The `pause` before
    the next call, in seconds, is what its owner was last told.

    What is done with a sandbox is done with a `copy` of it, and shows here once that is merged.
    """

    name: str
    seed: str
    vendor: str = ""
    label: str = ""
    account: Mapping[str, Known] = msgspec.field(default_factory=dict)
    clock: Clock = msgspec.field(default_factory=Clock)
    is_kept: bool = False
    granted: int | None = None
    paid: int = 0
    latest: float = 0.0
    drawn: int = 0
    jobs: MutableMapping[str, Job] = msgspec.field(default_factory=Jobs)
    webhook: Webhook = msgspec.field(default_factory=Webhook)
    deliveries: MutableMapping[str, Delivery] = msgspec.field(default_factory=dict)
    faults: tuple[WebhookFault, ...] = ()
    calls: tuple[float, ...] = ()
    pause: float = PAUSE
    agenda: MutableMapping[str, float] = msgspec.field(default_factory=Agenda)
    tries: MutableMapping[str, float] = msgspec.field(default_factory=Agenda)

    def __post_init__(self) -> None:
        self.jobs = jobs_of(self)
        self.agenda, self.tries = _ordered(self.agenda), _ordered(self.tries)

    def copy(self) -> "Sandbox":
        """Return a working copy, made at the same cost however many jobs there are."""
        copied = copy(self)
        copied.jobs, copied.deliveries = jobs_of(self).copy(), OverlayMapping(self.deliveries)
        copied.agenda, copied.tries = _ordered(self.agenda).copy(), _ordered(self.tries).copy()
        return copied

    def still(self) -> "Sandbox":
        """Return this with the jobs it has now, to look at from any thread whatever becomes of it."""
        return replace(self, jobs=jobs_of(self).still(), deliveries={}, agenda=Agenda(), tries=Agenda())

    def frozen(self) -> "Sandbox":
        """Return all of this as it is now, for any thread: in some milliseconds for 100,000 jobs."""
        return replace(
            self,
            jobs=jobs_of(self).still(),
            deliveries=dict(self.deliveries),
            agenda=_ordered(self.agenda).still(),
            tries=_ordered(self.tries).still(),
        )

    def merge(self, copy: "Sandbox") -> None:
        """Become what a copy of this has become; it is an unchanged copy again then."""
        for name in VALUES:
            setattr(self, name, getattr(copy, name))
        for part in copy.parts().values():
            part.merge()

    def parts(self) -> Mapping[str, Copied]:
        """Return what a working copy has many of, by name."""
        return {name: getattr(self, name) for name in PARTS}

    def now(self, real: float) -> float:
        """Look at the clock: never earlier than anybody saw it before."""
        clock = self.clock  # a standing one is read without a call: each request comes here several times
        self.latest = max(self.latest, clock.reading if clock.stands else clock.at(real))
        return self.latest

    def set_clock(
        self, real: float, *, mode: Mode | None = None, rate: float | None = None, to: float | None = None
    ) -> float:
        """Say what moves the clock, how many times faster than real time, and what it tells now.

        What is not given stays. Raises ValueError for a time before the one it has told.
        """
        self.latest = self.later(to, real)
        self.clock = self.clock.begun(real, self.latest, mode=mode, rate=rate)
        return self.latest

    @property
    def seen(self) -> float:
        """The latest real moment at which it is known to have shown its time."""
        return self.clock.moment_of(self.latest)

    def hold_clock(self, real: float) -> None:
        """Let the clock stand at what it tells now, until it is given a kind again."""
        self.now(real)  # from here on the latest that was told
        self.clock = replace(self.clock, held=True)

    def later(self, to: float | None, real: float) -> float:
        """Return a moment that is not past, now for none; raises ValueError for one that is."""
        now = self.now(real)
        if to is not None and to < now:
            raise ValueError(f"time does not go back: {to:.3f} lies before {now:.3f}")
        return now if to is None else to

    def advance(self, seconds: float, real: float) -> float:
        """Set the clock forward; one that runs is stopped."""
        stopped = Mode.AUTO if self.clock.mode is Mode.AUTO else Mode.MANUAL
        return self.set_clock(real, mode=stopped, to=self.now(real) + seconds)

    def draw(self) -> uuid.UUID:
        """Return the next id: the same seed and calls give the same ids."""
        self.drawn += 1
        return self.id_of(str(self.drawn))

    def id_of(self, name: str) -> uuid.UUID:
        """Return the id of what has that name here, without drawing one."""
        entropy = blake2b(f"{self.name}/{name}".encode(), key=self.seed.encode()[:64], digest_size=16)
        return uuid.UUID(bytes=entropy.digest(), version=4)

    @property
    def next_due(self) -> float:
        """The earliest time at which a job or a delivery has to be looked at."""
        agenda, tries = _ordered(self.agenda), _ordered(self.tries)
        return min(agenda.first, tries.first)

    @property
    def owes(self) -> bool:
        """Whether a job or a delivery has to be looked at, ever."""
        return bool(self.agenda or self.tries)

    def due_jobs(self, now: float) -> Iterator[str]:
        """Yield the ids of the jobs that have to be looked at by then, the earliest first."""
        return _ordered(self.agenda).due(now)

    def due_deliveries(self, now: float) -> Iterator[str]:
        """Yield the ids of the deliveries that are to be tried by then, the earliest first."""
        return _ordered(self.tries).due(now)

    def remove(self, found: Status) -> None:
        """Remove a job; what it cost stays paid."""
        self.paid += charge(found)
        del self.jobs[found.job.id]
        self.agenda.pop(found.job.id, None)

    def may_lose(self, job_id: str, real: float) -> bool:
        """Whether a job is over, in whatever state, and has no delivery due."""
        job = self.jobs.get(job_id)
        return job is not None and job_id not in self.agenda and is_over(job, self.now(real))

    def idle_from(self, real: float) -> float:
        """Return the real moment from which on nothing is lost with it: -inf for now.

        That is a lower bound; infinity if it depends on a change. It is lost with one that was set up, that
        has jobs in progress, or that owes a delivery.
        """
        now, jobs = self.now(real), jobs_of(self)
        if self.is_kept or self.owes:
            return inf
        if jobs.sum(IN_PROGRESS, now, _whole, _NO_CHANGES) == (0,):
            return -inf
        return inf if self.clock.stands else self.clock.moment_of(jobs.next_change(IN_PROGRESS))

    def to_json(self) -> bytes:
        """Write everything down."""
        return msgspec.json.encode(self, enc_hook=dict)

    def head_to_json(self) -> bytes:
        """Write down all but what there are many of."""
        return replace(self, jobs=Jobs(), deliveries={}, agenda=Agenda(), tries=Agenda()).to_json()

    @classmethod
    def from_json(cls, text: bytes) -> "Sandbox":
        """Read back what `to_json` wrote."""
        found = msgspec.json.decode(text, type=cls)
        for name in [name for name in found.tries if name not in found.deliveries]:
            del found.tries[name]
        return found


PARTS = ("jobs", "deliveries", "agenda", "tries")
VALUES = tuple(name for name in Sandbox.__struct_fields__ if name not in PARTS)
lasting: Callable[[Sandbox], tuple[object, ...]] = attrgetter(
    *(name for name in VALUES if name not in ("name", "seed", "vendor", "latest"))
)
"""Returns what a sandbox has one of and does not change by itself."""


def _whole(_: Job) -> Inspection:
    return WHOLE


def jobs_of(sandbox: Sandbox) -> Jobs:
    """Return the jobs of a sandbox with their indexes."""
    return sandbox.jobs if isinstance(sandbox.jobs, Jobs) else Jobs(sandbox.jobs)


def _ordered(times: Mapping[str, float]) -> Agenda:
    return times if isinstance(times, Agenda) else Agenda(times)
