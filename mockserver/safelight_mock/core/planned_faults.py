"""Turns the fault of a job into events in the future, when the job is submitted."""

from collections.abc import Sequence
from itertools import accumulate

from msgspec.structs import replace

from safelight_lifecycle import WordState
from safelight_mock.core.job import PATHS, Event, Job, Move, State, Status, end_of, walk_of
from safelight_mock.core.job_faults import ForcedChange, JobFault
from safelight_mock.core.lifecycle import ServedLifecycle
from safelight_mock.core.recorded import JobStay
from safelight_mock.core.script import NEVER, Script

LONG = 1e8  # seconds that no word of a script lasts by itself, whatever its part of the time is
MARGIN = 1.0  # seconds by which a plan outlasts the states that were recorded


def with_fault(job: Job, fault: JobFault, lifecycle: ServedLifecycle) -> Job:
    """Return a job that is submitted now with a fault, and the changes that the fault plans.

    Raises ValueError for a word that the lifecycle does not have.
    """
    plan = replace(job.plan, queued=job.plan.queued * fault.slow, running=job.plan.running * fault.slow)
    held = plan.held
    # Changes are planned as if the job had to wait for no others: how long it waits is not known yet.
    job = replace(job, plan=replace(plan, held=0.0))
    if fault.recorded is not None and fault.recorded.stays:
        held, job = 0.0, _with_stays(job, fault.recorded.stays, lifecycle)
    for change in fault.changes:
        job = _with_change(job, change, lifecycle)
    job = replace(job, plan=replace(job.plan, held=held))
    # Changes are listed as their author likes; states are folded from events in the order of time.
    return replace(job, fault=fault, events=tuple(sorted(job.events, key=lambda event: event.at)))


def bring(found: Status, meant: State, word: str, at: float, lifecycle: ServedLifecycle) -> Job:
    """Return a job without a script with the moves that lead it to a state, called by that word there.

    Under a second word for a live state it stays until it is moved elsewhere.
    """
    rests = not meant.is_over and word not in (meant, lifecycle.vendor_state(meant))
    last = (Move.PAUSE,) if rests else (Move.RESUME,) if found.is_paused and not meant.is_over else ()
    moves = (*PATHS[found.state][meant], *last)
    last_word = word if word in lifecycle.described.words.by_name else ""
    words = (*[""] * (len(moves) - 1), last_word)  # where it only comes through has its usual name
    events = (Event(move=move, at=at, vendor_state=name) for move, name in zip(moves, words, strict=False))
    return replace(found.job, events=(*found.job.events, *events))


def _with_stays(job: Job, stays: Sequence[JobStay], lifecycle: ServedLifecycle) -> Job:
    """Return a job that is in these states one after another, and then in the last one until it is moved."""
    reached = [lifecycle.described.words.reference(stay.to) for stay in stays]
    begins = [*accumulate((stay.lasts or 0.0 for stay in stays), initial=0.0)]
    # The plan outlasts what was recorded, unless it leads to the same end at the same time.
    is_planned = lifecycle.script is None and _is_plain(reached, lifecycle)
    margin = 0.0 if is_planned else MARGIN
    running = (at for to, at in zip(reached, begins, strict=False) if to.state is State.RUNNING)
    starts = next(running, begins[-1] + margin)
    plan = replace(job.plan, queued=starts, running=max(0.0, begins[-1] - starts) + margin)
    if lifecycle.script is not None:
        plan = replace(plan, queued=LONG, running=LONG)
    job = replace(job, plan=plan)
    for stay, to, begin in zip(stays, reached, begins, strict=False):
        if not (is_planned and to.state.is_over):
            job = _with_stay(job, to, job.submitted + begin, stay.lasts, lifecycle)
    return job


def _is_plain(reached: Sequence[WordState], lifecycle: ServedLifecycle) -> bool:
    """Return whether a job succeeds, and comes under the usual words only."""
    usual = all(to.word in (to.state, lifecycle.words.get(to.state)) for to in reached)
    return usual and reached[-1].state is State.SUCCEEDED


def _with_stay(job: Job, to: WordState, at: float, lasts: float | None, lifecycle: ServedLifecycle) -> Job:
    """Return a job that is in a state from a moment on; the same if no path leads there then."""
    found = end_of(job, at)
    if found.state.is_over or to.state not in PATHS[found.state]:
        return job
    keeps = _rest(at, None) if lasts is None and not to.state.is_over else ()
    if lifecycle.script is not None:
        moved = Event(move=Move.BECOME, at=at, vendor_state=to.word, state=to.state)
        return replace(job, events=(*job.events, *(() if to == found.word_state else (moved,)), *keeps))
    brought = bring(found, to.state, to.word, at, lifecycle)
    if len(brought.events) > len(job.events) and brought.events[-1].move is Move.PAUSE:  # under a second word
        keeps = _rest(at, lasts)[1:]
    return replace(brought, events=(*brought.events, *keeps))


def _with_change(job: Job, change: ForcedChange, lifecycle: ServedLifecycle) -> Job:
    """Return a job with a planned change; the same if its state does not allow the change then."""
    to = _reached(change.to, lifecycle)
    at = _moment(job, change, to.state)
    found = end_of(job, at)
    if found.state.is_over or to.state not in PATHS[found.state]:
        return job
    if lifecycle.script is not None:
        events = _script_events(lifecycle.script, found, to, at, change.lasts)
        return replace(job, events=(*job.events, *events))
    brought = bring(found, to.state, to.word, at, lifecycle)
    if to.state.is_over:
        return brought
    rests = _rest(at, change.lasts)
    is_resting = len(brought.events) > len(job.events) and brought.events[-1].move is Move.PAUSE
    return replace(brought, events=(*brought.events, *(rests[1:] if is_resting else rests)))


def _reached(name: str, lifecycle: ServedLifecycle) -> WordState:
    """Return what a change leads to; a failure, at an API without a word for cancelled jobs."""
    words = lifecycle.described.words
    to = words.reference(name)
    is_wordless = bool(words.listed) and to.state is State.CANCELLED and to.word not in words.by_name
    return words.reference(State.FAILED) if is_wordless else to


def _script_events(
    script: Script, found: Status, to: WordState, at: float, lasts: float | None
) -> tuple[Event, ...]:
    """Return the events that bring a job with a script to a word, where it stays for so many seconds."""
    if to == found.word_state:
        return _rest(at, lasts)
    event = Event(move=Move.BECOME, at=at, vendor_state=to.word, state=to.state)
    if to.state.is_over:
        return (event,)
    passes = any((step.word, step.state) == (to.word, to.state) for step in script.steps)
    stay = (event, Event(move=Move.PAUSE, at=at)) if passes else (event,)
    if lasts is None:
        return stay
    before = found.word_state
    return *stay, Event(move=Move.BECOME, at=at + lasts, vendor_state=before.word, state=before.state)


def _rest(at: float, lasts: float | None) -> tuple[Event, ...]:
    """Return the events of a job that rests from a moment on, for so many seconds or until it is moved."""
    pause = Event(move=Move.PAUSE, at=at)
    return (pause,) if lasts is None else (pause, Event(move=Move.RESUME, at=at + lasts))


def _moment(job: Job, change: ForcedChange, state: State) -> float:
    """Return when a planned change comes about."""
    if change.after is not None:
        return job.submitted + change.after
    if state is State.QUEUED:
        return job.submitted + change.at * job.plan.queued
    walk = walk_of(job)
    places = () if walk is None else walk.positions(NEVER)
    starts = next((one.at for one in places if one.state is State.RUNNING), job.starts)
    return starts + change.at * job.plan.running
