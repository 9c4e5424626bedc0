"""The lifecycle of one job: a table of transitions, and a fold over recorded events.

A job is its submission, the plan made then, and the events recorded since. There are no timers:
its state at a moment is computed from those three and the moment, so a read changes nothing and the state at
any moment can be computed. A planned move that an earlier event made impossible does not happen.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from math import inf
from operator import attrgetter, itemgetter

import msgspec
from msgspec.structs import replace

from safelight_lifecycle import State as State  # noqa: PLC0414 - the rest of the server has it from here
from safelight_lifecycle import WordState
from safelight_mock.core.inspection import WHOLE as WHOLE  # noqa: PLC0414 - as above
from safelight_mock.core.inspection import Inspection as Inspection  # noqa: PLC0414 - as above
from safelight_mock.core.inspection import InspectionKey as InspectionKey  # noqa: PLC0414 - as above
from safelight_mock.core.inspection import Inspections as Inspections  # noqa: PLC0414 - as above
from safelight_mock.core.inspection import NotInspectedError as NotInspectedError  # noqa: PLC0414 - as above
from safelight_mock.core.job_faults import JobFault
from safelight_mock.core.picture import Picture
from safelight_mock.core.script import INPUT, MODERATION, NEVER, Script, Stay, Walk, worked_part
from safelight_mock.core.script import Plan as Plan  # noqa: PLC0414 - as above
from safelight_mock.core.transitions import PATHS as PATHS  # noqa: PLC0414 - as above
from safelight_mock.core.transitions import TRANSITIONS as TRANSITIONS  # noqa: PLC0414 - as above
from safelight_mock.core.transitions import Event as Event  # noqa: PLC0414 - as above
from safelight_mock.core.transitions import Move as Move  # noqa: PLC0414 - as above

Pause = tuple[float, float]
"""A span of time in which a job is paused: its begin and end."""


class Durations(msgspec.Struct, frozen=True, kw_only=True):
    """How many seconds jobs take: in the queue, for any result, and for each megapixel of it."""

    queued: float = 0.5
    running: float = 1.5
    per_megapixel: float = 0.1

    def plan(self, megapixels: float) -> Plan:
        """Return the plan of a job with a result of that size."""
        return Plan(queued=self.queued, running=self.running + self.per_megapixel * megapixels)


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """An input image: its file by digest, the name it came under, and what its header says.

    `error`: why a job with this input fails; without a file the digest is empty.
    """

    id: str
    digest: str
    filename: str
    picture: Picture
    error: str = ""


LAST = "last"  # what is remembered with a job, beside its fields


class Job(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One submission and the events recorded since.

    `number` grows from one to the next; `origin` is how its submitter addressed the service. `others` are the
    digests of files it needs beside its source, `parts` the ids of jobs it consists of. Its `price` is in
    credits, paid if it ends in a state of `paid_on`, and given back otherwise. Of its changes of state, the
    first `reported` were turned into webhooks. `ordinal` counts the jobs of its sandbox. `scenario` is the
    name of the one that was chosen with its submission, and `fault` what goes wrong with it. `is_file`: it is
    an uploaded file, stored like a job but none to clients.
    """

    id: str
    operation: str
    plan: Plan
    source: Source
    output: Picture
    details: Mapping[str, str | int | float | bool] = msgspec.field(default_factory=dict)
    others: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    price: int = 0
    paid_on: tuple[State, ...] = (State.SUCCEEDED,)
    lifecycle: str = ""
    origin: str = ""
    number: int = 0
    submitted: float = 0.0
    events: tuple[Event, ...] = ()
    reported: int = 0
    ordinal: int = 0
    scenario: str = ""
    fault: JobFault | None = None
    is_file: bool = False

    @property
    def starts(self) -> float:
        """When work begins by plan."""
        return self.submitted + self.plan.queued

    @property
    def ends(self) -> float:
        """When work ends by plan."""
        return self.starts + self.plan.running

    @property
    def inputs(self) -> AbstractSet[str]:
        """The digests of the files it needs."""
        own = {self.source.digest, *self.others} - {""}
        return own if self.fault is None else own | self.fault.digests


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """A job at one moment: its state, since when, and its progress (0 to 100).

    `ends` is when work ends by plan, later by as long as the job was paused; while it is paused, nothing that
    is planned happens. `vendor_state` is what the vendor calls the state. `inspection` is of the inputs
    if the state depends on one.
    """

    job: Job
    state: State
    since: float
    progress: int
    ends: float
    inspection: Inspection
    is_paused: bool = False
    vendor_state: str = ""

    @property
    def word_state(self) -> WordState:
        """The vendor's word for the state, and the state."""
        return WordState(self.vendor_state or self.state, self.state)

    @property
    def due(self) -> float:
        """When the job ends by plan; infinity while it is paused."""
        return inf if self.is_paused else self.ends


StateNames = Mapping[State, str]
"""The vendor's name for each state."""

NO_WORDS: StateNames = {}


Inspect = Callable[[Job], Inspection]
"""Returns the inspection of a job's inputs, or raises NotInspectedError."""


def inspect_job(job: Job, inspections: Inspections) -> Inspection:
    """Return the inspection of a job's source; it is not whole unless every other input is."""
    inspection = inspections(InspectionKey(job.source.digest))
    if not job.others or not inspection.is_whole:
        return inspection
    is_whole = all(inspections(InspectionKey(other)).is_whole for other in job.others)
    return inspection if is_whole else replace(inspection, is_whole=False)


def status(job: Job, now: float, inspect: Inspect, words: StateNames = NO_WORDS) -> Status:
    """Fold plan and recorded events up to `now`; the input is looked at only once a success is due.

    A state that the last event gives no word for is called by one of `words`.
    """
    if job.fault is not None:
        return _with_fault(status(replace(job, fault=None), now, inspect, words), job, job.fault)
    if job.plan.script is not None:
        return _status_at(job, _stay(job, job.plan.script, now, inspect), now)
    pauses = _pauses(job, now) if job.events else ()
    state, since, started, vendor_state = State.QUEUED, job.submitted, None, ""
    inspection, ends = WHOLE, job.ends
    # The fold of `history` again: to share it, as a list or a generator, costs each poll 4 to 14 % more here.
    for at, move, word in _moves(job, pauses):
        if at > now:
            break
        following = TRANSITIONS[state].get(move)
        if following is None:
            continue
        if following is State.SUCCEEDED:
            following, inspection = _outcome(job, inspect)
        elif following is State.RUNNING and state is State.QUEUED:
            started = at
        state, since, vendor_state = following, at, word
    past = [pause for pause in pauses if pause[1] < inf] if pauses else pauses
    return Status(
        job=job,
        state=state,
        since=since,
        progress=100
        if state is State.SUCCEEDED
        else _progress(ends, started, since if state.is_over else now, pauses),
        ends=_later(ends, past) if past else ends,
        inspection=inspection,
        is_paused=len(past) < len(pauses) and not state.is_over,
        vendor_state=vendor_state or words.get(state, ""),
    )


def history(job: Job, now: float, inspect: Inspect, words: StateNames = NO_WORDS) -> Iterator[Status]:
    """Yield the status of a job right after each change of its state, from its submission up to `now`."""
    if job.fault is not None:
        for found in history(replace(job, fault=None), now, inspect, words):
            yield _with_fault(found, job, job.fault)
        return
    if job.plan.script is not None:
        yield from _passed(job, job.plan.script, now, inspect)
        return
    pauses = _pauses(job, now)
    state, started, inspection = State.QUEUED, None, WHOLE
    yield Status(
        job=job,
        state=state,
        since=job.submitted,
        progress=0,
        ends=job.ends,
        inspection=WHOLE,
        vendor_state=words.get(state, ""),
    )
    for at, move, word in _moves(job, pauses):
        following = TRANSITIONS[state].get(move) if at <= now else None
        if following is None or following is state:
            continue
        if following is State.SUCCEEDED:
            following, inspection = _outcome(job, inspect)
        state, started = following, at if following is State.RUNNING else started
        yield Status(
            job=job,
            state=state,
            since=at,
            progress=100 if state is State.SUCCEEDED else _progress(job.ends, started, at, pauses),
            ends=_later(job.ends, [pause for pause in pauses if pause[1] <= at]),
            inspection=inspection,
            vendor_state=word or words.get(state, ""),
        )


def _with_fault(found: Status, job: Job, fault: JobFault) -> Status:
    """Return the status of a job as its fault lets it be seen."""
    progress, inspection = found.progress, found.inspection
    if found.state is State.RUNNING:
        progress = fault.reported(progress)
    elif found.state is State.FAILED and fault.message:
        inspection = replace(WHOLE, error=fault.message)
    return replace(found, job=job, progress=progress, inspection=inspection)


def _outcome(job: Job, inspect: Inspect) -> tuple[State, Inspection]:
    """Return the state in which work ends if it is not stopped, and the inspection that decides it."""
    if job.source.error:
        return State.FAILED, WHOLE
    inspection = inspect(job)
    return State.SUCCEEDED if inspection.is_whole and not inspection.error else State.FAILED, inspection


def _passed(job: Job, script: Script, now: float, inspect: Inspect) -> Iterator[Status]:
    """Yield the status of a job with a script right after each change of its word, and that at `now` last."""
    stays = [*_walk(job, script, inspect).stays(now)]
    for stay, until in zip(stays, [*(stay.place.at for stay in stays[1:]), now], strict=True):
        is_last = stay is stays[-1]
        yield _status_at(job, stay, until if is_last else stay.place.at)


def _stay(job: Job, script: Script, now: float, inspect: Inspect) -> Stay:
    """Return where a job is.

    Where it was last is remembered, as most polls find it there. How it ended is not: that follows from its
    input, which can be lost.
    """
    last: Stay | None = job.__dict__.get(LAST)
    is_past = last is None or last.place.at > now
    if last is not None and not is_past and now < last.until:
        return last
    for stay in _walk(job, script, inspect).stays(now, None if is_past else last):
        if not stay.place.state.is_over:
            job.__dict__[LAST] = stay
    return stay


def _status_at(job: Job, stay: Stay, now: float) -> Status:
    place = stay.place
    worked = 100 * worked_part(job.plan, place, now)
    return Status(
        job=job,
        state=place.state,
        since=place.at,
        progress=100 if place.state is State.SUCCEEDED else max(0, min(99, int(worked))),
        ends=stay.end,
        inspection=place.inspection if isinstance(place.inspection, Inspection) else WHOLE,
        is_paused=not place.state.is_over and place.due == inf,
        vendor_state=place.word,
    )


def _walk(job: Job, script: Script, inspect: Inspect) -> Walk:
    def outcome() -> tuple[State, str, Inspection]:
        state, inspection = _outcome(job, inspect)
        return state, MODERATION if inspection.error else INPUT, inspection

    return Walk(script, job.plan, job.submitted, job.events, outcome)


def planned_times(job: Job) -> Iterator[float]:
    """Yield when the job changes by its plan or its fault, and by what was recorded of one with a script."""
    walk = walk_of(job)
    yield from (job.starts, job.ends) if walk is None else (place.at for place in walk.positions(NEVER))
    if job.fault is not None:
        yield from (event.at for event in job.events)


def walk_of(job: Job) -> Walk | None:
    """Return the walk of a job through its script, assuming intact inputs; None without a script."""
    return None if job.plan.script is None else _walk(job, job.plan.script, lambda _: WHOLE)


def next_move(job: Job, now: float) -> float | None:
    """Return when the job next changes its state by plan; None if it does not, or is paused."""
    walk = walk_of(job)
    if walk is not None:
        due = walk.next_change(walk.position(now))
        return None if due == inf else due
    current = end_of(job, now)
    planned = (
        at
        for at, move, _ in _moves(job, _pauses(job, now))
        if move in TRANSITIONS[current.state] and at > now
    )
    return None if current.is_paused else next(planned, None)


def end_of(job: Job, now: float) -> Status:
    """Return the status of a job, assuming intact inputs."""
    return status(job, now, lambda _: WHOLE)


def is_over(job: Job, now: float) -> bool:
    """Return whether a job is in a final state."""
    is_planned = not job.events and job.plan.script is None
    return now >= job.ends if is_planned else end_of(job, now).state.is_over


def _moves(job: Job, pauses: Sequence[Pause]) -> Sequence[tuple[float, Move, str]]:
    """Return planned and recorded moves in the order of time."""
    starts = job.starts
    ends = starts + job.plan.running
    if not job.events:
        return (starts, Move.START, ""), (ends, Move.FINISH, "")
    planned = (_later(starts, pauses), Move.START, ""), (_later(ends, pauses), Move.FINISH, "")
    return sorted([*planned, *map(attrgetter("at", "move", "vendor_state"), job.events)], key=itemgetter(0))


def _pauses(job: Job, now: float) -> Sequence[Pause]:
    """Return the spans in which the job was paused, as known at `now`; one that lasts ends at infinity."""
    pauses: list[Pause] = []
    since = inf
    for event in job.events:
        if event.move is Move.PAUSE and event.at <= now:
            since = min(since, event.at)
        elif event.move is Move.RESUME and since <= event.at <= now:
            pauses.append((since, event.at))
            since = inf
    return [*pauses, (since, inf)] if since < inf else pauses


def _later(at: float, pauses: Sequence[Pause]) -> float:
    """Return a planned moment, delayed by the pauses before it."""
    for since, to in pauses:
        at += to - since if since < at else 0.0
    return at


def _worked(at: float, pauses: Sequence[Pause]) -> float:
    """Return a moment without the pauses before it."""
    return at - sum(min(at, to) - since for since, to in pauses if since < at)


def _progress(ends: float, started: float | None, reached: float, pauses: Sequence[Pause]) -> int:
    """Return the progress of a job that has not succeeded, at a moment; it `ends` by plan."""
    begun = ends if started is None else _worked(started, pauses)
    if ends <= begun:
        return 0
    return max(0, min(99, int(100 * (_worked(reached, pauses) - begun) / (ends - begun))))
