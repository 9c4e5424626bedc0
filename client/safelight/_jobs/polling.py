"""How often a job is polled."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from safelight._http.arguments import check_seconds, check_type


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
        check_seconds("first", self.first)
        check_seconds("max_delay", self.max_delay)
        check_type("factor", self.factor, (int, float), "a number, at least 1")
        if not self.factor >= 1:
            raise ValueError(f"factor must be at least 1, not {self.factor}")
        for name, function in (("sleep", self.sleep), ("clock", self.clock)):
            if not callable(function):
                raise TypeError(f"{name} must be a function, not {function!r}")

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
