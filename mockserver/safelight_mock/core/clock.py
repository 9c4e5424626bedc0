"""The clock of a sandbox: a linear function of real time, with a rate, that may be held."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from threading import Lock

import msgspec


class ClockMode(StrEnum):
    """What moves a clock."""

    REAL = "real"  # the real clock
    SCALED = "scaled"  # the real clock, so many times faster
    MANUAL = "manual"  # advancing or setting it
    AUTO = "auto"  # polling a job: it is set to the next transition of that job


STOPPED = (ClockMode.MANUAL, ClockMode.AUTO)  # once: a look-up in the enum costs as much as all else here


class Clock(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A clock that shows `reading` at the real time `real`, both in Unix seconds, and runs at `rate`.

    A `held` clock is stopped, whatever its mode, while it is advanced step by step.
    """

    mode: ClockMode = ClockMode.REAL
    real: float = 0.0
    reading: float = 0.0
    rate: float = 1.0
    held: bool = False

    @cached_property
    def is_stopped(self) -> bool:
        """Whether real time does not move it; every request reads this."""
        return self.held or self.mode in STOPPED

    def set_to(
        self, real: float, reading: float, *, mode: ClockMode | None = None, rate: float | None = None
    ) -> "Clock":
        """Return a clock that shows `reading` at a real time, with the same mode and rate unless given.

        Only a scaled one has a rate. Setting a mode releases a held one.
        """
        chosen = mode or self.mode
        scale = (rate or self.rate) if chosen is ClockMode.SCALED else 1.0
        return Clock(mode=chosen, real=real, reading=reading, rate=scale, held=self.held and mode is None)

    def at(self, real: float) -> float:
        """Return the reading at a real time."""
        return self.reading if self.is_stopped else self.reading + (real - self.real) * self.rate

    def moment_of(self, reading: float) -> float:
        """Return the real time of a reading; of a stopped clock, when it was set."""
        return self.real if self.is_stopped else self.real + (reading - self.reading) / self.rate


class SteadyClock:
    """Real time in Unix seconds that neither goes back nor stops when the wall clock is set back.

    It is the monotonic clock plus the greatest distance by which the wall clock was ever ahead of that. So it
    follows a wall clock that is set forward, and ignores one that is set back. Both clocks return seconds.

    After a restart `resume` has it go on from the latest time that an earlier process is known to have seen.
    A wall clock that was behind then and is set right later does not take it along again.
    """

    def __init__(self, wall: Callable[[], float], monotonic: Callable[[], float]) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._lead = wall() - monotonic()  # the greatest one of the wall clock
        self._ahead = self._lead  # at least that
        self._lock = Lock()

    def __call__(self) -> float:
        """Return the time; may be called from any thread."""
        wall = self._wall()
        # Read after the wall clock: a thread that loses the processor in between finds a distance that is too
        # small and is ignored. The other way round each such pause would set the time forward for good.
        monotonic = self._monotonic()
        if wall - monotonic > self._lead:
            with self._lock:
                self._lead = max(self._lead, wall - monotonic)
                self._ahead = max(self._ahead, self._lead)
        return monotonic + self._ahead

    def resume(self, latest: float) -> None:
        """Go on from a time that was shown before, if the wall clock has not reached it yet."""
        with self._lock:
            self._ahead = max(self._ahead, latest - self._monotonic())

    def wall_at(self, real: float) -> float:
        """Return what this clock would show at one of its moments had it not been resumed."""
        return real - (self._ahead - self._lead)


def real_time(wall: Callable[[], float], monotonic: Callable[[], float] | None) -> Callable[[], float]:
    """Return the source of real time: a wall clock as it is, even if it goes back, or a steady one."""
    return wall if monotonic is None else SteadyClock(wall, monotonic)


class StartTimes:
    """The readings with which clocks of a mode start at real moments.

    That is the wall clock's or, with a `start`, this time: of a running clock, as if the server had started
    then.
    """

    def __init__(self, real: Callable[[], float], start: datetime | None, mode: ClockMode) -> None:
        self._real = real
        self._start = None if start is None else start.timestamp()
        self._is_stopped = mode in STOPPED
        self._began = real()

    def restart(self) -> None:
        """Start at `start` again, as if the server had started now."""
        self._began = self._real()

    def __call__(self, moment: float) -> float:
        """Return the reading of a clock that starts at a real moment."""
        if self._start is None:
            return self._real.wall_at(moment) if isinstance(self._real, SteadyClock) else moment
        return self._start if self._is_stopped else self._start + moment - self._began
