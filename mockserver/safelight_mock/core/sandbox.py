"""The sandbox of one API key, as one serialisable value. Its clock never goes back."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from copy import copy
from hashlib import blake2b
from math import inf
from operator import attrgetter
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from safelight_mock.core.changes import Changes
from safelight_mock.core.clock import Clock, ClockMode
from safelight_mock.core.job import WHOLE, Inspection, Job, Status
from safelight_mock.core.job_counts import FILES, IN_PROGRESS
from safelight_mock.core.jobs import Jobs
from safelight_mock.core.ledger import charge
from safelight_mock.core.overlay_mapping import Copied, DueIndex, OverlayMapping, backwards, put
from safelight_mock.core.scenario import Rule, Scenario, counted_name
from safelight_mock.core.webhook import Delivery, Webhook, WebhookFault

_NO_CHANGES = Changes()
NEXT = "next/"  # begins the names by which matches of rules are counted that apply once
MAX_DELIVERIES = 1_000  # kept in a sandbox; pending ones are kept in any case
POLL_INTERVAL = 5.0  # seconds by which a poll advances an auto clock, before a Retry-After was sent

Known = str | int | float | bool | tuple[str, ...] | None


class DueStep(NamedTuple):
    """What is due next: jobs for which deliveries have to be created or, if none, a delivery to attempt."""

    at: float
    jobs: Sequence[str]
    delivery: Delivery | None


class Sandbox(msgspec.Struct, kw_only=True):
    """Jobs by id in the order of submission, a clock, and the source of ids.

    - `label`: a name chosen through the control plane; `account`: other properties of the account, as the
      vendor names them
    - `never_evicted`: it was configured through the control plane, which eviction would undo
    - `granted`: total credits (None: unlimited); `paid`: cost of removed jobs
    - `latest`: the latest time that was read, never decreasing; `ids_drawn`: how many ids were generated
    - `deliveries`: webhook deliveries, oldest first; `faults`: faults of the next ones
    - `job_due_at`: when each job needs a new delivery; `next_attempt_at`: next attempt of each delivery
    - `calls`: times of requests that count towards rate limits
    - `pause`: the last `Retry-After`: seconds by which the next poll advances an auto clock
    - `submitted`: how many jobs were submitted; `has_scenarios`: faults may be injected
    - `scenario`: the rules for all requests; `next_rules`: rules that apply first, each once; `matched`: how
      many requests each rule has matched

    Changes are made to a `copy` and become visible once that is merged.
    """

    name: str
    seed: str
    vendor: str = ""
    label: str = ""
    account: Mapping[str, Known] = msgspec.field(default_factory=dict)
    clock: Clock = msgspec.field(default_factory=Clock)
    never_evicted: bool = False
    granted: int | None = None
    paid: int = 0
    latest: float = 0.0
    ids_drawn: int = 0
    jobs: MutableMapping[str, Job] = msgspec.field(default_factory=Jobs)
    webhook: Webhook = msgspec.field(default_factory=Webhook)
    deliveries: MutableMapping[str, Delivery] = msgspec.field(default_factory=dict)
    faults: tuple[WebhookFault, ...] = ()
    calls: tuple[float, ...] = ()
    pause: float = POLL_INTERVAL
    submitted: int = 0
    has_scenarios: bool = False
    scenario: Scenario | None = None
    next_rules: tuple[Rule, ...] = ()
    matched: Mapping[str, int] = msgspec.field(default_factory=dict)
    job_due_at: MutableMapping[str, float] = msgspec.field(default_factory=DueIndex)
    next_attempt_at: MutableMapping[str, float] = msgspec.field(default_factory=DueIndex)

    def __post_init__(self) -> None:
        self.jobs = jobs_of(self)
        self.job_due_at, self.next_attempt_at = _ordered(self.job_due_at), _ordered(self.next_attempt_at)

    def add_next(self, rules: Iterable[Rule]) -> None:
        """Have each of these rules apply once, before all others; their requests are counted from now on."""
        begin = max((rule.number for rule in self.next_rules), default=0) + 1
        numbered = (replace(rule, number=number) for number, rule in enumerate(rules, begin))
        self.next_rules = (*self.next_rules, *numbered)
        self.has_scenarios = True

    def drop_next(self, rules: Iterable[Rule]) -> None:
        """Remove rules that wait to apply once, and what was counted for them."""
        gone = {rule.number for rule in rules}
        self.next_rules = tuple(rule for rule in self.next_rules if rule.number not in gone)
        kept = {counted_name(rule) for rule in self.next_rules}
        self.matched = {
            name: times
            for name, times in self.matched.items()
            if not name.startswith(NEXT) or name.removeprefix(NEXT).rstrip("!") in kept
        }

    @property
    def rule_inputs(self) -> frozenset[str]:
        """The digests of the files of its rules."""
        rules = (*self.next_rules, *(() if self.scenario is None else self.scenario.rules))
        return frozenset[str]().union(*(rule.digests for rule in rules))

    def copy(self) -> "Sandbox":
        """Return a working copy (copy-on-write, in constant time)."""
        copied = copy(self)
        copied.jobs, copied.deliveries = jobs_of(self).copy(), OverlayMapping(self.deliveries)
        copied.job_due_at = _ordered(self.job_due_at).copy()
        copied.next_attempt_at = _ordered(self.next_attempt_at).copy()
        return copied

    def jobs_frozen(self) -> "Sandbox":
        """Return an immutable, thread-safe copy of its jobs, without deliveries."""
        jobs = Jobs(jobs_of(self).frozen())
        return replace(self, jobs=jobs, deliveries={}, job_due_at=DueIndex(), next_attempt_at=DueIndex())

    def frozen(self) -> "Sandbox":
        """Return an immutable, thread-safe copy of everything; takes milliseconds for 100,000 jobs."""
        return replace(
            self,
            jobs=Jobs(jobs_of(self).frozen()),
            deliveries=dict(self.deliveries),
            job_due_at=_ordered(self.job_due_at).frozen(),
            next_attempt_at=_ordered(self.next_attempt_at).frozen(),
        )

    def merge(self, copy: "Sandbox", changed: Iterable[str] | None = None) -> None:
        """Apply the changes of a copy, and reset its change tracking.

        `changed`: the names of the mappings that were changed; None: unknown.
        """
        for name in VALUES:
            setattr(self, name, getattr(copy, name))
        for name in PARTS if changed is None else changed:
            getattr(copy, name).merge()

    def parts(self) -> Mapping[str, Copied]:
        """Return the mappings of a working copy that track changes, by name."""
        parts: dict[str, Copied] = {name: getattr(self, name) for name in PARTS}
        return {**parts, "jobs": jobs_of(self).overlay}

    def now(self, real: float) -> float:
        """Return the clock's time at a real time, never before `latest`, and set `latest` to it."""
        clock = self.clock  # read without a call: each request comes here several times
        shown = clock.reading if clock.is_stopped else clock.reading + (real - clock.real) * clock.rate
        self.latest = max(self.latest, shown)
        return self.latest

    def set_clock(
        self,
        real: float,
        *,
        mode: ClockMode | None = None,
        rate: float | None = None,
        to: float | None = None,
    ) -> float:
        """Set the clock's mode, its rate relative to real time, and its time; return the time.

        None leaves a value as it is. Raises ValueError for a time in the past.
        """
        self.latest = self.later(to, real)
        self.clock = self.clock.set_to(real, self.latest, mode=mode, rate=rate)
        return self.latest

    @property
    def latest_shown_at(self) -> float:
        """The real moment at which the clock showed `latest`."""
        return self.clock.moment_of(self.latest)

    def hold_clock(self, real: float) -> None:
        """Pause the clock at its current time, until `set_clock` is called with a mode."""
        self.now(real)  # sets `latest`, which a held clock shows
        self.clock = replace(self.clock, held=True)

    def later(self, to: float | None, real: float) -> float:
        """Return `to`, or now if it is None; raises ValueError for a moment in the past."""
        now = self.now(real)
        if to is not None and to < now:
            raise ValueError(
                f"a clock cannot go back: {to:.3f} is before its time, {now:.3f}; use a later time"
            )
        return now if to is None else to

    def stop_clock(self, real: float) -> float:
        """Stop the clock and return its time; a running one switches to manual."""
        is_stopped = self.clock.is_stopped and not self.clock.held
        return self.now(real) if is_stopped else self.advance(0, real)

    def advance(self, seconds: float, real: float) -> float:
        """Advance the clock and stop it; a running one switches to manual."""
        stopped = ClockMode.AUTO if self.clock.mode is ClockMode.AUTO else ClockMode.MANUAL
        return self.set_clock(real, mode=stopped, to=self.now(real) + seconds)

    def draw(self) -> uuid.UUID:
        """Return the next id; the same seed and sequence of calls give the same ids."""
        self.ids_drawn += 1
        return self.id_of(str(self.ids_drawn))

    def id_of(self, name: str) -> uuid.UUID:
        """Return the id that belongs to a name, without drawing one."""
        entropy = blake2b(f"{self.name}/{name}".encode(), key=self.seed.encode()[:64], digest_size=16)
        return uuid.UUID(bytes=entropy.digest(), version=4)

    @property
    def next_due(self) -> float:
        """The earliest time at which a delivery has to be created or attempted."""
        job_due_at, next_attempt_at = _ordered(self.job_due_at), _ordered(self.next_attempt_at)
        return min(job_due_at.first, next_attempt_at.first)

    @property
    def has_pending_deliveries(self) -> bool:
        """Whether a delivery has to be created or attempted."""
        return self.next_due < inf

    def step(self, real: float) -> DueStep:
        """Advance a stopped clock to the next due time; return what is due then.

        A due time in the past counts as `latest`. Call it only while something is due.
        """
        now = max(self.next_due, self.latest)
        jobs = [*self.due_jobs(now)]
        delivery = None if jobs else self.deliveries[next(self.due_deliveries(now))]
        if now > self.latest and self.clock.is_stopped:
            self.clock, self.latest = self.clock.set_to(real, now), now
        return DueStep(now, jobs, delivery)

    def advance_to(self, to: float, real: float) -> None:
        """Advance a stopped clock to a time, unless that is past."""
        if to > self.latest and self.clock.is_stopped:
            self.clock, self.latest = self.clock.set_to(real, to), to

    def due_jobs(self, now: float) -> Iterator[str]:
        """Yield the ids of the jobs with a delivery to create by `now`, earliest first."""
        job_due_at = _ordered(self.job_due_at)
        return job_due_at.due(now) if job_due_at.first <= now else iter(())

    def due_deliveries(self, now: float) -> Iterator[str]:
        """Yield the ids of the deliveries that are attempted by then, the earliest first."""
        return _ordered(self.next_attempt_at).due(now)

    def add(self, delivery: Delivery) -> None:
        """Store a new delivery; the previous one is sent after it, if it `trails` and was not attempted yet.

        Beyond `MAX_DELIVERIES`, the oldest finished delivery is dropped.
        """
        last = self.deliveries.get(next(backwards(self.deliveries), ""))
        self.deliveries[delivery.id] = delivery
        put(self.next_attempt_at, delivery.id, delivery.first)
        is_overtaken = last is not None and last.trails and last.id in self.next_attempt_at
        if last is not None and is_overtaken and delivery.first is not None:
            is_new = not last.attempts and not last.resends
            due = delivery.first if is_new else self.next_attempt_at[last.id]
            del self.deliveries[last.id]
            self.keep(replace(last, first=delivery.first, trails=False), due)
        if len(self.deliveries) > max(MAX_DELIVERIES, len(self.next_attempt_at)):
            over = (name for name in self.deliveries if name not in self.next_attempt_at)
            del self.deliveries[next(over)]

    def keep(self, delivery: Delivery, due: float | None) -> None:
        """Store a delivery, and when it is attempted next."""
        self.deliveries[delivery.id] = delivery
        put(self.next_attempt_at, delivery.id, due)

    def remove(self, status: Status) -> None:
        """Remove a job; its price remains paid."""
        self.paid += charge(status)
        del self.jobs[status.job.id]
        self.job_due_at.pop(status.job.id, None)
        if status.job.scenario:
            mine = f"job {status.job.id}/"
            self.matched = {name: n for name, n in self.matched.items() if not name.startswith(mine)}

    def idle_from(self, real: float) -> float:
        """Return the real time from which it may be evicted; -inf: now; inf: not before a change.

        A lower bound: running jobs may end later. Infinity if it was configured through the control plane,
        owes a delivery, or has jobs in progress under a stopped clock.
        """
        now, jobs = self.now(real), jobs_of(self)
        if self.never_evicted or self.has_pending_deliveries:
            return inf
        if jobs.sum(IN_PROGRESS, now, _whole, _NO_CHANGES) == (0,):
            return -inf
        return inf if self.clock.is_stopped else self.clock.moment_of(jobs.next_change(IN_PROGRESS))

    def job_count(self, real: float) -> int:
        """Return how many jobs there are without uploaded files; it costs the same for any number of them."""
        (files,) = jobs_of(self).sum(FILES, self.now(real), _whole, _NO_CHANGES)
        return len(self.jobs) - files

    def to_json(self) -> bytes:
        """Return everything as JSON."""
        return msgspec.json.encode(self, enc_hook=dict)

    def head_to_json(self) -> bytes:
        """Return everything but the mappings as JSON."""
        times = DueIndex()
        return replace(self, jobs=Jobs(), deliveries={}, job_due_at=times, next_attempt_at=times).to_json()

    @classmethod
    def from_json(cls, text: bytes) -> "Sandbox":
        """Read back what `to_json` wrote."""
        sandbox = msgspec.json.decode(text, type=cls)
        for name in [name for name in sandbox.next_attempt_at if name not in sandbox.deliveries]:
            del sandbox.next_attempt_at[name]
        return sandbox


PARTS = ("jobs", "deliveries", "job_due_at", "next_attempt_at")
VALUES = tuple(name for name in Sandbox.__struct_fields__ if name not in PARTS)
request_fields: Callable[[Sandbox], tuple[object, ...]] = attrgetter(
    *(name for name in VALUES if name not in ("name", "seed", "vendor", "latest"))
)
"""Returns the scalar fields of a sandbox that only requests change."""


def _whole(_: Job) -> Inspection:
    return WHOLE


def jobs_of(sandbox: Sandbox) -> Jobs:
    """Return the jobs of a sandbox with their indexes."""
    return sandbox.jobs if isinstance(sandbox.jobs, Jobs) else Jobs(sandbox.jobs)


def _ordered(times: Mapping[str, float]) -> DueIndex:
    return times if isinstance(times, DueIndex) else DueIndex(times)
