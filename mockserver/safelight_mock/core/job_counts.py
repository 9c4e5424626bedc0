"""How many jobs of a sandbox are in which state."""

from collections.abc import Mapping

from safelight_mock.core.job import State, Status
from safelight_mock.core.running_totals import Amounts, Total

ONE_OF: Mapping[State, Amounts] = {state: tuple(int(state is each) for each in State) for state in State}

NONE: Amounts = (0,) * len(State)


def _state(status: Status) -> Amounts:
    return NONE if status.job.is_file else ONE_OF[status.state]


def _one(_: Status) -> Amounts:
    return (1,)


def _in_progress(status: Status) -> Amounts:
    return (int(not status.state.is_over),)


STATES = Total(zero=NONE, of=_state)
"""Jobs by state, in the order of `State`; uploaded files are none."""

FILES = Total(zero=(0,), of=_one, includes=lambda job: job.is_file)
"""Uploaded files, which are stored like jobs."""

IN_PROGRESS = Total(zero=(0,), of=_in_progress)
"""Jobs that have not ended. How they end does not matter: no inspection is needed."""
