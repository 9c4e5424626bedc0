"""How often an account may call: windows of time, and how many more calls fit into each.

A call that counts is recorded in its sandbox for as long as a window looks back at it. The rest is arithmetic
over those moments, so windows end as the sandbox's clock moves. Two settings count by their names, for any
vendor that has them: `rate_limit` and `rate_window`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from safelight_mock.core.engine import Engine
from safelight_mock.wire.vendor import Plain, Setting

SETTINGS: Mapping[str, Setting] = {
    "rate_limit": Setting(
        default=0, most=1_000, about="Calls that bring a job, within the window, at most; 0: without bound."
    ),
    "rate_window": Setting(
        default=60.0, least=0.001, most=86_400.0, about="Seconds in which so many such calls are taken."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """At no moment more than so many calls in the seconds before it."""

    most: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How many calls a window has left, and in how many whole seconds it has one more."""

    window: Window
    left: int
    reset: int


Windows = Sequence[Window]


def chosen(options: Mapping[str, Plain]) -> Windows:
    """Return the window that is chosen by settings, if one is."""
    most = int(options["rate_limit"])
    return [Window(most=most, seconds=float(options["rate_window"]))] if most else []


def count(windows: Windows, engine: Engine) -> None:
    """Record a call that was taken now, and forget those that no window looks back at."""
    if windows:
        since = engine.now - max(window.seconds for window in windows)
        times = (*(time for time in engine.sandbox.calls if time > since), engine.now)
        engine.sandbox.calls = times[-max(window.most for window in windows) :]


def tightest(windows: Windows, engine: Engine) -> Standing:
    """Return the window that has the least left."""
    return min(_standings(windows, engine), key=lambda one: (one.left, one.reset))


def exceeded(windows: Windows, engine: Engine) -> Standing | None:
    """Return the window that one more call would be too many for; of several, the one that lasts longest."""
    full = (standing for standing in _standings(windows, engine) if not standing.left)
    return max(full, key=lambda one: one.reset, default=None)


def _standings(windows: Windows, engine: Engine) -> list[Standing]:
    return [_standing(window, engine) for window in windows]


def _standing(window: Window, engine: Engine) -> Standing:
    counted = [time for time in engine.sandbox.calls if time > engine.now - window.seconds][-window.most :]
    since = counted[0] if counted else engine.now
    reset = max(1, ceil(since + window.seconds - engine.now))
    return Standing(window=window, left=window.most - len(counted), reset=reset)
