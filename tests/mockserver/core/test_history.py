"""A job's past: each change of its state as it was seen then, and what comes next."""

from collections.abc import Sequence
from math import inf

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.mockserver.core.engines import PICTURE, seen

from safelight_mock.core import Event, InspectionKey, Job, Move, NotInspectedError, Plan, Source, State
from safelight_mock.core.job import history, next_move, status

JOB = Job(
    id="a",
    operation="submit",
    submitted=100.0,
    plan=Plan(queued=1.0, running=4.0),
    source=Source(id="s", digest="whole", filename="photo.png", picture=PICTURE),
    output=PICTURE,
)
PAUSED = (Event(move=Move.PAUSE, at=102.0, vendor_state="Halted"), Event(move=Move.RESUME, at=112.0))


def with_(*events: Event) -> Job:
    return replace(JOB, events=events)


def told(job: Job, now: float) -> list[tuple[State, float, int, float, str]]:
    return [
        (one.state, one.since, one.progress, one.ends, one.vendor_state) for one in history(job, now, seen)
    ]


def test_the_past_begins_with_the_submission_and_has_each_change_up_to_now() -> None:
    past = [(State.QUEUED, 100.0, 0, 105.0, ""), (State.RUNNING, 101.0, 0, 105.0, "")]

    assert told(JOB, 100.0) == past[:1]
    assert told(JOB, 101.0) == past
    assert told(JOB, 104.9) == past
    assert told(JOB, 105.0) == [*past, (State.SUCCEEDED, 105.0, 100, 105.0, "")]
    assert [one.job for one in history(JOB, 105.0, seen)] == [JOB] * 3


def test_a_forced_change_has_the_vendor_state_it_was_forced_to() -> None:
    job = with_(Event(move=Move.START, at=100.5, vendor_state="Working"), Event(move=Move.FAIL, at=103.0))

    assert told(job, 200.0) == [
        (State.QUEUED, 100.0, 0, 105.0, ""),
        (State.RUNNING, 100.5, 0, 105.0, "Working"),
        (State.FAILED, 103.0, 55, 105.0, ""),
    ]


def test_a_state_has_the_vendor_state_of_its_lifecycle_where_none_was_forced() -> None:
    words = {State.QUEUED: "Pending", State.RUNNING: "Processing", State.FAILED: "Failed"}
    job = with_(Event(move=Move.START, at=100.5, vendor_state="Working"), Event(move=Move.FAIL, at=103.0))

    past = [*history(job, 200.0, seen, words)]

    assert [one.vendor_state for one in past] == ["Pending", "Working", "Failed"]
    assert [status(job, one.since, seen, words).vendor_state for one in past] == [
        "Pending",
        "Working",
        "Failed",
    ]


def test_a_pause_is_not_a_transition_and_delays_the_following_ones() -> None:
    past = [(State.QUEUED, 100.0, 0, 105.0, ""), (State.RUNNING, 101.0, 0, 105.0, "")]
    failed = Event(move=Move.FAIL, at=112.0)

    assert told(with_(*PAUSED), 110.0) == past
    assert told(with_(*PAUSED), 115.0) == [*past, (State.SUCCEEDED, 115.0, 100, 115.0, "")]
    assert told(with_(*PAUSED, failed), 115.0) == [*past, (State.FAILED, 112.0, 25, 115.0, "")]


def test_a_pause_at_the_end_of_the_work_has_no_effect() -> None:
    late = with_(Event(move=Move.PAUSE, at=105.0))

    assert status(late, 105.0, seen).state is State.SUCCEEDED


def test_work_that_was_done_before_a_pause_counts_after_it() -> None:
    moments = (102.0, 112.0, 113.0, 114.9)

    assert [status(with_(*PAUSED), now, seen).progress for now in moments] == [25, 25, 50, 97]


def test_a_damaged_input_is_a_failure_in_the_past_too() -> None:
    damaged = replace(JOB, source=replace(JOB.source, digest="damaged"))

    assert told(damaged, 105.0)[-1] == (State.FAILED, 105.0, 99, 105.0, "")


moves = st.lists(
    st.tuples(st.sampled_from(Move), st.integers(1, 60)), max_size=4, unique_by=lambda one: one[1]
)


@given(moves)
def test_each_change_has_the_state_at_its_time(made: Sequence[tuple[Move, int]]) -> None:
    events = sorted((100 + tenth * 10 / 64, move) for move, tenth in made)
    job = with_(*(Event(move=move, at=at) for at, move in events))

    for one in history(job, 200.0, seen):
        then = status(job, one.since, seen)
        assert msgspec.structs.replace(then, is_paused=False, ends=one.ends) == one


@pytest.mark.parametrize(
    ("events", "now", "due"),
    [
        ((), 100.0, 101.0),
        ((), 101.0, 105.0),
        ((), 104.9, 105.0),
        ((), 105.0, None),
        (PAUSED, 102.0, None),
        (PAUSED, 111.9, None),
        (PAUSED, 112.0, 115.0),
        ((Event(move=Move.START, at=100.5),), 100.5, 105.0),
        ((Event(move=Move.CANCEL, at=103.0),), 103.0, None),
    ],
)
def test_the_next_transition_is_the_next_planned_one_that_is_possible(
    events: tuple[Event, ...], now: float, due: float | None
) -> None:
    assert next_move(with_(*events), now) == due


def test_a_missing_inspection_error_counts_the_inputs() -> None:
    keys = frozenset({InspectionKey("a"), InspectionKey("b")})

    assert str(NotInspectedError(keys)) == "2 inputs have not been inspected"


def test_a_paused_job_is_never_due() -> None:
    assert status(with_(*PAUSED), 103.0, seen).due == inf
    assert status(with_(*PAUSED), 112.0, seen).due == 115.0


def test_progress_grows_until_the_job_ends() -> None:
    long = replace(JOB, plan=Plan(queued=1.0, running=1_000.0))

    come = [status(long, 101.0 + worked, seen).progress for worked in (0.0, 505.0, 999.0, 999.9)]
    assert come == [0, 50, 99, 99]
    assert status(replace(long, events=(Event(move=Move.CANCEL, at=611.0),)), 900.0, seen).progress == 51
