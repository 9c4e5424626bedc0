"""How a sandbox tells time: a line through a real moment and a moment of its own, with a pace."""

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """What moves a clock."""

    REAL = "real"  # the real clock
    SCALED = "scaled"  # the real clock, so many times faster
    MANUAL = "manual"  # nothing but being set
    AUTO = "auto"  # whoever waits for a job: it is set to what he waits for


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A clock that told `told` at the real moment `real`, both in Unix seconds, and goes on at its pace.

    One that is `held` stands, whatever its mode, while somebody has time pass step by step.
    """

    mode: Mode = Mode.REAL
    real: float = 0.0
    told: float = 0.0
    pace: float = 1.0
    held: bool = False

    @property
    def stands(self) -> bool:
        """Whether real time does not move it."""
        return self.held or self.mode in (Mode.MANUAL, Mode.AUTO)

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
