"""Jobs pass the words of their lifecycle: shares, waits, words that follow, causes, deadlines, and places."""

from math import inf

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.mockserver.core.engines import job
from tests.mockserver.core.scripts import CHANGES, MOVES, STEPS, VIDEO, Json, at, video, words
from tests.mockserver.lifecycles import lifecycle

from safelight_mock.core import WHOLE, Engine, Event, InvalidTransitionError, Job, Move, Sandbox, State
from safelight_mock.core.job import history, is_over, next_move, planned_times
from safelight_mock.core.script import ScriptTarget

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
