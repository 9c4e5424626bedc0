"""How often an account may submit. The vendor has limits, and publishes no number and no header of them."""

from safelight_mock.core.engine import Engine
from safelight_mock.wire import rate_limits
from safelight_mock.wire.messages import Call
from safelight_mock.wire.problem import Kind, Problem


def check(engine: Engine, call: Call) -> None:
    """Raise Problem when one more submission would be too many."""
    over = rate_limits.exceeded(rate_limits.chosen(call.options), engine)
    if over is not None:
        headers = {"retry-after": str(over.reset)} if call.options["retry_after"] else {}
        raise Problem(Kind.LIMITED, headers=headers)


def count(engine: Engine, call: Call) -> None:
    """Count a submission that was taken in."""
    rate_limits.count(rate_limits.chosen(call.options), engine)
