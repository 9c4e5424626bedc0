"""How often an account may create artworks. The vendor publishes neither numbers nor headers.

The headers are those of the limiter of its framework (NestJS), and told only when they are asked for.
"""

from collections.abc import Mapping

from safelight_mock.core.engine import Engine
from safelight_mock.wire import rate_limits
from safelight_mock.wire.messages import Call
from safelight_mock.wire.problem import Kind, Problem


def check(engine: Engine, call: Call) -> None:
    """Raise Problem when one more artwork would be too many."""
    over = rate_limits.exceeded(rate_limits.chosen(call.options), engine)
    if over is not None:
        headers = {"retry-after": str(over.reset)} if call.options["throttler_headers"] else {}
        raise Problem(Kind.LIMITED, headers=headers)


def count(engine: Engine, call: Call) -> Mapping[str, str]:
    """Count an artwork that was taken in; return the headers of its answer."""
    windows = rate_limits.chosen(call.options)
    rate_limits.count(windows, engine)
    if not windows or not call.options["throttler_headers"]:
        return {}
    standing = rate_limits.tightest(windows, engine)
    return {
        "x-ratelimit-limit": str(standing.window.most),
        "x-ratelimit-remaining": str(standing.left),
        "x-ratelimit-reset": str(standing.reset),
    }
