"""Jobs pass the words of their lifecycle: shares, waits, words that follow, causes, deadlines, and places."""

from math import inf
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.mockserver.core.engines import job
from tests.mockserver.lifecycles import lifecycle, webhook

from safelight_lifecycle import WordState
from safelight_mock.core import (
    WHOLE,
    Engine,
    Event,
    Inspection,
    InvalidTransitionError,
    Job,
    Move,
    Sandbox,
    ServedLifecycle,
    State,
    UnknownJobError,
    Webhook,
)
from safelight_mock.core.job import history, is_over, next_move, planned_times
from safelight_mock.core.script import ScriptTarget
from safelight_mock.core.slots import planned_again

Json = dict[str, Any]

VIDEO: Json = {  # of 2 seconds in the queue and 10 of work
    "requested": {"means": "queued", "waits": True},
    "accepted": {"means": "queued", "waits": True, "only": True},
    "starting": "queued",
    "preparing": {"means": "running", "share": 0.1},
    "working": {"means": "running", "share": 0.8},
    "saving": {"means": "running", "share": 0.1},
    "cancelling": {"means": "running", "only": True, "then": "cancelled", "after": "PT5S"},
    "done": "succeeded",
    "failed": "failed",
    "rejected": {"means": "failed", "cause": "input"},
    "moderated": {"means": "failed", "cause": "moderation"},
    "cancelled": "cancelled",
}
STEPS: Json = {word: node for word, node in VIDEO.items() if word not in ("requested", "accepted")}
MOVES: list[Json] = [
    {"operation": "accept", "while": ["requested"], "to": "accepted"},
    {"operation": "complete", "while": ["accepted"], "to": "starting"},
    {"operation": "cancel", "while": ["queued"], "to": "cancelled"},
    {"operation": "cancel", "while": ["running"], "to": "cancelling", "otherwise": "ignore"},
    {"operation": "delete", "while": ["succeeded", "failed", "cancelled"], "to": "deleted"},
    {"operation": "clear", "to": "purged"},
    {"operation": "sweep", "while": ["succeeded"], "to": "deleted", "every": True},
]

CHANGES = MOVES[2:]


def at(
    sandbox: Sandbox, now: float, cycle: ServedLifecycle, seen: Inspection = WHOLE, speedup: float = 1
) -> Engine:
    return Engine(
        sandbox=sandbox, name="image", lifecycle=cycle, now=now, inspect=lambda _: seen, job_speedup=speedup
    )


def video(sandbox: Sandbox) -> Job:
    return job(sandbox, queued=2, running=10)


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(name="box", seed="seed")


def words(sandbox: Sandbox, taken: Job, cycle: ServedLifecycle, now: float = 1000) -> list[tuple[float, str]]:
    """Return when a job got which word."""
    past = history(sandbox.jobs[taken.id], now, at(sandbox, now, cycle).inspect, cycle.words)
    return [(one.since, one.vendor_state) for one in past]


# Which lifecycles have a script


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"states": {"Waiting": "queued", "Working": "running", "Done": "succeeded"}},
        {
            "states": {
                "Waiting": "queued",
                "Halted": {"means": "queued", "only": True},
                "Working": "running",
                "Gone": "cancelled",
            },
            "moves": [
                {"operation": "cancel", "to": "cancelled"},
                {"operation": "delete", "to": "deleted"},
            ],
        },
    ],
)
def test_a_lifecycle_of_one_queue_and_one_piece_of_work_has_no_script(keys: Json) -> None:
    assert lifecycle(**keys).script is None


@pytest.mark.parametrize(
    "keys",
    [
        {"states": {"Working": "running"}},
        {"states": {"Waiting": "queued", "Working": "running", "Saving": "running"}},
        {"states": {"Waiting": {"means": "queued", "waits": True}, "Working": "running"}},
        {"states": {"Waiting": "queued", "Working": "running", "Bad": {"means": "failed", "cause": "input"}}},
        {
            "states": {
                "Waiting": "queued",
                "Working": "running",
                "Stopping": {"means": "running", "only": True, "then": "Gone", "after": "PT5S"},
                "Gone": "cancelled",
            }
        },
        {"deadline": {"default": "P1D", "word": "failed"}},
        {"concurrency": {"running": 2}},
        {"moves": [{"operation": "pause", "to": "queued"}]},
        {
            "states": {
                "a": "queued",
                "b": "running",
                "c": "cancelled",
                "d": {"means": "cancelled", "only": True},
            },
            "moves": [{"operation": "abort", "to": "d"}],
        },
    ],
)
def test_a_lifecycle_with_more_has_one(keys: Json) -> None:
    assert lifecycle(**keys).script is not None


# Words on the way


def test_words_share_the_time_of_their_state(sandbox: Sandbox) -> None:
    cycle = lifecycle(states=STEPS)
    taken = at(sandbox, 100, cycle).submit(video(sandbox))

    assert words(sandbox, taken, cycle) == [
        (100, "starting"),
        (102, "preparing"),
        (103, "working"),
        (111, "saving"),
        (112, "done"),
    ]


@pytest.mark.parametrize(
    ("now", "word", "state", "progress"),
    [
        (0, "starting", State.QUEUED, 0),
        (2.5, "preparing", State.RUNNING, 5),
        (2.995, "preparing", State.RUNNING, 9),
        (7, "working", State.RUNNING, 50),
        (11.5, "saving", State.RUNNING, 95),
        (12, "done", State.SUCCEEDED, 100),
        (99, "done", State.SUCCEEDED, 100),
    ],
)
def test_a_job_has_its_word_state_and_progress_at_any_moment(
    sandbox: Sandbox, now: float, word: str, state: State, progress: int
) -> None:
    cycle = lifecycle(states=STEPS)
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    found = at(sandbox, now, cycle).find(taken.id)

    assert (found.vendor_state, found.state, found.progress, found.ends) == (word, state, progress, 12)
    assert not found.is_paused
    assert is_over(taken, now) == state.is_over


def test_the_past_of_a_job_has_its_progress_at_each_change(sandbox: Sandbox) -> None:
    cycle = lifecycle(states=STEPS)
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    past = [*history(taken, 12, lambda _: WHOLE, cycle.words)]

    assert [one.progress for one in past] == [0, 0, 10, 90, 100]
    assert [*planned_times(taken)] == [0, 2, 3, 11, 12]


def test_a_job_without_any_work_has_made_no_progress_in_its_queue(sandbox: Sandbox) -> None:
    cycle = lifecycle(states=STEPS)
    taken = at(sandbox, 0, cycle).submit(job(sandbox, queued=2, running=0))

    assert at(sandbox, 1, cycle).find(taken.id).progress == 0
    assert words(sandbox, taken, cycle)[-1] == (2, "done")


def test_a_job_does_not_pass_a_live_state_without_a_word(sandbox: Sandbox) -> None:
    cycle = lifecycle(states={"Pending": "running", "Ready": "succeeded", "Error": "failed"})
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    assert words(sandbox, taken, cycle) == [(0, "Pending"), (10, "Ready")]


def test_a_job_is_next_due_when_its_word_changes(sandbox: Sandbox) -> None:
    cycle = lifecycle(states=STEPS)
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    assert [next_move(taken, now) for now in (0, 2, 5, 11, 12)] == [2, 3, 11, 12, None]
    assert at(sandbox, 5, cycle).advance_target(taken.id) == 11


def test_jobs_pass_their_words_faster(sandbox: Sandbox) -> None:
    cycle = lifecycle(states=STEPS, moves=MOVES[3:4])
    taken = at(sandbox, 0, cycle, speedup=8).submit(video(sandbox))
    at(sandbox, 0.5, cycle, speedup=8).apply("cancel", taken.id)

    assert words(sandbox, taken, cycle) == [
        (0, "starting"),
        (0.25, "preparing"),
        (0.375, "working"),
        (0.5, "cancelling"),
        (1.125, "cancelled"),
    ]


def test_what_follows_by_itself_follows_sooner_for_faster_jobs() -> None:
    script = lifecycle(states=STEPS).script
    assert script is not None

    assert script.faster(1) == script
    assert script.faster(2).follows == {"cancelling": ScriptTarget("cancelled", State.CANCELLED, 2.5)}


# Words that wait, and words that follow


def test_a_job_waits_until_its_client_has_done_what_comes_first(sandbox: Sandbox) -> None:
    cycle = lifecycle(states=VIDEO, moves=MOVES)
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    waiting = at(sandbox, 500, cycle).find(taken.id)
    at(sandbox, 600, cycle).apply("accept", taken.id)
    at(sandbox, 700, cycle).apply("complete", taken.id)

    assert (waiting.vendor_state, waiting.is_paused, waiting.progress) == ("requested", True, 0)
    assert next_move(taken, 500) is None
    assert not is_over(taken, 500)
    assert words(sandbox, taken, cycle) == [
        (0, "requested"),
        (600, "accepted"),
        (700, "starting"),
        (702, "preparing"),
        (703, "working"),
        (711, "saving"),
        (712, "done"),
    ]


def test_a_job_that_waits_is_not_removed_with_those_that_are_over(sandbox: Sandbox) -> None:
    cycle = lifecycle(states=VIDEO, moves=MOVES, retention="PT1M")
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    assert [one.job.id for one in at(sandbox, 5000, cycle).all()] == [taken.id]


def test_a_word_follows_another_one_by_itself(sandbox: Sandbox) -> None:
    cycle = lifecycle(states=STEPS, moves=CHANGES)
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    cancelling = at(sandbox, 5, cycle).apply("cancel", taken.id)

    assert (cancelling.vendor_state, cancelling.state, cancelling.progress) == (
        "cancelling",
        State.RUNNING,
        30,
    )
    assert cancelling.ends == 10
    assert words(sandbox, taken, cycle)[-2:] == [(5, "cancelling"), (10, "cancelled")]
    assert at(sandbox, 20, cycle).find(taken.id).progress == 30


def test_a_word_that_jobs_pass_can_be_followed_by_another_one_than_the_next(sandbox: Sandbox) -> None:
    states = {**STEPS, "preparing": {"means": "running", "then": "saving", "after": "PT3S"}}
    cycle = lifecycle(states=states)
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    assert words(sandbox, taken, cycle)[:3] == [(0, "starting"), (2, "preparing"), (5, "saving")]
    assert at(sandbox, 7, cycle).find(taken.id).vendor_state == "done"


def test_work_that_was_done_counts_under_a_word_that_another_follows(sandbox: Sandbox) -> None:
    states = {**STEPS, "working": {"means": "running", "share": 0.8, "then": "saving", "after": "PT3S"}}
    cycle = lifecycle(states=states)
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    found = at(sandbox, 8, cycle).find(taken.id)

    assert (found.vendor_state, found.progress) == ("working", 50)
    assert found.ends == inf  # it goes on after what follows


def test_a_job_that_rested_a_thousand_times_goes_on(sandbox: Sandbox) -> None:
    cycle = lifecycle(states=STEPS)
    taken = at(sandbox, 0, cycle).submit(video(sandbox))
    rests = [Event(move=move, at=5.0) for _ in range(1_000) for move in (Move.PAUSE, Move.RESUME)]
    sandbox.jobs[taken.id] = replace(taken, events=tuple(rests))

    assert at(sandbox, 12, cycle).find(taken.id).vendor_state == "done"


def test_a_script_that_goes_round_stops_after_many_changes(sandbox: Sandbox) -> None:
    """A snapshot may have any script; a lifecycle has none that goes round."""
    cycle = lifecycle(states=STEPS)
    taken = at(sandbox, 0, cycle).submit(video(sandbox))
    assert taken.plan.script is not None
    script = replace(taken.plan.script, follows={"starting": ScriptTarget("starting", State.QUEUED, 0.0)})
    sandbox.jobs[taken.id] = replace(taken, plan=replace(taken.plan, script=script))

    assert at(sandbox, 5, cycle).find(taken.id).vendor_state == "starting"


def test_a_job_that_is_paused_goes_on_with_the_word_to_which_it_is_moved(sandbox: Sandbox) -> None:
    cycle = lifecycle(
        states={
            "checking": {"means": "queued", "share": 0.5},
            "queued": {"means": "queued", "share": 0.5},
            "paused": {"means": "queued", "waits": True, "only": True},
            "running": "running",
            "succeeded": "succeeded",
        },
        moves=[
            {"operation": "pause", "while": ["running"], "to": "paused"},
            {"operation": "resume", "while": ["paused"], "to": "queued"},
        ],
    )
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    at(sandbox, 5, cycle).apply("pause", taken.id)
    at(sandbox, 50, cycle).apply("resume", taken.id)

    assert words(sandbox, taken, cycle) == [
        (0, "checking"),
        (1, "queued"),
        (2, "running"),
        (5, "paused"),
        (50, "queued"),
        (51, "running"),
        (61, "succeeded"),
    ]


# Moves


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


# Causes


@pytest.mark.parametrize(
    ("seen", "word"),
    [
        (WHOLE, "done"),
        (Inspection(is_whole=False), "rejected"),
        (Inspection(is_whole=True, error="not allowed"), "moderated"),
    ],
)
def test_a_job_ends_with_the_word_of_its_cause(sandbox: Sandbox, seen: Inspection, word: str) -> None:
    cycle = lifecycle(states=STEPS)
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    found = at(sandbox, 12, cycle, seen).find(taken.id)

    assert (found.vendor_state, found.inspection) == (word, seen)
    assert found.progress == (100 if seen is WHOLE else 99)


def test_the_word_of_a_cause_is_not_that_of_another_state(sandbox: Sandbox) -> None:
    states = {**STEPS, "rejected": {"means": "cancelled", "cause": "input"}}
    cycle = lifecycle(states=states)
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    assert at(sandbox, 12, cycle, Inspection(is_whole=False)).find(taken.id).vendor_state == "failed"


def test_a_failure_without_a_word_for_its_cause_has_the_usual_one(sandbox: Sandbox) -> None:
    states = {word: node for word, node in STEPS.items() if word != "rejected"}
    cycle = lifecycle(states=states)
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    assert at(sandbox, 12, cycle, Inspection(is_whole=False)).find(taken.id).vendor_state == "failed"


# Deadlines

LATE: Json = {**STEPS, "aborted": {"means": "cancelled", "cause": "deadline"}}


@pytest.mark.parametrize(
    ("seconds", "word", "ends"),
    [(1, "aborted", 1), (5, "cancelled", 5), (12, "done", 12), (None, "done", 12)],
)
def test_a_job_ends_at_its_deadline_with_the_word_for_its_state(
    sandbox: Sandbox, seconds: float | None, word: str, ends: float
) -> None:
    deadline = {"from": "$request.header.Cancel-After", "word": {"queued": "aborted", "running": "cancelled"}}
    cycle = lifecycle(states=LATE, deadline=deadline)
    planned = video(sandbox)

    taken = at(sandbox, 0, cycle).submit(replace(planned, plan=replace(planned.plan, deadline=seconds)))

    assert words(sandbox, taken, cycle)[-1] == (ends, word)
    assert at(sandbox, 0, cycle).find(taken.id).ends == ends


def test_a_deadline_may_be_the_same_for_all_jobs(sandbox: Sandbox) -> None:
    cycle = lifecycle(states=VIDEO, moves=MOVES, deadline={"default": "PT1M", "word": "failed"})
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    assert words(sandbox, taken, cycle) == [(0, "requested"), (60, "failed")]


def test_a_deadline_that_names_some_states_ends_no_job_in_others(sandbox: Sandbox) -> None:
    cycle = lifecycle(states=LATE, deadline={"default": "PT5S", "word": {"saving": "aborted"}})
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    assert words(sandbox, taken, cycle)[-2:] == [(11, "saving"), (11, "aborted")]


# Places

CROWDED: Json = {
    "states": {
        "PENDING": "queued",
        "THROTTLED": {"means": "queued", "only": True},
        "RUNNING": "running",
        "SUCCEEDED": "succeeded",
        "CANCELLED": "cancelled",
    },
    "moves": [
        {"operation": "cancel", "while": ["queued", "running"], "to": "CANCELLED"},
        {"operation": "delete", "to": "deleted"},
    ],
    "concurrency": {"running": 2, "word": "THROTTLED"},
}


def test_jobs_above_the_number_that_may_run_wait_under_their_word(sandbox: Sandbox) -> None:
    cycle = lifecycle(**CROWDED)
    one, two, three, four = (at(sandbox, now, cycle).submit(video(sandbox)) for now in (0, 1, 2, 3))

    assert words(sandbox, two, cycle)[0] == (1, "PENDING")
    assert words(sandbox, three, cycle) == [
        (2, "THROTTLED"),
        (12, "PENDING"),
        (14, "RUNNING"),
        (24, "SUCCEEDED"),
    ]
    assert words(sandbox, four, cycle)[:2] == [(3, "THROTTLED"), (13, "PENDING")]
    assert words(sandbox, one, cycle)[-1] == (12, "SUCCEEDED")


@pytest.mark.parametrize("operation", ["cancel", "delete"])
def test_jobs_that_wait_are_planned_anew_when_another_one_ends_early(
    sandbox: Sandbox, operation: str
) -> None:
    cycle = lifecycle(**CROWDED)
    one, _, three, four = (at(sandbox, now, cycle).submit(video(sandbox)) for now in (0, 1, 2, 3))

    at(sandbox, 5, cycle).apply(operation, one.id)

    assert words(sandbox, three, cycle)[:2] == [(2, "THROTTLED"), (5, "PENDING")]
    assert words(sandbox, four, cycle)[:2] == [(3, "THROTTLED"), (13, "PENDING")]


def test_a_job_that_rests_keeps_its_place_until_it_ends(sandbox: Sandbox) -> None:
    cycle = lifecycle(**{**CROWDED, "concurrency": {"running": 1}})
    one, two = (at(sandbox, now, cycle).submit(video(sandbox)) for now in (0, 1))

    at(sandbox, 5, cycle).move(one.id, Move.PAUSE)
    waiting = at(sandbox, 1000, cycle).find(two.id)
    at(sandbox, 1001, cycle).apply("cancel", one.id)

    assert (waiting.vendor_state, waiting.state) == ("PENDING", State.QUEUED)
    assert words(sandbox, two, cycle, 2000)[:3] == [(1, "PENDING"), (1001, "PENDING"), (1003, "RUNNING")]


def test_a_place_is_free_at_once_when_none_is_taken(sandbox: Sandbox) -> None:
    cycle = lifecycle(**CROWDED)
    at(sandbox, 0, cycle).submit(video(sandbox))

    later = at(sandbox, 50, cycle).submit(video(sandbox))

    assert words(sandbox, later, cycle)[0] == (50, "PENDING")


def test_a_job_waits_for_a_place_for_less_than_a_second(sandbox: Sandbox) -> None:
    cycle = lifecycle(**{**CROWDED, "concurrency": {"running": 1, "word": "THROTTLED"}})
    at(sandbox, 0, cycle).submit(video(sandbox))

    later = at(sandbox, 11.5, cycle).submit(video(sandbox))

    assert words(sandbox, later, cycle)[:2] == [(11.5, "THROTTLED"), (12, "PENDING")]


def test_a_job_waits_for_those_that_wait_themselves(sandbox: Sandbox) -> None:
    cycle = lifecycle(**{**CROWDED, "concurrency": {"running": 1, "word": "THROTTLED"}})
    _, _, third = (at(sandbox, 0, cycle).submit(video(sandbox)) for _ in range(3))

    assert words(sandbox, third, cycle)[:2] == [(0, "THROTTLED"), (24, "PENDING")]


def test_a_submitted_job_is_returned_with_the_place_it_has(sandbox: Sandbox) -> None:
    cycle = lifecycle(**{**CROWDED, "concurrency": {"running": 1}})

    one, two = (at(sandbox, 0, cycle).submit(video(sandbox)) for _ in range(2))

    assert (one.plan.held, two.plan.held) == (0, 12)


def test_jobs_without_a_script_take_no_place(sandbox: Sandbox) -> None:
    assert [*planned_again([video(sandbox)], 1, 0.0)] == []


def test_a_job_that_waits_for_one_that_rests_is_stored_and_read_back(sandbox: Sandbox) -> None:
    cycle = lifecycle(**{**CROWDED, "concurrency": {"running": 1}})
    one, two = (at(sandbox, now, cycle).submit(video(sandbox)) for now in (0, 1))
    at(sandbox, 5, cycle).move(one.id, Move.PAUSE)

    restored = msgspec.json.decode(msgspec.json.encode(sandbox.jobs[two.id]), type=Job)

    assert restored == sandbox.jobs[two.id]


# Webhooks


def hooked(cycle: ServedLifecycle, *on: str) -> ServedLifecycle:
    return replace(cycle, deliveries=(webhook(on=[*on]),))


def test_a_job_is_due_when_its_first_word_ends(sandbox: Sandbox) -> None:
    sandbox.webhook = Webhook(url="http://127.0.0.1/hook")
    cycle = lifecycle(states={"Waiting": "queued", "Thinking": "queued", "Working": "running"})

    taken = at(sandbox, 10, hooked(cycle, "running")).submit(video(sandbox))

    assert sandbox.job_due_at == {taken.id: 11}


def test_a_job_that_waits_for_its_client_is_not_due(sandbox: Sandbox) -> None:
    sandbox.webhook = Webhook(url="http://127.0.0.1/hook")

    at(sandbox, 10, hooked(lifecycle(states=VIDEO), "succeeded")).submit(video(sandbox))

    assert sandbox.job_due_at == {}


def test_a_job_is_due_when_it_gets_its_place(sandbox: Sandbox) -> None:
    sandbox.webhook = Webhook(url="http://127.0.0.1/hook")
    cycle = hooked(lifecycle(**{**CROWDED, "concurrency": {"running": 1}}), "succeeded")

    one, two = (at(sandbox, 0, cycle).submit(video(sandbox)) for _ in range(2))
    before = dict(sandbox.job_due_at)
    at(sandbox, 5, cycle).apply("cancel", one.id)

    assert before == {one.id: 2, two.id: 12}
    assert sandbox.job_due_at == {one.id: 5, two.id: 7}


# All of it


def test_a_job_with_a_script_is_stored_and_read_back(sandbox: Sandbox) -> None:
    cycle = lifecycle(states=VIDEO, moves=MOVES, deadline={"default": "P1D", "word": "failed"})
    taken = at(sandbox, 0, cycle).submit(video(sandbox))
    at(sandbox, 5, cycle).apply("accept", taken.id)

    restored = msgspec.json.decode(msgspec.json.encode(sandbox.jobs[taken.id]), type=Job)

    assert restored == sandbox.jobs[taken.id]


@given(moments=st.lists(st.floats(0, 40), max_size=8), cancelled=st.none() | st.floats(0, 15))
def test_a_job_is_where_it_is_whenever_and_however_often_it_was_read_before(
    moments: list[float], cancelled: float | None
) -> None:
    cycle = lifecycle(states=STEPS, moves=CHANGES)
    box = Sandbox(name="box", seed="")
    taken = at(box, 0, cycle).submit(video(box))
    if cancelled is not None:
        at(box, cancelled, cycle).apply("cancel", taken.id)
    unread = [at(box, now, cycle).status(replace(box.jobs[taken.id])) for now in moments]

    assert [at(box, now, cycle).find(taken.id) for now in moments] == unread


@given(
    actions=st.lists(
        st.tuples(
            st.floats(0, 4),
            st.sampled_from(["accept", "complete", "cancel", "clear", "sweep", "wait", "submit", "force"]),
            st.integers(0, 3),
            st.sampled_from([*VIDEO]),
        ),
        max_size=12,
    ),
    places=st.integers(1, 3),
)
def test_whatever_is_done_a_job_that_is_over_stays_so_and_all_answers_agree(
    actions: list[tuple[float, str, int, str]], places: int
) -> None:
    cycle = lifecycle(
        states=VIDEO,
        moves=MOVES,
        deadline={"default": "PT20S", "word": "failed"},
        concurrency={"running": places},
    )
    box, now, ended = Sandbox(name="box", seed=""), 0.0, dict[str, str]()
    for wait, action, which, word in [(0.0, "submit", 0, ""), *actions, (30.0, "wait", 0, "")]:
        now += wait
        engine, ids = at(box, now, cycle), [*box.jobs]
        if action == "submit":
            engine.submit(video(box))
        elif action != "wait" and ids:
            change(engine, action, ids[which % len(ids)], word)
        for found in engine.all():
            past = [*history(found.job, now, engine.inspect, cycle.words)]
            due = next_move(found.job, now)
            assert past[-1] == found
            assert [one.since for one in past] == sorted(one.since for one in past)
            assert due is None or due > now
            assert is_over(found.job, now) == found.state.is_over
            assert 0 <= found.progress <= 100
            assert ended.setdefault(found.job.id, found.vendor_state) == found.vendor_state or not (
                found.state.is_over and ended[found.job.id] == found.vendor_state
            )
            if not found.state.is_over:
                del ended[found.job.id]


def change(engine: Engine, action: str, job_id: str, word: str) -> None:
    try:
        if action == "force":
            engine.force_state(job_id, word)
        elif action == "sweep":
            engine.apply_all("sweep")
        else:
            engine.apply(action, job_id)
    except InvalidTransitionError:
        pass
