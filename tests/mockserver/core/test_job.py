"""The lifecycle of a job: the transition table and the fold over its events."""

from functools import partial
from itertools import pairwise
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from safelight_mock.core import (
    Event,
    Format,
    Inspection,
    InspectionKey,
    Job,
    Move,
    Picture,
    Plan,
    Source,
    State,
)
from safelight_mock.core.job import PATHS, TRANSITIONS, Durations, inspect_job, is_over, planned_times, status

PICTURE = Picture(format=Format.JPEG, width=40, height=30)
JOB = Job(
    id="a",
    operation="submit",
    submitted=100.0,
    plan=Plan(queued=1.0, running=4.0),
    source=Source(id="s", digest="d", filename="photo.jpg", picture=PICTURE),
    output=PICTURE,
)


def whole(_: Job) -> Inspection:
    return Inspection(is_whole=True)


def damaged(_: Job) -> Inspection:
    return Inspection(is_whole=False)


def never_asked(one: Job) -> Inspection:
    raise AssertionError(f"nobody should look at {one.source.digest}")


def after(*events: Event) -> Job:
    return Job(
        id=JOB.id,
        operation=JOB.operation,
        submitted=JOB.submitted,
        plan=JOB.plan,
        source=JOB.source,
        output=JOB.output,
        events=events,
    )


@pytest.mark.fidelity("topaz:progress")
@pytest.mark.parametrize(
    ("now", "state", "progress", "since"),
    [
        (100.0, State.QUEUED, 0, 100.0),
        (100.999, State.QUEUED, 0, 100.0),
        (101.0, State.RUNNING, 0, 101.0),
        (103.0, State.RUNNING, 50, 101.0),
        (104.999, State.RUNNING, 99, 101.0),
        (105.0, State.SUCCEEDED, 100, 105.0),
        (1e9, State.SUCCEEDED, 100, 105.0),
    ],
)
def test_a_job_without_events_follows_its_plan(now: float, state: State, progress: int, since: float) -> None:
    actual = status(JOB, now, whole)

    assert (actual.state, actual.progress, actual.since) == (state, progress, since)


def test_a_damaged_input_fails_the_job_at_its_end() -> None:
    assert status(JOB, 104.9, never_asked).state is State.RUNNING
    assert status(JOB, 105.0, damaged).state is State.FAILED


@pytest.mark.fidelity("topaz:progress")
def test_a_cancelled_job_keeps_its_progress_and_its_input_is_not_inspected() -> None:
    cancelled = after(Event(move=Move.CANCEL, at=103.0))

    actual = status(cancelled, 1e9, never_asked)

    assert (actual.state, actual.since, actual.progress) == (State.CANCELLED, 103.0, 50)


def test_cancelling_does_not_change_the_history() -> None:
    cancelled = after(Event(move=Move.CANCEL, at=103.0))

    assert status(cancelled, 102.0, whole).state is State.RUNNING


def test_a_job_started_early_is_not_started_again() -> None:
    started = after(Event(move=Move.START, at=100.5))

    actual = status(started, 102.75, whole)

    assert (actual.state, actual.since, actual.progress) == (State.RUNNING, 100.5, 50)


def test_a_forced_success_of_a_damaged_input_is_still_a_failure() -> None:
    forced = after(Event(move=Move.START, at=100.5), Event(move=Move.FINISH, at=100.6))

    assert status(forced, 101.0, damaged).state is State.FAILED


def test_no_transition_leaves_a_final_state() -> None:
    over = {state for state in State if state.is_over}

    assert over == {State.SUCCEEDED, State.FAILED, State.CANCELLED}
    assert all(not TRANSITIONS[state] for state in over)


@pytest.mark.fidelity("topaz:states")
@given(
    st.lists(st.tuples(st.sampled_from(Move), st.floats(100, 110)), max_size=4),
    st.lists(st.floats(90, 120), min_size=2, max_size=6).map(sorted),
)
def test_whatever_is_recorded_a_job_never_leaves_the_table(
    recorded: list[tuple[Move, float]], moments: list[float]
) -> None:
    job = after(*(Event(move=move, at=at) for move, at in sorted(recorded, key=lambda pair: pair[1])))

    seen = [status(job, moment, whole).state for moment in moments]

    for earlier, later in pairwise(seen):
        assert later in _reachable(earlier)


def _reachable(state: State) -> set[State]:
    ways = set(TRANSITIONS[state].values()) - {state}
    return {state}.union(*map(_reachable, ways))


def test_a_paused_job_continues_where_it_stopped() -> None:
    paused = after(Event(move=Move.PAUSE, at=102.0, vendor_state="PAUSED"))
    resumed = after(*paused.events, Event(move=Move.RESUME, at=1000.0))

    before = status(paused, 102.0, whole)
    resting = status(paused, 999.0, whole)
    going_on = status(resumed, 1000.0, whole)

    assert (resting.state, resting.vendor_state, resting.progress) == (
        State.RUNNING,
        "PAUSED",
        before.progress,
    )
    assert (resting.is_paused, resting.due) == (True, inf)
    assert (going_on.vendor_state, going_on.is_paused, going_on.progress) == ("", False, before.progress)
    assert going_on.due == resumed.ends + 898.0
    assert status(resumed, going_on.due - 0.1, whole).state is State.RUNNING
    assert status(resumed, going_on.due, whole).state is State.SUCCEEDED


def test_a_job_paused_twice_is_as_late_as_both_pauses_together() -> None:
    twice = after(
        Event(move=Move.PAUSE, at=100.5),
        Event(move=Move.RESUME, at=110.5),
        Event(move=Move.PAUSE, at=111.0),
        Event(move=Move.PAUSE, at=112.0),
        Event(move=Move.RESUME, at=116.0),
    )

    assert status(twice, 116.0, whole).ends == twice.ends + 15.0


def test_a_paused_job_can_be_cancelled() -> None:
    cancelled = after(Event(move=Move.PAUSE, at=100.5), Event(move=Move.CANCEL, at=200.0))

    actual = status(cancelled, 200.0, whole)

    assert (actual.state, actual.since, actual.is_paused) == (State.CANCELLED, 200.0, False)


def test_every_path_between_states_is_in_the_table() -> None:
    for state, ways in PATHS.items():
        for to, moves in ways.items():
            reached = state
            for move in moves:
                reached = TRANSITIONS[reached][move]
            assert reached is to


def test_a_job_fails_for_a_damaged_file_beside_its_source() -> None:
    def seen(key: InspectionKey) -> Inspection:
        return Inspection(is_whole=key.digest != "torn")

    inspect = partial(inspect_job, inspections=seen)

    assert status(replace(JOB, others=("fine",)), 200.0, inspect).state is State.SUCCEEDED
    assert status(replace(JOB, others=("fine", "torn")), 200.0, inspect).state is State.FAILED


def test_a_job_fails_for_an_error_that_only_inspection_detects() -> None:
    unfit = Inspection(is_whole=True, error="The subject is smaller than the padding.")

    assert status(JOB, 200.0, lambda _: unfit).state is State.FAILED


def test_an_input_is_inspected_by_its_digest_and_others_only_if_it_is_whole() -> None:
    looked: list[InspectionKey] = []

    def seen(key: InspectionKey) -> Inspection:
        looked.append(key)
        return Inspection(is_whole=key.digest != "torn", measures={"noise": 0.5})

    alone = inspect_job(JOB, seen)
    damaged = inspect_job(replace(JOB, source=replace(JOB.source, digest="torn"), others=("fine",)), seen)
    beside = inspect_job(replace(JOB, others=("torn",)), seen)

    assert (alone.is_whole, damaged.is_whole, beside.is_whole) == (True, False, False)
    assert beside.measures == {"noise": 0.5}
    assert looked == [InspectionKey(digest) for digest in ("d", "torn", "d", "torn")]


def test_larger_results_take_longer() -> None:
    timing = Durations(queued=2.0, running=3.0, per_megapixel=0.5)

    assert timing.plan(4.0) == Plan(queued=2.0, running=5.0)


def test_a_job_changes_when_its_work_begins_and_ends() -> None:
    assert [*planned_times(JOB)] == [101.0, 105.0]


def test_a_job_without_events_is_over_at_its_planned_end() -> None:
    assert [is_over(JOB, now) for now in (104.9, 105.0)] == [False, True]
    assert is_over(after(Event(move=Move.CANCEL, at=103.0)), 103.0)
    assert not is_over(after(Event(move=Move.PAUSE, at=103.0)), 105.0)
