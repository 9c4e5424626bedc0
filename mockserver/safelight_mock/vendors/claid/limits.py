"""How often an account may call: what is told of it in headers, and who is over it when it is enforced."""

from collections.abc import Iterator, Mapping
from itertools import takewhile
from math import ceil

from safelight_mock.core.engine import Engine
from safelight_mock.vendors.claid.trials import LIMITED
from safelight_mock.wire.problem import Refusal

LIMITS: tuple[tuple[int, int], ...] = ((120, 60), (4, 1))  # documented: calls, in so many seconds
NAMED = ", ".join(f"{most};w={window}" for most, window in LIMITS)


def told(engine: Engine) -> Mapping[str, str]:
    """Return the headers of an image answer: the limit of which the least is left, this call counted.

    Unless limits are enforced nobody stops at zero, and no less is told.
    """
    times = [*_times(engine)]
    left, most, window, since = min(_standing(times, engine.now, *limit) for limit in LIMITS)
    reset = max(1, ceil(since + window - engine.now))
    return _headers(most, max(0, left), reset)


def check(engine: Engine) -> None:
    """Raise Refusal when one more call would be too many."""
    times = [*_times(engine)]
    if any(_standing(times, engine.now, *limit)[0] <= 0 for limit in LIMITS):
        raise Refusal(429, LIMITED)


def exceeded() -> Mapping[str, str]:
    """Return the headers of a refusal, as documented: for the shortest window."""
    most, window = LIMITS[-1]
    return _headers(most, -1, window)


def _headers(most: int, left: int, reset: int) -> Mapping[str, str]:
    return {
        "ratelimit-limit": f"{most}, {NAMED}",
        "ratelimit-remaining": str(left),
        "ratelimit-reset": str(reset),
    }


def _standing(times: list[float], now: float, most: int, window: int) -> tuple[int, int, int, float]:
    """Return how many calls are left of a limit, the limit, and when the first that counts was made."""
    counted = [time for time in times if time > now - window]
    return most - len(counted), most, window, min(counted, default=now)


def _times(engine: Engine) -> Iterator[float]:
    """Yield when an account's edits were submitted, the newest first, as far back as any limit looks."""
    oldest = engine.now - max(window for _, window in LIMITS)
    newest_first = reversed(engine.sandbox.jobs.values())
    recent = takewhile(lambda job: job.submitted > oldest, newest_first)
    return (job.submitted for job in recent if "." not in job.id)
