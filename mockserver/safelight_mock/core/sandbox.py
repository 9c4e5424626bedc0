"""All that one API key owns in the twin, as one serialisable value that only grows older."""

import uuid
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from math import inf

import msgspec

from safelight_mock.core.clock import Clock, Mode
from safelight_mock.core.job import Job, Status, is_over
from safelight_mock.core.ledger import charge
from safelight_mock.core.webhook import Delivery, Mishap, Webhook

PAUSE = 5.0  # seconds between two looks at a job, for whoever was never told another number

Known = str | int | float | bool | tuple[str, ...] | None


@dataclass(slots=True, kw_only=True)
class Sandbox:
    """Jobs by id in the order they came, a clock, and the source of ids. `latest` never goes back.

    `label` is what people call it. `account` is what else the vendor knows of the key's owner, by the names
    the vendor gives it. One that `is_kept` was set up by somebody who would miss it. `granted` credits are
    all it ever had (None: without bound), `paid` what jobs cost that are gone.

    `deliveries` are what was made of jobs' moves for their webhooks, oldest first, and `mishaps` what goes
    wrong with the next ones. The `agenda` says when a job, or a delivery, has to be looked at for them again.

    `calls` are when those were taken that count towards a limit of how many may be made. The `pause` before
    the next call, in seconds, is what its owner was last told.
    """

    name: str
    seed: str
    vendor: str = ""
    label: str = ""
    account: dict[str, Known] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    is_kept: bool = False
    granted: int | None = None
    paid: int = 0
    latest: float = 0.0
    drawn: int = 0
    jobs: dict[str, Job] = field(default_factory=dict)
    webhook: Webhook = field(default_factory=Webhook)
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    mishaps: tuple[Mishap, ...] = ()
    calls: tuple[float, ...] = ()
    pause: float = PAUSE
    agenda: dict[str, float] = field(default_factory=dict)

    def now(self, real: float) -> float:
        """Look at the clock: never earlier than anybody saw it before."""
        self.latest = max(self.latest, self.clock.at(real))
        return self.latest

    def set_clock(
        self, real: float, *, mode: Mode | None = None, pace: float | None = None, to: float | None = None
    ) -> float:
        """Say what moves the clock, how many times faster than real time, and what it tells now.

        What is not given stays. Raises ValueError for a time before the one it has told.
        """
        self.clock = self.clock.begun(real, self.later(to, real), mode=mode, pace=pace)
        return self.now(real)

    def resume_clock(self, real: float) -> None:
        """Let a running clock go on from the latest time it showed, if real time lies before that moment.

        So it is after a restart, when the wall clock was set back meanwhile.
        """
        if not self.clock.stands and self.clock.at(real) < self.latest:
            self.clock = self.clock.begun(real, self.latest)

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
        """The earliest time on the agenda."""
        return min(self.agenda.values(), default=inf)

    def remove(self, found: Status) -> None:
        """Remove a job; what it cost stays paid."""
        self.paid += charge(found)
        del self.jobs[found.job.id]
        self.agenda.pop(found.job.id, None)

    def all_over(self, real: float, besides: AbstractSet[str]) -> Iterator[Job]:
        """Yield the jobs that are over, whatever became of them, and are none of those; the oldest first."""
        now = self.now(real)
        free = (job for job in self.jobs.values() if job.id not in besides and job.id not in self.agenda)
        return (job for job in free if is_over(job, now))

    def is_idle(self, real: float) -> bool:
        """Tell whether nobody would miss it: nobody has set it up, nothing is in progress or to be told."""
        now = self.now(real)
        return not self.is_kept and not self.agenda and all(is_over(job, now) for job in self.jobs.values())

    def to_json(self) -> bytes:
        """Write everything down."""
        return msgspec.json.encode(self)

    @classmethod
    def from_json(cls, text: bytes) -> "Sandbox":
        """Read back what `to_json` wrote."""
        return msgspec.json.decode(text, type=cls)
