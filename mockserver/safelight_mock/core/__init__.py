"""Jobs and time, without I/O, clock or randomness: `now` and random sources are arguments.

Which module to open:

- `transitions`: the transition table
- `job`: a job's state as a fold over what happened to it; `inspection`: what its inputs show
- `script`: the words that a job passes, where that is more than a queue and one piece of work
- `scenario`: rules that say what goes wrong, and which of them applies to a request or delivery
- `job_faults`, `transfer_faults`: what goes wrong with a job, and while a response is sent; `planned_faults`
  turns the first into events in the future; `recorded`: what a job was seen to do, to be done again
- `slots`: jobs that wait for others, where only so many run at a time
- `engine`: what can be done with the jobs of one sandbox at one moment; `engine_errors`: why it is not done
- `sandbox`: everything one API key owns, as one serialisable value; `clock` is its time
- `lifecycle`: a lifecycle as it is served: what `safelight_lifecycle` reads of `x-async-jobs`, and what
  settings change
- `webhook`: deliveries, retry policy and when to give up
- `ledger`: credits reserved, spent and refunded
- `jobs`, `overlay_mapping`: many jobs, what is due first, and copies that cost nothing
- `running_totals`: sums over many jobs without a look at each; `credit_totals`, `job_counts`: which ones
- `changes`: a feed of inputs that were lost or came back, for `running_totals`
- `picture`, `aspect_fit`: metadata of images, recipes, and sizes that keep proportions
"""

from safelight_mock.core.aspect_fit import Box
from safelight_mock.core.clock import Clock, ClockMode
from safelight_mock.core.engine import Engine
from safelight_mock.core.engine_errors import (
    InsufficientCreditsError,
    InvalidTransitionError,
    ResultExpiredError,
    UnknownJobError,
)
from safelight_mock.core.job import (
    WHOLE,
    Event,
    Inspection,
    InspectionKey,
    Job,
    Move,
    NotInspectedError,
    Plan,
    Source,
    State,
)
from safelight_mock.core.ledger import Ledger
from safelight_mock.core.lifecycle import Deliver, ServedLifecycle
from safelight_mock.core.picture import WRITABLE, Encoding, Format, Picture, Recipe, RecipeStep
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import Delivery, Outcome, RetryPolicy, TimelineEvent, Webhook

__all__ = [
    "WHOLE",
    "WRITABLE",
    "Box",
    "Clock",
    "ClockMode",
    "Deliver",
    "Delivery",
    "Encoding",
    "Engine",
    "Event",
    "Format",
    "Inspection",
    "InspectionKey",
    "InsufficientCreditsError",
    "InvalidTransitionError",
    "Job",
    "Ledger",
    "Move",
    "NotInspectedError",
    "Outcome",
    "Picture",
    "Plan",
    "Recipe",
    "RecipeStep",
    "ResultExpiredError",
    "RetryPolicy",
    "Sandbox",
    "ServedLifecycle",
    "Source",
    "State",
    "TimelineEvent",
    "UnknownJobError",
    "Webhook",
]
