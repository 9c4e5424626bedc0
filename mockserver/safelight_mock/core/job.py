"""The life of one job, as a table of what may happen and a fold over what did.

A job is what was submitted, the plan made for it then, and the events recorded since. Nothing ticks:
its state at a moment is computed from those three and the moment, so a read changes nothing and any
moment can be asked about. A planned move that an earlier event made impossible simply does not happen.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from operator import itemgetter

from safelight_mock.core.picture import Picture


class State(StrEnum):
    """Where a job stands, whatever the vendor calls it."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether no move leads out of this state."""
        return not TRANSITIONS[self]


class Move(StrEnum):
    """What can happen to a job."""

    START = "start"
    FINISH = "finish"
    FAIL = "fail"
    CANCEL = "cancel"


# The whole lifecycle. A move that is not in this table is refused.
TRANSITIONS: Mapping[State, Mapping[Move, State]] = {
    State.QUEUED: {Move.START: State.RUNNING, Move.FAIL: State.FAILED, Move.CANCEL: State.CANCELLED},
    State.RUNNING: {Move.FINISH: State.SUCCEEDED, Move.FAIL: State.FAILED, Move.CANCEL: State.CANCELLED},
    State.SUCCEEDED: {},
    State.FAILED: {},
    State.CANCELLED: {},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A move somebody made, and when, in seconds of the sandbox's clock."""

    move: Move
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long a job will wait and then work, in seconds, if nobody interferes."""

    queued: float
    running: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An input image: its file by digest, the name it came under, and what its header says.

    A `fault` says why a job with this input is sure to fail; there may be no file then, and no digest.
    """

    id: str
    digest: str
    filename: str
    picture: Picture
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One submission and all that was recorded of it since; `number` grows from one to the next."""

    id: str
    operation: str
    plan: Plan
    source: Source
    output: Picture
    details: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    lifecycle: str = ""
    number: int = 0
    submitted: float = 0.0
    events: tuple[Event, ...] = ()

    @property
    def starts(self) -> float:
        """When work begins by plan."""
        return self.submitted + self.plan.queued

    @property
    def ends(self) -> float:
        """When work ends by plan."""
        return self.starts + self.plan.running


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A job as it stands at one moment: its state, since when, and how far it has come (0 to 100)."""

    job: Job
    state: State
    since: float
    progress: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Look:
    """What is seen of an input when all of it is decoded: whether it is whole, and measures by name.

    Each look equals only itself, so that what follows from it can be remembered by it.
    """

    is_whole: bool
    measures: Mapping[str, float] = field(default_factory=dict)


WHOLE = Look(is_whole=True)

Eye = Callable[[str], Look]
"""Looks at the input with this digest, or raises UnjudgedError."""


class UnjudgedError(Exception):
    """What was asked depends on inputs nobody has looked at yet: judge these digests and ask again.

    Asking again must be harmless, so nothing is written before everything that may raise this.
    """

    def __init__(self, digests: frozenset[str]) -> None:
        super().__init__(f"{len(digests)} inputs have not been judged")
        self.digests = digests


def status(job: Job, now: float, look: Eye) -> Status:
    """Fold plan and recorded events up to `now`; the input is looked at only once a success is due."""
    state, since, started = State.QUEUED, job.submitted, None
    for at, move in _moves(job):
        if at > now:
            break
        following = TRANSITIONS[state].get(move)
        if following is None:
            continue
        if following is State.SUCCEEDED and (job.source.fault or not look(job.source.digest).is_whole):
            following = State.FAILED
        state, since = following, at
        started = since if state is State.RUNNING else started
    return Status(job=job, state=state, since=since, progress=_progress(job, state, started, since, now))


def is_over(job: Job, now: float) -> bool:
    """Tell whether a job has ended, without asking how: no input is judged."""
    return status(job, now, lambda _: WHOLE).state.is_over


def _moves(job: Job) -> Sequence[tuple[float, Move]]:
    """Return what was planned and what was recorded, in the order of time."""
    starts = job.starts
    planned = (starts, Move.START), (starts + job.plan.running, Move.FINISH)
    if not job.events:
        return planned
    return sorted((*planned, *((event.at, event.move) for event in job.events)), key=itemgetter(0))


def _progress(job: Job, state: State, started: float | None, since: float, now: float) -> int:
    if state is State.SUCCEEDED:
        return 100
    if started is None or job.ends <= started:
        return 0
    reached = since if state.is_over else now
    return max(0, min(99, int(100 * (reached - started) / (job.ends - started))))
