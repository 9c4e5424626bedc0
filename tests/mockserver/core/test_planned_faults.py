"""Faults of jobs as events in the future: what a job with one passes, and when."""

import pytest
from msgspec.structs import replace
from tests.mockserver.core.engines import LIFECYCLE, engine, job
from tests.mockserver.core.scripts import STEPS, VIDEO
from tests.mockserver.lifecycles import lifecycle

from safelight_mock.core import (
    Engine,
    Move,
    Sandbox,
    ServedLifecycle,
    State,
    UnknownJobError,
)
from safelight_mock.core.engine_errors import MissingResultError
from safelight_mock.core.job import history, next_move, planned_times
from safelight_mock.core.job_faults import ForcedChange, JobFault

Passed = list[tuple[float, str]]


def passed(
    sandbox: Sandbox, fault: JobFault, cycle: ServedLifecycle = LIFECYCLE, until: float = 1000
) -> Passed:
    """Return what a job with a fault passes: submitted at 100, to wait for 2 seconds and to run for 10."""
    taken = submitted(sandbox, fault, cycle)
    past = history(sandbox.jobs[taken], until, engine(sandbox, 0).inspect, cycle.words)
    return [(one.since, one.vendor_state) for one in past]


def submitted(sandbox: Sandbox, fault: JobFault, cycle: ServedLifecycle = LIFECYCLE) -> str:
    made = job(sandbox, queued=2, running=10)
    return faulty(sandbox, 100, fault, cycle).submit(made).id


def faulty(
    sandbox: Sandbox, now: float, fault: JobFault | None = None, cycle: ServedLifecycle = LIFECYCLE
) -> Engine:
    return replace(engine(sandbox, now), fault=fault, lifecycle=cycle)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (ForcedChange(to="failed"), [(100, "Waiting"), (102, "Working"), (107, "")]),
        (ForcedChange(to="failed", at=0.25), [(100, "Waiting"), (102, "Working"), (104.5, "")]),
        (ForcedChange(to="failed", after=1), [(100, "Waiting"), (101, "")]),
        (ForcedChange(to="succeeded", after=1), [(100, "Waiting"), (101, "Working"), (101, "Done")]),
        (ForcedChange(to="Gone", at=0.75), [(100, "Waiting"), (102, "Working"), (109.5, "Gone")]),
        (ForcedChange(to="cancelled", at=1, after=0), [(100, "Waiting"), (100, "Gone")]),
        (ForcedChange(to="queued"), [(100, "Waiting")]),
        (ForcedChange(to="queued", at=0.5, lasts=30), [(100, "Waiting"), (132, "Working"), (142, "Done")]),
        (ForcedChange(to="running", at=0.5), [(100, "Waiting"), (102, "Working")]),
        (ForcedChange(to="running", lasts=30), [(100, "Waiting"), (102, "Working"), (142, "Done")]),
        (ForcedChange(to="queued", after=5), [(100, "Waiting"), (102, "Working"), (112, "Done")]),
        (ForcedChange(to="failed", after=50), [(100, "Waiting"), (102, "Working"), (112, "Done")]),
    ],
)
def test_a_planned_change_comes_at_its_moment_unless_the_state_does_not_allow_it(
    sandbox: Sandbox, change: ForcedChange, expected: Passed
) -> None:
    assert passed(sandbox, JobFault(changes=(change,))) == expected


@pytest.mark.parametrize(
    ("change", "moments"),
    [
        (ForcedChange(to="Halted"), {106: "Working", 107: "Halted", 900: "Halted"}),
        (ForcedChange(to="Halted", after=1), {100: "Waiting", 101: "Halted", 900: "Halted"}),
        (
            ForcedChange(to="Halted", lasts=30),
            {106: "Working", 107: "Halted", 136: "Halted", 137: "Working", 141: "Working", 142: "Done"},
        ),
    ],
)
def test_a_job_rests_under_a_second_word_of_its_state(
    sandbox: Sandbox, change: ForcedChange, moments: dict[int, str]
) -> None:
    taken = submitted(sandbox, JobFault(changes=(change,)))

    states = {now: faulty(sandbox, now).find(taken) for now in moments}

    assert {now: one.vendor_state for now, one in states.items()} == moments
    assert {now for now, one in states.items() if one.is_paused} == {
        now for now, word in moments.items() if word == "Halted"
    }


def test_a_job_rests_in_the_queue_from_that_part_of_its_time_there_on(sandbox: Sandbox) -> None:
    taken = submitted(sandbox, JobFault(changes=(ForcedChange(to="queued", at=0.25),)))

    assert [faulty(sandbox, now).find(taken).is_paused for now in (100, 100.4, 100.5)] == [False, False, True]


def test_a_job_that_rests_can_be_moved_on(sandbox: Sandbox) -> None:
    taken = submitted(sandbox, JobFault(changes=(ForcedChange(to="Halted"),)))

    faulty(sandbox, 200).move(taken, Move.RESUME)

    assert faulty(sandbox, 204.9).find(taken).state is State.RUNNING
    assert faulty(sandbox, 205).find(taken).state is State.SUCCEEDED


def test_changes_are_planned_one_after_the_other(sandbox: Sandbox) -> None:
    stall, end = ForcedChange(to="running", at=0.2, lasts=7), ForcedChange(to="failed", after=15)

    assert passed(sandbox, JobFault(changes=(stall, end))) == [(100, "Waiting"), (102, "Working"), (115, "")]
    assert passed(sandbox, JobFault(changes=(end, stall))) == [
        (100, "Waiting"),
        (102, "Working"),
        (119, "Done"),
    ]


def test_changes_come_in_the_order_of_time(sandbox: Sandbox) -> None:
    late, early = ForcedChange(to="failed", after=9), ForcedChange(to="running", at=0.2, lasts=7)
    taken = submitted(sandbox, JobFault(changes=(late, early)))

    assert [event.at for event in sandbox.jobs[taken].events] == [104, 109, 111]
    assert faulty(sandbox, 108).find(taken).is_paused
    assert faulty(sandbox, 109).find(taken).state is State.FAILED


def test_a_slow_job_takes_so_many_times_as_long_and_its_changes_come_later(sandbox: Sandbox) -> None:
    assert passed(sandbox, JobFault(slow=3)) == [(100, "Waiting"), (106, "Working"), (136, "Done")]
    assert passed(sandbox, JobFault(slow=3, changes=(ForcedChange(to="failed"),)))[-1] == (121, "")


def test_an_unknown_word_is_an_error_that_names_it(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="'Wating'"):
        submitted(sandbox, JobFault(changes=(ForcedChange(to="Wating"),)))

    assert not sandbox.jobs


def test_a_cancellation_is_a_failure_where_no_word_is_for_it(sandbox: Sandbox) -> None:
    spoken = {"Waiting": "queued", "Working": "running", "Done": "succeeded", "Broken": "failed"}
    change = JobFault(changes=(ForcedChange(to="cancelled"),))

    assert passed(sandbox, change, lifecycle(states=spoken))[-1] == (107, "Broken")
    assert passed(sandbox, change, lifecycle(states={**spoken, "Gone": "cancelled"}))[-1] == (107, "Gone")


SCRIPT = lifecycle(states=STEPS)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            ForcedChange(to="failed"),
            [(100, "starting"), (102, "preparing"), (103, "working"), (107, "failed")],
        ),
        (
            ForcedChange(to="moderated", after=1),
            [(100, "starting"), (101, "moderated")],
        ),
        (ForcedChange(to="saving", at=0.05), [(100, "starting"), (102, "preparing"), (102.5, "saving")]),
        (
            ForcedChange(to="working", at=0.5, lasts=20),
            [(100, "starting"), (102, "preparing"), (103, "working"), (131, "saving"), (132, "done")],
        ),
        (
            ForcedChange(to="preparing", at=0.5, lasts=20),
            [(100, "starting"), (102, "preparing"), (103, "working"), (107, "preparing"), (127, "working")],
        ),
        (
            ForcedChange(to="cancelling"),
            [
                (100, "starting"),
                (102, "preparing"),
                (103, "working"),
                (107, "cancelling"),
                (112, "cancelled"),
            ],
        ),
    ],
)
def test_a_job_with_a_script_comes_to_a_word_and_goes_back_to_where_it_was(
    sandbox: Sandbox, change: ForcedChange, expected: Passed
) -> None:
    distinct: Passed = []
    for one in passed(sandbox, JobFault(changes=(change,)), SCRIPT):
        if not distinct or distinct[-1][1] != one[1]:
            distinct.append(one)

    assert distinct[: len(expected)] == expected


def test_a_change_of_a_job_whose_script_waits_counts_from_its_planned_start(sandbox: Sandbox) -> None:
    taken = submitted(
        sandbox, JobFault(changes=(ForcedChange(to="failed", at=0.5),)), lifecycle(states=VIDEO)
    )

    assert faulty(sandbox, 106.9, cycle=lifecycle(states=VIDEO)).find(taken).vendor_state == "requested"
    assert faulty(sandbox, 107, cycle=lifecycle(states=VIDEO)).find(taken).vendor_state == "failed"


def test_a_change_counts_from_the_first_word_for_work_where_no_word_is_for_the_queue(
    sandbox: Sandbox,
) -> None:
    half = {"means": "running", "share": 0.5}
    cycle = lifecycle(states={"one": half, "two": half, "done": "succeeded", "broken": "failed"})

    assert passed(sandbox, JobFault(changes=(ForcedChange(to="failed", at=0.7),)), cycle) == [
        (100, "one"),
        (105, "two"),
        (107, "broken"),
    ]


@pytest.mark.parametrize("cycle", [LIFECYCLE, SCRIPT])
def test_what_a_fault_plans_is_stored_with_the_job(sandbox: Sandbox, cycle: ServedLifecycle) -> None:
    rest, end = ForcedChange(to="running", lasts=9), ForcedChange(to="failed", after=15)
    taken = submitted(sandbox, JobFault(changes=(rest, end)), cycle)

    assert Sandbox.from_json(sandbox.to_json()).jobs[taken] == sandbox.jobs[taken]


def test_a_lost_job_is_unknown_from_that_age_on(sandbox: Sandbox) -> None:
    taken = submitted(sandbox, JobFault(lost_after=5))

    assert faulty(sandbox, 104.9).find(taken).state is State.RUNNING
    assert [one.job.id for one in faulty(sandbox, 104.9).all()] == [taken]
    with pytest.raises(UnknownJobError, match=taken):
        faulty(sandbox, 105).find(taken)
    assert faulty(sandbox, 105).all() == []


def test_a_job_that_is_lost_at_once_is_in_the_response_to_its_submission(sandbox: Sandbox) -> None:
    taken = sandbox.jobs[submitted(sandbox, JobFault(lost_after=0))]

    assert faulty(sandbox, 100).as_submitted(taken).vendor_state == "Waiting"


def test_a_failure_by_a_fault_has_its_message_and_a_success_has_none(sandbox: Sandbox) -> None:
    fails = submitted(sandbox, JobFault(changes=(ForcedChange(to="failed"),), message="out of memory"))
    succeeds = submitted(sandbox, JobFault(message="out of memory"))

    assert faulty(sandbox, 120).find(fails).inspection.error == "out of memory"
    assert faulty(sandbox, 120).find(succeeds).inspection.error == ""


def test_a_job_without_a_result_succeeds_and_has_nothing_to_fetch(sandbox: Sandbox) -> None:
    taken = submitted(sandbox, JobFault(without_result=True))

    assert faulty(sandbox, 120).find(taken).state is State.SUCCEEDED
    with pytest.raises(MissingResultError, match=taken):
        faulty(sandbox, 120).result(taken)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((), [0, 33, 34, 50, 100]),
        ((50,), [50, 50, 50, 50, 50]),
        ((10, 90), [10, 10, 10, 90, 90]),
        ((10, 90, 40), [10, 10, 90, 90, 40]),
    ],
)
def test_progress_is_reported_in_equal_parts_of_the_work(steps: tuple[int, ...], expected: list[int]) -> None:
    fault = JobFault(progress=steps)

    assert [fault.reported(true) for true in (0, 33, 34, 50, 100)] == expected


def test_reported_progress_is_that_of_running_jobs_alone(sandbox: Sandbox) -> None:
    taken = submitted(sandbox, JobFault(progress=(70, 20)))

    assert [faulty(sandbox, now).find(taken).progress for now in (101, 103, 108, 112)] == [0, 70, 20, 100]
    passed_by = [*history(sandbox.jobs[taken], 200, engine(sandbox, 0).inspect, LIFECYCLE.words)]
    assert [one.progress for one in passed_by] == [0, 70, 100]
    assert {one.job.id: one.job.fault for one in passed_by} == {taken: JobFault(progress=(70, 20))}


@pytest.mark.parametrize(("life", "expires"), [(None, 500), (10.0, 110), (10.5, 111), (1000.0, 500)])
def test_a_link_expires_early(life: float | None, expires: int) -> None:
    assert JobFault(link_life=life).expiry(500, 100.0) == expires


def test_what_a_fault_plans_is_due_and_makes_the_sandbox_one_with_scenarios(sandbox: Sandbox) -> None:
    taken = submitted(sandbox, JobFault(changes=(ForcedChange(to="failed", after=1),)))

    assert next_move(sandbox.jobs[taken], 100) == 101
    assert set(planned_times(sandbox.jobs[taken])) >= {101}
    assert sandbox.has_scenarios
    assert sandbox.jobs[taken].fault is not None


def test_a_job_remembers_the_scenario_it_was_submitted_under(sandbox: Sandbox) -> None:
    taken = replace(engine(sandbox, 100), scenario="named").submit(job(sandbox))

    assert sandbox.jobs[taken.id].scenario == "named"
    assert sandbox.has_scenarios


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (ForcedChange(to="running", at=0.5, lasts=100), "working"),
        (ForcedChange(to="queued", after=1, lasts=100), "starting"),
    ],
)
def test_where_places_are_limited_a_job_goes_on_after_a_planned_rest(
    sandbox: Sandbox, change: ForcedChange, expected: str
) -> None:
    held = {**STEPS, "throttled": {"means": "queued", "only": True}}
    cycle = lifecycle(states=held, concurrency={"running": 2, "word": "throttled"})

    past = passed(sandbox, JobFault(changes=(change,)), cycle)

    assert expected in [word for _, word in past]
    assert past[-1][1] == "done"


def test_a_job_with_a_fault_waits_for_a_place_like_any_other(sandbox: Sandbox) -> None:
    held = {**STEPS, "throttled": {"means": "queued", "only": True}}
    cycle = lifecycle(states=held, concurrency={"running": 1, "word": "throttled"})
    submitted(sandbox, JobFault(), cycle)
    waiting = submitted(sandbox, JobFault(message="no matter"), cycle)

    states = [faulty(sandbox, now, cycle=cycle).find(waiting).vendor_state for now in (105, 111, 113)]

    assert states == ["throttled", "throttled", "starting"]
