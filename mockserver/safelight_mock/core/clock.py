"""How a sandbox tells time: a line through a real moment and a moment of its own, with a pace."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from threading import Lock


class Mode(StrEnum):
    """What moves a clock."""

    REAL = "real"  # the real clock
    SCALED = "scaled"  # the real clock, so many times faster
    MANUAL = "manual"  # nothing but being set
    AUTO = "auto"  # whoever waits for a job: it is set to what he waits for


STANDING = (Mode.MANUAL, Mode.AUTO)  # written once: to look a member up costs as much as the rest of a look


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A clock that told `told` at the real moment `real`, both in Unix seconds, and goes on at its pace.

    One that is `held` stands, whatever its mode, while somebody has time pass step by step.
    """

    mode: Mode = Mode.REAL
    real: float = 0.0
    told: float = 0.0
    pace: float = 1.0
    held: bool = False

    @cached_property
    def stands(self) -> bool:
        """Whether real time does not move it; every request asks."""
        return self.held or self.mode in STANDING

    def begun(
        self, real: float, told: float, *, mode: Mode | None = None, pace: float | None = None
    ) -> "Clock":
        """Return a clock that tells `told` at a real moment; of the same kind and pace, if not of another.

        Only a scaled one has a pace. One that is held is let go by being given a kind.
        """
        chosen = mode or self.mode
        scale = (pace or self.pace) if chosen is Mode.SCALED else 1.0
        return Clock(mode=chosen, real=real, told=told, pace=scale, held=self.held and mode is None)

    def at(self, real: float) -> float:
        """Return what it tells at a real moment."""
        return self.told if self.stands else self.told + (real - self.real) * self.pace

    def moment_of(self, told: float) -> float:
        """Return the real moment at which it tells a time; of one that stands, when it was set."""
        return self.real if self.stands else self.real + (told - self.told) / self.pace


class SteadyClock:
    """Real time in Unix seconds that neither goes back nor stops when the wall clock is set back.

    It is the monotonic clock plus the greatest distance by which the wall clock was ever ahead of that: set
    forward, the wall clock takes it along; set back, it goes on alone. Both clocks return seconds.

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
