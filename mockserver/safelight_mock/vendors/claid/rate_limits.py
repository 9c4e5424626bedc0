"""How often an account may call: what is told of it in headers, and who is over it when it is enforced."""

from collections.abc import Mapping

from safelight_mock.core.engine import Engine
from safelight_mock.wire import rate_limits
from safelight_mock.wire.problem import Kind, Problem
from safelight_mock.wire.rate_limits import Window

WINDOWS = (Window(most=120, seconds=60), Window(most=4, seconds=1))  # documented
NAMED = ", ".join(f"{window.most};w={window.seconds:g}" for window in WINDOWS)


def told(engine: Engine) -> Mapping[str, str]:
    """Return the headers of an image answer: the limit of which the least is left, this call counted.

    Unless limits are enforced nobody stops at zero, and no less is told.
    """
    standing = rate_limits.tightest(WINDOWS, engine)
    return _headers(standing.window, standing.left, standing.reset)


def check(engine: Engine) -> None:
    """Raise Problem when one more call would be too many."""
    over = rate_limits.exceeded(WINDOWS, engine)
    if over is not None:
        raise Problem(Kind.LIMITED, headers=_headers(over.window, -1, over.reset))


def count(engine: Engine) -> None:
    """Count a call that was taken in; a batch is one."""
    rate_limits.count(WINDOWS, engine)


def exceeded() -> Mapping[str, str]:
    """Return the headers of a refusal that no calls are counted for, as documented."""
    return _headers(WINDOWS[-1], -1, 1)


def _headers(window: Window, left: int, reset: int) -> Mapping[str, str]:
    return {
        "ratelimit-limit": f"{window.most}, {NAMED}",
        "ratelimit-remaining": str(left),
        "ratelimit-reset": str(reset),
    }
