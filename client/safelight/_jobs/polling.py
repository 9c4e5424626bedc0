"""How often a job is polled."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass


def _sleep(seconds: float) -> None:
    time.sleep(seconds)  # looked up at each call: tools for tests replace it


def _clock() -> float:
    return time.monotonic()  # as above


@dataclass(frozen=True, slots=True, kw_only=True)
class Polling:
    """Delays between polls in seconds: `first`, then each `factor` times the last, at most `max_delay`.

    `sleep` and `clock` are the sources of time; a test can replace them so that it does not wait. `clock`
    must never go back. `first` may be 0 for a server whose clock polls advance. Raises ValueError for a
    negative delay, and a factor below 1.
    """

    first: float = 0.25
    factor: float = 1.5
    max_delay: float = 5.0
    sleep: Callable[[float], None] = _sleep
    clock: Callable[[], float] = _clock

    def __post_init__(self) -> None:
        for name, value in (("first", self.first), ("max_delay", self.max_delay)):
            if not value >= 0:  # nor is NaN
                raise ValueError(f"{name} must be a number of seconds, 0 or more, not {value}")
        if not self.factor >= 1:
            raise ValueError(f"factor must be at least 1, not {self.factor}")

    def delays(self) -> Iterator[float]:
        """Yield the delay before each further poll, without end."""
        delay = self.first
        while True:
            yield min(delay, self.max_delay)
            delay = min(delay * self.factor, self.max_delay)

    def wait(self, delay: float, *, at_least: float, deadline: float) -> bool:
        """Sleep for `delay` or `at_least` seconds, but not beyond `deadline`, a reading of `clock`.

        Return False at once, without sleeping, if `at_least` seconds would pass the deadline.
        """
        remaining = deadline - self.clock()
        if remaining <= at_least:
            return False
        self.sleep(min(max(delay, at_least), remaining))
        return True
