"""How often an account may call: what is told of it in headers, and who is over it when it is enforced."""

from collections.abc import Iterator, Mapping
from itertools import takewhile
from math import ceil

from safelight_mock.core.engine import Engine
from safelight_mock.vendors.claid.trials import LIMITED
from safelight_mock.wire.problem import Refusal

LIMITS: tuple[tuple[int, int], ...] = ((120, 60), (4, 1))  # documented: calls, in so many seconds
NAMED = ", ".join(f"{most};w={window}" for most, window in LIMITS)


class ExceededError(Refusal):
    """One call too many, with the headers that say of which limit and for how long."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__(429, LIMITED)
        self.headers = headers


def told(engine: Engine) -> Mapping[str, str]:
    """Return the headers of an image answer: the limit of which the least is left, this call counted.

    Unless limits are enforced nobody stops at zero, and no less is told.
    """
    left, reset, most = min(_standings(engine))
    return _headers(most, max(0, left), reset)


def check(engine: Engine) -> None:
    """Raise ExceededError when one more call would be too many: of the limit that lasts longest."""
    over = [(reset, most) for left, reset, most in _standings(engine) if left <= 0]
    if over:
        reset, most = max(over)
        raise ExceededError(_headers(most, -1, reset))


def exceeded() -> Mapping[str, str]:
    """Return the headers of a refusal that no calls are counted for, as documented."""
    most, window = LIMITS[-1]
    return _headers(most, -1, window)


def _headers(most: int, left: int, reset: int) -> Mapping[str, str]:
    return {
        "ratelimit-limit": f"{most}, {NAMED}",
        "ratelimit-remaining": str(left),
        "ratelimit-reset": str(reset),
    }


def _standings(engine: Engine) -> Iterator[tuple[int, int, int]]:
    """Yield of each limit how many calls are left, in how many seconds there is one more, and the limit."""
    times = [*_times(engine)]
    for most, window in LIMITS:
        counted = [time for time in times if time > engine.now - window]
        since = min(counted, default=engine.now)
        yield most - len(counted), max(1, ceil(since + window - engine.now)), most


def _times(engine: Engine) -> Iterator[float]:
    """Yield when an account's edits were submitted, the newest first, as far back as any limit looks."""
    oldest = engine.now - max(window for _, window in LIMITS)
    newest_first = reversed(engine.sandbox.jobs.values())
    recent = takewhile(lambda job: job.submitted > oldest, newest_first)
    return (job.submitted for job in recent if "." not in job.id)
