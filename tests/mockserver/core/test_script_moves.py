"""Moves of jobs with many words: by operations of the API, and by hand."""

import pytest
from msgspec.structs import replace
from tests.mockserver.core.scripts import CHANGES, MOVES, STEPS, VIDEO, at, video, words
from tests.mockserver.lifecycles import lifecycle

from safelight_lifecycle import WordState
from safelight_mock.core import (
    Event,
    Inspection,
    InvalidTransitionError,
    Move,
    Sandbox,
    State,
    UnknownJobError,
)


def test_the_first_move_that_the_state_allows_is_applied(sandbox: Sandbox) -> None:
    cycle = lifecycle(states=STEPS, moves=CHANGES)
    early, late = (at(sandbox, 0, cycle).submit(video(sandbox)) for _ in range(2))

    assert at(sandbox, 1, cycle).apply("cancel", early.id).state is State.CANCELLED
    assert at(sandbox, 3, cycle).apply("cancel", late.id).vendor_state == "cancelling"


def test_a_move_in_another_state_is_refused_or_ignored(sandbox: Sandbox) -> None:
    cycle = lifecycle(states=STEPS, moves=CHANGES)
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    assert at(sandbox, 12, cycle).apply("cancel", taken.id).vendor_state == "done"
    with pytest.raises(InvalidTransitionError, match="cannot delete a running job"):
        at(sandbox, 5, cycle).apply("delete", taken.id)


def test_a_deleted_job_is_unknown_and_a_purged_one_is_not(sandbox: Sandbox) -> None:
    cycle = lifecycle(states=STEPS, moves=CHANGES)
    first, second = (at(sandbox, 0, cycle).submit(video(sandbox)) for _ in range(2))

    assert at(sandbox, 12, cycle).apply("delete", first.id).vendor_state == "done"
    at(sandbox, 12, cycle).apply("clear", second.id)

    with pytest.raises(UnknownJobError):
        at(sandbox, 12, cycle).find(first.id)
    assert at(sandbox, 12, cycle).find(second.id).job.details["purged"] is True


def test_an_operation_on_every_job_is_applied_to_those_that_allow_it(sandbox: Sandbox) -> None:
    cycle = lifecycle(states=STEPS, moves=CHANGES)
    over = at(sandbox, 0, cycle).submit(video(sandbox))
    running = at(sandbox, 8, cycle).submit(video(sandbox))

    assert [one.job.id for one in at(sandbox, 12, cycle).apply_all("sweep")] == [over.id]
    assert [*sandbox.jobs] == [running.id]


def test_moves_of_a_lifecycle_without_a_script_are_applied_as_well(sandbox: Sandbox) -> None:
    cycle = lifecycle(
        states={"Waiting": "queued", "Working": "running", "Done": "succeeded", "Gone": "cancelled"},
        moves=[{"operation": "cancel", "while": ["Working"], "to": "Gone"}],
    )
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    with pytest.raises(InvalidTransitionError, match="cannot cancel a queued job"):
        at(sandbox, 1, cycle).apply("cancel", taken.id)
    assert cycle.script is None
    assert at(sandbox, 3, cycle).apply("cancel", taken.id).vendor_state == "Gone"


def test_a_word_that_means_several_ends_is_given_with_its_state(sandbox: Sandbox) -> None:
    cycle = lifecycle(
        states={
            "QUEUE": "queued",
            "WORK": "running",
            "OVER": {"means": ["succeeded", "failed", "cancelled"]},
        },
        moves=[{"operation": "pause", "to": "QUEUE"}],
    )
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    found = at(sandbox, 1, cycle).become(taken.id, WordState("OVER", State.CANCELLED))

    assert (found.vendor_state, found.state) == ("OVER", State.CANCELLED)
    with pytest.raises(InvalidTransitionError, match="cannot change a cancelled job to QUEUE"):
        at(sandbox, 2, cycle).become(taken.id, WordState("QUEUE", State.QUEUED))


# Force


def test_a_job_is_forced_into_a_word_of_a_later_state_or_one_that_no_job_gets_by_itself(
    sandbox: Sandbox,
) -> None:
    cycle = lifecycle(states=VIDEO, moves=MOVES)
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    assert at(sandbox, 1, cycle).force_state(taken.id, "saving").vendor_state == "saving"
    with pytest.raises(InvalidTransitionError, match="cannot change a running job to starting"):
        at(sandbox, 1, cycle).force_state(taken.id, "starting")
    assert at(sandbox, 1.5, cycle).force_state(taken.id, "accepted").state is State.QUEUED
    assert at(sandbox, 2, cycle).force_state(taken.id, "succeeded").vendor_state == "done"


def test_a_job_rests_while_it_is_paused_by_hand(sandbox: Sandbox) -> None:
    cycle = lifecycle(states=STEPS)
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    at(sandbox, 5, cycle).move(taken.id, Move.PAUSE)
    resting = at(sandbox, 50, cycle).find(taken.id)
    at(sandbox, 100, cycle).move(taken.id, Move.RESUME)

    assert (resting.vendor_state, resting.is_paused, resting.progress) == ("working", True, 30)
    assert resting.since == 5
    going_on = at(sandbox, 102, cycle).find(taken.id)
    assert (going_on.vendor_state, going_on.since, going_on.progress) == ("working", 100, 50)
    assert words(sandbox, taken, cycle)[-2:] == [(106, "saving"), (107, "done")]


def test_a_job_that_rests_is_not_paused_again_and_one_that_works_is_not_resumed(sandbox: Sandbox) -> None:
    cycle = lifecycle(states=STEPS)
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    at(sandbox, 3, cycle).move(taken.id, Move.RESUME)
    at(sandbox, 5, cycle).move(taken.id, Move.PAUSE)
    at(sandbox, 50, cycle).move(taken.id, Move.PAUSE)
    at(sandbox, 100, cycle).move(taken.id, Move.RESUME)

    assert words(sandbox, taken, cycle)[2:] == [
        (3, "working"),
        (5, "working"),
        (100, "working"),
        (106, "saving"),
        (107, "done"),
    ]


def test_a_job_that_is_paused_when_its_word_changes_has_the_next_word(sandbox: Sandbox) -> None:
    cycle = lifecycle(states=STEPS)
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    at(sandbox, 2, cycle).move(taken.id, Move.PAUSE)

    assert at(sandbox, 50, cycle).find(taken.id).vendor_state == "preparing"


@pytest.mark.parametrize(
    ("now", "move", "word", "state"),
    [
        (1, Move.START, "preparing", State.RUNNING),
        (1, Move.CANCEL, "cancelled", State.CANCELLED),
        (5, Move.FAIL, "failed", State.FAILED),
        (5, Move.FINISH, "done", State.SUCCEEDED),
    ],
)
def test_a_job_that_is_moved_by_hand_gets_the_usual_word(
    sandbox: Sandbox, now: float, move: Move, word: str, state: State
) -> None:
    cycle = lifecycle(states=STEPS)
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    found = at(sandbox, now, cycle).move(taken.id, move)

    assert (found.vendor_state, found.state, found.since) == (word, state, now)


def test_a_job_with_a_damaged_input_that_is_finished_by_hand_fails(sandbox: Sandbox) -> None:
    cycle, damaged = lifecycle(states=STEPS), Inspection(is_whole=False)
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    found = at(sandbox, 5, cycle, damaged).move(taken.id, Move.FINISH)

    assert (found.vendor_state, found.state, found.inspection) == ("rejected", State.FAILED, damaged)


def test_a_recorded_move_that_the_state_does_not_allow_has_no_effect(sandbox: Sandbox) -> None:
    """A snapshot may have any events; the server records none of these."""
    cycle = lifecycle(states=STEPS)
    taken = at(sandbox, 0, cycle).submit(video(sandbox))
    sandbox.jobs[taken.id] = replace(taken, events=(Event(move=Move.FINISH, at=1.0),))

    assert at(sandbox, 1.5, cycle).find(taken.id).vendor_state == "starting"


def test_a_state_without_a_word_has_an_empty_one(sandbox: Sandbox) -> None:
    cycle = lifecycle(states={"Waiting": "queued", "Done": "succeeded"})
    started, failed = (at(sandbox, 0, cycle).submit(video(sandbox)) for _ in range(2))

    at(sandbox, 1, cycle).move(started.id, Move.START)

    assert words(sandbox, started, cycle) == [(0, "Waiting"), (1, "")]
    assert at(sandbox, 2, cycle, Inspection(is_whole=False)).find(failed.id).vendor_state == ""


def test_parts_of_a_batch_become_what_it_becomes(sandbox: Sandbox) -> None:
    cycle = lifecycle(states=STEPS, moves=CHANGES)
    part = video(sandbox)
    whole = replace(video(sandbox), parts=(part.id, "deleted"))
    at(sandbox, 0, cycle).submit(whole, part)

    at(sandbox, 1, cycle).force_state(whole.id, "working")

    assert [one.vendor_state for one in at(sandbox, 1, cycle).all()] == ["working", "working"]


def test_a_job_is_moved_to_a_state_without_a_word(sandbox: Sandbox) -> None:
    cycle = lifecycle(states={name: node for name, node in STEPS.items() if "cancel" not in name})
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    cancelled = at(sandbox, 1, cycle).move(taken.id, Move.CANCEL)

    assert (cancelled.state, cancelled.vendor_state) == (State.CANCELLED, "")
    assert cancelled.inspection.is_whole


def test_the_retention_of_a_job_with_a_script_counts_from_its_end(sandbox: Sandbox) -> None:
    cycle = lifecycle(states=STEPS, retention="PT50S")
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    assert [at(sandbox, now, cycle).is_past(taken) for now in (5, 61.9, 62)] == [False, False, True]
