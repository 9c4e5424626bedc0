"""How long to rest between two looks at a job."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Rests of `first` seconds, each `factor` times the one before, up to `ceiling`.

    `sleep` and `clock` are where time comes from; give others, and no test has to wait.
    """

    first: float = 0.25
    factor: float = 1.5
    ceiling: float = 5.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def pauses(self) -> Iterator[float]:
        """Yield the length of each rest, without end."""
        pause = self.first
        while True:
            yield min(pause, self.ceiling)
            pause = min(pause * self.factor, self.ceiling)

    def rest(self, pause: float, *, at_least: float, until: float) -> bool:
        """Rest, but not past `until`; return False at once when `until` comes before `at_least` is over."""
        left = until - self.clock()
        if left <= at_least:
            return False
        self.sleep(min(max(pause, at_least), left))
        return True
