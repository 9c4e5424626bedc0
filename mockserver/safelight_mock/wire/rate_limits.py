"""Rate limits: how many jobs an account may submit in windows of time, and the headers about it.

A counted request is recorded in its sandbox as long as a window covers it. All else is computed from those
times, so windows end as the sandbox's clock advances.
"""

from collections.abc import Mapping, Sequence
from math import ceil

import msgspec

from safelight_mock.core.engine import Engine
from safelight_mock.wire.problem import Kind, Problem
from safelight_mock.wire.setting import Plain, Setting

CHOSEN: Mapping[str, Setting] = {
    "rate_limit": Setting(
        default=0, most=1_000, about="Most requests that submit a job within the window; 0: no limit."
    ),
    "rate_window": Setting(
        default=60.0, least=0.001, most=86_400.0, about="Length of the window for rate_limit, in seconds."
    ),
}


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """A sliding window: at most `most` requests in any `seconds`."""

    most: int
    seconds: float


class RateLimitStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Requests left in a window, and whole seconds until it has one more."""

    window: Window
    left: int
    reset: int

    def headers(self, templates: Mapping[str, str]) -> Mapping[str, str]:
        """Fill in templates, which may contain `{limit}`, `{remaining}` and `{reset}`."""
        facts = {"limit": self.window.most, "remaining": self.left, "reset": self.reset}
        return {name: template.format(**facts) for name, template in templates.items()}


Windows = Sequence[Window]


class RateLimits(msgspec.Struct, frozen=True, kw_only=True):
    """How often an account may submit jobs.

    - `windows`: the vendor's own. Without any the settings `rate_limit` and `rate_window` choose one.
    - `enforced`: the setting that enforces the vendor's own windows; without it they are only counted.
    - `headers`: of a response to a request that counts, by templates of the window with the least left.
    - `refusal_headers`: of a 429, by templates of the exceeded window that lasts longest.
    - `headers_setting`: the setting that turns these headers on; empty: they are always on.
    - `operations`: those that count; by default all that submit a job by the document's lifecycles.
    """

    windows: tuple[Window, ...] = ()
    enforced: str = ""
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    refusal_headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    headers_setting: str = ""
    operations: tuple[str, ...] = ()

    @property
    def settings(self) -> Mapping[str, Setting]:
        """The settings that choose a window, where the vendor has none of its own."""
        return {} if self.windows else CHOSEN

    def apply(self, options: Mapping[str, Plain]) -> bool:
        """Return whether requests are counted: always in the vendor's own windows, else if one is chosen."""
        return bool(self.windows or options["rate_limit"])

    def check(self, engine: Engine, options: Mapping[str, Plain]) -> None:
        """Raise Problem if one more request would exceed the limit."""
        if self.windows and not options[self.enforced]:
            return
        over = exceeded(self._windows(options), engine)
        if over is not None:
            templates = self.refusal_headers if self._has_headers(options) else {}
            raise Problem(Kind.LIMITED, headers=over.headers(templates))

    def count(self, engine: Engine, options: Mapping[str, Plain]) -> None:
        """Record a request that was accepted."""
        count(self._windows(options), engine)

    def headers_of(self, engine: Engine, options: Mapping[str, Plain]) -> Mapping[str, str]:
        """Return the headers of a response, its own request counted; `{remaining}` is at least zero."""
        windows = self._windows(options)
        if not windows or not self.headers or not self._has_headers(options):
            return {}
        return tightest(windows, engine).headers(self.headers)

    def _has_headers(self, options: Mapping[str, Plain]) -> bool:
        return not self.headers_setting or bool(options[self.headers_setting])

    def _windows(self, options: Mapping[str, Plain]) -> Windows:
        if self.windows:
            return self.windows
        most = int(options["rate_limit"])
        return [Window(most=most, seconds=float(options["rate_window"]))] if most else []


def count(windows: Windows, engine: Engine) -> None:
    """Record a request accepted now, and drop those that no window covers."""
    if windows:
        since = engine.now - max(window.seconds for window in windows)
        times = (*(time for time in engine.sandbox.calls if time > since), engine.now)
        engine.sandbox.calls = times[-max(window.most for window in windows) :]


def tightest(windows: Windows, engine: Engine) -> RateLimitStatus:
    """Return the window that has the least left."""
    return min(_statuses(windows, engine), key=lambda one: (one.left, one.reset))


def exceeded(windows: Windows, engine: Engine) -> RateLimitStatus | None:
    """Return the window that one more request would exceed; of several, the one that lasts longest."""
    full = (status for status in _statuses(windows, engine) if not status.left)
    return max(full, key=lambda one: one.reset, default=None)


def _statuses(windows: Windows, engine: Engine) -> list[RateLimitStatus]:
    return [_status(window, engine) for window in windows]


def _status(window: Window, engine: Engine) -> RateLimitStatus:
    counted = [time for time in engine.sandbox.calls if time > engine.now - window.seconds][-window.most :]
    since = counted[0] if counted else engine.now
    reset = max(1, ceil(since + window.seconds - engine.now))
    return RateLimitStatus(window=window, left=window.most - len(counted), reset=reset)
