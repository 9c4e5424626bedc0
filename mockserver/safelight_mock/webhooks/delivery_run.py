"""How far the dispatcher has come with the due deliveries of one sandbox."""

from collections.abc import Sequence

import msgspec

from safelight_mock.core.webhook import Attempt, Delivery
from safelight_mock.webhooks.attempts import Due
from safelight_mock.webhooks.timeline import ReachedJobs

RecordedAttempt = tuple[Delivery, Attempt]
"""An attempt, after the delivery as it was before."""


class DeliveryRun(msgspec.Struct, frozen=True, kw_only=True):
    """The state of a run, which attempts the due deliveries of a sandbox and may advance its clock.

    - `goal`, `began`: end and start of the run by the sandbox's clock; without a goal it is not advanced
    - `due`: the delivery to attempt next; `attempt`: its outcome, not recorded yet
    - `recorded`: the attempts of the last transaction, each with its delivery
    - `reached`: the jobs after the run, if the clock was advanced
    - `is_clock_held`: the run may have paused a running clock, and has to resume it
    - `is_stopped`: the server shut down before everything due was attempted
    """

    goal: float | None
    began: float | None = None
    due: Due | None = None
    attempt: Attempt | None = None
    recorded: Sequence[RecordedAttempt] = ()
    reached: ReachedJobs | None = None
    is_clock_held: bool = False
    is_done: bool = False
    is_stopped: bool = False
