"""All that one API key owns in the twin, as one serialisable value that only grows older."""

import uuid
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from hashlib import blake2b

import msgspec

from safelight_mock.core.job import Job, is_over

Known = str | int | float | bool | tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How a sandbox tells time: `standing` at an instant of its own, or None to follow the real one."""

    standing: float | None = None

    def at(self, real: float) -> float:
        """Return the sandbox's time at a real one, both in Unix seconds."""
        return real if self.standing is None else self.standing


@dataclass(slots=True, kw_only=True)
class Sandbox:
    """Jobs by id in the order they came, a clock, and the source of ids. `latest` never goes back.

    `account` is what else the vendor knows of the key's owner, by the names the vendor gives it.
    """

    name: str
    seed: str
    vendor: str = ""
    account: dict[str, Known] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    latest: float = 0.0
    drawn: int = 0
    jobs: dict[str, Job] = field(default_factory=dict)

    def now(self, real: float) -> float:
        """Look at the clock: never earlier than anybody saw it before."""
        self.latest = max(self.latest, self.clock.at(real))
        return self.latest

    def advance(self, seconds: float, real: float) -> float:
        """Stop the clock, if it still runs, and set it forward."""
        if seconds < 0:
            raise ValueError(f"time does not go back: {seconds} s")
        self.clock = Clock(standing=self.now(real) + seconds)
        return self.now(real)

    def draw(self) -> uuid.UUID:
        """Return the next id: the same seed and calls give the same ids."""
        self.drawn += 1
        entropy = blake2b(f"{self.name}/{self.drawn}".encode(), key=self.seed.encode()[:64], digest_size=16)
        return uuid.UUID(bytes=entropy.digest(), version=4)

    def oldest_over(self, real: float, besides: AbstractSet[str]) -> Job | None:
        """Return the oldest job that is over, whatever became of it, and is not one of those."""
        now = self.now(real)
        return next((job for job in self.jobs.values() if job.id not in besides and is_over(job, now)), None)

    def is_idle(self, real: float) -> bool:
        """Tell whether nobody would miss it: no job in progress, and nobody has stopped its clock."""
        now = self.now(real)
        return self.clock == Clock() and all(is_over(job, now) for job in self.jobs.values())

    def to_json(self) -> bytes:
        """Write everything down."""
        return msgspec.json.encode(self)

    @classmethod
    def from_json(cls, text: bytes) -> "Sandbox":
        """Read back what `to_json` wrote."""
        return msgspec.json.decode(text, type=cls)
